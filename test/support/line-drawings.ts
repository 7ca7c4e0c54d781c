import sharp, { type OutputInfo, type Sharp } from 'sharp';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import type { TextBox } from '../../src/adapters/ocr/text-box.js';
import { MRZ_ALPHABET } from '../../src/domain/mrz.js';
import { writeMrz, type MrzFormat } from '../../src/sandbox/samples/mrz-writer.js';
import { addNoise, digits, pick, type Random } from '../../src/sandbox/samples/random.js';
import { setText, textWidth, type TextStyle, type Typeface } from '../../src/sandbox/samples/type-setter.js';

/**
 * Draws single lines as a detector would cut them out of a photograph. It shares nothing with the renderer that the recognisers learnt
 * from (`training/`): other language, rasteriser, resampling, coder, and degradations of its own.
 */

/** Advance of OCR-B in ems. */
const ADVANCE = 0.723;
/** Height of its capitals in widths of a character. */
const CAPITALS = 0.95;
/** … and of those of other type in ems, about. */
const CAPITALS_OF_PRINT = 0.68;

/** The whole picture as the box of one line. */
export const wholeBox = ({ width, height }: RgbRaster): TextBox => ({
  cx: width / 2,
  cy: height / 2,
  length: width,
  thickness: height,
  angle: 0,
  score: 1,
});

interface Page {
  readonly text: string;
  /** Pixels from character to character. */
  readonly pitch: number;
  readonly width: number;
  readonly height: number;
  readonly ink: string;
  /** SVG path data of the text. */
  readonly outlines: string;
  readonly random: Random;
}

/** What may be put under and over a line, and how it is photographed. */
interface Treatment {
  readonly pitch?: readonly [number, number];
  /** SVG below the text. */
  readonly under?: (page: Page) => string;
  /** Attributes of the text's path. */
  readonly type?: (page: Page) => string;
  /** SVG above the text. */
  readonly over?: (page: Page) => string;
  readonly photograph?: (page: Page, picture: Sharp) => Promise<Sharp> | Sharp;
}

const PITCH = [15, 24] as const;

const grey = (value: number): string => `rgb(${[value, value, value].map(Math.round).join()})`;

function waves({ width, height, random }: Page): string {
  const phase = random.between(0, 6);
  const [long, short] = [random.between(60, 160), random.between(14, 40)];
  return Array.from({ length: 16 }, (_, line) => {
    const base = (line / 15) * height * 1.4 - height * 0.2;
    const points = Array.from({ length: Math.ceil(width / 4) + 1 }, (_unused, step) => {
      const x = step * 4;
      const y = base + 0.22 * height * Math.sin(x / long + phase) + 3 * Math.sin(x / short - line * 0.3);
      return `${x} ${y.toFixed(2)}`;
    });
    return `<path d="M${points.join('L')}" fill="none" stroke="#4b7a62" stroke-width="1" opacity="0.5"/>`;
  }).join('');
}

const PAPER_SPOT = '#d8d8d2';

/** Spots where the ink is rubbed off, never larger than a fifth of a character. */
function rubbedSpots({ width, height, pitch, random }: Page): string {
  const count = Math.round((width / pitch) * 1.5);
  const spot = (): string => {
    const [x, y] = [random.next() * width, height * random.between(0.2, 0.8)];
    const [rx, ry] = [pitch * random.between(0.03, 0.09), pitch * random.between(0.03, 0.09)];
    return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${PAPER_SPOT}" opacity="0.85"/>`;
  };
  const scratch = (): string => {
    const x = random.next() * width;
    return `<path d="M${x} 0l${random.between(-9, 9)} ${height}" stroke="${PAPER_SPOT}" stroke-width="1"/>`;
  };
  return Array.from({ length: count }, spot).join('') + Array.from({ length: 4 }, scratch).join('');
}

function shadow({ width, height, random }: Page): string {
  const [from, to] = random.next() < 0.5 ? [0, 0.72] : [0.72, 0];
  return (
    `<defs><linearGradient id="shade"><stop offset="${random.between(0, 0.4)}" stop-opacity="${from}"/>` +
    `<stop offset="${random.between(0.5, 1)}" stop-opacity="${to}"/></linearGradient></defs>` +
    `<rect width="${width}" height="${height}" fill="url(#shade)"/>`
  );
}

function reflection({ width, height, random }: Page): string {
  const x = random.next() * width;
  return (
    `<defs><radialGradient id="glare"><stop offset="0" stop-color="#fff" stop-opacity="0.7"/>` +
    `<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>` +
    `<ellipse cx="${x}" cy="${height / 2}" rx="${width / 6}" ry="${height}" fill="url(#glare)"/>`
  );
}

/** Only what describes the layout: the rest of what sharp says of its output would be applied to it a second time. */
const fromPixels = (data: Uint8Array | Uint8ClampedArray, { width, height, channels }: OutputInfo) =>
  sharp(data, { raw: { width, height, channels } });

async function throughJpeg(picture: Sharp, quality: number): Promise<Sharp> {
  return sharp(await picture.jpeg({ quality }).toBuffer());
}

async function noisy(picture: Sharp, deviation: number, random: Random): Promise<Sharp> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  addNoise(pixels, info.width * info.channels, deviation, random);
  return fromPixels(pixels, info);
}

async function resized(picture: Sharp, factor: number): Promise<Sharp> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [Math.round(info.width * factor), Math.round(info.height * factor)];
  return fromPixels(data, info).resize(width, height, { fit: 'fill' });
}

