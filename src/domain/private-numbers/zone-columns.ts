import type { MrzFormat } from '../mrz.js';

/** A run of columns of a zone: line, first column, column after the last; all from 0. */
export interface ZoneColumns {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Optional data, where many states put the national number of the holder: ICAO 9303-4, 4.2.2 (TD3, positions 29–42), 9303-5, 4.2.2 (TD1,
 * 16–30 of line 1 and 19–29 of line 2), 9303-6, 4.2.2 (TD2, 29–35), 9303-7, 4.2.2 (MRV-A, 29–44) and 5.2.2 (MRV-B, 29–36).
 */
const OPTIONAL_DATA: Readonly<Record<MrzFormat, readonly ZoneColumns[]>> = {
  TD3: [{ line: 1, from: 28, to: 42 }],
  TD2: [{ line: 1, from: 28, to: 35 }],
  TD1: [
    { line: 0, from: 15, to: 30 },
    { line: 1, from: 18, to: 29 },
  ],
  MRVA: [{ line: 1, from: 28, to: 44 }],
  MRVB: [{ line: 1, from: 28, to: 36 }],
};

/** Where the check digit of the document number stands in the formats whose optional data may begin with the rest of a long number. */
const NUMBER_CHECK: Readonly<Partial<Record<MrzFormat, readonly [line: number, column: number]>>> = {
  TD1: [0, 14],
  TD2: [1, 9],
};

/** A filler in place of the check digit: the document number goes on in the first optional data (ICAO 9303-5 and -6, 4.2.2). */
function isContinued(format: MrzFormat, lines: readonly string[]): boolean {
  const place = NUMBER_CHECK[format];
  if (!place) return false;
  const [line, column] = place;
  const text = lines[line] ?? '';
  return text.charAt(column) === '<' && text.charAt(column - 1) !== '<';
}

/**
 * Columns of a zone that may bear a national number: the optional data as far as it is filled, without the rest of a document number
 * that was too long for its own columns. What an issuer puts there is at its discretion, so that all of it is taken for private.
 */
export function privateColumns(format: MrzFormat, lines: readonly string[]): readonly ZoneColumns[] {
  return OPTIONAL_DATA[format].flatMap(({ line, from, to }, place) => {
    const text = (lines[line] ?? '').slice(from, to);
    const skipped = place === 0 && isContinued(format, lines) ? (/^[^<]+/.exec(text)?.[0].length ?? 0) : 0;
    const rest = text.slice(skipped);
    const first = rest.search(/[^<]/);
    if (first < 0) return [];
    return [{ line, from: from + skipped + first, to: from + skipped + rest.replace(/<+$/, '').length }];
  });
}
