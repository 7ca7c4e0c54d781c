import type { LabelKind } from './label-table.js';
import { squeezed } from './letters.js';
import { findDates } from './printed-dates.js';
import type { PrintedLine } from './printed-line.js';

/** A text with the number that it stands behind. */
export interface NumberedRow {
  readonly kind: LabelKind;
  readonly text: string;
  /** Index of its line. */
  readonly line: number;
  /** Of the text itself, without its number. */
  readonly place: PrintedLine;
}

/** How surely a text is what its row says, its number not having been seen. */
const BY_ROW = 0.8;
/** Values stand below each other within so many heights of a line. */
const COLUMN = 1.5;
const SAME_ROW = 0.5;
/** Rows stand within so many distances of those whose numbers were read. */
const NEXT_ROW = 1.6;
const LETTERS_ONLY = /^[\p{L}\s'’.,-]+$/u;
const NUMBER = /^(?=(?:.*\d){3})[A-Z0-9]{6,20}$/;

interface Row {
  readonly text: string;
  readonly line: number;
  readonly place: PrintedLine;
  readonly kind?: LabelKind;
}

const isName = ({ text }: Row): boolean => LETTERS_ONLY.test(text) && squeezed(text).length > 1;
const isDate = ({ text }: Row): boolean => findDates(text, true).length > 0;
const isNumber = (row: Row): boolean => NUMBER.test(squeezed(row.text)) && !isDate(row);

/** The column of values, from top to bottom; of what stands on one row, its beginning. */
function columnOf(lines: readonly PrintedLine[], numbered: readonly NumberedRow[]): readonly Row[] {
  const lefts = numbered.map(({ place }) => place.left).toSorted((a, b) => a - b);
  const left = lefts[lefts.length >> 1] ?? 0;
  const rows: Row[] = [
    ...numbered,
    ...lines
      .map((place, line) => ({ text: place.text, line, place }))
      .filter(({ line }) => !numbered.some((other) => other.line === line)),
  ]
    .filter(({ place }) => Math.abs(place.left - left) <= COLUMN * place.height)
    .sort((a, b) => a.place.middle - b.place.middle || a.place.left - b.place.left);
  return rows.filter(
    ({ place }, index) =>
      !rows
        .slice(0, index)
        .some((above) => Math.abs(above.place.middle - place.middle) < SAME_ROW * place.height),
  );
}

/**
 * Values of a European driving licence whose small numbers were not seen, by their rows: 1, 2, 3, 4a, 4b and 5 stand below each other
 * (Directive 2006/126/EC, annex I). Goes out from the rows of the dates 4a and 4b; where a row too many leaves two meanings open, nothing is said.
 *
 * @param numbered texts whose numbers were read
 */
export function textsByRow(
  lines: readonly PrintedLine[],
  numbered: readonly NumberedRow[],
): readonly (NumberedRow & { readonly factor: number })[] {
  const column = columnOf(lines, numbered);
  const rowOf = (kind: LabelKind): number => column.findIndex((row) => row.kind === kind);
  const [issued, expires] = [rowOf('issued_on'), rowOf('expires_on')];
  if (issued < 0 || expires !== issued + 1) return [];
  const pitch = (column[expires]?.place.middle ?? 0) - (column[issued]?.place.middle ?? 0);
  /** A row, where it follows on the one below or above it without a gap. */
  const neighbour = (index: number, from: number): Row | undefined => {
    const [row, beside] = [column[index], column[from]];
    const isNear = row && beside && Math.abs(row.place.middle - beside.place.middle) <= NEXT_ROW * pitch;
    return isNear ? row : undefined;
  };
  const found: (NumberedRow & { readonly factor: number })[] = [];
  const take = (row: Row | undefined, kind: LabelKind, fits: (row: Row) => boolean): boolean => {
    if (!row || (row.kind !== undefined && row.kind !== kind) || !fits(row)) return false;
    if (row.kind === undefined && rowOf(kind) < 0) found.push({ ...row, kind, factor: BY_ROW });
    return true;
  };
  take(neighbour(expires + 1, expires), 'document_number', isNumber);
  if (!take(neighbour(issued - 1, issued), 'date_of_birth', isDate)) return found;
  const [given, surname, above] = [1, 2, 3].map((rows) => neighbour(issued - 1 - rows, issued - rows));
  // A third name in the column: one of the two is printed over two rows, and nothing tells which.
  const isOpen = above !== undefined && isName(above) && rowOf('surname') < 0;
  if (!isOpen && take(given, 'given_names', isName)) take(surname, 'surname', isName);
  return found;
}
