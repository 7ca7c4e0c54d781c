import { clamp, sampleAt, type Raster } from './raster.js';

export interface Glare {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  /** Degrees by which it is turned, clockwise. */
  readonly angle?: number;
  /** Fades slowly, as on a rough laminate, and not at once. */
  readonly soft?: boolean;
}

/** A half of the photograph lies in shadow. */
export interface Shade {
  /** Direction from light to dark, degrees, clockwise from the right. */
  readonly angle: number;
  /** Where the shadow begins along that direction, from −0.5 to 0.5 of the photograph's width, counted from its middle. */
  readonly from: number;
  /** Part of the light that is missing in it. */
  readonly depth: number;
}

const { exp, sin, cos, asin, PI } = Math;

/**
 * Grey levels that a reflection adds at a place of the document; far above white at its heart, so that nothing below shows through.
 * Places are parts of the document's width and height.
 */
export function makeGlare(glare: Glare): (u: number, v: number) => number {
  const radians = ((glare.angle ?? 0) * PI) / 180;
  const [along, across] = [cos(radians), sin(radians)];
  return (u, v) => {
    const x = u - glare.x;
    const y = v - glare.y;
    const right = (x * along + y * across) / glare.radiusX;
    const down = (y * along - x * across) / glare.radiusY;
    const squared = right * right + down * down;
    return 420 * exp(glare.soft === true ? -squared : -squared * squared);
  };
}

/** Width of a cast shadow's soft edge, as a part of the photograph's width. */
const SHADE_EDGE = 0.05;

/** Darkens one side of an RGB photograph in place, as a hand or the telephone between lamp and document does. */
export function castShade(pixels: Uint8Array, width: number, height: number, shade: Shade): void {
  const radians = (shade.angle * PI) / 180;
  const [right, down] = [cos(radians) / width, sin(radians) / width];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = (x - width / 2) * right + (y - height / 2) * down;
      const part = clamp((along - shade.from) / SHADE_EDGE + 0.5, 0, 1);
      const light = 1 - shade.depth * part * part * (3 - 2 * part);
      const i = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) pixels[i + c] = (pixels[i + c] ?? 0) * light;
    }
  }
}

/** Periods, in pixels, of the bands that a screen's lights and a sensor's make together: a wide one, and a narrow one nearly across it. */
const BANDS = [
  { period: 34, angle: 17, weight: 0.65 },
  { period: 9.3, angle: 102, weight: 0.35 },
] as const;
/** The three colours' lights stand beside each other, and so do their bands. */
const COLOUR_SHIFT = (2 * PI) / 3;
const LARGEST_SWING = 0.35;
/** A dark screen still shines a little. */
const SCREEN_BLACK = 20;

/**
 * Adds bands to how bright each place of each colour is. The cosine of a sum is put together from those of its parts, of which there are
 * as many as rows and columns, and not as many as places.
 */
function addBands(
  light: Float32Array,
  width: number,
  height: number,
  { period, angle }: { readonly period: number; readonly angle: number },
  swing: number,
): void {
  const radians = (angle * PI) / 180;
  const [right, down] = [(2 * PI * cos(radians)) / period, (2 * PI * sin(radians)) / period];
  const cosines = Float32Array.from({ length: width }, (_, x) => swing * cos(x * right));
  const sines = Float32Array.from({ length: width }, (_, x) => swing * sin(x * right));
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      const row = y * down + c * COLOUR_SHIFT;
      const [cosRow, sinRow] = [cos(row), sin(row)];
      for (let x = 0, i = y * width * 3 + c; x < width; x++, i += 3)
        light[i] = (light[i] ?? 0) + (cosines[x] ?? 0) * cosRow - (sines[x] ?? 0) * sinRow;
    }
  }
}

/**
 * Makes an RGB photograph in place one of a screen that shows it: coloured bands (moiré) and washed-out blacks.
 *
 * @param strength 0–1
 */
export function showOnScreen(pixels: Uint8Array, width: number, height: number, strength: number): void {
  const light = new Float32Array(width * height * 3).fill(1);
  for (const band of BANDS) addBands(light, width, height, band, band.weight * LARGEST_SWING * strength);
  const black = SCREEN_BLACK * strength;
  const range = 1 - black / 255;
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = clamp((black + (pixels[i] ?? 0) * range) * (light[i] ?? 0), 0, 255);
}

/** How fast a bent page darkens towards the sides that turn away from the light. */
const CURL_SHADE = 3;

/**
 * A page (RGBA) that is bent about an upright axis, as that of a passport that does not lie flat: its lines become arcs, and letters
 * narrow towards the sides.
 *
 * @param curl how far the middle rises, as a part of the width
 */
export function curlPage(page: Raster, curl: number): Raster {
  const rise = Math.round(curl * page.width);
  const height = page.height + rise;
  const data = new Uint8Array(page.width * height * 4);
  const pixel = new Float64Array(4);
  const bend = clamp(6 * curl, 0.01, 0.9);
  for (let x = 0; x < page.width; x++) {
    const side = (2 * (x + 0.5)) / page.width - 1;
    const sourceX = (page.width * (1 + asin(bend * side) / asin(bend))) / 2;
    const drop = rise * side * side;
    const light = 1 - CURL_SHADE * curl * side * side;
    for (let y = 0; y < height; y++) {
      const sourceY = y - drop;
      // What lies beside the page stays transparent.
      if (sourceY < 0 || sourceY > page.height - 1) continue;
      sampleAt(page, sourceX, sourceY, pixel);
      const i = (y * page.width + x) * 4;
      for (let c = 0; c < 3; c++) data[i + c] = (pixel[c] ?? 0) * light;
      data[i + 3] = pixel[3] ?? 0;
    }
  }
  return { data, width: page.width, height, channels: 4 };
}
