import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** What is used of opentype.js. Its published types pull the DOM library into every file of the service, so they are not imported. */
interface PathCommand {
  readonly type: 'M' | 'L' | 'C' | 'Q' | 'Z';
  readonly x?: number;
  readonly y?: number;
  readonly x1?: number;
  readonly y1?: number;
  readonly x2?: number;
  readonly y2?: number;
}
interface Outline {
  readonly commands: readonly PathCommand[];
}
interface Glyph {
  readonly index: number;
  readonly advanceWidth?: number;
  getPath(x: number, y: number, size: number): Outline;
}
interface FontFile {
  readonly unitsPerEm: number;
  charToGlyph(character: string): Glyph;
}
interface FontParser {
  parse(bytes: ArrayBuffer): FontFile;
}

const require = createRequire(import.meta.url);

/** A face of type: several files, each with a part of the alphabet; a character is looked up in their order. */
export type Typeface = readonly FontFile[];

/** A family in the two weights that documents are printed in. */
export interface PrintFaces {
  readonly regular: Typeface;
  readonly bold: Typeface;
}

export interface Typefaces extends PrintFaces {
  /** OCR-B, the type of machine-readable zones (ISO 1073-2). */
  readonly ocrB: Typeface;
}

/**
 * Families of the printed zone, as npm packages of `@fontsource` name them, with their weights: two sans serifs, one with serifs, and
 * one of fixed width.
 */
const FAMILIES = {
  'source-sans-3': [400, 600],
  arimo: [400, 700],
  tinos: [400, 700],
  cousine: [400, 700],
} as const;
export type FamilyName = keyof typeof FAMILIES;

export interface TextStyle {
  readonly face: Typeface;
  /** Em size in the drawing's units. */
  readonly size: number;
  /** Fixed distance from character to character; the face's own widths without it. */
  readonly pitch?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
}

async function loadFont(path: string): Promise<FontFile> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  const parser = require('opentype.js') as FontParser;
  return parser.parse(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** Most letters come from the first; a character is looked up in this order. */
const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'greek'] as const;

function loadFace(family: FamilyName, weight: number): Promise<Typeface> {
  const paths = SUBSETS.map((subset) =>
    require.resolve(`@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`),
  );
  return Promise.all(paths.map(loadFont));
}

async function loadFamily(family: FamilyName): Promise<PrintFaces> {
  const [regular, bold] = FAMILIES[family];
  return { regular: await loadFace(family, regular), bold: await loadFace(family, bold) };
}

/** The typefaces of a drawing, by the family of its printed zone; each family is read once. */
export type TypeCase = (family: FamilyName) => Promise<Typefaces>;

/**
 * Opens the type of the printed zone (npm packages, OFL) and OCR-B. No system font is used, so that the same picture is drawn on every machine.
 *
 * @param ocrbFont path of an OCR-B OpenType file, for example `OCRB.otf` of Debian's fonts-ocr-b
 * @throws the error of the file system where that file is missing
 */
export async function openTypeCase(ocrbFont: string): Promise<TypeCase> {
  const ocrB = [await loadFont(ocrbFont)];
  const families = new Map<FamilyName, Promise<Typefaces>>();
  return (family) => {
    const known = families.get(family);
    if (known) return known;
    const loading = loadFamily(family).then((faces) => ({ ...faces, ocrB }));
    families.set(family, loading);
    return loading;
  };
}

/** SVG path data. The library's own writer drops points that it takes for closing ones, and with them the hole of an A. */
function pathData({ commands }: Outline): string {
  return commands
    .map(({ type, x1, y1, x2, y2, x, y }) => {
      const numbers = [x1, y1, x2, y2, x, y].filter((value) => value !== undefined);
      return type + numbers.map((value) => value.toFixed(3)).join(' ');
    })
    .join('');
}

const NOT_DEFINED = 0;

function findGlyph(face: Typeface, character: string): { glyph: Glyph; unitsPerEm: number } {
  for (const font of face) {
    const glyph = font.charToGlyph(character);
    if (glyph.index !== NOT_DEFINED) return { glyph, unitsPerEm: font.unitsPerEm };
  }
  throw new RangeError('character_not_in_font');
}

interface Setting {
  readonly glyphs: readonly Glyph[];
  readonly advances: readonly number[];
  readonly width: number;
}

function arrange(text: string, style: TextStyle): Setting {
  const found = Array.from(text, (character) => findGlyph(style.face, character));
  const advances = found.map(
    ({ glyph, unitsPerEm }) => style.pitch ?? ((glyph.advanceWidth ?? 0) / unitsPerEm) * style.size,
  );
  return {
    glyphs: found.map(({ glyph }) => glyph),
    advances,
    width: advances.reduce((sum, advance) => sum + advance, 0),
  };
}

/** Width of a line of text in the drawing's units. @throws RangeError `character_not_in_font` */
export const textWidth = (text: string, style: TextStyle): number => arrange(text, style).width;

/**
 * SVG path data of a line of text with its baseline at (x, y). Glyphs are set one by one: the font library's own shaping knows too few
 * lookups, and neither documents nor specimen marks need ligatures.
 *
 * @throws RangeError `character_not_in_font`
 */
export function setText(text: string, x: number, y: number, style: TextStyle): string {
  const { glyphs, advances, width } = arrange(text, style);
  const shift = { start: 0, middle: width / 2, end: width }[style.anchor ?? 'start'];
  let pen = x - shift;
  return glyphs
    .map((glyph, i) => {
      const data = pathData(glyph.getPath(pen, y, style.size));
      pen += advances[i] ?? 0;
      return data;
    })
    .join('');
}
