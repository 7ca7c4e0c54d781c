import type { RgbRaster } from './raster.js';

/** A copy of half the width and height: each pixel is the mean of four. An odd last row or column is left out. */
export function halve({ data, width, height }: RgbRaster): RgbRaster {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  const stride = width * 3;
  let to = 0;
  for (let y = 0; y < halfHeight; y++) {
    let from = 2 * y * stride;
    for (let x = 0; x < halfWidth; x++, from += 6)
      for (let c = from; c < from + 3; c++)
        half[to++] = (data[c]! + data[c + 3]! + data[c + stride]! + data[c + stride + 3]! + 2) >> 2;
  }
  return { data: half, width: halfWidth, height: halfHeight };
}
