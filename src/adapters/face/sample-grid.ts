import { halve } from '../images/halve.js';
import { clampRegion, type Region, type RgbRaster } from '../images/raster.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A square grid of points laid over a picture, in its pixels: turned, scaled and shifted, but never bent. */
export interface Grid {
  /** The first point. */
  readonly origin: Point;
  /** Step from one column to the next. */
  readonly right: Point;
  /** Step from one row to the next. */
  readonly down: Point;
}

/** Below it, bilinear samples see every pixel. */
const DENSE_STEP = 2;

const longestStep = ({ right, down }: Grid): number =>
  Math.max(Math.hypot(right.x, right.y), Math.hypot(down.x, down.y));

function extentOf({ origin, right, down }: Grid, side: number): Region {
  const last = side - 1;
  const span = (first: number, across: number, along: number) => {
    const ends = [first, first + last * across, first + last * along, first + last * (across + along)];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  };
  const x = span(origin.x, right.x, down.x);
  const y = span(origin.y, right.y, down.y);
  return { left: x.low, top: y.low, width: x.high - x.low, height: y.high - y.low };
}

function cutOut({ data, width }: RgbRaster, region: Region): RgbRaster {
  const stride = region.width * 3;
  const part = new Uint8Array(stride * region.height);
  for (let y = 0; y < region.height; y++) {
    const from = ((region.top + y) * width + region.left) * 3;
    part.set(data.subarray(from, from + stride), y * stride);
  }
  return { data: part, width: region.width, height: region.height };
}

/** Only the part under the grid, halved until its pixels are about as far apart as the grid's points: so nothing is aliased. */
function reduceUnder(raster: RgbRaster, grid: Grid, side: number): { part: RgbRaster; grid: Grid } {
  const extent = extentOf(grid, side);
  const margin = 2 * longestStep(grid);
  const around = {
    left: extent.left - margin,
    top: extent.top - margin,
    width: extent.width + 2 * margin,
    height: extent.height + 2 * margin,
  };
  const region = clampRegion(around, raster);
  let part = cutOut(raster, region);
  let { right, down } = grid;
  let origin = { x: grid.origin.x - region.left, y: grid.origin.y - region.top };
  const half = ({ x, y }: Point): Point => ({ x: x / 2, y: y / 2 });
  while (longestStep({ origin, right, down }) >= DENSE_STEP && Math.min(part.width, part.height) >= 4) {
    part = halve(part);
    // The middle of a halved pixel lies between the middles of two.
    origin = { x: (origin.x - 0.5) / 2, y: (origin.y - 0.5) / 2 };
    right = half(right);
    down = half(down);
  }
  return { part, grid: { origin, right, down } };
}

/**
 * Samples a picture at the points of a grid. Outside the picture its nearest border pixel counts.
 * @returns `side` × `side` interleaved R, G, B in 0–255, unrounded
 */
export function sampleGrid(raster: RgbRaster, grid: Grid, side: number): Float32Array {
  const {
    part: { data, width, height },
    grid: { origin, right, down },
  } = reduceUnder(raster, grid, side);
  const pixels = new Float32Array(side * side * 3);
  const stride = width * 3;
  for (let row = 0, out = 0; row < side; row++) {
    for (let column = 0; column < side; column++, out += 3) {
      const x = Math.min(width - 1, Math.max(0, origin.x + column * right.x + row * down.x));
      const y = Math.min(height - 1, Math.max(0, origin.y + column * right.y + row * down.y));
      const left = x | 0;
      const top = y | 0;
      const p = top * stride + left * 3;
      const next = left < width - 1 ? 3 : 0;
      const below = top < height - 1 ? stride : 0;
      const rightShare = x - left;
      const lowerShare = y - top;
      const a = (1 - rightShare) * (1 - lowerShare);
      const b = rightShare * (1 - lowerShare);
      const c = (1 - rightShare) * lowerShare;
      const d = rightShare * lowerShare;
      for (let channel = 0; channel < 3; channel++) {
        const q = p + channel;
        pixels[out + channel] =
          a * data[q]! + b * data[q + next]! + c * data[q + below]! + d * data[q + below + next]!;
      }
    }
  }
  return pixels;
}

/** The grid whose `side` × `side` cells fill a region of a picture, a point in the middle of each. */
export function gridOver({ left, top, width, height }: Region, side: number): Grid {
  const stepX = width / side;
  const stepY = height / side;
  return {
    origin: { x: left + stepX / 2 - 0.5, y: top + stepY / 2 - 0.5 },
    right: { x: stepX, y: 0 },
    down: { x: 0, y: stepY },
  };
}
