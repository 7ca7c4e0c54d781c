import { wholeOf, type RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';
import { openDetectorModel, runModel } from './models.js';
import type { TextBox } from './text-box.js';

/** Finds lines of text. */
export interface TextDetector {
  /** @param side longer side at which the picture is searched, in pixels. @throws EngineError `engine_failed` */
  detect(raster: RgbRaster, side: number): Promise<TextBox[]>;
  close(): Promise<void>;
}

/** PP-OCRv4 detection (differentiable binarisation): probability above which a pixel is text, and a region a line. */
const PIXEL_THRESHOLD = 0.3;
const REGION_THRESHOLD = 0.5;
const SMALLEST_REGION = 20;
/** The network paints the shrunken core of a line; this ratio of area to outline grows it back. */
const UNCLIP = 1.6;
const GRID = 32;
/** Small pictures are enlarged up to this: lines of a few pixels' height are not found. */
export const MOST_ENLARGED = 2;
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

export async function makeTextDetector(): Promise<TextDetector> {
  const session = await openDetectorModel();
  return {
    async detect(raster, side) {
      const scale = Math.min(MOST_ENLARGED, side / Math.max(raster.width, raster.height));
      const toGrid = (pixels: number) => Math.max(GRID, Math.round((pixels * scale) / GRID) * GRID);
      const [width, height] = [toGrid(raster.width), toGrid(raster.height)];
      const input = normalised(resample(raster, wholeOf(raster), width, height));
      const map = await runModel(session, input, [1, 3, height, width]);
      return regions(map.values, width, height).map((box) =>
        rescaled(box, raster.width / width, raster.height / height),
      );
    },
    close: () => session.release(),
  };
}

/** Colour planes one after the other, as the network was trained on them. */
function normalised(pixels: Float32Array): Float32Array {
  const plane = pixels.length / 3;
  const values = new Float32Array(pixels.length);
  for (let channel = 0; channel < 3; channel++) {
    const factor = 1 / (255 * (DEVIATION[channel] ?? 1));
    const offset = (MEAN[channel] ?? 0) / (DEVIATION[channel] ?? 1);
    const base = channel * plane;
    for (let i = 0, j = channel; i < plane; i++, j += 3)
      values[base + i] = (pixels[j] ?? 0) * factor - offset;
  }
  return values;
}

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
function regions(map: Float32Array, width: number, height: number): TextBox[] {
  const seen = new Uint8Array(width * height);
  const queue = new Int32Array(width * height);
  const boxes: TextBox[] = [];
  const lastColumn = width - 1;
  const lastRow = width * (height - 1);
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || (map[start] ?? 0) < PIXEL_THRESHOLD) continue;
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
        if (seen[next] === 1 || (map[next] ?? 0) < PIXEL_THRESHOLD) continue;
        seen[next] = 1;
        queue[count++] = next;
      }
    }
    const box = count < SMALLEST_REGION ? null : orientedBox(map, queue.subarray(0, count), width);
    if (box) boxes.push(box);
  }
  return boxes;
}

function orientedBox(map: Float32Array, pixels: Int32Array, width: number): TextBox | null {
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
  if (score < REGION_THRESHOLD) return null;
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
  const growth = (length * thickness * UNCLIP) / (length + thickness);
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
