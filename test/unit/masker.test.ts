import fc from 'fast-check';
import sharp from 'sharp';
import { makeImageMasker } from '../../src/adapters/images/masker.js';
import type { PrivateRegion } from '../../src/app/ports/image-masker.js';
import { EngineError } from '../../src/domain/errors.js';
import { printedPage } from '../support/pictures.js';

const masker = makeImageMasker();

type Corners = PrivateRegion['corners'];
const region = (...corners: Corners): PrivateRegion => ({ kind: 'national_number', corners });
const upright = (left: number, top: number, right: number, bottom: number): PrivateRegion =>
  region([left, top], [right, top], [right, bottom], [left, bottom]);

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}
async function pixelsOf(image: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Values of the channels of every pixel whose fractional place is in question. */
function valuesWhere({ data, width, height }: Pixels, isAsked: (x: number, y: number) => boolean): number[] {
  const values: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (isAsked((x + 0.5) / width, (y + 0.5) / height))
        for (let channel = 0; channel < 3; channel++) values.push(data[(y * width + x) * 3 + channel] ?? -1);
  return values;
}

const spread = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity) -
  values.reduce((least, value) => Math.min(least, value), Infinity);

/** Whether a point lies in a convex quadrilateral. */
function isInside([x, y]: readonly [number, number], corners: Corners): boolean {
  const signs = corners.map(([ax, ay], index) => {
    const [bx, by] = corners[(index + 1) % 4] ?? [0, 0];
    return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
  });
  return signs.every((sign) => sign >= 0) || signs.every((sign) => sign <= 0);
}

/** Loss of a second encoding: a decoded level may be off by so much inside one colour. */
const RINGING = 6;

