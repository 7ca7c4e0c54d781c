import type { CropShape, LineCrop } from './text-box.js';

/** Contrast below which a crop is taken for flat: as in training, of which the luma was 0 to 255. */
const FLAT = 8 / 127.5;

/**
 * How the project's own networks want lines cut.
 *
 * @param step pixels of one step of the network. A character needs about 32; lines wider than the most cost time without end.
 */
export const lumaShape = (lineHeight: number, step: number): Required<CropShape> => ({
  lineHeight,
  planes: 1,
  widths: { step, least: 32, most: 3200 },
});

/** A crop's luma with zero mean and unit deviation, as in training. It is worked out in place: the crop is used up. */
export function normalised({ data: grey }: LineCrop): Float32Array {
  let sum = 0;
  let squares = 0;
  const count = grey.length;
  for (let i = 0; i < count; i++) {
    const value = grey[i]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  const scale = 1 / (Math.sqrt(Math.max(0, squares / count - mean * mean)) + FLAT);
  for (let i = 0; i < count; i++) grey[i] = (grey[i]! - mean) * scale;
  return grey;
}
