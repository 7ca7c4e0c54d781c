import {
  fitsFormat,
  indistinctColumns,
  mrzShape,
  settleLookalike,
  settleNationality,
  significantColumns,
  uncheckedColumns,
  verifyCheckDigits,
  type CheckDigitName,
  type MrzFormat,
} from '../../domain/mrz.js';
import { decodeMasked, type DecodedLine } from './ctc.js';
import type { ScoredLine } from './mrz-line.js';
import { offsetFrom, stretched, type TextBox } from './text-box.js';

/** One reading of a zone. */
export interface MrzCandidate {
  readonly format: MrzFormat;
  readonly lines: readonly string[];
  readonly checks: Readonly<Partial<Record<CheckDigitName, boolean>>>;
  /** Every check digit holds, and every position holds what it may. */
  readonly valid: boolean;
  /** Logarithm of the lines' probability, a character. 0 = certain. */
  readonly score: number;
  /** Probability of each character of each line. */
  readonly confidences: readonly (readonly number[])[];
  /** The least of them among characters that say something: fillers at the end of a field do not. */
  readonly weakest: number;
  /** The least among those of them that no check digit covers: names, codes, sex. */
  readonly weakestUnchecked: number;
  /** The least among those that a check digit covers in vain, see {@link indistinctColumns}. */
  readonly weakestIndistinct: number;
  /** The lines' boxes, in reading direction, before any growing. */
  readonly boxes: readonly TextBox[];
  /** The same boxes, cut to where the first and last characters must stand; `null` where too few were read to tell. */
  readonly fittedBoxes: readonly TextBox[] | null;
  /** Width of a character, in pixels of the raster. */
  readonly pitch: number;
}

/** The plain reading may drop or double a character or two, no more, if the format is to be right. */
const LENGTH_TOLERANCE = 2;

/** Width of a character in raster pixels, from the first to the last emission. */
function pitchOf(line: ScoredLine, decoded: DecodedLine): number {
  const first = decoded.frames[0] ?? 0;
  const last = decoded.frames.at(-1) ?? 0;
  return ((last - first) / Math.max(1, decoded.frames.length - 1)) * (line.crop.length / line.scores.steps);
}

/** Characters by which a line's place is worked out must be so many at least, and span so much of it. */
const FIT = { characters: 8, span: 0.4 } as const;
/** Room left of the first and right of the last character, in widths of a character. */
const FIT_MARGIN = 1.2;

