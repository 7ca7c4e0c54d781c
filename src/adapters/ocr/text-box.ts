import { greyOf, type GreyRaster, type RgbRaster } from '../images/raster.js';

/** A line of text: an oriented box in pixels. `angle` turns the x axis onto the reading direction, in radians. */
export interface TextBox {
  readonly cx: number;
  readonly cy: number;
  readonly length: number;
  readonly thickness: number;
  readonly angle: number;
  /** Mean text probability inside, 0–1. */
  readonly score: number;
}

export const aspect = (box: TextBox): number => box.length / box.thickness;

/** Angle between two undirected lines, 0 to π/2. */
function angleBetween(a: TextBox, b: TextBox): number {
  const difference = Math.abs(a.angle - b.angle) % Math.PI;
  return difference > Math.PI / 2 ? Math.PI - difference : difference;
}

/** Centre of `b` in the frame of `a`: along the line, and across it (downwards for upright text). */
export function offsetFrom(a: TextBox, b: TextBox): { readonly along: number; readonly across: number } {
  const [cos, sin] = [Math.cos(a.angle), Math.sin(a.angle)];
  const [dx, dy] = [b.cx - a.cx, b.cy - a.cy];
  return { along: dx * cos + dy * sin, across: dy * cos - dx * sin };
}

/** `box` with its ends moved to `from` and `to`, measured from its centre along the line. */
export function stretched(box: TextBox, from: number, to: number, angle = box.angle): TextBox {
  const middle = (from + to) / 2;
  return {
    ...box,
    cx: box.cx + middle * Math.cos(angle),
    cy: box.cy + middle * Math.sin(angle),
    length: to - from,
    angle,
  };
}

/** Thicker or thinner by a factor, and longer at both ends by so many thicknesses. */
export function grown(box: TextBox, thicknessFactor: number, sideways: number): TextBox {
  return {
    ...box,
    thickness: box.thickness * thicknessFactor,
    length: box.length + 2 * sideways * box.thickness,
  };
}

export const turned = (box: TextBox): TextBox => ({ ...box, angle: box.angle + Math.PI });

/** `box` read in the direction that is nearer to that of `reference`. */
export const facing = (box: TextBox, reference: TextBox): TextBox =>
  Math.cos(box.angle - reference.angle) < 0 ? turned(box) : box;

/** A box as large, so many pixels below (above, where negative) in the sense of its reading direction. */
export const besides = (box: TextBox, distance: number): TextBox => ({
  ...box,
  cx: box.cx - distance * Math.sin(box.angle),
  cy: box.cy + distance * Math.cos(box.angle),
});

/** Where a line stands in its block, across the reading direction: sorts lines from first to last. */
export const rowPosition = (box: TextBox): number =>
  box.cy * Math.cos(box.angle) - box.cx * Math.sin(box.angle);

/** Whether `part` goes on where `line` ends, on the same base line. */
function continues(line: TextBox, part: TextBox): boolean {
  if (part.length > line.length || aspect(line) < 6 || aspect(part) < 1.2) return false;
  if (part.thickness > line.thickness * 1.5 || part.thickness < line.thickness * 0.55) return false;
  if (aspect(part) > 3 && angleBetween(line, part) > 0.08) return false;
  const { along, across } = offsetFrom(line, part);
  return (
    Math.abs(across) <= line.thickness * 0.45 &&
    Math.abs(along) - (line.length + part.length) / 2 <= line.thickness * 2.5
  );
}

function joined(line: TextBox, part: TextBox): TextBox {
  const { along } = offsetFrom(line, part);
  const whole = stretched(
    line,
    Math.min(-line.length / 2, along - part.length / 2),
    Math.max(line.length / 2, along + part.length / 2),
  );
  // Two far centres fix the direction better than one part's own moments do.
  const sign = Math.sign(along);
  const through = Math.atan2((part.cy - line.cy) * sign, (part.cx - line.cx) * sign);
  const far = Math.abs(along) > whole.length * 0.4 && Math.abs(through - line.angle) < 0.05;
  return far ? { ...whole, angle: (line.angle + through) / 2 } : whole;
}

function joinOnce(boxes: TextBox[]): boolean {
  for (const [i, line] of boxes.entries())
    for (const [j, part] of boxes.entries()) {
      if (i === j || !continues(line, part)) continue;
      boxes[i] = joined(line, part);
      boxes.splice(j, 1);
      return true;
    }
  return false;
}

