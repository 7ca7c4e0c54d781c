import bwipjs from 'bwip-js/node';
import sharp from 'sharp';
import { makeBarcodeReader } from '../../src/adapters/barcode/barcode-reader.js';
import { findBarRegions } from '../../src/adapters/barcode/bar-region.js';
import { findCodeOutline } from '../../src/adapters/barcode/code-outline.js';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import { writeAamva } from '../support/aamva-file.js';
import { photographCode, type CodeStyle, type Shot } from '../support/barcode-scene.js';

const TEXT = writeAamva({ own: 'ZCAY' });
/** Holds the code at any turn: 290 modules of this size are 406 pixels wide. */
const FRAME = { width: 500, height: 500, module: 1.4 } as const;

const reader = await makeBarcodeReader();
const photograph = (shot: Shot, style?: CodeStyle) => photographCode(TEXT, { ...FRAME, ...shot }, style);
const textOf = async (shot: Shot, style?: CodeStyle) =>
  (await reader.read(await photograph(shot, style)))?.text;

const plain = (width: number, height: number, grey: number): RgbRaster => ({
  data: new Uint8Array(width * height * 3).fill(grey),
  width,
  height,
});

async function rasterOf(picture: Buffer): Promise<RgbRaster> {
  const { data, info } = await sharp(picture)
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

describe('a code in a photograph', () => {
  it('is read with its control characters, by a decoder that comes from the disk alone', async () => {
    const { fetch } = globalThis;
    let fetched = 0;
    globalThis.fetch = () => {
      fetched++;
      return Promise.reject(new Error('no network'));
    };
    try {
      const finding = await reader.read(await photograph({}));
      expect(finding?.text).toBe(TEXT);
      expect(finding?.unusedCorrection).toBeGreaterThan(0.8);
      expect(fetched).toBe(0);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it.each(Array.from({ length: 23 }, (_, index) => (index + 1) * 15))(
    'is read turned by %i°',
    async (rotation) => {
      expect(await textOf({ rotation })).toBe(TEXT);
    },
  );

  it.each([3, 5, 8, -4, 94, 177])('is read tilted by %i°', async (rotation) => {
    expect(await textOf({ rotation })).toBe(TEXT);
  });

  const conditions: readonly { condition: string; shot: Shot; style?: CodeStyle }[] = [
    { condition: 'receding to the right', shot: { perspective: 0.3, rotation: 5 } },
    { condition: 'receding upwards', shot: { perspective: 0.3, perspectiveTowards: 80 } },
    {
      condition: 'receding and turned',
      shot: { perspective: 0.35, perspectiveTowards: 140, rotation: 215, module: 1.4 },
    },
    { condition: 'at one pixel and a tenth a module', shot: { module: 1.1, rotation: 20 } },
    { condition: 'blurred by two thirds of a module', shot: { blur: 0.93, rotation: 8 } },
    { condition: 'compressed hard', shot: { jpeg: 40, rotation: 100 } },
    { condition: 'grainy', shot: { noise: 20, rotation: 305 } },
    { condition: 'faint', shot: { contrast: 0.25, noise: 4, rotation: 12 } },
    { condition: 'with its stop pattern covered', shot: { covered: 0.08, rotation: 7 } },
    { condition: 'of few columns and many rows', shot: { rotation: 30 }, style: { columns: 8 } },
    { condition: 'of low rows', shot: { rotation: 30, module: 1.6 }, style: { rowHeight: 2 } },
    {
      condition: 'all at once',
      shot: { rotation: 52, perspective: 0.2, blur: 0.5, noise: 8, jpeg: 50, contrast: 0.6 },
    },
  ];
  it.each(conditions)('is read $condition', async ({ shot, style }) => {
    expect(await textOf(shot, style)).toBe(TEXT);
  });

  it('with a covered end is read in perspective where the direction of print is known, along or across the code', async () => {
    const rotation = 10;
    const raster = await photograph({ covered: 0.12, perspective: 0.3, perspectiveTowards: 80, rotation });
    const direction = (rotation * Math.PI) / 180;
    expect((await reader.read(raster, direction))?.text).toBe(TEXT);
    expect((await reader.read(raster, direction + Math.PI / 2))?.text).toBe(TEXT);
  });

  it('is outlined to the pixel', async () => {
    const raster = await photograph({ rotation: 25 });
    const outline = findBarRegions(raster)
      .map((region) => findCodeOutline(raster, region))
      .find((found) => found !== null);
    const turn = (25 * Math.PI) / 180;
    const half = (290 / 2) * FRAME.module;
    const distance = (end: 'Left' | 'Right', sign: 1 | -1) => {
      const [top, bottom] = [outline![`top${end}`], outline![`bottom${end}`]];
      const x = FRAME.width / 2 + sign * half * Math.cos(turn);
      const y = FRAME.height / 2 + sign * half * Math.sin(turn);
      return Math.hypot((top.x + bottom.x) / 2 - x, (top.y + bottom.y) / 2 - y);
    };
    expect(distance('Left', -1)).toBeLessThan(2);
    expect(distance('Right', 1)).toBeLessThan(2);
  });
});

describe('a picture without a code', () => {
  it('gives nothing where it is blank, tiny or noise', async () => {
    const random = plain(400, 300, 0);
    let state = 1;
    for (let i = 0; i < random.data.length; i++) random.data[i] = state = (state * 1103515245 + 12345) & 0xff;
    for (const raster of [plain(1, 1, 0), plain(1, 500, 255), plain(500, 2, 9), plain(300, 200, 128), random])
      expect(await reader.read(raster)).toBeNull();
  });

  it('is not taken in by stripes, by a code of another kind, or by print', async () => {
    const linear = await bwipjs.toBuffer({
      bcid: 'code128',
      text: 'D1234562',
      scale: 3,
      height: 20,
      padding: 10,
    });
    const square = await bwipjs.toBuffer({ bcid: 'qrcode', text: TEXT, scale: 3, padding: 10 });
    const stripes = plain(400, 300, 255);
    for (let i = 0; i < stripes.data.length; i++) if (Math.floor(i / 3) % 6 < 3) stripes.data[i] = 0;
    expect(await reader.read(await rasterOf(linear))).toBeNull();
    expect(await reader.read(await rasterOf(square))).toBeNull();
    expect(await reader.read(stripes)).toBeNull();
  });

  it('may hold the place of a code that cannot be read any more', async () => {
    expect(await textOf({ blur: 3 })).toBeUndefined();
    expect(await textOf({ covered: 0.6 })).toBeUndefined();
  });
});
