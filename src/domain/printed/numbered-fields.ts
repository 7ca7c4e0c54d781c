import type { LabelKind } from './label-table.js';
import { plain } from './letters.js';
import { textsByRow, type NumberedRow } from './numbered-layout.js';
import { findDates } from './printed-dates.js';
import { partOf, type PrintedLine } from './printed-line.js';

/** A text that stands behind a number of a driving licence. */
export interface NumberedText extends NumberedRow {
  /** 0–1: less where the number was misread or nothing parts it from the value. */
  readonly factor: number;
}

/** Annex I of Directive 2006/126/EC, and ISO/IEC 18013-1, 5.3: the same up to 4c. */
const EUROPEAN: Readonly<Record<string, LabelKind>> = {
  ...{ '1': 'surname', '2': 'given_names', '3': 'date_of_birth', '4A': 'issued_on', '4B': 'expires_on' },
  ...{ '4C': 'authority', '4D': 'personal_number', '5': 'document_number', '8': 'address', '9': 'other' },
};
/** AAMVA DL/ID-2020, table A.1: the number of the customer is that of the card, field 5 discriminates documents. */
const AMERICAN: Readonly<Record<string, LabelKind>> = {
  ...EUROPEAN,
  ...{
    '4D': 'document_number',
    '5': 'personal_number',
    '15': 'sex',
    '9': 'other',
    '9A': 'other',
    '12': 'other',
  },
  ...{ '16': 'other', '17': 'other', '18': 'other', '19': 'other' },
};

/** Fewer different numbers than this are no driving licence. */
const LEAST_NUMBERED = 3;

const DOTTED = /(?<![\dA-Z.])(4\s?[ABCD]|[1235789])\s?[.,:)]+\s*(?=\S)|4[ABCD][.,:]\s*(?=\S)/g;
const BARE = /(?:^|(?<=\s))(4\s?[ABCD]|9A|1[25-9]|[123589])(?:\s+|(?=[A-Z]{2,4}\b))(?=\S)/g;
/** A number whose value is another line beside it. */
const ALONE = /^\s*(4\s?[ABCD]|[1235])\s*[.,:)·•]?\s*$/;

interface Mark {
  readonly number: string;
  readonly start: number;
  readonly end: number;
}

function marksIn(text: string, dotted: boolean): readonly Mark[] {
  const marks: Mark[] = [];
  for (const match of text.matchAll(dotted ? DOTTED : BARE)) {
    const number = match[0].replace(/[^0-9A-D]/g, '');
    // In `17.03.1994` and `3. 1.4.1990` numbers and full stops are parts of dates.
    const inDate = findDates(text).some(({ start, end }) => match.index >= start && match.index < end);
    if (inDate && !/[A-D]/.test(number)) continue;
    if (marks.length === 0 && match.index > 0 && !/[A-D]/.test(number)) break;
    // Behind the first mark of a line only those with a letter are unmistakable.
    if (marks.length > 0 && !/[A-D]/.test(number)) continue;
    marks.push({ number, start: match.index, end: match.index + match[0].length });
  }
  return marks;
}

function besideOf(mark: PrintedLine, lines: readonly PrintedLine[]): number {
  let nearest = -1;
  for (const [index, line] of lines.entries()) {
    const gap = line.left - mark.right;
    if (line === mark || Math.abs(line.middle - mark.middle) > 0.5 * Math.max(line.height, mark.height))
      continue;
    if (gap < -mark.height || gap > 4 * mark.height) continue;
    if (nearest < 0 || line.left < (lines[nearest]?.left ?? Infinity)) nearest = index;
  }
  return nearest;
}

function collect(
  lines: readonly PrintedLine[],
  dotted: boolean,
  kinds: Readonly<Record<string, LabelKind>>,
): readonly NumberedText[] {
  const found: NumberedText[] = [];
  for (const [index, line] of lines.entries()) {
    const text = plain(line.text);
    const alone = ALONE.exec(text)?.[1];
    if (alone !== undefined) {
      const beside = besideOf(line, lines);
      const kind = kinds[alone.replace(/\s/g, '')];
      const place = lines[beside];
      if (kind && place) found.push({ kind, text: place.text, line: beside, place, factor: 0.9 });
      continue;
    }
    const marks = marksIn(text, dotted);
    for (const [position, mark] of marks.entries()) {
      const kind = kinds[mark.number];
      const end = marks[position + 1]?.start ?? text.length;
      // The accents are needed, so that the value comes from the line itself where folding kept its length.
      const source = text.length === line.text.length ? line.text : text;
      if (kind)
        found.push({
          kind,
          text: source.slice(mark.end, end).trim(),
          line: index,
          place: partOf(line, mark.end, end),
          factor: dotted ? 1 : 0.92,
        });
    }
  }
  return found;
}

/**
 * Texts behind the numbers that stand for labels on driving licences.
 *
 * @param american whether numbers are read as AAMVA has them
 * @returns none where too few numbers stand on the page, or no date behind any that announces one
 */
export function numberedTexts(lines: readonly PrintedLine[], american: boolean): readonly NumberedText[] {
  const kinds = american ? AMERICAN : EUROPEAN;
  for (const dotted of [true, false]) {
    const found = collect(lines, dotted, kinds);
    const isDate = ({ kind, text }: NumberedText) =>
      ['date_of_birth', 'issued_on', 'expires_on'].includes(kind) && findDates(text, true).length > 0;
    if (!found.some(isDate)) continue;
    const all = american ? found : [...found, ...textsByRow(lines, found)];
    if (new Set(all.map(({ kind }) => kind)).size >= LEAST_NUMBERED) return all;
  }
  return [];
}
