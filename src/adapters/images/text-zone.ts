import { aspect, facing, offsetFrom, rowPosition, type TextBox } from '../ocr/text-box.js';
import { isBars, measureLine, type LineMeasures } from './text-line.js';
import type { RgbRaster } from './raster.js';

/** A line of text and what was measured on it. */
export interface MeasuredLine {
  readonly box: TextBox;
  readonly measures: LineMeasures;
}

/** A row of a machine-readable zone, or what is to be seen of it. */
export interface ZoneRow extends MeasuredLine {
  /** Distance of characters in pixels. */
  readonly pitch: number;
}

export interface TextZone {
  /** From first to last. */
  readonly rows: readonly ZoneRow[];
  /** Distance of characters in pixels. */
  readonly pitch: number;
  /** Characters a row: what its longest one has room for. */
  readonly characters: number;
}

/** Lines that are measured, longest first: a zone's are among the longest ones, or else it is not whole. */
const MEASURED_LINES = 8;
const LEAST_ASPECT = 7;
/** How much the pitches of two rows may differ; they are printed in one. */
const SAME_PITCH = 0.06;
const SAME_DIRECTION = 0.08;
/** Distance of neighbouring rows in pitches of a character (ICAO 9303: 2.54 mm a character, rows 4 to 6.4 mm apart). */
const ROW_DISTANCE = { least: 1.1, most: 3.6 } as const;
/** ICAO 9303-5: three lines; parts 4, 6 and 7: two. More lines of one pitch are a text. */
const MOST_ROWS = 3;
/** Characters below which a line of one pitch is a number or a name rather than a row of a zone. */
const LEAST_CHARACTERS = 12;
/** A row has 44 at the most, and room for two more where a box is too long. */
const MOST_CHARACTERS = 46;
/** Of a zone of two lines (ICAO 9303-4, 9303-6 and 9303-7) one may be lost; of three, not two. */
const LONE_LENGTHS = [36, 44] as const;
/** By how much a box is longer than its text, in thicknesses: the detector's boxes are grown on all sides. */
export const BOX_GROWTH = 0.62;

/** The longest lines, measured. */
export function measureLines(raster: RgbRaster, boxes: readonly TextBox[]): MeasuredLine[] {
  const long = boxes
    .filter((box) => aspect(box) >= LEAST_ASPECT)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, MEASURED_LINES);
  const [first] = long;
  return long.map((box) => ({
    box: first ? facing(box, first) : box,
    measures: measureLine(raster, box),
  }));
}

function areNeighbours(a: ZoneRow, b: ZoneRow): boolean {
  const { along, across } = offsetFrom(a.box, b.box);
  const distance = Math.abs(across) / a.pitch;
  return (
    Math.abs(a.pitch - b.pitch) <= SAME_PITCH * a.pitch &&
    Math.abs(Math.sin(a.box.angle - b.box.angle)) <= SAME_DIRECTION &&
    distance >= ROW_DISTANCE.least &&
    distance <= ROW_DISTANCE.most &&
    Math.abs(along) < a.box.length
  );
}

function blockOf(row: ZoneRow, rows: readonly ZoneRow[]): ZoneRow[] {
  const block = [row];
  for (let next = 0; next < block.length; next++)
    for (const other of rows)
      if (!block.includes(other) && areNeighbours(block[next]!, other)) block.push(other);
  return block.toSorted((a, b) => rowPosition(a.box) - rowPosition(b.box));
}

const textLength = ({ box }: MeasuredLine): number => box.length - BOX_GROWTH * box.thickness;

/** Of a block with one row too many, which stands there by chance: the one at its end that is least like the row beside it. */
function withoutStranger(block: readonly ZoneRow[]): readonly ZoneRow[] {
  const [first, second] = block;
  const [beforeLast, last] = block.slice(-2);
  if (block.length !== MOST_ROWS + 1 || !first || !second || !beforeLast || !last) return block;
  const unlike = (a: ZoneRow, b: ZoneRow) =>
    Math.abs(Math.log(a.box.length / b.box.length)) + Math.abs(Math.log(a.pitch / b.pitch));
  return unlike(first, second) > unlike(last, beforeLast) ? block.slice(1) : block.slice(0, -1);
}

/**
 * Finds a machine-readable zone without reading it: one to three lines of one pitch, one right below the other, as nothing else on a
 * document is set. Rows of which a part is missing are among them.
 */
export function findZone(lines: readonly MeasuredLine[]): TextZone | null {
  const rows = lines.flatMap(({ box, measures }) =>
    measures.pitch === null || isBars(measures)
      ? []
      : [{ box, measures, pitch: measures.pitch * box.thickness }],
  );
  let best: TextZone | null = null;
  for (const row of rows) {
    const block = withoutStranger(blockOf(row, rows));
    if (block.length > MOST_ROWS) continue;
    const pitch = block.reduce((sum, member) => sum + member.pitch, 0) / block.length;
    const characters = Math.max(...block.map(textLength)) / pitch + 0.8;
    // A lone line counts where it is as long as a row has to be: fixed pitch occurs elsewhere, too.
    const isWhole = LONE_LENGTHS.some((length) => Math.abs(length - characters) < 1);
    if (characters > MOST_CHARACTERS) continue;
    if (characters < LEAST_CHARACTERS || (block.length === 1 && !isWhole)) continue;
    if (!best || block.length * characters > best.rows.length * best.characters)
      best = { rows: block, pitch, characters };
  }
  return best;
}
