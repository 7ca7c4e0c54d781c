import type { Region, RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';

/** How a detector wants its input. */
export interface InputFormat {
  readonly width: number;
  readonly height: number;
  /** A value v of 0–255 becomes (v − mean) / divisor. */
  readonly mean: number;
  readonly divisor: number;
  /** Value, 0–255, of what the picture leaves free at the right or below. */
  readonly padding: number;
}

/** Pixels of the input a pixel of the region: the largest that lets all of it in. */
export const inputScale = (
  region: { readonly width: number; readonly height: number },
  { width, height }: InputFormat,
): number => Math.min(width / region.width, height / region.height);

/** Samples a side that stand for a pixel of the input: every other pixel of a large reduction, each of a small one. */
const samplesFor = (reduction: number): number => Math.max(2, Math.ceil(reduction / 2));

/** Places along one axis of the samples, `each` a pixel of the input, on whole pixels. */
function placesAlong(start: number, extent: number, size: number, each: number): Int32Array {
  const step = extent / (size * each);
  return Int32Array.from({ length: size * each }, (_, i) => start + Math.floor((i + 0.5) * step));
}

/** Where a picture goes in an input, from the top left, and how its values are scaled. */
interface Target {
  readonly input: Float32Array;
  readonly format: InputFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * Reduces a region by the mean of a grid of its pixels: enough for a detector, and a fraction of the time of a filter, which counts where
 * every picture goes through it.
 */
function reduceInto(
  { input, format, width, height }: Target,
  { data, width: rowPixels }: RgbRaster,
  region: Region,
) {
  const each = samplesFor(Math.min(region.width / width, region.height / height));
  const columns = placesAlong(region.left, region.width, width, each);
  const rows = placesAlong(region.top, region.height, height, each);
  const plane = format.width * format.height;
  const factor = 1 / (each * each * format.divisor);
  const shift = format.mean / format.divisor;
  for (let y = 0; y < height; y++) {
    for (let x = 0, to = y * format.width; x < width; x++, to++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = y * each; row < (y + 1) * each; row++) {
        for (let column = x * each; column < (x + 1) * each; column++) {
          const p = (rows[row]! * rowPixels + columns[column]!) * 3;
          red += data[p]!;
          green += data[p + 1]!;
          blue += data[p + 2]!;
        }
      }
      input[to] = red * factor - shift;
      input[to + plane] = green * factor - shift;
      input[to + 2 * plane] = blue * factor - shift;
    }
  }
}

function enlargeInto({ input, format, width, height }: Target, raster: RgbRaster, region: Region) {
  const pixels = resample(raster, region, width, height);
  const { mean, divisor } = format;
  const plane = format.width * format.height;
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = y * format.width; x < width; x++, to++, from += 3) {
      input[to] = (pixels[from]! - mean) / divisor;
      input[to + plane] = (pixels[from + 1]! - mean) / divisor;
      input[to + 2 * plane] = (pixels[from + 2]! - mean) / divisor;
    }
  }
}

/**
 * A region, of whole pixels, as a detector's input, at the top left.
 * @param scale pixels of the input a pixel of the region, at most what lets all of it in
 * @returns planar R, G, B
 */
export function letterbox(
  raster: RgbRaster,
  region: Region,
  format: InputFormat,
  scale: number,
): Float32Array {
  const { mean, divisor, padding } = format;
  const input = new Float32Array(3 * format.width * format.height).fill((padding - mean) / divisor);
  const width = Math.min(format.width, Math.max(1, Math.round(region.width * scale)));
  const height = Math.min(format.height, Math.max(1, Math.round(region.height * scale)));
  const fill = scale < 1 ? reduceInto : enlargeInto;
  fill({ input, format, width, height }, raster, region);
  return input;
}
