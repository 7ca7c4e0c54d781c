import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { MRZ_ALPHABET, MRZ_FORMATS, type MrzFormat } from '../../../src/domain/mrz.js';
import type { DrawingKit } from '../../../src/sandbox/samples/document-art.js';
import { writeMrz, type MrzLines } from '../../../src/sandbox/samples/mrz-writer.js';
import { digits, pick, type Random } from '../../../src/sandbox/samples/random.js';
import { setText, type Typeface } from '../../../src/sandbox/samples/type-setter.js';

/** What pages are set in. */
export interface PageType {
  readonly print: Typeface;
  readonly ocrB: Typeface;
  readonly hebrew: Typeface;
}

const require = createRequire(import.meta.url);

/** The samples' own type has no script that runs from right to left. */
async function loadHebrew(): Promise<Typeface> {
  const { buffer, byteOffset, byteLength } = await readFile(
    require.resolve('@fontsource/arimo/files/arimo-hebrew-400-normal.woff'),
  );
  const parser = require('opentype.js') as { parse(bytes: ArrayBuffer): Typeface[number] };
  return [parser.parse(buffer.slice(byteOffset, byteOffset + byteLength))];
}

export async function loadPageType({ typeCase }: DrawingKit): Promise<PageType> {
  const { regular, ocrB } = await typeCase('source-sans-3');
  return { print: regular, ocrB, hebrew: [...(await loadHebrew()), ...regular] };
}

/** A line of a page; lengths in pixels. */
interface SetLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly face: Typeface;
  readonly pitch?: number;
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly SetLine[];
}

/** Draws a page in black on pale paper. It needs the loader of vector drawings, which is gone once anything was decoded. @returns a JPEG */
export function drawPage({ width, height, lines }: Page): Promise<Buffer> {
  const outlines = lines.map(({ text, x, y, ...style }) => `<path d="${setText(text, x, y, style)}"/>`);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="#eceae2"/>${outlines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten().jpeg({ quality: 88 }).toBuffer();
}

const any = (random: Random, alphabet: string): string =>
  alphabet.charAt(Math.floor(random.next() * alphabet.length));
const text = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => any(random, alphabet)).join('');

/** Rows and columns of the check digits of each format that no other one covers for (ICAO 9303-4 to -7). */
const CHECK_DIGITS: Readonly<Record<MrzFormat, readonly (readonly [row: number, column: number])[]>> = {
  TD1: [
    [0, 14],
    [1, 6],
    [1, 14],
    [1, 29],
  ],
  TD2: [
    [1, 9],
    [1, 19],
    [1, 27],
    [1, 35],
  ],
  TD3: [
    [1, 9],
    [1, 19],
    [1, 27],
    [1, 43],
  ],
  MRVA: [
    [1, 9],
    [1, 19],
    [1, 27],
  ],
  MRVB: [
    [1, 9],
    [1, 19],
    [1, 27],
  ],
};

const NAMES = ['HARTWELL', 'OKONKWO', 'LINDQVIST', 'MARCHETTI', 'VASQUEZ', 'TANAKA', 'NOVAK'];

export function validZone(random: Random, format: MrzFormat): MrzLines {
  const day = () => String(1 + Math.floor(random.next() * 28)).padStart(2, '0');
  const month = () => String(1 + Math.floor(random.next() * 12)).padStart(2, '0');
  return writeMrz(format, {
    surname: pick(random, NAMES),
    givenNames: pick(random, NAMES),
    issuer: 'UTO',
    nationality: 'UTO',
    documentNumber: text(random, 'CFGHJKLMNPRTVWXYZ', 2) + digits(random, 7),
    dateOfBirth: `19${Math.floor(random.between(55, 99))}-${month()}-${day()}`,
    sex: 'F',
    expiresOn: `20${Math.floor(random.between(28, 36))}-${month()}-${day()}`,
  });
}

/** A zone in which everything is as it should be but some of its check digits. */
export function spoiltZone(random: Random, format: MrzFormat): MrzLines {
  const places = CHECK_DIGITS[format];
  const first = Math.floor(random.next() * places.length);
  return places.reduce<MrzLines>(
    (lines, [row, column], i) => {
      if (i !== first && random.next() < 0.5) return lines;
      const line = lines[row] ?? '';
      const wrong = (Number(line.charAt(column)) + 1 + Math.floor(random.next() * 9)) % 10;
      return lines.with(row, line.slice(0, column) + String(wrong) + line.slice(column + 1));
    },
    validZone(random, format),
  );
}

/** Lines of a zone's length that obey nothing else of it. */
function lawlessZone(random: Random, format: MrzFormat): MrzLines {
  const shape = validZone(random, format);
  const fillers = '<'.repeat(Math.floor(random.between(0, 30)));
  return shape.map((line) => text(random, MRZ_ALPHABET + fillers, line.length));
}

const WORDS = [
  'THE QUICK BROWN FOX JUMPS OVER A LAZY DOG',
  'INVOICES ARE PAID WITHIN THIRTY DAYS',
  'PLEASE DO NOT LEAVE BAGS UNATTENDED',
  'NO ENTRY BEYOND THIS POINT AT ANY TIME',
  'KEEP AWAY FROM CHILDREN AND PETS',
];

