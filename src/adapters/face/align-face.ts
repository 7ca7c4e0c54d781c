import type { FaceBox } from '../../app/ports/face-engine.js';
import type { RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Side of the square that the landmark network takes. */
export const LANDMARK_SIDE = 64;
/** Side of the aligned face that the embedding network takes. */
export const ALIGNED_SIDE = 112;
/** Samples a side of an output pixel, at most: enough for faces of 700 pixels. */
const MAX_SUPERSAMPLING = 6;

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

/** @returns the face box as 64 × 64 luma in 0–1 */
export function landmarkInput(raster: RgbRaster, box: FaceBox): Float32Array {
  const pixels = resample(raster, box, LANDMARK_SIDE, LANDMARK_SIDE);
  const input = new Float32Array(LANDMARK_SIDE * LANDMARK_SIDE);
  for (let i = 0, p = 0; i < input.length; i++, p += 3) {
    input[i] = (0.299 * pixels[p]! + 0.587 * pixels[p + 1]! + 0.114 * pixels[p + 2]!) / 256;
  }
  return input;
}

/**
 * The five points of the alignment from the 68 of the iBUG 300-W mark-up (shares of the box, x and y in turn): eyes are the means of
 * points 37–42 and 43–48, nose tip 31, mouth corners 49 and 55, counted from one.
 */
export function alignmentPoints(landmarks: Float32Array, box: FaceBox): Point[] {
  const mean = (first: number, last: number): Point => {
    let x = 0;
    let y = 0;
    for (let i = first; i <= last; i++) {
      x += landmarks[i * 2] ?? 0;
      y += landmarks[i * 2 + 1] ?? 0;
    }
    const count = last - first + 1;
    return { x: box.left + (x / count) * box.width, y: box.top + (y / count) * box.height };
  };
  return [mean(36, 41), mean(42, 47), mean(30, 30), mean(48, 48), mean(54, 54)];
}

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

/**
 * Warps a face to the aligned square. Every output pixel is the mean of a grid of bilinear samples as dense as the source, so that
 * a large face is reduced without aliasing.
 * @returns planar **B, G, R** in −1…1, the order the embedding network was trained with
 */
export function warpAligned(raster: RgbRaster, { a, b, tx, ty }: Similarity): Float32Array {
  const { data, width, height } = raster;
  const norm = a * a + b * b;
  // Inverse map: source = (a·u + b·v, a·v − b·u) / norm, with (u, v) the shifted output position.
  const stepX = a / norm;
  const stepY = b / norm;
  const density = Math.max(1, Math.min(MAX_SUPERSAMPLING, Math.round(1 / Math.sqrt(norm))));
  const plane = ALIGNED_SIDE * ALIGNED_SIDE;
  const result = new Float32Array(3 * plane);
  const maxX = width - 1.001;
  const maxY = height - 1.001;
  const stride = width * 3;
  for (let outY = 0, out = 0; outY < ALIGNED_SIDE; outY++) {
    for (let outX = 0; outX < ALIGNED_SIDE; outX++, out++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let subY = 0; subY < density; subY++) {
        const v = outY + (subY + 0.5) / density - 0.5 - ty;
        for (let subX = 0; subX < density; subX++) {
          const u = outX + (subX + 0.5) / density - 0.5 - tx;
          const x = Math.min(maxX, Math.max(0, stepX * u + stepY * v));
          const y = Math.min(maxY, Math.max(0, stepX * v - stepY * u));
          const column = x | 0;
          const row = y | 0;
          const right = x - column;
          const below = y - row;
          const topLeft = (1 - right) * (1 - below);
          const topRight = right * (1 - below);
          const bottomLeft = (1 - right) * below;
          const bottomRight = right * below;
          const p = row * stride + column * 3;
          const q = p + stride;
          red +=
            data[p]! * topLeft + data[p + 3]! * topRight + data[q]! * bottomLeft + data[q + 3]! * bottomRight;
          green +=
            data[p + 1]! * topLeft +
            data[p + 4]! * topRight +
            data[q + 1]! * bottomLeft +
            data[q + 4]! * bottomRight;
          blue +=
            data[p + 2]! * topLeft +
            data[p + 5]! * topRight +
            data[q + 2]! * bottomLeft +
            data[q + 5]! * bottomRight;
        }
      }
      const scale = 1 / (density * density * 128);
      result[out] = blue * scale - 127 / 128;
      result[out + plane] = green * scale - 127 / 128;
      result[out + 2 * plane] = red * scale - 127 / 128;
    }
  }
  return result;
}