const turnedBy = (degrees: number) => (page: Page, picture: Sharp) => {
  const cut = (from: number, to: number) => Math.floor((from - to) / 2);
  return picture
    .rotate(page.random.next() < 0.5 ? degrees : -degrees, { background: PAPER_SPOT })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .then(({ data, info }) =>
      fromPixels(data, info).extract({
        left: cut(info.width, page.width),
        top: cut(info.height, page.height),
        width: Math.round(page.width),
        height: Math.round(page.height),
      }),
    );
};

const stroked = (colour: string, page: Page, ems: number): string =>
  `stroke="${colour}" stroke-width="${(ems * page.pitch) / ADVANCE}" stroke-linejoin="round"`;

/** By name. Each is one thing that befalls a line; the last is several at once. */
export const TREATMENTS = {
  clean: {},
  blurred: { photograph: ({ pitch, random }, picture) => picture.blur(pitch * random.between(0.06, 0.1)) },
  'low resolution': {
    pitch: [24, 24],
    photograph: ({ random }, picture) => resized(picture, random.between(7.8, 8.6) / 24),
  },
  compressed: { pitch: [12, 20], photograph: (_, picture) => throughJpeg(picture, 30) },
  noisy: { photograph: ({ random }, picture) => noisy(picture, random.between(10, 22), random) },
  turned: { photograph: turnedBy(1) },
  sheared: {
    type: ({ random, height }) => {
      const slant = random.between(5, 9) * (random.next() < 0.5 ? 1 : -1);
      return `transform="translate(0 ${height / 2}) skewX(${slant}) translate(0 ${-height / 2})"`;
    },
  },
  shadowed: { over: shadow },
  reflecting: { over: reflection },
  'over guilloche': { under: waves },
  worn: { over: rubbedSpots },
  thin: { type: (page) => stroked(PAPER_SPOT, page, 0.028) },
  bold: { type: (page) => stroked(page.ink, page, 0.045) },
  photographed: {
    pitch: [13, 20],
    under: waves,
    over: shadow,
    photograph: async ({ pitch, random }, picture) =>
      throughJpeg(await noisy(picture.blur(pitch * random.between(0.03, 0.06)), 6, random), 55),
  },
} as const satisfies Record<string, Treatment>;

export type TreatmentName = keyof typeof TREATMENTS;

export interface DrawnLine {
  readonly text: string;
  readonly raster: RgbRaster;
}

async function toRaster(picture: Sharp): Promise<RgbRaster> {
  const { data, info } = await picture
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** At the pitch of a zone, or with capitals as high in the type's own widths. */
function styleOf(setting: 'zone' | 'print', face: Typeface, pitch: number): TextStyle {
  return setting === 'zone'
    ? { face, size: pitch / ADVANCE, pitch }
    : { face, size: (CAPITALS * pitch) / CAPITALS_OF_PRINT };
}

/** Draws a line of text in a type, treated in one way. The edges lie as far from it as a detector leaves them, unevenly. */
export async function drawLine(
  text: string,
  face: Typeface,
  name: TreatmentName,
  random: Random,
  setting: 'zone' | 'print' = 'zone',
): Promise<DrawnLine> {
  const treatment: Treatment = TREATMENTS[name];
  const pitch = random.between(...(treatment.pitch ?? PITCH));
  const margin = () => pitch * random.between(0.4, 2.4);
  const [left, right] = [margin(), margin()];
  const [above, below] = [random.between(0.25, 0.5) * pitch, random.between(0.25, 0.5) * pitch];
  const style = styleOf(setting, face, pitch);
  const width = Math.round(left + textWidth(text, style) + right);
  const height = Math.round(above + CAPITALS * pitch + below);
  const page: Page = {
    text,
    pitch,
    width,
    height,
    ink: grey(random.between(10, 70)),
    outlines: setText(text, left, above + CAPITALS * pitch, style),
    random,
  };
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${PAPER_SPOT}"/>${treatment.under?.(page) ?? ''}` +
    `<path d="${page.outlines}" fill="${page.ink}" ${treatment.type?.(page) ?? ''}/>` +
    `${treatment.over?.(page) ?? ''}</svg>`;
  const picture = sharp(Buffer.from(svg));
  return { text, raster: await toRaster((await treatment.photograph?.(page, picture)) ?? picture) };
}

const LETTERS = MRZ_ALPHABET.slice(0, 26);

const letters = (random: Random, from: number, to: number): string =>
  Array.from({ length: Math.floor(random.between(from, to + 1)) }, () => pick(random, [...LETTERS])).join('');

const isoDate = (random: Random, from: number, to: number): string => {
  const two = (low: number, high: number) => String(Math.floor(random.between(low, high))).padStart(2, '0');
  return `${Math.floor(random.between(from, to))}-${two(1, 13)}-${two(1, 29)}`;
};

/** The zone of a document of somebody who does not exist. */
export function inventZone(format: MrzFormat, random: Random): readonly string[] {
  const state = pick(random, ['UTO', 'GBR', 'FRA', 'POL', 'ESP', 'CHE']);
  return writeMrz(format, {
    surname: letters(random, 3, 14),
    givenNames: `${letters(random, 2, 9)} ${letters(random, 2, 8)}`,
    issuer: state,
    nationality: state,
    documentNumber: letters(random, 1, 2) + digits(random, 7),
    dateOfBirth: isoDate(random, 1940, 2010),
    sex: pick(random, ['F', 'M', 'X'] as const),
    expiresOn: isoDate(random, 2024, 2036),
  });
}

const FORMATS = ['TD1', 'TD2', 'TD3', 'MRVA', 'MRVB'] as const;

/** A line of a zone; a fifth are without any grammar, so that none can help. */
export function inventLine(random: Random): string {
  if (random.next() < 0.8) return pick(random, inventZone(pick(random, FORMATS), random));
  const length = pick(random, [30, 36, 44]);
  return Array.from({ length }, () => pick(random, [...MRZ_ALPHABET])).join('');
}
