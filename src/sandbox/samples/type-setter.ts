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

export interface Typefaces {
  readonly regular: Typeface;
  readonly bold: Typeface;
  /** OCR-B, the type of machine-readable zones (ISO 1073-2). */
  readonly ocrB: Typeface;
}

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

function printedFontPaths(weight: number): readonly string[] {
  return ['latin', 'latin-ext'].map((subset) =>
    require.resolve(`@fontsource/source-sans-3/files/source-sans-3-${subset}-${weight}-normal.woff`),
  );
}

/**
 * Loads the printed zone's type (Source Sans 3, OFL) and OCR-B. No system font is used, so that the same picture is drawn on every machine.
 *
 * @param ocrbFont path of an OCR-B OpenType file, for example `OCRB.otf` of Debian's fonts-ocr-b
 */
export async function loadTypefaces(ocrbFont: string): Promise<Typefaces> {
  const load = (paths: readonly string[]): Promise<FontFile[]> => Promise.all(paths.map(loadFont));
  const [regular, bold, ocrB] = await Promise.all([
    load(printedFontPaths(400)),
    load(printedFontPaths(600)),
    load([ocrbFont]),
  ]);
  return { regular, bold, ocrB };
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

/**
 * SVG path data of a line of text with its baseline at (x, y). Glyphs are set one by one: the font library's own shaping knows too few
 * lookups, and neither documents nor specimen marks need ligatures.
 *
 * @throws RangeError `character_not_in_font`
 */
export function setText(text: string, x: number, y: number, style: TextStyle): string {
  const glyphs = Array.from(text, (character) => findGlyph(style.face, character));
  const advances = glyphs.map(
    ({ glyph, unitsPerEm }) => style.pitch ?? ((glyph.advanceWidth ?? 0) / unitsPerEm) * style.size,
  );
  const width = advances.reduce((sum, advance) => sum + advance, 0);
  const shift = { start: 0, middle: width / 2, end: width }[style.anchor ?? 'start'];
  let pen = x - shift;
  return glyphs
    .map(({ glyph }, i) => {
      const data = pathData(glyph.getPath(pen, y, style.size));
      pen += advances[i] ?? 0;
      return data;
    })
    .join('');
}
