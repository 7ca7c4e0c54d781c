/** An uncompressed picture, rows from the top, channels interleaved. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corners from the upper left, clockwise. */
export type Corners = readonly [Point, Point, Point, Point];

/** Row-major 3 × 3 matrix with a last element of 1. */
export type Homography = readonly number[];

/** Written out, and not by `Math`: it runs for every pixel, and a test's context looks each global up the slow way. */
export function clamp(value: number, low: number, high: number): number {
  if (value < low) return low;
  return value > high ? high : value;
}

/**
 * The value of every channel at a place between pixels, bilinear; outside, the nearest edge pixel. Written into `out`, which the caller
 * keeps, because an array for each of a million pixels would cost more than the arithmetic.
 */
export function sampleAt(raster: Raster, x: number, y: number, out: Float64Array): void {
  const { data, width, height, channels } = raster;
  const u = clamp(x, 0, width - 1.001);
  const v = clamp(y, 0, height - 1.001);
  // Truncation rounds down here, as neither is negative.
  const left = u | 0;
  const top = v | 0;
  const a = u - left;
  const b = v - top;
  const upper = (top * width + left) * channels;
  const lower = upper + width * channels;
  for (let c = 0; c < channels; c++) {
    const above = (data[upper + c] ?? 0) * (1 - a) + (data[upper + channels + c] ?? 0) * a;
    const below = (data[lower + c] ?? 0) * (1 - a) + (data[lower + channels + c] ?? 0) * a;
    out[c] = above * (1 - b) + below * b;
  }
}

/** Solves a square system of linear equations, each row with its right-hand side last, by elimination with row pivoting. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    }
    const pivotRow = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = pivotRow;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = at(row, column) / at(column, column);
      rows[row] = (rows[row] ?? []).map((value, i) => value - factor * (pivotRow[i] ?? 0));
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}

/** The perspective map that takes the four corners `from` to the four corners `to`. */
export function homographyBetween(from: Corners, to: Corners): Homography {
  const rows = from.flatMap(({ x, y }, i) => {
    const { x: u, y: v } = to[i as 0 | 1 | 2 | 3];
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return [...solve(rows), 1];
}

/** A rectangle of a picture, turned about its centre. Lengths in pixels of the source, the angle in degrees, clockwise. */
export interface Cutting {
  readonly centre: Point;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
  readonly mirrored?: boolean;
}

/** Cuts a turned rectangle out of an RGB picture and scales it to the given size. */
export function cutOut(source: Raster, cutting: Cutting, width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 3);
  const radians = (cutting.angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const pixel = new Float64Array(3);
  const direction = cutting.mirrored === true ? -1 : 1;
  for (let y = 0; y < height; y++) {
    const v = ((y + 0.5) / height - 0.5) * cutting.height;
    for (let x = 0; x < width; x++) {
      const u = ((x + 0.5) / width - 0.5) * cutting.width * direction;
      sampleAt(source, cutting.centre.x + u * cos - v * sin, cutting.centre.y + u * sin + v * cos, pixel);
      const i = (y * width + x) * 3;
      // One by one: a typed array's `set` costs more than all the arithmetic where it copies three numbers.
      data[i] = pixel[0] ?? 0;
      data[i + 1] = pixel[1] ?? 0;
      data[i + 2] = pixel[2] ?? 0;
    }
  }
  return { data, width, height, channels: 3 };
}