describe('masking a picture', () => {
  let page: Buffer;
  let before: Pixels;
  beforeAll(async () => {
    page = await printedPage({ width: 700, height: 500, left: 60, top: 50, pageWidth: 580, pageHeight: 400 });
    before = await pixelsOf(page);
  });

  it('leaves one colour inside, whatever was there', async () => {
    const after = await pixelsOf(await masker.mask(page, [upright(0.3, 0.4, 0.6, 0.5)]));
    const isIn = (x: number, y: number) => x > 0.3 && x < 0.6 && y > 0.4 && y < 0.5;
    expect(spread(valuesWhere(before, isIn))).toBeGreaterThan(100);
    expect(spread(valuesWhere(after, isIn))).toBeLessThanOrEqual(RINGING);
  });

  it('gives the same bytes for two pictures that differ only there', async () => {
    const change = await sharp({ create: { width: 190, height: 40, channels: 3, background: '#c02040' } })
      .png()
      .toBuffer();
    const one = await sharp(page).png().toBuffer();
    const other = await sharp(one)
      .composite([{ input: change, left: 220, top: 205 }])
      .png()
      .toBuffer();
    const area = [upright(0.3, 0.4, 0.6, 0.5)];
    expect(Buffer.compare(one, other)).not.toBe(0);
    expect(
      Buffer.from(await masker.mask(other, area)).equals(Buffer.from(await masker.mask(one, area))),
    ).toBe(true);
  });

  it('leaves the rest nearly as it was, and its size', async () => {
    const after = await pixelsOf(await masker.mask(page, [upright(0.3, 0.4, 0.6, 0.5)]));
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    const isOut = (x: number, y: number) => x < 0.25 || x > 0.65 || y < 0.33 || y > 0.57;
    const [was, is] = [valuesWhere(before, isOut), valuesWhere(after, isOut)];
    const error = was.reduce((sum, value, index) => sum + Math.abs(value - (is[index] ?? 0)), 0) / was.length;
    expect(error).toBeLessThan(3);
  });

  it('masks a margin around the region as well', async () => {
    const after = await pixelsOf(await masker.mask(page, [upright(0.3, 0.4, 0.6, 0.5)]));
    const isRim = (x: number, y: number) => x > 0.293 && x < 0.607 && y > 0.391 && y < 0.509;
    expect(spread(valuesWhere(after, isRim))).toBeLessThanOrEqual(RINGING * 2);
  });

  it('masks slanted regions, several, and in whatever order their corners come', async () => {
    const slanted: Corners = [
      [0.2, 0.3],
      [0.5, 0.36],
      [0.49, 0.44],
      [0.19, 0.38],
    ];
    const crossed = region(slanted[0], slanted[2], slanted[1], slanted[3]);
    for (const first of [region(...slanted), crossed]) {
      const after = await pixelsOf(await masker.mask(page, [first, upright(0.6, 0.6, 0.8, 0.7)]));
      expect(spread(valuesWhere(after, (x, y) => isInside([x, y], slanted)))).toBeLessThanOrEqual(RINGING);
      const isSecond = (x: number, y: number) => x > 0.6 && x < 0.8 && y > 0.6 && y < 0.7;
      expect(spread(valuesWhere(after, isSecond))).toBeLessThanOrEqual(RINGING);
    }
  });

  it('covers any convex region, also one that reaches beyond the picture', async () => {
    const small = await sharp(page).resize(160, 120).png().toBuffer();
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(
          fc.double({ min: -0.2, max: 1.1, noNaN: true }),
          fc.double({ min: -0.2, max: 1.1, noNaN: true }),
        ),
        fc.double({ min: 0.02, max: 0.6, noNaN: true }),
        fc.double({ min: 0.01, max: 0.2, noNaN: true }),
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        async ([x, y], length, thickness, angle) => {
          const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
          const at = (along: number, across: number): readonly [number, number] => [
            x + along * cos - across * sin,
            y + along * sin + across * cos,
          ];
          const corners: Corners = [at(0, 0), at(length, 0), at(length, thickness), at(0, thickness)];
          const after = await pixelsOf(await masker.mask(small, [region(...corners)]));
          const values = valuesWhere(after, (px, py) => isInside([px, py], corners));
          expect(values.length === 0 ? 0 : spread(values)).toBeLessThanOrEqual(RINGING);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('masks a region without extent, too: a point is a place where something was', async () => {
    const after = await pixelsOf(await masker.mask(page, [upright(0.5, 0.5, 0.5, 0.5)]));
    const isNear = (x: number, y: number) => Math.abs(x - 0.5) < 0.007 && Math.abs(y - 0.5) < 0.01;
    expect(spread(valuesWhere(after, isNear))).toBeLessThanOrEqual(RINGING);
  });

  it('takes places in the picture as it is seen, and turns it upright for good', async () => {
    const turned = await sharp(page)
      .rotate(90)
      .withMetadata({ orientation: 8 })
      .jpeg({ quality: 92 })
      .toBuffer();
    const masked = await masker.mask(turned, [upright(0.3, 0.4, 0.6, 0.5)]);
    const after = await pixelsOf(masked);
    expect([after.width, after.height]).toEqual([700, 500]);
    const isIn = (x: number, y: number) => x > 0.3 && x < 0.6 && y > 0.4 && y < 0.5;
    expect(spread(valuesWhere(after, isIn))).toBeLessThanOrEqual(RINGING);
    expect((await sharp(masked).metadata()).orientation).toBeUndefined();
  });

  it('leaves no metadata, profile or thumbnail', async () => {
    const marked = await sharp(page)
      .withMetadata({ exif: { IFD0: { Artist: 'somebody', ImageDescription: '4111111111111111' } } })
      .withIccProfile('p3')
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">4111111111111111</x:xmpmeta>')
      .jpeg()
      .toBuffer();
    expect((await sharp(marked).metadata()).exif).toBeDefined();
    const masked = await masker.mask(marked, [upright(0.3, 0.4, 0.6, 0.5)]);
    const metadata = await sharp(masked).metadata();
    expect(metadata.format).toBe('jpeg');
    for (const part of [metadata.exif, metadata.icc, metadata.xmp, metadata.iptc, metadata.comments])
      expect(part).toBeUndefined();
    expect(Buffer.from(masked).includes('4111111111111111')).toBe(false);
    // A thumbnail would be a second picture: one start of image, one end.
    const markers = (code: number) =>
      Buffer.from(masked).reduce(
        (n, byte, at, all) => (byte === 0xff && all[at + 1] === code ? n + 1 : n),
        0,
      );
    expect([markers(0xd8), markers(0xd9)]).toEqual([1, 1]);
  });

  it('refuses what is no picture, and corners that are no numbers', async () => {
    const codeOf = (masked: Promise<unknown>) =>
      masked.then(
        () => 'masked',
        (error: unknown) => (error instanceof EngineError ? error.code : 'another error'),
      );
    expect(await codeOf(masker.mask(Buffer.from('no picture'), []))).toBe('image_undecodable');
    expect(await codeOf(masker.mask(page, [upright(NaN, 0, 1, 1)]))).toBe('engine_failed');
  });
});
