import { isCalendarDate } from '../dates.js';
import { calendarDate, mrzDate } from '../mrz.js';
import { plain } from './letters.js';
import { monthOf } from './month-names.js';

/** Which of two leading numbers is the month, where both may be. */
export type DateOrder = 'day-first' | 'month-first' | 'unknown';

/** What settles the century of a year of two digits. */
export type DateKind = 'birth' | 'expiry';

/** A date as it stands in a text. */
export interface DateMention {
  readonly start: number;
  readonly end: number;
  /** Two or four digits. */
  readonly year: string;
  readonly readings: readonly { readonly month: number; readonly day: number; readonly order?: DateOrder }[];
  /** Letters were taken for digits, or separators were missing. */
  readonly repaired: boolean;
}

/** Letters that digits are read as: beside one of them a number of one digit, or a year of two, is only a part of itself. */
const LIKE_DIGITS = String.raw`OQIL|SB`;
const ONE_OR_TWO = String.raw`(?:(?<!\d)\d{2}(?!\d)|(?<![\d${LIKE_DIGITS}])\d(?!\d))`;
const DAY = `(${ONE_OR_TWO})`;
const LAST_DAY = String.raw`(\d{2}(?!\d)|\d(?![\d${LIKE_DIGITS}]))`;
const YEAR = String.raw`(\d{4}(?!\d)|\d{2}(?![\d${LIKE_DIGITS}]))`;
const GAP = String.raw`[\s.,'/-]*`;
/** `17 de marzo de 1994` */
const OF = String.raw`(?:D[EI]?\s+)?`;
const WORDS = String.raw`(\p{Lu}{3,}(?:[\s./-]*\p{Lu}{3,})?)`;
const SIGN = String.raw`\s?([-./ ])\s?`;

const NAMED = new RegExp(`${DAY}${GAP}${OF}${GAP}${WORDS}${GAP}${OF}${GAP}${YEAR}`, 'gu');
const NAMED_FIRST = new RegExp(String.raw`(?<![A-Z])([A-Z]{3,})[\s.]*(\d{1,2})(?:\s*,\s*|\s+)${YEAR}`, 'g');
const YEAR_FIRST = new RegExp(String.raw`(?<!\d)(\d{4})${SIGN}(\d{1,2})${SIGN}${LAST_DAY}`, 'g');
const NUMERIC = new RegExp(String.raw`${DAY}${SIGN}(\d{1,2})${SIGN}${YEAR}(?!\4\d)`, 'g');
const RUN_TOGETHER = /(?<![\dA-Z])(\d{2})[-./ ]?(\d{2})[-./ ]?(\d{4})(?![\dA-Z])/g;
const RUN_TOGETHER_YEAR_FIRST = /(?<![\dA-Z])((?:19|20)\d{2})(\d{2})(\d{2})(?![\dA-Z])/g;

const REPAIRABLE = new RegExp(`(?<=\\d)[${LIKE_DIGITS}](?![A-Z])|(?<![A-Z])[${LIKE_DIGITS}](?=\\d)`, 'g');

/** Digits of dates that were read as the letters of their shape: beside a digit, and not part of a word. */
function withDigitsRepaired(text: string): string {
  const digits: Readonly<Record<string, string>> = {
    O: '0',
    Q: '0',
    I: '1',
    L: '1',
    '|': '1',
    S: '5',
    B: '8',
  };
  let repaired = text;
  for (let before = ''; before !== repaired;) {
    before = repaired;
    repaired = before.replace(REPAIRABLE, (letter) => digits[letter] ?? letter);
  }
  return repaired;
}

