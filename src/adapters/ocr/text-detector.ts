import { wholeOf, type RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';
import { openDetectorModel, runModel } from './models.js';
import type { TextBox } from './text-box.js';
import { linesOf, type MapRule } from './text-regions.js';

/** Finds lines of text. */
export interface TextDetector {
  /** @param side longer side at which the picture is searched, in pixels. @throws EngineError `engine_failed` */
  detect(raster: RgbRaster, side: number): Promise<TextBox[]>;
  close(): Promise<void>;
}

/** Of PP-OCRv4 detection. */
const RULE: MapRule = { pixel: 0.3, region: 0.5, smallest: 20, unclip: 1.6 };
const GRID = 32;
/** Small pictures are enlarged up to this: lines of a few pixels' height are not found. */
export const MOST_ENLARGED = 2;
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Size at which a picture is searched whose longer side shall be `side`: whole cells of the networks' grid. */
export function searchedSize(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(MOST_ENLARGED, side / Math.max(width, height));
  const toGrid = (pixels: number) => Math.max(GRID, Math.round((pixels * scale) / GRID) * GRID);
  return { width: toGrid(width), height: toGrid(height) };
}

/** @throws EngineError `engine_failed` */
export async function makeTextDetector(): Promise<TextDetector> {
  const session = await openDetectorModel();
  return {
    async detect(raster, side) {
      const { width, height } = searchedSize(raster, side);
      const input = normalised(resample(raster, wholeOf(raster), width, height));
      const map = await runModel(session, input, [1, 3, height, width]);
      return linesOf({ values: map.values, width, height }, raster, RULE);
    },
    close: () => session.release(),
  };
}

/** Colour planes one after the other, as the network was trained on them. */
function normalised(pixels: Float32Array): Float32Array {
  const plane = pixels.length / 3;
  const values = new Float32Array(pixels.length);
  for (let channel = 0; channel < 3; channel++) {
    const factor = 1 / (255 * (DEVIATION[channel] ?? 1));
    const offset = (MEAN[channel] ?? 0) / (DEVIATION[channel] ?? 1);
    const base = channel * plane;
    for (let i = 0, j = channel; i < plane; i++, j += 3)
      values[base + i] = (pixels[j] ?? 0) * factor - offset;
  }
  return values;
}
