import sharp from 'sharp';
import { makeWatermarker } from '../../src/adapters/images/watermarker.js';

const watermarker = makeWatermarker();
/** As long as a reviewer's id and a time come to. */
const LONG = '3f2b8a1c-9d4e-4f60-8b7a-0c1d2e3f4a5b 2026-11-24T17:05Z';
const SHORT = 'REV-7 2026-11-24T17:05Z';

const grey = (width: number, height: number, level = 128) =>
  sharp({ create: { width, height, channels: 3, background: { r: level, g: level, b: level } } })
    .jpeg({ quality: 95 })
    .withMetadata({ exif: { IFD0: { Artist: 'somebody' } } })
    .toBuffer();

/** One byte a pixel. */
async function pixelsOf(image: Uint8Array) {
  const { data, info } = await sharp(image).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Pixels that a mark has moved clearly, in a window of an image that was of one level. */
function markedIn(
  { data, width }: { data: Buffer; width: number },
  window: { left: number; top: number; width: number; height: number },
  level = 128,
): number {
  let marked = 0;
  for (let y = window.top; y < window.top + window.height; y++)
    for (let x = window.left; x < window.left + window.width; x++)
      if (Math.abs((data[y * width + x] ?? level) - level) > 20) marked++;
  return marked;
}

const SIZES: readonly (readonly [number, number])[] = [
  [2000, 1500],
  [1500, 2000],
  [640, 480],
  [2000, 320],
  [320, 2000],
  [320, 320],
];

describe('the watermark', () => {
  it.each(SIZES)(
    'stands in every quarter and in the middle of %d × %d pixels, however long it is',
    async (width, height) => {
      for (const text of [SHORT, LONG]) {
        const pixels = await pixelsOf(await watermarker.mark(await grey(width, height), text));
        expect([pixels.width, pixels.height]).toEqual([width, height]);
        const half = { width: width / 2, height: height / 2 };
        for (const [left, top] of [
          [0, 0],
          [half.width, 0],
          [0, half.height],
          [half.width, half.height],
          [width / 4, height / 4],
        ] as const)
          expect(markedIn(pixels, { left, top, ...half })).toBeGreaterThan(100);
      }
    },
  );

  it.each([0, 128, 255])('can be seen on ground of level %d', async (level) => {
    const pixels = await pixelsOf(await watermarker.mark(await grey(640, 480, level), SHORT));
    expect(markedIn(pixels, { left: 0, top: 0, width: 640, height: 480 }, level)).toBeGreaterThan(500);
  });

  it('leaves most of the image as it was', async () => {
    const pixels = await pixelsOf(await watermarker.mark(await grey(1000, 750), SHORT));
    const marked = markedIn(pixels, { left: 0, top: 0, width: 1000, height: 750 });
    expect(marked).toBeLessThan(0.15 * 1000 * 750);
  });

  it('tells texts apart by every character', async () => {
    const image = await grey(640, 480);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:.-_@ ';
    const marks = await Promise.all(
      [...alphabet].map((character) => watermarker.mark(image, `X${character}X`)),
    );
    expect(new Set(marks.map((mark) => Buffer.from(mark).toString('base64'))).size).toBe(alphabet.length);
  });

  it('draws small letters as capitals, and what it does not know as a gap', async () => {
    const image = await grey(640, 480);
    const marked = async (text: string) =>
      Buffer.from(await watermarker.mark(image, text)).toString('base64');
    expect(await marked('rev-7')).toBe(await marked('REV-7'));
    expect(await marked('A<B')).toBe(await marked('A B'));
  });

  it('gives a JPEG without metadata', async () => {
    const metadata = await sharp(await watermarker.mark(await grey(640, 480), SHORT)).metadata();
    expect(metadata.format).toBe('jpeg');
    expect(metadata.exif).toBeUndefined();
  });

  it('is not given at all where there is no room for it, nor is the image', async () => {
    await expect(watermarker.mark(await grey(8, 8), LONG)).rejects.toBeDefined();
  });
});