/** Joins the parts of a line that the detector broke where a filler run or a security print lies under it. */
export function mergeCollinear(boxes: readonly TextBox[]): TextBox[] {
  const merged = [...boxes];
  while (joinOnce(merged));
  return merged;
}

/** Neighbouring lines of like direction and thickness, as the lines of one machine-readable zone are. */
function inOneBlock(a: TextBox, b: TextBox): boolean {
  return (
    angleBetween(a, b) <= 0.12 &&
    b.thickness <= 1.6 * a.thickness &&
    b.thickness >= 0.6 * a.thickness &&
    Math.abs(offsetFrom(a, b).across) <= 3.6 * a.thickness
  );
}

/** Whether the middle of `part` lies within `line`. */
export function standsIn(line: TextBox, part: TextBox): boolean {
  const { along, across } = offsetFrom(line, part);
  return Math.abs(across) < line.thickness / 2 && Math.abs(along) < line.length / 2;
}

/** Whether `part` is a piece of a line right above or below `line`. */
export function standsBeside(line: TextBox, part: TextBox): boolean {
  const { along, across } = offsetFrom(line, part);
  return (
    inOneBlock(line, part) &&
    Math.abs(across) >= 0.8 * line.thickness &&
    Math.abs(along) + part.length / 2 <= line.length / 2 + 2 * line.thickness
  );
}

/**
 * Stretches every line to the extent of its block: all lines of a zone are equally long, so where the detector cut one short
 * its neighbour tells how far it goes on. Fragments of one line so become one.
 */
export function alignBlocks(boxes: readonly TextBox[]): TextBox[] {
  const aligned: TextBox[] = [];
  for (const box of boxes) {
    const line = alignedTo(box, boxes);
    if (!aligned.some((other) => coincide(other, line))) aligned.push(line);
  }
  return aligned;
}

function alignedTo(box: TextBox, boxes: readonly TextBox[]): TextBox {
  let [from, to] = [-box.length / 2, box.length / 2];
  let longest = box;
  for (const other of boxes) {
    if (other === box || other.length < 0.9 * box.length || !inOneBlock(box, other)) continue;
    const { along } = offsetFrom(box, other);
    from = Math.min(from, along - other.length / 2);
    to = Math.max(to, along + other.length / 2);
    // The direction of a fragment is the less sure the shorter it is.
    if (other.length > 1.15 * longest.length) longest = other;
  }
  return stretched(box, from, to, longest.angle);
}

function coincide(a: TextBox, b: TextBox): boolean {
  const { along, across } = offsetFrom(a, b);
  return Math.abs(across) < 0.4 * a.thickness && Math.abs(along) < a.length / 4;
}

/** What a crop is cut for: its height in pixels, and whether in colours or by their luma alone. */
export interface CropShape {
  readonly lineHeight: number;
  readonly planes: 1 | 3;
  /** Widths that are wanted, in pixels: whole steps between two bounds; without it, as it comes. */
  readonly widths?: { readonly step: number; readonly least: number; readonly most: number };
}

function widthFor(
  box: TextBox,
  { lineHeight, widths = { step: 1, least: 16, most: Infinity } }: CropShape,
): number {
  const { step, least, most } = widths;
  return Math.min(most, Math.max(least, Math.round((aspect(box) * lineHeight) / step) * step));
}

/** Pixels of one line of text, upright: red, green, blue planes one after the other, or luma alone; each value −1 to 1. */
export interface LineCrop {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly planes: 1 | 3;
}

/**
 * Cuts a line out of the picture and sets it upright. Bilinear, with as many samples a pixel as the reduction asks for, so that a large
 * photograph does not alias.
 */
export function cropLine(raster: RgbRaster, box: TextBox, shape: CropShape): LineCrop {
  const { lineHeight: height, planes } = shape;
  const width = widthFor(box, shape);
  const data = new Float32Array(planes * width * height).fill(-1);
  const samples = Math.max(1, Math.min(4, Math.round(box.thickness / height)));
  const rows = height * samples;
  const grid = { width, plane: width * height, samples, weight: 1 / (samples * samples * 127.5) };
  const grey = planes === 1 ? greyOf(raster) : null;
  for (let row = 0; row < rows; row++) {
    const path = pathOf(raster, box, (row + 0.5) / rows - 0.5, width * samples);
    const target = Math.floor(row / samples) * width;
    if (grey) addLuma(data, target, grey, path, grid);
    else addColours(data, target, raster, path, grid);
  }
  return { data, width, height, planes };
}

