import type { RgbRaster } from '../images/raster.js';

/** Side of the places that are compared, in pixels. */
const PLACE = 16;
/** Brightness between which a place must range to count: a wall, the night and what is blown out are alike in any two pictures. */
const LEAST_RANGE = 6;
/** Mean change of brightness up to which a place is the same: any camera's noise, and its compression, is far above. */
const SAME = 0.02;

interface Change {
  readonly mean: number;
  readonly range: number;
}

function changeAt(a: RgbRaster, b: RgbRaster, left: number, top: number): Change {
  let [sum, low, high] = [0, 255, 0];
  for (let y = top; y < top + PLACE; y++)
    for (let i = (y * a.width + left) * 3; i < (y * a.width + left + PLACE) * 3; i += 3) {
      // Green carries most of brightness, and least noise: where it is the same, so is the place.
      const value = a.data[i + 1]!;
      sum += Math.abs(value - b.data[i + 1]!);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return { mean: sum / PLACE ** 2, range: high - low };
}

/**
 * Share of a picture's structured places that are the same in another one, 0–1: what stays behind a face that was moved by computation.
 * Pictures of different sizes, and those without structure, share nothing.
 */
export function frozenShare(a: RgbRaster, b: RgbRaster): number {
  if (a.width !== b.width || a.height !== b.height) return 0;
  let [places, same] = [0, 0];
  for (let top = 0; top + PLACE <= a.height; top += PLACE)
    for (let left = 0; left + PLACE <= a.width; left += PLACE) {
      const { mean, range } = changeAt(a, b, left, top);
      if (range < LEAST_RANGE) continue;
      places++;
      same += Number(mean <= SAME);
    }
  return places === 0 ? 0 : same / places;
}
