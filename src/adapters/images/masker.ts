import type { Corner, ImageMasker, PrivateRegion } from '../../app/ports/image-masker.js';
import { AppError, EngineError } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { decodeRgb } from './decode.js';
import { encodeNormalised } from './normalise.js';
import type { RgbRaster } from './raster.js';

/** Dark grey: a reviewer sees at once that it was put there, on light print as on dark. */
const PAINT = 48;
/** Margin around a region in shares of its shorter side: boxes of text cut into the strokes at their edges. */
const MARGIN_SHARE = 0.2;
/** Margin at least, in pixels: a block of JPEG (ITU-T T.81) that the region touches carries traces of it up to its own edge. */
const LEAST_MARGIN = 8;

type Point = readonly [x: number, y: number];

/** Paints private numbers over. Works on pixels, so that nothing of the encoded original comes along. */
export function makeImageMasker(): ImageMasker {
  return {
    async mask(bytes, regions) {
      const raster = await decode(bytes);
      for (const region of regions) paint(raster, region);
      return encodeNormalised(raster);
    },
  };
}

async function decode(bytes: Uint8Array): Promise<RgbRaster> {
  try {
    return await decodeRgb(bytes, { maxSide: IMAGE_LIMITS.normalisedSide });
  } catch (error) {
    throw error instanceof AppError ? new EngineError('image_undecodable', { cause: error }) : error;
  }
}

/** Paints a region in place. */
function paint({ data, width, height }: RgbRaster, { corners }: PrivateRegion): void {
  // A corner that is no number would leave the region unpainted, and nobody would know.
  if (!corners.flat().every(Number.isFinite)) throw new EngineError('engine_failed');
  const hull = convexHull(corners.map(([x, y]: Corner): Point => [x * width, y * height]));
  const margin = Math.ceil(Math.max(LEAST_MARGIN, MARGIN_SHARE * shorterSide(hull)));
  const rows = hull.map(([, y]) => y);
  const top = clamp(Math.floor(Math.min(...rows)) - margin, height);
  const bottom = clamp(Math.ceil(Math.max(...rows)) + margin, height);
  for (let row = top; row < bottom; row++) {
    const extent = extentWithin(hull, row - margin, row + 1 + margin);
    if (!extent) continue;
    const left = clamp(Math.floor(extent[0]) - margin, width);
    const right = clamp(Math.ceil(extent[1]) + margin, width);
    data.fill(PAINT, (row * width + left) * 3, (row * width + Math.max(left, right)) * 3);
  }
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** From the leftmost to the rightmost point of a convex shape between two heights; `null` where it has none there. */
function extentWithin(
  hull: readonly Point[],
  from: number,
  to: number,
): readonly [left: number, right: number] | null {
  const xs: number[] = [];
  for (const [index, [x, y]] of hull.entries()) {
    if (y >= from && y <= to) xs.push(x);
    const [nextX, nextY] = hull[(index + 1) % hull.length] ?? [x, y];
    for (const level of [from, to])
      if (Math.min(y, nextY) < level && level < Math.max(y, nextY))
        xs.push(x + ((level - y) / (nextY - y)) * (nextX - x));
  }
  return xs.length === 0 ? null : [Math.min(...xs), Math.max(...xs)];
}

/** Twice the area of the triangle, positive for a turn to one side. */
const turn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** Monotone chain: corners given in whatever order still cover all that lies between them. */
function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      for (;;) {
        const [before, last] = chain.slice(-2);
        if (!before || !last || turn(before, last, point) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.toReversed())];
  return hull.length > 0 ? hull : sorted.slice(0, 1);
}

function shorterSide(hull: readonly Point[]): number {
  const sides = hull.map(([x, y], index) => {
    const [nextX, nextY] = hull[(index + 1) % hull.length] ?? [x, y];
    return Math.hypot(nextX - x, nextY - y);
  });
  return sides.length < 3 ? 0 : Math.min(...sides);
}
