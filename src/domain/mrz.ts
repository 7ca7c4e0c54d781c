import { states } from 'mrz';

/** Formats of the machine-readable zone: ICAO 9303 part 5 (TD1), 6 (TD2), 4 (TD3), 7 (MRV-A, MRV-B). */
export const MRZ_FORMATS = ['TD3', 'TD1', 'TD2', 'MRVA', 'MRVB'] as const;
export type MrzFormat = (typeof MRZ_FORMATS)[number];

/** The 37 characters of a machine-readable zone (ICAO 9303-3, 4.3), in the order that recognisers score them. */
export const MRZ_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<';

export type CheckDigitName =
  'document_number' | 'date_of_birth' | 'expires_on' | 'optional_data' | 'composite';

export const MRZ_FIELDS = [
  'surname',
  'given_names',
  'date_of_birth',
  'document_number',
  'expires_on',
  'issuer',
  'nationality',
  'sex',
] as const;
export type MrzField = (typeof MRZ_FIELDS)[number];

/** A run of characters: line, first column, column after the last; all from 0. */
type Span = readonly [line: number, start: number, end: number];

interface Layout {
  readonly lineLength: number;
  readonly spans: Readonly<
    Record<MrzField | 'names' | 'number_check' | 'birth_check' | 'expiry_check', Span>
  >;
  /** Where the rest of a long document number goes (TD1, TD2), else where free data stands. */
  readonly optional: Span;
  readonly optionalCheck?: Span;
  readonly composite?: { readonly over: readonly Span[]; readonly check: Span };
  /** One letter a position, see {@link MASK_CLASSES}. */
  readonly masks: readonly string[];
}

/**
 * Characters that a mask letter admits. `k` is a check digit that may be a filler, `b` a part of a date of birth
 * that may be unknown (ICAO 9303-3, 4.8), `g` the sex.
 */
export const MASK_CLASSES: Readonly<Record<string, string>> = {
  a: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ<',
  n: '0123456789',
  k: '0123456789<',
  b: '0123456789<',
  x: MRZ_ALPHABET,
  g: 'MFX<',
  P: 'P',
  V: 'V',
  I: 'ACI',
};

const NUMBER = 'x'.repeat(9) + 'k';
const BIRTH = 'nnbbbb' + 'n';
const EXPIRY = 'n'.repeat(7);
/** Letters by the standard; yet some issuers print digits, and what is printed is what has to be read. */
const NATIONALITY = 'xxx';
const SECOND_LINE = NUMBER + NATIONALITY + BIRTH + 'g' + EXPIRY;

/** Line 2 of every two-line format is laid out alike up to column 28 (9303-4, 4.2.2; 9303-6, 4.2.2; 9303-7, 4.2). */
const TWO_LINES = {
  surname: [0, 5, 5],
  given_names: [0, 5, 5],
  issuer: [0, 2, 5],
  document_number: [1, 0, 9],
  number_check: [1, 9, 10],
  nationality: [1, 10, 13],
  date_of_birth: [1, 13, 19],
  birth_check: [1, 19, 20],
  sex: [1, 20, 21],
  expires_on: [1, 21, 27],
  expiry_check: [1, 27, 28],
} as const satisfies Partial<Layout['spans']>;

const namesOf = (lineLength: number) => {
  const names: Span = [0, 5, lineLength];
  return { ...TWO_LINES, names, surname: names, given_names: names };
};

