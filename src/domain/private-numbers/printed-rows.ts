import type { PrintedLine } from '../document-fields.js';

/** Lines that stand side by side, as one text. */
export interface PrintedRow {
  /** Upper case, one character for each read; lines are parted by a space, or by a tab where they are far apart. */
  readonly text: string;
  /** The text with letters taken for digits in words that are numbers but for them. */
  readonly digits: string;
  /** Which character of which line each one is; `null` for what parts lines. */
  readonly origins: readonly ({ readonly line: number; readonly at: number } | null)[];
}

/** What recognisers take digits for, and the other way round; only pairs that look alike in print. */
const DIGIT_OF: Readonly<Record<string, string>> = {
  ...{ O: '0', Q: '0', D: '0', I: '1', L: '1', '|': '1', '!': '1', Z: '2', S: '5', G: '6', B: '8' },
};
const LETTER_OF: Readonly<Record<string, string>> = {
  ...{ '0': 'O', '1': 'I', '2': 'Z', '5': 'S', '6': 'G', '8': 'B' },
};

export const asDigit = (character: string): string => DIGIT_OF[character] ?? character;
export const asLetter = (character: string): string => LETTER_OF[character] ?? character;

/** Decimal digits of any script, full width ones too, by their value. */
function plainDigit(character: string): string {
  if (!/\p{Nd}/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
  return code <= 0x39 ? character : String(code - zero);
}

/** Upper case without marks, as many characters as before: places must stay what they are. */
export function plainText(text: string): string {
  if (/^[\x20-\x7E]*$/.test(text)) return text.toUpperCase();
  return Array.from({ length: text.length }, (_, index) => {
    const character = text.charAt(index);
    const plain = plainDigit(character).normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
    return plain.length === 1 ? plain : character;
  }).join('');
}

/** At least so much of a word must be digits before its letters are taken for misread ones. */
const LEAST_DIGITS = 0.5;

/** Letters become digits in words that hold digits, and otherwise nothing but letters that look like some. */
export function readDigits(text: string): string {
  const words = text.replace(/[\p{L}\p{N}|!]+/gu, (word) => {
    const digits = [...word].map(asDigit).join('');
    const genuine = word.replace(/\D/g, '').length;
    return /^\d+$/.test(digits) && genuine >= LEAST_DIGITS * word.length ? digits : word;
  });
  // A group of four like "OOOO" has no digit of its own; its neighbours have.
  return words.replace(/(?<=\d{3}[ -])[OQDILZSGB]{2,4}(?=[ -]\d{3})/g, (word) =>
    [...word].map(asDigit).join(''),
  );
}

/** Gap in heights of a line up to which lines of a row may be parts of one number. */
const SAME_NUMBER_GAP = 2;

function standsBeside(a: PrintedLine, b: PrintedLine): boolean {
  const [low, high] = [Math.min(a.height, b.height), Math.max(a.height, b.height)];
  return Math.abs(a.middle - b.middle) <= 0.5 * low && high <= 2.5 * low;
}

const known = new WeakMap<readonly PrintedLine[], readonly PrintedRow[]>();

/**
 * Sets lines that stand side by side together, from left to right; rows from top to bottom. Worked out once for as long as the lines are in use: each
 * search for numbers begins with it.
 */
export function rowsOf(lines: readonly PrintedLine[]): readonly PrintedRow[] {
  const rows = known.get(lines) ?? setTogether(lines);
  known.set(lines, rows);
  return rows;
}

function setTogether(lines: readonly PrintedLine[]): readonly PrintedRow[] {
  const rows: { readonly line: PrintedLine; readonly index: number }[][] = [];
  const ordered = lines
    .map((line, index) => ({ line, index }))
    .sort((a, b) => a.line.middle - b.line.middle || a.line.left - b.line.left);
  for (const placed of ordered) {
    const row = rows.findLast((others) => others.some(({ line }) => standsBeside(line, placed.line)));
    if (row) row.push(placed);
    else rows.push([placed]);
  }
  return rows.map(joined);
}

function joined(parts: readonly { readonly line: PrintedLine; readonly index: number }[]): PrintedRow {
  let text = '';
  const origins: ({ readonly line: number; readonly at: number } | null)[] = [];
  let before: PrintedLine | undefined;
  for (const { line, index } of parts.toSorted((a, b) => a.line.left - b.line.left)) {
    if (before) {
      text += line.left - before.right <= SAME_NUMBER_GAP * Math.max(line.height, before.height) ? ' ' : '\t';
      origins.push(null);
    }
    text += plainText(line.text);
    for (let at = 0; at < line.text.length; at++) origins.push({ line: index, at });
    before = line;
  }
  return { text, digits: readDigits(text), origins };
}

/** A run of characters of a row, split into what it covers of each line. */
export function partsOf(
  row: PrintedRow,
  from: number,
  to: number,
): readonly { readonly line: number; readonly from: number; readonly to: number }[] {
  const parts = new Map<number, { from: number; to: number }>();
  for (const origin of row.origins.slice(from, to)) {
    if (!origin) continue;
    const part = parts.get(origin.line);
    if (part) part.to = origin.at + 1;
    else parts.set(origin.line, { from: origin.at, to: origin.at + 1 });
  }
  return [...parts].map(([line, part]) => ({ line, ...part }));
}

/** Length of a word that only a machine-readable zone has, whose fillers were read as letters. */
const ZONE_WORD = /(?<![A-Z0-9])[A-Z0-9]{28,}(?![A-Z0-9])/;

/** Lines of a machine-readable zone hold no private number in the sense of print: the zone's own columns say where one is. */
export function isZoneText(text: string): boolean {
  const words = ZONE_WORD.exec(text)?.[0] ?? '';
  return (text.match(/[<«‹]/g) ?? []).length >= 2 || /[A-Z]/.test(words);
}

/** Words, and the sign of an international telephone number, at the end of what stands before a number of another kind. */
const OTHER_NUMBER =
  /(?:\+(?:\d{1,3}[\s.-]?)?|\b(?:TEL|TELEPHONE|TELEFON|PHONE|MOBILE|FAX|IBAN|IMEI|PASSPORT|PASSEPORT|DOCUMENT|DOC|LICEN[CS]E|DLN|DL|DD|AUSWEIS\w*|SERIAL|IDENTITY\s?CARD|ID\s?CARD)[\s.:]*(?:NO|NR|NUMBER|NUMMER|N)?[\s.:°#/]*)$/;

/** Whether what stands before a number says that it is a telephone's, an account's or the document's own. */
export const announcesOtherNumber = (before: string): boolean => OTHER_NUMBER.test(before);

const DATE =
  /^(?:\d{1,2}\s?[./ -]\s?\d{1,2}\s?[./ -]\s?(?:\d{4}|\d{2})|\d{4}\s?[./ -]\s?\d{1,2}\s?[./ -]\s?\d{1,2})$/;

/** Whether a text is a date, and no number. */
export const isDate = (text: string): boolean =>
  DATE.test(text) || /^\d{1,2}\s?[A-Z]{3,}\W*(?:[A-Z]{3,}\W*)?\d{2,4}$/.test(text);
