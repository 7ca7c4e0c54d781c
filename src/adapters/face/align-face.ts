import type { Region, RgbRaster } from '../images/raster.js';
import { gridOver, sampleGrid, type Grid, type Point } from './sample-grid.js';

/** Side of the square that the landmark network takes. */
export const LANDMARK_SIDE = 64;
/** Side of the aligned face that the embedding network takes. */
export const ALIGNED_SIDE = 112;

/**
 * Where eyes, nose tip and mouth corners stand in the aligned face, in pixels: the layout with which ArcFace networks are
 * trained (Deng et al., CVPR 2019).
 */
const REFERENCE: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/** @returns the region as 64 × 64 luma in 0–1 */
export function landmarkInput(raster: RgbRaster, region: Region): Float32Array {
  const pixels = sampleGrid(raster, gridOver(region, LANDMARK_SIDE), LANDMARK_SIDE);
  const input = new Float32Array(LANDMARK_SIDE * LANDMARK_SIDE);
  for (let i = 0, p = 0; i < input.length; i++, p += 3) {
    input[i] = (0.299 * pixels[p]! + 0.587 * pixels[p + 1]! + 0.114 * pixels[p + 2]!) / 256;
  }
  return input;
}

/** Room around the landmarks in the region that is looked at again, in shares of their extent; more above, for the forehead. */
const ROOM = { beside: 0.1, above: 0.2, below: 0.1 } as const;

/**
 * The region around landmarks (shares of a first region, x and y in turn). Landmarks that are found in it are more exact than those of a
 * detector's box, which is loose where the face is small in the detector's input.
 */
export function regionAround(landmarks: Float32Array, within: Region): Region {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < landmarks.length; i += 2) {
    left = Math.min(left, landmarks[i]!);
    right = Math.max(right, landmarks[i]!);
    top = Math.min(top, landmarks[i + 1]!);
    bottom = Math.max(bottom, landmarks[i + 1]!);
  }
  const width = (right - left) * within.width;
  const height = (bottom - top) * within.height;
  return {
    left: within.left + left * within.width - ROOM.beside * width,
    top: within.top + top * within.height - ROOM.above * height,
    width: width * (1 + 2 * ROOM.beside),
    height: height * (1 + ROOM.above + ROOM.below),
  };
}

/**
 * The five points of the alignment from the 68 of the iBUG 300-W mark-up (shares of the region, x and y in turn): eyes are the means of
 * points 37–42 and 43–48, nose tip 31, mouth corners 49 and 55, counted from one.
 */
export function alignmentPoints(landmarks: Float32Array, region: Region): Point[] {
  const mean = (first: number, last: number): Point => {
    let x = 0;
    let y = 0;
    for (let i = first; i <= last; i++) {
      x += landmarks[i * 2] ?? 0;
      y += landmarks[i * 2 + 1] ?? 0;
    }
    const count = last - first + 1;
    return { x: region.left + (x / count) * region.width, y: region.top + (y / count) * region.height };
  };
  return [mean(36, 41), mean(42, 47), mean(30, 30), mean(48, 48), mean(54, 54)];
}

/** Halfway between each point and the other of its kind. */
export const meanPoints = (a: readonly Point[], b: readonly Point[]): Point[] =>
  a.map(({ x, y }, i) => ({ x: (x + (b[i]?.x ?? x)) / 2, y: (y + (b[i]?.y ?? y)) / 2 }));

/** x' = a·x − b·y + tx, y' = b·x + a·y + ty: turn, scale and shift, without shear or reflection. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

const centroid = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

/** Least-squares similarity from points to the reference layout (closed form of Umeyama 1991 for the plane). */
export function fitSimilarity(points: readonly Point[], reference: readonly Point[] = REFERENCE): Similarity {
  const from = centroid(points);
  const to = centroid(reference);
  let spread = 0;
  let cosine = 0;
  let sine = 0;
  points.forEach((point, i) => {
    const target = reference[i] ?? to;
    const x = point.x - from.x;
    const y = point.y - from.y;
    const u = target.x - to.x;
    const v = target.y - to.y;
    spread += x * x + y * y;
    cosine += x * u + y * v;
    sine += x * v - y * u;
  });
  const a = cosine / spread;
  const b = sine / spread;
  return { a, b, tx: to.x - a * from.x + b * from.y, ty: to.y - b * from.x - a * from.y };
}

/** Root mean square distance of points from the reference layout, once they are laid on it, in pixels of the aligned face. */
export function misfit(
  points: readonly Point[],
  { a, b, tx, ty }: Similarity,
  reference: readonly Point[],
): number {
  let squares = 0;
  points.forEach(({ x, y }, i) => {
    const target = reference[i] ?? { x: 0, y: 0 };
    squares += (a * x - b * y + tx - target.x) ** 2 + (b * x + a * y + ty - target.y) ** 2;
  });
  return Math.sqrt(squares / points.length);
}

/** The pixels of the aligned face, in the picture: the similarity backwards, x = (a·u + b·v) / n, y = (a·v − b·u) / n with n = a² + b². */
export function alignedGrid({ a, b, tx, ty }: Similarity): Grid {
  const norm = a * a + b * b;
  return {
    origin: { x: -(a * tx + b * ty) / norm, y: (b * tx - a * ty) / norm },
    right: { x: a / norm, y: -b / norm },
    down: { x: b / norm, y: a / norm },
  };
}

/**
 * Warps a face to the aligned square.
 * @returns planar **B, G, R** in −1…1, the order the embedding network was trained with
 */
export function warpAligned(raster: RgbRaster, similarity: Similarity): Float32Array {
  const pixels = sampleGrid(raster, alignedGrid(similarity), ALIGNED_SIDE);
  const plane = ALIGNED_SIDE * ALIGNED_SIDE;
  const input = new Float32Array(3 * plane);
  for (let i = 0, p = 0; i < plane; i++, p += 3) {
    input[i] = (pixels[p + 2]! - 127) / 128;
    input[i + plane] = (pixels[p + 1]! - 127) / 128;
    input[i + 2 * plane] = (pixels[p]! - 127) / 128;
  }
  return input;
}
