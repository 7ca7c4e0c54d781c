import type { LineCrop } from './text-box.js';

/** A character needs about so much; wider lines cost time without end. */
const WIDTHS = { least: 32, most: 3200 } as const;
/** Contrast below which a crop is taken for flat: as in training, of which the luma was 0 to 255. */
const FLAT = 8 / 127.5;

/** Width at which the project's own networks look at a crop: whole steps of theirs. */
export const wholeSteps = (width: number, step: number): number =>
  Math.min(WIDTHS.most, Math.max(WIDTHS.least, Math.round(width / step) * step));

/** A crop's luma, stretched to `width`, with zero mean and unit deviation: as in training. */
export function normalised({ data, width: from, height }: LineCrop, width: number): Float32Array {
  const grey = from === width ? data.slice() : stretched(data, from, width, height);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < grey.length; i++) {
    const value = grey[i]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / grey.length;
  const scale = 1 / (Math.sqrt(Math.max(0, squares / grey.length - mean * mean)) + FLAT);
  for (let i = 0; i < grey.length; i++) grey[i] = (grey[i]! - mean) * scale;
  return grey;
}

function stretched(data: Float32Array, from: number, to: number, height: number): Float32Array {
  const result = new Float32Array(to * height);
  const ratio = from / to;
  for (let x = 0; x < to; x++) {
    const place = Math.min(from - 1, Math.max(0, (x + 0.5) * ratio - 0.5));
    const left = Math.floor(place);
    const share = place - left;
    const right = Math.min(from - 1, left + 1);
    for (let y = 0; y < height; y++) {
      const row = y * from;
      result[y * to + x] = data[row + left]! * (1 - share) + data[row + right]! * share;
    }
  }
  return result;
}