const LAYOUTS: Readonly<Record<MrzFormat, Layout>> = {
  TD3: {
    lineLength: 44,
    spans: namesOf(44),
    optional: [1, 28, 42],
    optionalCheck: [1, 42, 43],
    composite: {
      over: [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 43],
      ],
      check: [1, 43, 44],
    },
    masks: ['P' + 'a'.repeat(43), SECOND_LINE + 'x'.repeat(14) + 'kn'],
  },
  TD2: {
    lineLength: 36,
    spans: namesOf(36),
    optional: [1, 28, 35],
    composite: {
      over: [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 35],
      ],
      check: [1, 35, 36],
    },
    masks: ['I' + 'a'.repeat(35), SECOND_LINE + 'x'.repeat(7) + 'n'],
  },
  TD1: {
    lineLength: 30,
    spans: {
      names: [2, 0, 30],
      surname: [2, 0, 30],
      given_names: [2, 0, 30],
      issuer: [0, 2, 5],
      document_number: [0, 5, 14],
      number_check: [0, 14, 15],
      date_of_birth: [1, 0, 6],
      birth_check: [1, 6, 7],
      sex: [1, 7, 8],
      expires_on: [1, 8, 14],
      expiry_check: [1, 14, 15],
      nationality: [1, 15, 18],
    },
    optional: [0, 15, 30],
    composite: {
      over: [
        [0, 5, 30],
        [1, 0, 7],
        [1, 8, 15],
        [1, 18, 29],
      ],
      check: [1, 29, 30],
    },
    // The second character of the document code is at the issuer's discretion, and some issuers print a digit there.
    masks: [
      'Ix' + 'aaa' + NUMBER + 'x'.repeat(15),
      BIRTH + 'g' + EXPIRY + NATIONALITY + 'x'.repeat(11) + 'n',
      'a'.repeat(30),
    ],
  },
  MRVA: {
    lineLength: 44,
    spans: namesOf(44),
    optional: [1, 28, 44],
    masks: ['V' + 'a'.repeat(43), SECOND_LINE + 'x'.repeat(16)],
  },
  MRVB: {
    lineLength: 36,
    spans: namesOf(36),
    optional: [1, 28, 36],
    masks: ['V' + 'a'.repeat(35), SECOND_LINE + 'x'.repeat(8)],
  },
};

/** Lines and characters a line of a format, and which characters each position admits (one class letter a position). */
export function mrzShape(format: MrzFormat): {
  readonly lineCount: number;
  readonly lineLength: number;
  readonly masks: readonly string[];
} {
  const { lineLength, masks } = LAYOUTS[format];
  return { lineCount: masks.length, lineLength, masks };
}

const WEIGHTS = [7, 3, 1] as const;

function characterValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 90) return code - 55;
  return 0;
}

/** The check digit of a run of MRZ characters: weights 7, 3, 1, modulus 10, filler counts 0 (ICAO 9303-3, 4.9). */
export function checkDigit(characters: string): string {
  let sum = 0;
  for (let i = 0; i < characters.length; i++)
    sum += characterValue(characters.charCodeAt(i)) * (WEIGHTS[i % 3] ?? 0);
  return String(sum % 10);
}

const cut = (lines: readonly string[], [line, start, end]: Span): string =>
  (lines[line] ?? '').slice(start, end);

/** The check of an element that is filler throughout may itself be a filler (ICAO 9303-4, 4.2.2.2). */
const holds = (characters: string, check: string): boolean =>
  check === checkDigit(characters) || (check === '<' && /^<*$/.test(characters));

/**
 * A document number too long for its nine columns goes on in the optional data, with its check digit last
 * (ICAO 9303-5, 4.2.4; 9303-6, 4.2.4); a filler then stands where the check digit would.
 */
function longNumber(
  format: MrzFormat,
  lines: readonly string[],
): { readonly number: string; readonly check: string } | null {
  if (format !== 'TD1' && format !== 'TD2') return null;
  const { spans, optional } = LAYOUTS[format];
  const head = cut(lines, spans.document_number);
  if (cut(lines, spans.number_check) !== '<' || head.endsWith('<')) return null;
  const rest = cut(lines, optional).split('<')[0] ?? '';
  return rest.length < 2 ? null : { number: head + rest.slice(0, -1), check: rest.slice(-1) };
}

