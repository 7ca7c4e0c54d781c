import sharp from 'sharp';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import type { TextBox } from '../../src/adapters/ocr/text-box.js';

/** Glyphs of five by seven dots, each row five bits: enough to look like a machine-readable zone to what measures it, without a font. */
const GLYPHS = [
  [4, 10, 17, 17, 31, 17, 17],
  [30, 17, 17, 30, 17, 17, 30],
  [31, 16, 16, 30, 16, 16, 31],
  [1, 2, 4, 8, 4, 2, 1],
  [17, 25, 21, 21, 19, 17, 17],
  [14, 17, 1, 6, 8, 16, 31],
  [14, 17, 1, 6, 1, 17, 14],
  [17, 18, 20, 24, 20, 18, 17],
  [14, 17, 17, 14, 17, 17, 14],
  [31, 4, 4, 4, 4, 4, 4],
] as const;
/** Of a glyph, in distances of characters. */
const WIDTH = 0.72;
const HEIGHT = 1.05;
/** Thickness of the box that a detector draws around a row, in distances of characters, and by how much of it the box is longer. */
const BOX_THICKNESS = 1.6;
const BOX_GROWTH = 0.62;

export interface ZonePage {
  readonly width?: number;
  readonly height?: number;
  /** Characters a row, and their distance in pixels. */
  readonly characters?: number;
  readonly rows?: number;
  readonly pitch?: number;
  /** Distance of rows, in distances of characters. */
  readonly spacing?: number;
  /** Middle of the first row's first character. */
  readonly left?: number;
  readonly top?: number;
  readonly paper?: number;
  readonly ink?: number;
}

export interface DrawnZone {
  readonly raster: RgbRaster;
  /** What a detector would find. Those of rows that lie outside are left out. */
  readonly boxes: readonly TextBox[];
}

/** A page with nothing on it but the rows of a zone, in focus. */
export function drawZone(page: ZonePage = {}): DrawnZone {
  const { width = 1000, height = 700, characters = 44, rows = 2, pitch = 18, spacing = 2.5 } = page;
  const { left = 100, top = 560, paper = 220, ink = 40 } = page;
  const data = new Uint8Array(width * height * 3).fill(paper);
  const [dotWidth, dotHeight] = [(WIDTH * pitch) / 5, (HEIGHT * pitch) / 7];
  /** How much of a pixel lies within a span. */
  const cover = (pixel: number, from: number, to: number) =>
    Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));
  const fill = (x0: number, y0: number) => {
    for (let y = Math.max(0, Math.floor(y0)); y < Math.min(height, y0 + dotHeight); y++)
      for (let x = Math.max(0, Math.floor(x0)); x < Math.min(width, x0 + dotWidth); x++) {
        const share = cover(x, x0, x0 + dotWidth) * cover(y, y0, y0 + dotHeight);
        for (let c = 0; c < 3; c++) {
          const i = (y * width + x) * 3 + c;
          data[i] = Math.max(ink, (data[i] ?? 0) - share * (paper - ink));
        }
      }
  };
  const boxes: TextBox[] = [];
  for (let row = 0; row < rows; row++) {
    const middle = top + row * spacing * pitch;
    for (let column = 0; column < characters; column++) {
      const glyph = GLYPHS[(column * 7 + row * 3 + ((column * column) % 5)) % GLYPHS.length] ?? GLYPHS[0];
      for (const [line, bits] of glyph.entries())
        for (let dot = 0; dot < 5; dot++)
          if ((bits >> (4 - dot)) & 1)
            fill(
              left + column * pitch - (WIDTH * pitch) / 2 + dot * dotWidth,
              middle - (HEIGHT * pitch) / 2 + line * dotHeight,
            );
    }
    const thickness = BOX_THICKNESS * pitch;
    const growth = (BOX_GROWTH * thickness) / 2;
    const from = Math.max(0, left - (WIDTH * pitch) / 2 - growth);
    const to = Math.min(width, left + (characters - 1 + WIDTH / 2) * pitch + growth);
    if (middle + thickness / 2 > height) continue;
    boxes.push({ cx: (from + to) / 2, cy: middle, length: to - from, thickness, angle: 0, score: 1 });
  }
  return { raster: { data, width, height }, boxes };
}

/** Out of focus by a Gaussian of so many pixels. */
export async function blurred({ data, width, height }: RgbRaster, sigma: number): Promise<RgbRaster> {
  const pixels = await sharp(data, { raw: { width, height, channels: 3 } })
    .blur(sigma)
    .raw()
    .toBuffer();
  return { data: pixels, width, height };
}

/** Each pixel's value through a function of it and its place. */
export function lit(
  { data, width, height }: RgbRaster,
  change: (value: number, x: number, y: number) => number,
): RgbRaster {
  const changed = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    changed[i] = change(data[i] ?? 0, pixel % width, Math.floor(pixel / width));
  }
  return { data: new Uint8Array(changed.buffer), width, height };
}

/** Moved by so many pixels to the right while the shutter was open. */
export function shaken(raster: RgbRaster, pixels: number): RgbRaster {
  const { data, width } = raster;
  return lit(raster, (_, x, y) => {
    let sum = 0;
    for (let k = 0; k < pixels; k++) sum += data[(y * width + Math.min(width - 1, x + k)) * 3] ?? 0;
    return sum / pixels;
  });
}