/** Where the samples of one row of a crop lie in the raster, in pixels; those that would lie outside of it count as its border. */
interface Path {
  readonly startX: number;
  readonly startY: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** @param across distance from the line's middle, in thicknesses */
function pathOf({ width, height }: RgbRaster, box: TextBox, across: number, count: number): Path {
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  const step = box.length / count;
  const [u, v] = [(0.5 - count / 2) * step, across * box.thickness];
  return {
    startX: box.cx + u * cos - v * sin - 0.5,
    startY: box.cy + u * sin + v * cos - 0.5,
    stepX: step * cos,
    stepY: step * sin,
    maxX: width - 1.001,
    maxY: height - 1.001,
  };
}

const within = (value: number, most: number): number => (value < 0 ? 0 : value > most ? most : value);

/** How a crop is sampled. */
interface Grid {
  readonly width: number;
  /** Pixels of one plane. */
  readonly plane: number;
  /** Along and across, a pixel. */
  readonly samples: number;
  readonly weight: number;
}

// The two that follow are one but for their planes: most of a line's time goes here.

function addLuma(
  data: Float32Array,
  target: number,
  { data: source, width, height }: GreyRaster,
  { startX, startY, stepX, stepY, maxX, maxY }: Path,
  { width: columns, samples, weight }: Grid,
): void {
  const right = width > 1 ? 1 : 0;
  const below = height > 1 ? width : 0;
  for (let column = 0, i = 0; column < columns; column++) {
    let sum = 0;
    for (let k = 0; k < samples; k++, i++) {
      const x = within(startX + i * stepX, maxX);
      const y = within(startY + i * stepY, maxY);
      const left = x | 0;
      const top = y | 0;
      const partX = x - left;
      const partY = y - top;
      const at = top * width + left;
      const above = source[at]! + (source[at + right]! - source[at]!) * partX;
      const under = at + below;
      const beneath = source[under]! + (source[under + right]! - source[under]!) * partX;
      sum += above + (beneath - above) * partY;
    }
    data[target + column]! += sum * weight;
  }
}

function addColours(
  data: Float32Array,
  target: number,
  { data: source, width, height }: RgbRaster,
  { startX, startY, stepX, stepY, maxX, maxY }: Path,
  { width: columns, plane, samples, weight }: Grid,
): void {
  const right = width > 1 ? 3 : 0;
  const below = height > 1 ? 3 * width : 0;
  for (let column = 0, i = 0; column < columns; column++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let k = 0; k < samples; k++, i++) {
      const x = within(startX + i * stepX, maxX);
      const y = within(startY + i * stepY, maxY);
      const left = x | 0;
      const top = y | 0;
      const partX = x - left;
      const partY = y - top;
      const at = (top * width + left) * 3;
      const beside = at + right;
      const under = at + below;
      const across = beside + below;
      const d = partX * partY;
      const b = partX - d;
      const c = partY - d;
      const a = 1 - partX - c;
      red += a * source[at]! + b * source[beside]! + c * source[under]! + d * source[across]!;
      green +=
        a * source[at + 1]! + b * source[beside + 1]! + c * source[under + 1]! + d * source[across + 1]!;
      blue +=
        a * source[at + 2]! + b * source[beside + 2]! + c * source[under + 2]! + d * source[across + 2]!;
    }
    const pixel = target + column;
    data[pixel]! += red * weight;
    data[pixel + plane]! += green * weight;
    data[pixel + 2 * plane]! += blue * weight;
  }
}

/** Variance of the Laplacian of a crop's brightness (0–255 scale): the usual measure of focus. */
export function laplacianVariance({ data, width, height, planes }: LineCrop): number {
  // The luma itself, or green, which is most of it.
  const green = planes === 1 ? data : data.subarray(width * height, 2 * width * height);
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const value =
        127.5 *
        (4 * (green[i] ?? 0) -
          (green[i - 1] ?? 0) -
          (green[i + 1] ?? 0) -
          (green[i - width] ?? 0) -
          (green[i + width] ?? 0));
      sum += value;
      squares += value * value;
      count++;
    }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