function numberHolds(format: MrzFormat, lines: readonly string[]): boolean {
  const { spans } = LAYOUTS[format];
  const long = longNumber(format, lines);
  // Issuers differ on whether the filler between the two parts is counted.
  if (long)
    return (
      holds(long.number, long.check) ||
      holds(`${long.number.slice(0, 9)}<${long.number.slice(9)}`, long.check)
    );
  return holds(cut(lines, spans.document_number), cut(lines, spans.number_check));
}

/**
 * Whether each check digit of a zone holds. MRV-A and MRV-B have three only: no composite (ICAO 9303-7, 4.2).
 *
 * @param lines as many lines of as many characters as the format has
 */
export function verifyCheckDigits(
  format: MrzFormat,
  lines: readonly string[],
): Readonly<Partial<Record<CheckDigitName, boolean>>> {
  const { spans, optional, optionalCheck, composite } = LAYOUTS[format];
  return {
    document_number: numberHolds(format, lines),
    date_of_birth: holds(cut(lines, spans.date_of_birth), cut(lines, spans.birth_check)),
    expires_on: holds(cut(lines, spans.expires_on), cut(lines, spans.expiry_check)),
    ...(optionalCheck && { optional_data: holds(cut(lines, optional), cut(lines, optionalCheck)) }),
    ...(composite && {
      composite: holds(composite.over.map((span) => cut(lines, span)).join(''), cut(lines, composite.check)),
    }),
  };
}

/**
 * Names: words parted by one filler, the primary identifier from the secondary one by two, and nothing but fillers behind them (ICAO 9303-3,
 * 4.6). A letter that stands alone among the fillers is a mark on the print.
 */
const NAMES = /^[A-Z]+(<[A-Z]+)*(<<[A-Z]+(<[A-Z]+)*)?<*$/;

/** Whether lines have a format's shape and hold only what its positions admit. */
export function fitsFormat(format: MrzFormat, lines: readonly string[]): boolean {
  const { masks, spans } = LAYOUTS[format];
  return (
    lines.length === masks.length &&
    NAMES.test(cut(lines, spans.names)) &&
    masks.every((mask, row) => {
      const line = lines[row] ?? '';
      return (
        line.length === mask.length &&
        [...mask].every((letter, column) => MASK_CLASSES[letter]?.includes(line.charAt(column)))
      );
    })
  );
}

/** OCR-B tells these pairs apart poorly, and a general recogniser hardly at all. */
export const LOOKALIKES = ['O0', 'I1', 'S5', 'B8', 'Z2', 'G6'] as const;

const lookalikeOf = (character: string): string | undefined =>
  LOOKALIKES.find((pair) => pair.includes(character))?.replace(character, '');

const allHold = (format: MrzFormat, lines: readonly string[]): boolean =>
  Object.values(verifyCheckDigits(format, lines)).every(Boolean);

/**
 * Settles O or 0, I or 1 and the like in a document number by its check digit, where the position admits both: exactly one character is
 * exchanged, and every check digit must hold then. Formats without a composite digit are left alone: one digit proves too little.
 *
 * @returns the lines with the column that was changed, or `null` where no single exchange, or more than one, would do
 */
export function settleLookalike(
  format: MrzFormat,
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly row: number; readonly column: number } | null {
  const { spans, composite } = LAYOUTS[format];
  if (!composite || allHold(format, lines)) return null;
  const [row, start, end] = spans.document_number;
  const line = lines[row] ?? '';
  const settled = [];
  for (let column = start; column < end; column++) {
    const other = lookalikeOf(line.charAt(column));
    if (other === undefined) continue;
    const changed = lines.with(row, line.slice(0, column) + other + line.slice(column + 1));
    if (allHold(format, changed)) settled.push({ lines: changed, row, column });
  }
  return settled.length === 1 ? (settled[0] ?? null) : null;
}

/** Whether a code is one that ICAO 9303-3 section 5 assigns, or UTO, the state of its own specimens. */
export const isStateCode = (code: string): boolean => code === 'UTO' || Object.hasOwn(states, code);

/**
 * Puts a letter for a digit that looks like it in the nationality, where only so a code comes out that is assigned.
 *
 * @returns the lines, changed or not
 */
