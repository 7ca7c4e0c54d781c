import type { RgbRaster } from '../images/raster.js';
import type { BarRegion } from './bar-region.js';

/** Taken out once: inner loops need them for each sample, and a look-up through the global object is slow where that is not the usual one. */
const { floor, max, min } = Math;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Green along a line, with running sums, so that the mean of any stretch costs two look-ups. */
export interface Profile {
  /** Samples. */
  readonly length: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** Samples of a profile a pixel: bars of one pixel still get two. */
export const DENSITY = 2;

/** Coordinates of a region: along it, which is along the rows of a code, and across it, from its centre. */
export interface Frame {
  readonly raster: RgbRaster;
  readonly region: BarRegion;
  readonly ux: number;
  readonly uy: number;
  /** Half the length of a scan line, pixels. */
  readonly reach: number;
}

/** A region may miss the ends of a blurred code. */
const REACH = 0.7;

export const frameOf = (raster: RgbRaster, region: BarRegion): Frame => ({
  raster,
  region,
  ux: Math.cos(region.angle),
  uy: Math.sin(region.angle),
  reach: region.length * REACH,
});

/** Along and across the region's direction, from its centre, in pixels. */
export const toRaster = ({ region, ux, uy }: Frame, along: number, across: number): Point => ({
  x: region.cx + along * ux - across * uy,
  y: region.cy + along * uy + across * ux,
});

/** Lines of pixels averaged for one profile: noise goes down, and bars that lean a little stay sharp. */
const THICKNESS = [-1, 0, 1] as const;

/** The profile of a line through the whole region and beyond, `across` pixels from its centre. */
export function readProfile(frame: Frame, across: number): Profile {
  const { raster, ux, uy, reach } = frame;
  const { data, width, height } = raster;
  const length = max(2, floor(2 * reach * DENSITY));
  const sums = new Float64Array(length + 1);
  const squares = new Float64Array(length + 1);
  const start = toRaster(frame, -reach, across);
  for (let i = 0; i < length; i++) {
    const along = (i + 0.5) / DENSITY;
    let value = 0;
    for (const offset of THICKNESS) {
      const x = min(width - 1.001, max(0, start.x + along * ux - offset * uy - 0.5));
      const y = min(height - 1.001, max(0, start.y + along * uy + offset * ux - 0.5));
      const left = floor(x);
      const top = floor(y);
      const [fx, fy] = [x - left, y - top];
      const at = (top * width + left) * 3 + 1;
      const below = at + width * 3;
      const upper = data[at]! + (data[at + 3]! - data[at]!) * fx;
      value += upper + (data[below]! + (data[below + 3]! - data[below]!) * fx - upper) * fy;
    }
    value /= THICKNESS.length;
    sums[i + 1] = sums[i]! + value;
    squares[i + 1] = squares[i]! + value * value;
  }
  return { length, sums, squares };
}

/** Running sum at a position between samples. */
export function sumTo(sums: Float64Array, position: number): number {
  const index = floor(position);
  return sums[index]! + (sums[index + 1]! - sums[index]!) * (position - index);
}
