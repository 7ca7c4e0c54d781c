import type { RgbRaster } from '../images/raster.js';
import type { CodeOutline } from './code-outline.js';
import type { Point } from './scan-line.js';

/** Taken out once: inner loops need them for each sample, and a look-up through the global object is slow where that is not the usual one. */
const { floor, max, min, round } = Math;

/** Grey pixels, 8 bits, row by row. */
export interface GreyImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Light border that a reader needs around a code (ISO/IEC 15438, 5.8.3: two modules), and a little for a corner that is off. */
const MARGIN = 5;

/**
 * The projective map from the unit square to a quadrilateral, (0, 0) to its first corner and onwards clockwise (Heckbert 1989, 2.2.3).
 */
function unitSquareTo([a, b, c, d]: readonly [Point, Point, Point, Point]): (u: number, v: number) => Point {
  const sum = { x: a.x - b.x + c.x - d.x, y: a.y - b.y + c.y - d.y };
  const right = { x: b.x - c.x, y: b.y - c.y };
  const left = { x: d.x - c.x, y: d.y - c.y };
  const determinant = right.x * left.y - left.x * right.y;
  const g = (sum.x * left.y - left.x * sum.y) / determinant;
  const h = (right.x * sum.y - sum.x * right.y) / determinant;
  const [ax, bx] = [b.x - a.x + g * b.x, d.x - a.x + h * d.x];
  const [ay, by] = [b.y - a.y + g * b.y, d.y - a.y + h * d.y];
  return (u, v) => {
    const depth = g * u + h * v + 1;
    return { x: (ax * u + bx * v + a.x) / depth, y: (ay * u + by * v + a.y) / depth };
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Largest side of a rectified code, pixels: 30 data columns at four pixels a module. */
const LONGEST = 2600;

/**
 * The code seen straight on, at `scale` pixels a module with a light margin.
 *
 * @returns `null` where the outline is no convex quadrilateral or too large to be one code
 */
export function rectifyCode(raster: RgbRaster, outline: CodeOutline, scale: number): GreyImage | null {
  const { topLeft, topRight, bottomRight, bottomLeft, module, modules } = outline;
  const map = unitSquareTo([topLeft, topRight, bottomRight, bottomLeft]);
  const high = (distance(topLeft, bottomLeft) + distance(topRight, bottomRight)) / 2 / module;
  const width = round((modules + 2 * MARGIN) * scale);
  const height = round((high + 2 * MARGIN) * scale);
  if (!(width > 0 && height > 0 && width <= LONGEST && height <= LONGEST)) return null;
  const data = new Uint8Array(width * height);
  // Where several pixels fall together, each is heard: picking one would alias.
  const samples = min(3, max(1, round(module / scale)));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          const u = ((x + (i + 0.5) / samples) / scale - MARGIN) / modules;
          const v = ((y + (j + 0.5) / samples) / scale - MARGIN) / high;
          sum += greenAt(raster, map(u, v));
        }
      }
      data[y * width + x] = sum / samples ** 2 + 0.5;
    }
  }
  return { data, width, height };
}

/** Bilinear; beyond the border the nearest pixel. */
function greenAt({ data, width, height }: RgbRaster, { x, y }: Point): number {
  const px = min(width - 1.001, max(0, x - 0.5));
  const py = min(height - 1.001, max(0, y - 0.5));
  const [left, top] = [floor(px), floor(py)];
  const [fx, fy] = [px - left, py - top];
  const at = (top * width + left) * 3 + 1;
  const below = at + width * 3;
  const upper = data[at]! + (data[at + 3]! - data[at]!) * fx;
  return upper + (data[below]! + (data[below + 3]! - data[below]!) * fx - upper) * fy;
}
