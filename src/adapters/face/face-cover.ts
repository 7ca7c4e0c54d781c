import type { Region, RgbRaster } from '../images/raster.js';
import { ALIGNED_SIDE, alignedGrid, alignmentPoints, fitSimilarity } from './align-face.js';
import { sampleGrid } from './sample-grid.js';

/** Where eyes and mouth stand in the aligned face, in its pixels, with the lids and the lips around them. */
const EYES: readonly Region[] = [
  { left: 30, top: 46, width: 18, height: 12 },
  { left: 64, top: 46, width: 18, height: 12 },
];
const MOUTH: Region = { left: 42, top: 86, width: 28, height: 14 };
/** From brow to chin, without hair and ground. */
const FACE: Region = { left: 26, top: 28, width: 60, height: 80 };

/** How much there is to be seen of a face's parts: masks, hands and dark glasses are plainer than what they cover. */
export interface FaceStructure {
  /** Mean change of brightness from row to row, in deviations of the face's brightness: of the plainer eye, and of the mouth. */
  readonly eyes: number;
  readonly mouth: number;
}

function alignedLuma(landmarks: Float32Array, region: Region, raster: RgbRaster): Float32Array {
  const similarity = fitSimilarity(alignmentPoints(landmarks, region));
  const pixels = sampleGrid(raster, alignedGrid(similarity), ALIGNED_SIDE);
  return Float32Array.from(
    { length: ALIGNED_SIDE * ALIGNED_SIDE },
    (_, i) => 0.299 * pixels[i * 3]! + 0.587 * pixels[i * 3 + 1]! + 0.114 * pixels[i * 3 + 2]!,
  );
}

/** Lids and lips lie across a face: from row to row they change most. */
function changeDown(luma: Float32Array, { left, top, width, height }: Region): number {
  let sum = 0;
  for (let y = top + 1; y < top + height; y++)
    for (let i = y * ALIGNED_SIDE + left; i < y * ALIGNED_SIDE + left + width; i++)
      sum += Math.abs(luma[i]! - luma[i - ALIGNED_SIDE]!);
  return sum / (width * (height - 1));
}

function deviationIn(luma: Float32Array, { left, top, width, height }: Region): number {
  let sum = 0;
  let squares = 0;
  for (let y = top; y < top + height; y++)
    for (const value of luma.subarray(y * ALIGNED_SIDE + left, y * ALIGNED_SIDE + left + width)) {
      sum += value;
      squares += value * value;
    }
  const mean = sum / (width * height);
  return Math.sqrt(Math.max(0, squares / (width * height) - mean * mean));
}

/**
 * Measures how much of eyes and mouth is in view (ISO/IEC 29794-5: occlusion of the face).
 * @param landmarks 68 points in shares of the region, x and y in turn
 */
export function measureStructure(raster: RgbRaster, landmarks: Float32Array, region: Region): FaceStructure {
  const luma = alignedLuma(landmarks, region, raster);
  // A face of one brightness has no structure, and is no reason to divide by nothing.
  const unit = deviationIn(luma, FACE) + 1;
  return {
    eyes: Math.min(...EYES.map((eye) => changeDown(luma, eye))) / unit,
    mouth: changeDown(luma, MOUTH) / unit,
  };
}
