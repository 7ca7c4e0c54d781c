import type { Region, RgbRaster } from '../../images/raster.js';
import { alignedGrid, fitSimilarity, misfit, type Similarity } from '../align-face.js';
import { gridOver, sampleGrid, type Point } from '../sample-grid.js';
import { LANDMARK_SIDE } from './landmark-net.js';
import { CHIP_SIDE } from './recognition-net.js';

/** Mean colour that both networks had subtracted in training, R, G, B. */
const MEAN_COLOUR = [122.782, 117.001, 104.298] as const;

/** Interleaved pixels in 0–255 as planar R, G, B around 0, in shares of the range. */
function centred(pixels: Float32Array): Float32Array {
  const plane = pixels.length / 3;
  const input = new Float32Array(pixels.length);
  MEAN_COLOUR.forEach((mean, channel) => {
    const from = channel * plane;
    for (let i = 0; i < plane; i++) input[from + i] = (pixels[3 * i + channel]! - mean) / 255;
  });
  return input;
}

/** The square of the longer side around a box: the network knows square pictures only. */
export function squareAround({ left, top, width, height }: Region): Region {
  const side = Math.max(width, height);
  return { left: left + (width - side) / 2, top: top + (height - side) / 2, width: side, height: side };
}

export const landmarkInput = (raster: RgbRaster, region: Region): Float32Array =>
  centred(sampleGrid(raster, gridOver(region, LANDMARK_SIDE), LANDMARK_SIDE));

export const chipInput = (raster: RgbRaster, similarity: Similarity): Float32Array =>
  centred(sampleGrid(raster, alignedGrid(similarity), CHIP_SIDE));

/**
 * dlib's mean face at the padding of a quarter with which the network was trained: corners of the eyes from the outer one on the left, and
 * the base of the nose, in pixels of the chip.
 */
const REFERENCE: readonly Point[] = [
  { x: 37.06, y: 46.37 },
  { x: 58.41, y: 47.91 },
  { x: 89.61, y: 47.9 },
  { x: 110.96, y: 46.35 },
  { x: 74.01, y: 87.78 },
];
/** The same among the 68 points of the iBUG 300-W mark-up, counted from zero. */
const REFERENCE_POINTS = [36, 39, 42, 45, 33] as const;

export interface Chip {
  readonly similarity: Similarity;
  /** How far the points are from those of the mean face, root mean square in pixels of the chip. */
  readonly misfit: number;
}

/** @param landmarks shares of the region, x and y in turn */
export function fitChip(landmarks: Float32Array, region: Region): Chip {
  const points = REFERENCE_POINTS.map((point) => ({
    x: region.left + (landmarks[2 * point] ?? 0) * region.width,
    y: region.top + (landmarks[2 * point + 1] ?? 0) * region.height,
  }));
  const similarity = fitSimilarity(points, REFERENCE);
  return { similarity, misfit: misfit(points, similarity, REFERENCE) };
}
