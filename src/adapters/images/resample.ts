import type { GreyRaster, Region, RgbRaster } from './raster.js';

/** For every output position along one axis: the first input sample, and the weights of it and its successors. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  /** Weights an output position. */
  readonly count: number;
}

/**
 * Triangle filter that widens with the reduction: bilinear when enlarging, and no aliasing when reducing. Aliased pixels cost
 * the face models more accuracy than anything else in the preparation.
 */
function makeTaps(start: number, extent: number, inputSize: number, outputSize: number): Taps {
  const step = extent / outputSize;
  const radius = Math.max(1, step);
  // Enlarging, never more than two have any weight.
  const count = step <= 1 ? 2 : Math.ceil(radius * 2) + 1;
  const first = new Int32Array(outputSize);
  const weights = new Float32Array(outputSize * count);
  for (let out = 0; out < outputSize; out++) {
    const centre = start + (out + 0.5) * step - 0.5;
    const low = Math.min(Math.max(0, Math.ceil(centre - radius)), inputSize - 1);
    first[out] = low;
    let sum = 0;
    for (let k = 0; k < count && low + k < inputSize; k++) {
      const weight = Math.max(0, 1 - Math.abs(low + k - centre) / radius);
      weights[out * count + k] = weight;
      sum += weight;
    }
    // A region may reach past the border: there the nearest sample stands for what is missing.
    if (sum === 0) weights[out * count] = sum = 1;
    for (let k = 0; k < count; k++) weights[out * count + k]! /= sum;
  }
  return { first, weights, count };
}

/**
 * Resamples a region of a raster to `width` × `height`. Pixels outside the raster count as its nearest border pixel.
 * @returns interleaved R, G, B in 0–255, unrounded
 */
export function resample(raster: RgbRaster, region: Region, width: number, height: number): Float32Array {
  const across = makeTaps(region.left, region.width, raster.width, width);
  const down = makeTaps(region.top, region.height, raster.height, height);
  const { firstRow, lastRow } = rowsFor(down, raster.height);
  const rows = new Float32Array((lastRow - firstRow + 1) * width * 3);
  for (let y = firstRow; y <= lastRow; y++) resampleRow(raster, y, across, rows, (y - firstRow) * width * 3);
  return resampleColumns(rows, firstRow, lastRow, down, width * 3);
}

/** The same for a whole picture's luma, a third of the work. */
export function resampleLuma(grey: GreyRaster, width: number, height: number): Float32Array {
  const across = makeTaps(0, grey.width, grey.width, width);
  const down = makeTaps(0, grey.height, grey.height, height);
  const { firstRow, lastRow } = rowsFor(down, grey.height);
  const rows = new Float32Array((lastRow - firstRow + 1) * width);
  for (let y = firstRow; y <= lastRow; y++) resampleLumaRow(grey, y, across, rows, (y - firstRow) * width);
  return resampleColumns(rows, firstRow, lastRow, down, width);
}

/** Rows of the input that the output is made of. */
function rowsFor({ first, count }: Taps, inputHeight: number) {
  const firstRow = first[0]!;
  return { firstRow, lastRow: Math.min(inputHeight - 1, first.at(-1)! + count - 1) };
}

function resampleRow(
  { data, width: inputWidth }: RgbRaster,
  y: number,
  taps: Taps,
  rows: Float32Array,
  to: number,
) {
  const { first, weights, count } = taps;
  for (let x = 0; x < first.length; x++, to += 3) {
    const low = first[x]!;
    const used = Math.min(count, inputWidth - low);
    let from = (y * inputWidth + low) * 3;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let k = 0, w = x * count; k < used; k++, w++, from += 3) {
      const weight = weights[w]!;
      red += weight * data[from]!;
      green += weight * data[from + 1]!;
      blue += weight * data[from + 2]!;
    }
    rows[to] = red;
    rows[to + 1] = green;
    rows[to + 2] = blue;
  }
}

function resampleLumaRow(
  { data, width: inputWidth }: GreyRaster,
  y: number,
  { first, weights, count }: Taps,
  rows: Float32Array,
  to: number,
) {
  for (let x = 0; x < first.length; x++) {
    const low = first[x]!;
    const used = Math.min(count, inputWidth - low);
    const from = y * inputWidth + low;
    let sum = 0;
    for (let k = 0; k < used; k++) sum += weights[x * count + k]! * data[from + k]!;
    rows[to + x] = sum;
  }
}

/** @param stride values a row */
function resampleColumns(
  rows: Float32Array,
  firstRow: number,
  lastRow: number,
  { first, weights, count }: Taps,
  stride: number,
): Float32Array {
  const result = new Float32Array(first.length * stride);
  for (let y = 0; y < first.length; y++) {
    const low = first[y]!;
    const used = Math.min(count, lastRow + 1 - low);
    for (let k = 0; k < used; k++) {
      const weight = weights[y * count + k]!;
      if (weight === 0) continue;
      const from = (low - firstRow + k) * stride;
      const to = y * stride;
      for (let i = 0; i < stride; i++) result[to + i]! += weight * rows[from + i]!;
    }
  }
  return result;
}

/** A copy whose longer side is at most `side` pixels; smaller rasters are returned as they are. */
export function shrinkTo(raster: RgbRaster, side: number): RgbRaster {
  const scale = side / Math.max(raster.width, raster.height);
  if (scale >= 1) return raster;
  const width = Math.max(1, Math.round(raster.width * scale));
  const height = Math.max(1, Math.round(raster.height * scale));
  const pixels = resample(
    raster,
    { left: 0, top: 0, width: raster.width, height: raster.height },
    width,
    height,
  );
  const data = new Uint8Array(pixels.length);
  for (let i = 0; i < data.length; i++) data[i] = pixels[i]! + 0.5;
  return { data, width, height };
}
