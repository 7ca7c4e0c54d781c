import { toGrey, type GreyRaster, type RgbRaster } from './raster.js';

/**
 * Longer side at which documents are measured: what is sharp here is sharp enough to be read, whatever the camera's resolution.
 * All measures take a raster that has been reduced to it already.
 */
export const MEASURED_SIDE = 1000;

export interface DetailMeasures {
  /**
   * How much of the contrast across four pixels is reached within one, in the sharper fifth of the detailed tiles: about 0.25 for
   * a ramp, 0.33 for edges blurred by σ 2.5 pixels, above 0.4 for focused print. Contrast and content hardly change it.
   */
  readonly sharpness: number;
  /**
   * The same in the direction in which it is least, of four: what a moving hand leaves. Text and faces have edges in all directions;
   * grained wood has not.
   */
  readonly steadiness: number;
  /** Share of tiles with any structure in them; 0 for a blank picture. */
  readonly detail: number;
}

/** Tiles along the longer side. */
const TILES = 32;
/** Standard deviation of luma from which a tile counts as detailed: above sensor noise, below faint print. */
const DETAILED = 12;

interface Tile {
  readonly deviation: number;
  readonly sharpness: number;
  readonly steadiness: number;
}

function measureTile(
  { data, width }: GreyRaster,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Tile {
  let sum = 0;
  let squares = 0;
  // Sums of squares: right, down, and the two diagonals.
  let [nearX, nearY, nearFalling, nearRising] = [0, 0, 0, 0];
  let [farX, farY, farFalling, farRising] = [0, 0, 0, 0];
  let count = 0;
  for (let y = top; y < bottom; y++) {
    const upOne = y > 0 ? width : 0;
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      const value = data[i]!;
      sum += value;
      squares += value * value;
      const beside = data[i + 1]!;
      const below = data[i + width]!;
      nearX += (beside - value) ** 2;
      farX += (data[i + 3]! - data[i - 1]!) ** 2;
      nearY += (below - value) ** 2;
      farY += (data[i + 3 * width]! - data[i - upOne]!) ** 2;
      nearFalling += (data[i + width + 1]! - value) ** 2;
      farFalling += (data[i + 2 * width + 2]! - data[i - upOne - 1]!) ** 2;
      nearRising += (beside - below) ** 2;
      farRising += (data[i + 2 - upOne]! - data[i + 2 * width - 1]!) ** 2;
      count++;
    }
  }
  const mean = sum / count;
  const share = (near: number, far: number): number => (far > 0 ? Math.sqrt(near / far) : 0);
  return {
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    sharpness: share(nearX + nearY, farX + farY),
    steadiness: Math.min(
      share(nearX, farX),
      share(nearY, farY),
      share(nearFalling, farFalling),
      share(nearRising, farRising),
    ),
  };
}

function tilesOf(grey: GreyRaster): Tile[] {
  const side = Math.max(12, Math.round(Math.max(grey.width, grey.height) / TILES));
  const tiles: Tile[] = [];
  for (let top = 1; top + side <= grey.height - 3; top += side) {
    for (let left = 1; left + side <= grey.width - 3; left += side) {
      tiles.push(measureTile(grey, left, top, left + side, top + side));
    }
  }
  return tiles;
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;

/** Sharpness, steadiness and amount of detail; all 0 for a blank picture. */
export function measureDetail(raster: RgbRaster): DetailMeasures {
  const tiles = tilesOf(toGrey(raster));
  const detailed = tiles.filter(({ deviation }) => deviation > DETAILED);
  return {
    sharpness: quantile(
      detailed.map(({ sharpness }) => sharpness),
      0.8,
    ),
    steadiness: quantile(
      detailed.map(({ steadiness }) => steadiness),
      0.8,
    ),
    detail: tiles.length === 0 ? 0 : detailed.length / tiles.length,
  };
}

export interface LightMeasures {
  /** Mean luma, 0–1. */
  readonly brightness: number;
  /** Standard deviation of luma, 0–1. */
  readonly contrast: number;
  /** Share of pixels that are blown out in all channels. */
  readonly saturated: number;
}

/** From this value in every channel, a pixel holds no more information. */
const BLOWN = 250;

/**
 * Exposure of a raster of any size.
 * @param step one of so many pixels is looked at, in rows that follow each other
 */
export function measureLight({ data }: RgbRaster, step = 1): LightMeasures {
  const count = Math.ceil(data.length / (3 * step));
  let sum = 0;
  let squares = 0;
  let saturated = 0;
  for (let p = 0; p < data.length; p += 3 * step) {
    const red = data[p]!;
    const green = data[p + 1]!;
    const blue = data[p + 2]!;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    sum += luma;
    squares += luma * luma;
    if (Math.min(red, green, blue) >= BLOWN) saturated++;
  }
  const mean = sum / count;
  return {
    brightness: mean / 255,
    contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) / 255,
    saturated: saturated / count,
  };
}