interface Fit {
  /** Middle of the first column, from the middle of the line's box, and distance of columns; pixels along the line. */
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** A zone is printed in one pitch: a straight line through its characters' places tells where those must stand that were not seen. */
function fitColumns(line: ScoredLine, { frames }: DecodedLine, columns: readonly number[]): Fit | null {
  const count = columns.length;
  const span = (columns.at(-1) ?? 0) - (columns[0] ?? 0);
  if (count < FIT.characters || span < FIT.span * frames.length) return null;
  const place = (column: number) =>
    (((frames[column] ?? 0) + 0.5) / line.scores.steps - 0.5) * line.crop.length;
  const meanColumn = columns.reduce((sum, column) => sum + column, 0) / count;
  const meanPlace = columns.reduce((sum, column) => sum + place(column), 0) / count;
  let [product, square] = [0, 0];
  for (const column of columns) {
    product += (column - meanColumn) * (place(column) - meanPlace);
    square += (column - meanColumn) ** 2;
  }
  const step = product / square;
  return { start: meanPlace - step * meanColumn, step, count };
}

/**
 * The boxes of a zone cut to its columns, as the densest line shows them. Beyond them lie the edge of the card and the table, which a
 * decoder that has one filler too few takes for a character.
 */
function fitZone(
  stack: readonly ScoredLine[],
  decoded: readonly DecodedLine[],
  columns: readonly (readonly number[])[],
): readonly TextBox[] | null {
  let best: (Fit & { readonly box: TextBox }) | null = null;
  for (const [row, line] of stack.entries()) {
    const reading = decoded[row];
    const fit = reading ? fitColumns(line, reading, columns[row] ?? []) : null;
    if (fit && (!best || fit.count > best.count)) best = { ...fit, box: line.box };
  }
  const length = decoded[0]?.text.length ?? 0;
  if (!best || best.step <= 0) return null;
  const { start, step, box: reference } = best;
  return stack.map(({ box }) => {
    const { along } = offsetFrom(box, reference);
    const from = along + start - FIT_MARGIN * step;
    return stretched(box, from, along + start + (length - 1 + FIT_MARGIN) * step);
  });
}

function weakestOf(decoded: readonly DecodedLine[], columns: readonly (readonly number[])[]): number {
  let weakest = 1;
  for (const [row, line] of decoded.entries())
    for (const column of columns[row] ?? []) weakest = Math.min(weakest, line.confidences[column] ?? 0);
  return weakest;
}

/** What a character is taken for that a check digit, not the recogniser, told from its like: enough if seen twice. */
const SETTLED_CONFIDENCE = 0.6;

function settled(format: MrzFormat, decoded: readonly DecodedLine[]): readonly DecodedLine[] {
  const nationality = settleNationality(
    format,
    decoded.map((line) => line.text),
  );
  const named = decoded.map((line, row) => ({ ...line, text: nationality[row] ?? line.text }));
  const number = settleLookalike(format, nationality);
  if (!number) return named;
  const { lines, row, column } = number;
  return named.map((line, index) =>
    index === row
      ? {
          ...line,
          text: lines[row] ?? line.text,
          confidences: line.confidences.with(column, SETTLED_CONFIDENCE),
        }
      : line,
  );
}

export function decodeAs(format: MrzFormat, stack: readonly ScoredLine[]): MrzCandidate | null {
  const { lineCount, lineLength } = mrzShape(format);
  if (stack.length !== lineCount) return null;
  // A zone's length is measured before anything is forced: forcing always succeeds, and its check digits may even hold.
  const longest = Math.max(...stack.map((line) => line.plain.length));
  if (Math.abs(longest - lineLength) > LENGTH_TOLERANCE) return null;
  return candidateOf(format, stack);
}

export function candidateOf(format: MrzFormat, stack: readonly ScoredLine[]): MrzCandidate | null {
  const { masks } = mrzShape(format);
  const raw: DecodedLine[] = [];
  for (const [row, line] of stack.entries()) {
    const reading = decodeMasked(line.scores, masks[row] ?? '');
    if (!reading) return null;
    raw.push(reading);
  }
  const decoded = settled(format, raw);
  const lines = decoded.map((line) => line.text);
  const columns = significantColumns(format, lines);
  const checks = verifyCheckDigits(format, lines);
  const pitches = decoded.map((line, row) => (stack[row] ? pitchOf(stack[row], line) : 0));
  return {
    format,
    lines,
    checks,
    valid: fitsFormat(format, lines) && Object.values(checks).every(Boolean),
    score: decoded.reduce((sum, line) => sum + line.score, 0) / decoded.length,
    confidences: decoded.map((line) => line.confidences),
    weakest: weakestOf(decoded, columns),
    weakestUnchecked: weakestOf(decoded, uncheckedColumns(format, lines)),
    weakestIndistinct: weakestOf(decoded, indistinctColumns(format, lines)),
    boxes: stack.map((line) => line.box),
    fittedBoxes: fitZone(stack, decoded, columns),
    pitch: Math.max(...pitches),
  };
}

const MRV_HANDICAP = 1.5;

/** Orders candidates: check digits first, then probability; a visa's three digits prove less than a passport's five. */
export function rank({ format, checks, valid, score, weakest }: MrzCandidate): number {
  const outcomes = Object.values(checks);
  const share = outcomes.filter(Boolean).length / outcomes.length;
  const handicap = format === 'MRVA' || format === 'MRVB' ? MRV_HANDICAP : 0;
  return (valid ? 3 : 0) + 2 * share + 1.6 * Math.max(score, -5) + weakest - handicap;
}

/** Whether one reading says more than another of the same picture. */
export const isBetter = (a: MrzCandidate, b: MrzCandidate): boolean => rank(a) > rank(b);

export const isSameText = (a: MrzCandidate, b: MrzCandidate): boolean => a.lines.join() === b.lines.join();

/** Where columns of a line stand, from the first to before `to`; `null` for a line that the zone does not have. */
export function columnBox(
  { boxes, fittedBoxes, lines }: MrzCandidate,
  row: number,
  from: number,
  to: number,
): TextBox | null {
  const box = (fittedBoxes ?? boxes)[row];
  const columns = lines[row]?.length ?? 0;
  if (!box || columns === 0) return null;
  const margin = fittedBoxes ? FIT_MARGIN - 0.5 : 0;
  const step = box.length / (columns + 2 * margin);
  const start = -box.length / 2 + margin * step;
  return stretched(box, start + from * step, start + to * step);
}