/** Ordinary sentences with fillers for spaces, cut and padded to a zone's length or to none. */
function proseZone(random: Random, format: MrzFormat): MrzLines {
  const cut = random.next() < 0.7;
  return validZone(random, format).map((line) => {
    const words = pick(random, WORDS).replaceAll(' ', '<'.repeat(1 + Math.floor(random.next() * 3)));
    return cut ? words.slice(0, line.length).padEnd(line.length, '<') : words;
  });
}

/** Lines of a zone as they would stand on a card, on a page of a size that photographs have. */
function zonePage(random: Random, zone: MrzLines, { ocrB, print }: PageType): Page {
  const width = 1300;
  const height = 900;
  const longest = Math.max(...zone.map((line) => line.length));
  const pitch = Math.min(28, (width - 80) / longest);
  const size = pitch / 0.723;
  const lines = zone.map((line, row) => ({
    text: line,
    x: (width - longest * pitch) / 2,
    y: height - 60 - (zone.length - 1 - row) * pitch * 2.5,
    size,
    face: ocrB,
    pitch,
  }));
  const title = {
    text: pick(random, ['PASSPORT', 'IDENTITY CARD', 'NOT A DOCUMENT']),
    x: 60,
    y: 90,
    size: 40,
    face: print,
  };
  return { width, height, lines: [title, ...lines] };
}

const anyFormat = (random: Random): MrzFormat => pick(random, MRZ_FORMATS);

const HEBREW = 'אבגדהוזחטיכלמנסעפצקרשת';
const LABELS = ['Surname', 'Given names', 'Date of birth', 'Document No.', 'Date of expiry', 'Nationality'];
const VALUES = [
  '<script>alert(1)</script>',
  "ROBERT'); DROP TABLE persons;--",
  '../../../../etc/passwd',
  '99.99.9999',
  '00 XXX 0000',
  '{{constructor}}',
  '%s%s%s%n',
  'A'.repeat(90),
  '0'.repeat(40),
];

export const spoiltPage = (random: Random, type: PageType): Page =>
  zonePage(random, spoiltZone(random, anyFormat(random)), type);

/** Kinds of drawn pages, each of which imitates, exaggerates or attacks what a document says. */
export const PAGES: Readonly<Record<string, (random: Random, type: PageType) => Page>> = {
  wrong_grammar: (random, type) => zonePage(random, lawlessZone(random, anyFormat(random)), type),
  wrong_digits: spoiltPage,
  filler_prose: (random, type) => zonePage(random, proseZone(random, anyFormat(random)), type),
  nothing_but_fillers: (random, type) =>
    zonePage(
      random,
      validZone(random, anyFormat(random)).map((line) => '<'.repeat(line.length)),
      type,
    ),
  /** First line of one format, second of another, or in the wrong order. */
  mixed_formats: (random, type) => {
    const rows = [0, 1, 2].map((row) => spoiltZone(random, anyFormat(random))[row] ?? '').filter(Boolean);
    return zonePage(random, random.next() < 0.5 ? rows : rows.toReversed(), type);
  },
  /** Each line from right to left. */
  reversed_lines: (random, type) =>
    zonePage(
      random,
      validZone(random, anyFormat(random)).map((line) => Array.from(line).reverse().join('')),
      type,
    ),
  many_zones: (random, type) => {
    const zones = Array.from({ length: 6 }, () => spoiltZone(random, 'TD3')).flat();
    return zonePage(random, zones, type);
  },
  huge_text: (random, { print, ocrB }) => {
    const size = random.between(400, 1500);
    const face = random.next() < 0.5 ? print : ocrB;
    return {
      width: 1400,
      height: 1000,
      lines: [{ text: text(random, MRZ_ALPHABET, 6), x: -100, y: 900, size, face }],
    };
  },
  many_lines: (random, { print }) => ({
    width: 1500,
    height: 2000,
    lines: Array.from({ length: 110 }, (_, i) => ({
      text: `${pick(random, WORDS)} ${pick(random, WORDS)}`,
      x: 20,
      y: 20 + i * 18,
      size: 15,
      face: print,
    })),
  }),
  tiny_text: (random, { ocrB }) => ({
    width: 900,
    height: 700,
    lines: Array.from({ length: 40 }, (_, i) => ({
      text: spoiltZone(random, 'TD3')[i % 2] ?? '',
      x: 10,
      y: 15 + i * 16,
      size: random.between(3, 8),
      face: ocrB,
    })),
  }),
  right_to_left: (random, { hebrew, ocrB }) => {
    const zone = spoiltZone(random, 'TD3');
    const lines = Array.from({ length: 8 }, (_, i) => ({
      text: `${pick(random, LABELS)} / ${text(random, HEBREW, 14)}`,
      x: 60,
      y: 90 + i * 70,
      size: 36,
      face: hebrew,
    }));
    const below = zone.map((line, i) => ({
      text: line,
      x: 40,
      y: 720 + i * 70,
      size: 38,
      face: ocrB,
      pitch: 27,
    }));
    return { width: 1300, height: 860, lines: [...lines, ...below] };
  },
  injected_values: (random, { print }) => ({
    width: 1300,
    height: 900,
    lines: LABELS.flatMap((label, i) => [
      { text: label, x: 60, y: 80 + i * 130, size: 22, face: print },
      { text: pick(random, VALUES), x: 60, y: 130 + i * 130, size: 40, face: print },
    ]),
  }),
};
