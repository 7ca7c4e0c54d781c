import type { TextBox } from './text-box.js';

/** How a network's map of text becomes lines (differentiable binarisation). */
export interface MapRule {
  /** Probability above which a pixel is text, and a region a line. */
  readonly pixel: number;
  readonly region: number;
  /** Pixels of the map that a line has at least. */
  readonly smallest: number;
  /** The network paints the shrunken core of a line; this ratio of area to half the outline grows it back. */
  readonly unclip: number;
}

/** A network's map: probabilities row by row. */
export interface TextMap {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Lines of a map, in pixels of the picture that it is of. */
export const linesOf = (
  map: TextMap,
  picture: { readonly width: number; readonly height: number },
  rule: MapRule,
): TextBox[] =>
  regions(map, rule).map((box) => rescaled(box, picture.width / map.width, picture.height / map.height));

/** The two scales differ by the rounding to the grid only, so the box stays a rectangle. */
function rescaled(box: TextBox, scaleX: number, scaleY: number): TextBox {
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  return {
    ...box,
    cx: (box.cx + 0.5) * scaleX,
    cy: (box.cy + 0.5) * scaleY,
    length: box.length * Math.hypot(cos * scaleX, sin * scaleY),
    thickness: box.thickness * Math.hypot(sin * scaleX, cos * scaleY),
    angle: Math.atan2(sin * scaleY, cos * scaleX),
  };
}

/** Connected regions of the probability map (4-neighbours), each as an oriented box. */
function regions({ values: map, width, height }: TextMap, rule: MapRule): TextBox[] {
  const seen = new Uint8Array(width * height);
  const queue = new Int32Array(width * height);
  const boxes: TextBox[] = [];
  const lastColumn = width - 1;
  const lastRow = width * (height - 1);
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || map[start]! < rule.pixel) continue;
    let count = 0;
    queue[count++] = start;
    seen[start] = 1;
    // The queue is never shortened, so that it ends up holding the whole region.
    for (let head = 0; head < count; head++) {
      const pixel = queue[head] ?? 0;
      const column = pixel % width;
      for (let side = 0; side < 4; side++) {
        let next = pixel;
        if (side === 0 && column > 0) next = pixel - 1;
        else if (side === 1 && column < lastColumn) next = pixel + 1;
        else if (side === 2 && pixel >= width) next = pixel - width;
        else if (side === 3 && pixel < lastRow) next = pixel + width;
        if (seen[next] === 1 || map[next]! < rule.pixel) continue;
        seen[next] = 1;
        queue[count++] = next;
      }
    }
    const box = count < rule.smallest ? null : orientedBox(map, queue.subarray(0, count), width, rule);
    if (box) boxes.push(box);
  }
  return boxes;
}

function orientedBox(map: Float32Array, pixels: Int32Array, width: number, rule: MapRule): TextBox | null {
  let [sum, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (const pixel of pixels) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    sum += map[pixel] ?? 0;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const count = pixels.length;
  const score = sum / count;
  if (score < rule.region) return null;
  const [mx, my] = [sx / count, sy / count];
  const angle =
    0.5 * Math.atan2(2 * (sxy / count - mx * my), sxx / count - mx * mx - (syy / count - my * my));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const pixel of pixels) {
    const column = pixel % width;
    const x = column - mx;
    const y = (pixel - column) / width - my;
    const u = x * cos + y * sin;
    const v = y * cos - x * sin;
    if (u < u0) u0 = u;
    if (u > u1) u1 = u;
    if (v < v0) v0 = v;
    if (v > v1) v1 = v;
  }
  const [length, thickness] = [u1 - u0 + 1, v1 - v0 + 1];
  const growth = (length * thickness * rule.unclip) / (length + thickness);
  const [um, vm] = [(u0 + u1) / 2, (v0 + v1) / 2];
  return {
    cx: mx + um * cos - vm * sin,
    cy: my + um * sin + vm * cos,
    length: length + growth,
    thickness: thickness + growth,
    angle,
    score,
  };
}
