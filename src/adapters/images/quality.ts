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
  let near = 0;
  let far = 0;
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      const value = data[i]!;
      const above = y > 0 ? i - width : i;
      sum += value;
      squares += value * value;
      const across = data[i + 1]! - value;
      const acrossFar = data[i + 3]! - data[i - 1]!;
      const down = data[i + width]! - value;
      const downFar = data[i + 3 * width]! - data[above]!;
      near += across * across + down * down;
      far += acrossFar * acrossFar + downFar * downFar;
      count++;
    }
  }
  const mean = sum / count;
  return {
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    sharpness: far > 0 ? Math.sqrt(near / far) : 0,
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

/** Sharpness and amount of detail; both 0 for a blank picture. */
export function measureDetail(raster: RgbRaster): DetailMeasures {
  const tiles = tilesOf(toGrey(raster));
  const detailed = tiles.filter(({ deviation }) => deviation > DETAILED);
  return {
    sharpness: quantile(
      detailed.map(({ sharpness }) => sharpness),
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

/** Exposure of a raster of any size. */
export function measureLight(raster: RgbRaster): LightMeasures {
  const { data, width, height } = raster;
  const count = width * height;
  let sum = 0;
  let squares = 0;
  let saturated = 0;
  for (let p = 0; p < data.length; p += 3) {
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
