/** Upright sRGB pixels, 8 bits a channel, interleaved R, G, B, row by row without padding. */
export interface RgbRaster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A part of a raster, in pixels; may have fractions. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Luma of ITU-R BT.601 in 0–255, one value a pixel. */
export interface GreyRaster {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

export const wholeOf = (raster: { readonly width: number; readonly height: number }): Region => ({
  left: 0,
  top: 0,
  width: raster.width,
  height: raster.height,
});

/** The part of a region that lies inside the raster, on whole pixels, at least one pixel large. */
export function clampRegion(
  region: Region,
  raster: { readonly width: number; readonly height: number },
): Region {
  const left = Math.min(raster.width - 1, Math.max(0, Math.floor(region.left)));
  const top = Math.min(raster.height - 1, Math.max(0, Math.floor(region.top)));
  const right = Math.min(raster.width, Math.max(left + 1, Math.ceil(region.left + region.width)));
  const bottom = Math.min(raster.height, Math.max(top + 1, Math.ceil(region.top + region.height)));
  return { left, top, width: right - left, height: bottom - top };
}

/** Turns a raster by a quarter, clockwise: what was its left edge becomes its top edge. */
export function rotateQuarter({ data, width, height }: RgbRaster): RgbRaster {
  const turned = new Uint8Array(data.length);
  for (let y = 0, from = 0; y < height; y++) {
    const column = height - 1 - y;
    for (let x = 0; x < width; x++, from += 3) {
      const to = (x * height + column) * 3;
      turned[to] = data[from]!;
      turned[to + 1] = data[from + 1]!;
      turned[to + 2] = data[from + 2]!;
    }
  }
  return { data: turned, width: height, height: width };
}

const greys = new WeakMap<RgbRaster, GreyRaster>();

/** As {@link toGrey}, worked out once for as long as the raster is in use. */
export function greyOf(raster: RgbRaster): GreyRaster {
  const known = greys.get(raster) ?? toGrey(raster);
  greys.set(raster, known);
  return known;
}

/** @returns luma 0–255 of each pixel */
export function toGrey({ data, width, height }: RgbRaster): GreyRaster {
  const grey = new Float32Array(width * height);
  for (let i = 0, p = 0; i < grey.length; i++, p += 3) {
    grey[i] = 0.299 * data[p]! + 0.587 * data[p + 1]! + 0.114 * data[p + 2]!;
  }
  return { data: grey, width, height };
}