function mentionsIn(text: string, loose: boolean): DateMention[] {
  const found: DateMention[] = [];
  const add = (
    match: RegExpExecArray,
    year: string | undefined,
    readings: DateMention['readings'],
    repaired = false,
  ) => {
    const [start, end] = [match.index, match.index + match[0].length];
    if (year === undefined || found.some((other) => other.start < end && start < other.end)) return;
    found.push({ start, end, year, readings, repaired });
  };
  const named = (words: string | undefined) => {
    const parts = (words ?? '').split(/[^\p{Lu}]+/u).filter((part) => part.length >= 3);
    const [only = '', second] = parts;
    return second !== undefined ? monthOf(parts) : monthOf(splitWord(only)) || monthOf([only.slice(2)]);
  };
  for (const match of text.matchAll(NAMED)) {
    const month = named(match[2]);
    if (month > 0 && !isDayCut(match[0])) add(match, match[3], [{ month, day: Number(match[1]) }]);
  }
  for (const match of text.matchAll(NAMED_FIRST)) {
    const month = named(match[1]);
    if (month > 0) add(match, match[3], [{ month, day: Number(match[2]) }]);
  }
  for (const match of text.matchAll(YEAR_FIRST))
    add(match, match[1], [{ month: Number(match[3]), day: Number(match[5]) }]);
  for (const match of text.matchAll(NUMERIC)) {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const dayFirst = { month: second, day: first, order: 'day-first' } as const;
    const monthFirst = { month: first, day: second, order: 'month-first' } as const;
    // No country writes the month first and parts it by full stops.
    add(match, match[5], match[2] === '.' ? [dayFirst] : [dayFirst, monthFirst]);
  }
  if (!loose) return found;
  for (const match of text.matchAll(RUN_TOGETHER_YEAR_FIRST))
    if (Number(match[2]) <= 12)
      add(match, match[1], [{ month: Number(match[2]), day: Number(match[3]) }], true);
  for (const match of text.matchAll(RUN_TOGETHER)) {
    const [first, second] = [Number(match[1]), Number(match[2])];
    const readings = [
      { month: second, day: first, order: 'day-first' },
      { month: first, day: second, order: 'month-first' },
    ] as const;
    add(match, match[3], readings, true);
  }
  return found;
}

/** `1S AGU` without its space: the second digit was read as the first letter of a word that is no month. */
function isDayCut(date: string): boolean {
  const [, word] = new RegExp(`^\\d([${LIKE_DIGITS}]\\p{Lu}*)`, 'u').exec(date) ?? [];
  return word !== undefined && monthOf([word]) === 0;
}

/** A month in two languages that lost what parted them: `AUGAOUT`. */
function splitWord(word: string): readonly string[] {
  if (monthOf([word]) > 0) return [word];
  for (let cut = 3; cut <= word.length - 3; cut++) {
    const parts = [word.slice(0, cut), word.slice(cut)];
    if (parts.every((part) => monthOf([part]) > 0) && monthOf(parts) > 0) return parts;
  }
  return [word];
}

/**
 * The dates that stand in a text, in the order of their places.
 *
 * @param loose also dates that lost what parts their numbers, and such in which letters were read for digits: only to be believed where a
 *   label announces a date
 */
export function findDates(text: string, loose = false): readonly DateMention[] {
  if (!/\d/.test(text)) return [];
  const upper = plain(text);
  let found = mentionsIn(upper, false);
  if (loose && found.length === 0) {
    found = mentionsIn(upper, true);
    const repaired = withDigitsRepaired(upper);
    if (found.length === 0 && repaired !== upper)
      found = mentionsIn(repaired, true).map((mention) => ({ ...mention, repaired: true }));
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Nobody who holds a valid document was born earlier, and no document is valid for longer. */
const OLDEST = 120;
const FURTHEST = 50;

function resolved(
  year: string,
  month: number,
  day: number,
  kind: DateKind,
  today: string,
): string | undefined {
  const two = (value: number) => String(value).padStart(2, '0');
  const date =
    year.length === 4
      ? calendarDate(Number(year), month, day)
      : mrzDate(`${year}${two(month)}${two(day)}`, kind, today);
  if (date === undefined || !isCalendarDate(date)) return undefined;
  const distance = Number(date.slice(0, 4)) - Number(today.slice(0, 4));
  return distance >= -OLDEST && distance <= FURTHEST ? date : undefined;
}

/** The days that a mention may mean, `YYYY-MM-DD`: none where there is no such day, two where day and month cannot be told apart. */
export function readingsOf(
  { year, readings }: DateMention,
  kind: DateKind,
  today: string,
  order: DateOrder,
): readonly string[] {
  const possible = readings.flatMap((reading) => {
    const date = resolved(year, reading.month, reading.day, kind, today);
    return date === undefined ? [] : [{ date, order: reading.order }];
  });
  // What a page settles rules out the other order, even if only the other makes a day.
  const allowed =
    order === 'unknown'
      ? possible
      : possible.filter((reading) => reading.order === undefined || reading.order === order);
  return [...new Set(allowed.map(({ date }) => date))];
}

/**
 * Dates that a text may say: `17 MAR 1994`, `17MAR/MARS94`, `17.03.1994`, `1994-03-17`, `March 17, 1994`. Two where day and month cannot be
 * told apart; none for a day that does not exist.
 *
 * @param kind settles the century of a year of two digits, together with `today` (`YYYY-MM-DD`)
 * @returns distinct dates, `YYYY-MM-DD`
 */
export function printedDates(
  text: string,
  kind: DateKind,
  today: string,
  order: DateOrder = 'unknown',
): readonly string[] {
  return [...new Set(findDates(text).flatMap((mention) => readingsOf(mention, kind, today, order)))];
}