export function settleNationality(format: MrzFormat, lines: readonly string[]): readonly string[] {
  const [row, start, end] = LAYOUTS[format].spans.nationality;
  const line = lines[row] ?? '';
  const letters = line.slice(start, end).replace(/\d/g, (digit) => lookalikeOf(digit) ?? digit);
  if (!isStateCode(letters.replace(/<+$/, ''))) return lines;
  return lines.with(row, line.slice(0, start) + letters + line.slice(end));
}

/** Days of a month of the proleptic Gregorian calendar; 0 for a month that does not exist. */
function daysInMonth(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `YYYY-MM-DD`, or `undefined` when no such day exists. */
export function calendarDate(year: number, month: number, day: number): string | undefined {
  if (!Number.isInteger(year) || year < 1800 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** How far ahead an expiry date may lie before its two digits mean the century before. */
const EXPIRY_HORIZON_YEARS = 50;

/**
 * The four digits of a two-digit year (ICAO 9303-3, 4.8). A birth lies in the past; an expiry at most fifty years
 * ahead, so that a long expired document is still read as expired.
 *
 * @param today `YYYY-MM-DD`
 * @returns `YYYY-MM-DD`, or `undefined` when the day does not exist or a part is unknown (filler)
 */
export function mrzDate(yymmdd: string, kind: 'birth' | 'expiry', today: string): string | undefined {
  if (!/^\d{6}$/.test(yymmdd)) return undefined;
  const [year, month, day] = [0, 2, 4].map((at) => Number(yymmdd.slice(at, at + 2)));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const thisYear = Number(today.slice(0, 4));
  const century = Math.floor(thisYear / 100) * 100;
  const candidates = [century + 100, century, century - 100].map((base) => base + year);
  const latest = kind === 'birth' ? today : `${thisYear + EXPIRY_HORIZON_YEARS}-12-31`;
  for (const candidate of candidates) {
    const date = calendarDate(candidate, month, day);
    if (date !== undefined && date <= latest) return date;
  }
  return undefined;
}

const withSpaces = (characters: string): string => characters.replace(/<+/g, ' ').trim();

function splitNames(characters: string): { surname: string; given_names: string } {
  const trimmed = characters.replace(/<+$/, '');
  const boundary = trimmed.indexOf('<<');
  return boundary < 0
    ? { surname: withSpaces(trimmed), given_names: '' }
    : { surname: withSpaces(trimmed.slice(0, boundary)), given_names: withSpaces(trimmed.slice(boundary)) };
}

/** The sex of the zone: a filler means unspecified, which the visual zone prints as X (ICAO 9303-4, 4.2.2.2). */
const sexOf = (character: string): string => (character === '<' ? 'X' : character);

const stateOf = (characters: string): string => characters.replace(/<+$/, '');

/**
 * The fields of a zone, whether or not its check digits hold. A field that is empty or impossible (no such day) is absent.
 *
 * @param today `YYYY-MM-DD`, for the century
 */
export function parseMrz(
  format: MrzFormat,
  lines: readonly string[],
  today: string,
): Readonly<Partial<Record<MrzField, string>>> {
  const { spans } = LAYOUTS[format];
  const found: Record<MrzField, string | undefined> = {
    ...splitNames(cut(lines, spans.names)),
    date_of_birth: mrzDate(cut(lines, spans.date_of_birth), 'birth', today),
    document_number: withSpaces(longNumber(format, lines)?.number ?? cut(lines, spans.document_number)),
    expires_on: mrzDate(cut(lines, spans.expires_on), 'expiry', today),
    issuer: stateOf(cut(lines, spans.issuer)),
    nationality: stateOf(cut(lines, spans.nationality)),
    sex: sexOf(cut(lines, spans.sex)),
  };
  const fields: Partial<Record<MrzField, string>> = {};
  for (const name of MRZ_FIELDS) {
    const value = found[name];
    if (value) fields[name] = value;
  }
  return fields;
}

/** Fillers between two words or after a code count as read; a longer run is padding. */
const LONGEST_SEPARATOR = 2;

/**
 * Columns of each line whose characters say something: all but the fillers that pad a field to its length. A recogniser is seldom
 * sure of how many fillers a long run has, and the fixed length of the line settles that.
 */
export function significantColumns(
  format: MrzFormat,
  lines: readonly string[],
): readonly (readonly number[])[] {
  const { spans } = LAYOUTS[format];
  return lines.map((line, row) => {
    const columns: number[] = [];
    const [nameRow, nameStart] = spans.names;
    for (const run of line.matchAll(/[^<]+|<+/g)) {
      const [text] = run;
      const end = run.index + text.length;
      const separates =
        row === nameRow && run.index > nameStart && end < line.length && text.length <= LONGEST_SEPARATOR;
      // The filler that ends a word counts as well: a letter might have stood there.
      const last = text.startsWith('<') && !separates ? run.index + 1 : end;
      for (let column = run.index; column < last; column++) columns.push(column);
    }
    return columns;
  });
}

/** Those of the significant columns that no check digit covers: names, document code, issuer, nationality and sex. */
export function uncheckedColumns(
  format: MrzFormat,
  lines: readonly string[],
): readonly (readonly number[])[] {
  const { spans, composite } = LAYOUTS[format];
  const covered: readonly Span[] = composite
    ? [...composite.over, composite.check]
    : [
        spans.document_number,
        spans.number_check,
        spans.date_of_birth,
        spans.birth_check,
        spans.expires_on,
        spans.expiry_check,
      ];
  return significantColumns(format, lines).map((columns, row) =>
    columns.filter(
      (column) => !covered.some(([line, start, end]) => line === row && column >= start && column < end),
    ),
  );
}

/**
 * Letters for which another character that looks alike, when one of them is damaged, may stand with every check digit content: their values
 * differ by a multiple of ten (F and P, G and Q, H and R, J and T, K and the filler, L and 1, S and 8, U and 0, Y and 4), and weights 7, 3 and 1
 * have no factor in common with it.
 */
const INDISTINCT = 'FPGQHRJTKLSUY';

/** Those of the significant columns that a check digit covers in vain: what looks alike there would satisfy it as well. */
export function indistinctColumns(
  format: MrzFormat,
  lines: readonly string[],
): readonly (readonly number[])[] {
  const unchecked = uncheckedColumns(format, lines);
  return significantColumns(format, lines).map((columns, row) =>
    columns.filter(
      (column) =>
        INDISTINCT.includes(lines[row]?.charAt(column) ?? '') && unchecked[row]?.includes(column) === false,
    ),
  );
}

/** Columns of a field: names share one span, and are parted by two fillers. */
function spanOf(format: MrzFormat, lines: readonly string[], name: MrzField): Span {
  const { spans } = LAYOUTS[format];
  if (name !== 'surname' && name !== 'given_names') return spans[name];
  const [row, start, end] = spans.names;
  const boundary = (lines[row] ?? '').indexOf('<<', start);
  if (boundary < 0) return spans.names;
  return name === 'surname' ? [row, start, boundary] : [row, boundary, end];
}

/**
 * The lowest of the values that belong to each field's characters, for example of per-character confidences.
 *
 * @param values one a character of each line
 * @returns by field; 1 for a field that is empty
 */
export function lowestPerField(
  format: MrzFormat,
  lines: readonly string[],
  values: readonly (readonly number[])[],
): Readonly<Record<MrzField, number>> {
  const columns = significantColumns(format, lines);
  const lowest = {} as Record<MrzField, number>;
  for (const name of MRZ_FIELDS) {
    const [row, start, end] = spanOf(format, lines, name);
    const inField = (columns[row] ?? []).filter((column) => column >= start && column < end);
    lowest[name] = Math.min(1, ...inField.map((column) => values[row]?.[column] ?? 0));
  }
  return lowest;
}
