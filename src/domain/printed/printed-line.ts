import type { MrzField } from '../mrz.js';

/** A line of print, in a frame in which the text runs from left to right; lengths in any one unit. */
export interface PrintedLine {
  readonly text: string;
  /** 0–1 */
  readonly confidence: number;
  readonly left: number;
  readonly right: number;
  /** Of the line's middle, from the top. */
  readonly middle: number;
  readonly height: number;
}

export interface PrintedValue {
  readonly value: string;
  /** 0–1: how surely the line was read, less for a misread label, a repaired character, or a place without a label. */
  readonly confidence: number;
  /** The line that holds it: index into the lines given. */
  readonly line: number;
}

/** In the normal form of a reading: names in capitals, dates `YYYY-MM-DD`, codes of ICAO 9303-3 section 5, sex `M`, `F` or `X`. */
export type PrintedFields = Readonly<Partial<Record<MrzField, PrintedValue>>>;

/** The place of a part of a line, from the share of its characters: recognisers give no place for each of them. */
export function partOf(line: PrintedLine, start: number, end: number): PrintedLine {
  const width = (line.right - line.left) / Math.max(1, line.text.length);
  return {
    ...line,
    text: line.text.slice(start, end),
    left: line.left + start * width,
    right: line.left + end * width,
  };
}
