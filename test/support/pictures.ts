import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

/** Photographs that ship with the second face engine's package; nothing of them is kept in this repository. */
export type Photograph = 'sample1' | 'sample2' | 'sample3' | 'sample4' | 'sample5' | 'sample6';

/** Boxes around single persons (left, top, width, height in pixels of the photograph), looked up by eye. */
const PERSONS: Readonly<Record<Photograph, readonly (readonly [number, number, number, number])[]>> = {
  sample1: [
    [1231, 21, 664, 567],
    [628, 238, 606, 551],
  ],
  sample2: [
    [218, 0, 460, 708],
    [1264, 35, 563, 560],
  ],
  sample3: [
    [867, 0, 649, 751],
    [413, 94, 565, 673],
  ],
  sample4: [[842, 0, 485, 684]],
  sample5: [[214, 669, 512, 729]],
  sample6: [
    [1293, 35, 589, 713],
    [70, 267, 583, 663],
  ],
};

export function photograph(name: Photograph): Promise<Buffer> {
  const root = path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  return readFile(path.join(root, 'demo', `${name}.jpg`));
}

/** One person of a photograph as a JPEG, as a selfie would show them. */
export async function cropFace(name: Photograph, person: number): Promise<Buffer> {
  const [left, top, width, height] = PERSONS[name][person] ?? PERSONS[name][0]!;
  return sharp(await photograph(name))
    .extract({ left, top, width, height })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Upright faces for portraits on documents: the woman of `sample1`, person 0, in another photograph, and somebody else. */
const PORTRAITS = {
  sample3: { left: 987, top: 103, width: 410, height: 526 },
  sample6: { left: 155, top: 400, width: 410, height: 526 },
} as const;

/** A face as a passport's portrait shows it, as a JPEG of the given height in pixels. */
export async function portraitOf(name: keyof typeof PORTRAITS, height = 330): Promise<Buffer> {
  return sharp(await photograph(name))
    .extract(PORTRAITS[name])
    .resize({ height })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Side of the patch of noise that is repeated: drawing whole pictures pixel by pixel takes too long. */
const PATCH = 256;

/** Reproducible noise around a grey (mulberry32), like a table under a camera. */
function noisePatch(level = 140, spread = 16): Buffer {
  const pixels = Buffer.alloc(PATCH * PATCH * 3);
  let state = 7;
  for (let i = 0; i < pixels.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    pixels[i] = level + (((mixed ^ (mixed >>> 14)) >>> 0) % spread) - spread / 2;
  }
  return pixels;
}

/** An empty table of the given size, as PNG. */
export function table(width: number, height: number): Promise<Buffer> {
  const raw = { width: PATCH, height: PATCH, channels: 3 as const };
  return sharp({ create: { width, height, channels: 3, background: '#8c8c8c' } })
    .composite([{ input: noisePatch(), raw, tile: true }])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** Bars and blocks in rows, as dark and as fine as print: a page without words, so that no font is needed. */
function printLike(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3, 224);
  const row = Math.round(height / 16);
  for (let line = 1; line < 15; line++) {
    for (let x = Math.round(width * 0.06), n = line; x < width * 0.93; x += 14, n++) {
      // A pattern that never repeats within a line, with gaps as between words.
      if ((n * n + line) % 7 === 0) continue;
      const stroke = 3 + ((n * line) % 4);
      for (let y = line * row; y < line * row + row * 0.55; y++) {
        pixels.fill(45, (y * width + x) * 3, (y * width + x + stroke) * 3);
      }
    }
  }
  return pixels;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  /** Where the page's top left corner lies in the picture; may be negative. */
  readonly left?: number;
  readonly top?: number;
  readonly pageWidth?: number;
  readonly pageHeight?: number;
  /** An image that is laid on the page as its portrait; must fit on it. */
  readonly portrait?: Buffer;
}

/** A photograph-like JPEG: a page of print-like marks on a table. */
export async function printedPage(options: PageOptions = {}): Promise<Buffer> {
  const { width = 1400, height = 1000, left = 140, top = 110, pageWidth = 1120, pageHeight = 780 } = options;
  const raw = { width: pageWidth, height: pageHeight, channels: 3 as const };
  let page = sharp(printLike(pageWidth, pageHeight), { raw });
  if (options.portrait !== undefined) {
    page = page.composite([{ input: options.portrait, left: 70, top: 150 }]);
  }
  const whole = await page.png({ compressionLevel: 1 }).toBuffer();
  // What runs off the picture is cut away first: an overlay must fit.
  const visible = {
    left: Math.max(0, -left),
    top: Math.max(0, -top),
    width: Math.min(pageWidth, width - left) - Math.max(0, -left),
    height: Math.min(pageHeight, height - top) - Math.max(0, -top),
  };
  const overlay = await sharp(whole).extract(visible).png({ compressionLevel: 1 }).toBuffer();
  return sharp(await table(width, height))
    .composite([{ input: overlay, left: Math.max(0, left), top: Math.max(0, top) }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
