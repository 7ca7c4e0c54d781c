import { isStateCode, type MrzField } from '../mrz.js';
import { findDates, readingsOf, type DateKind, type DateMention, type DateOrder } from './printed-dates.js';
import { lettersOnly, plain, squeezed } from './letters.js';
import { resemblesLabel } from './find-labels.js';
import { nationalityOf } from './state-names.js';

/** What is known of a page before its values are read. */
export interface PageContext {
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly order: DateOrder;
  /** Languages of the labels. */
  readonly languages: ReadonlySet<string>;
  /** Years are printed with four digits. */
  readonly fullYears: boolean;
}

/** The days that a mention may mean on this page. */
export function readingsOn(mention: DateMention, kind: DateKind, page: PageContext): readonly string[] {
  // `01 MAR 20` among dates of four digits is one that was cut off.
  const isCutOff = page.fullYears && (mention.year === '19' || mention.year === '20');
  return isCutOff ? [] : readingsOf(mention, kind, page.today, page.order);
}

/** A value read from a text, with how much less sure it is than the text. */
export interface ParsedValue {
  readonly value: string;
  /** 0–1 */
  readonly factor: number;
  /** The characters it was read from. */
  readonly start: number;
  readonly end: number;
}

/** A character was mended, or parts of a date ran together. */
export const REPAIRED = 0.85;
/** A letter was taken for a digit in a name: which one it was is a guess. */
const GUESSED = 0.7;

const NAME = /^[\p{L}\p{M}][\p{L}\p{M}'’`´.\- ]*$/u;
const LONGEST_NAME = 60;
const EDGES = /^[\s.,:;/\-–_*]+|[\s,:;/\-–_*]+$/g;
/** Forms of address that licences put before given names. */
const TITLES = /^(?:(?:MR|MRS|MS|MISS|DR|MX)\.? +|MRS)(?=\p{L})/u;
/** Words of titles and forms that are nobody's name. */
const NO_NAME =
  /PASSPORT|PASSEPORT|REISEPASS|PASAPORTE|IDENTITY|IDENTITE|IDENTIFICATION|LICEN[CS]E|REPUBLI[CKQ]|REPUBBLICA|DEPARTMENT|MINISTRY|GOVERNMENT|EUROPEAN ?UNION|DRIVER|PERMIS DE/;

function repairName(text: string): ParsedValue['value'] | null {
  const letters: Readonly<Record<string, string>> = { '0': 'O', '1': 'I', '5': 'S', '8': 'B' };
  const digits = text.match(/\d/g) ?? [];
  const [digit] = digits;
  const letter = letters[digit ?? ''];
  const insideWord = /\p{L}\d|\d\p{L}/u.test(text);
  if (digits.length !== 1 || letter === undefined || !insideWord || lettersOnly(text).length < 4) return null;
  return text.replace(/\d/, letter);
}

function asName(text: string): Omit<ParsedValue, 'start' | 'end'> | undefined {
  const trimmed = text
    .replace(EDGES, '')
    .replace(/^\(?\d[.)]\s*/, '')
    .replace(/\.$/, '')
    .trim();
  const repaired = /\d/.test(trimmed) ? repairName(trimmed) : trimmed;
  if (repaired === null || repaired.length > LONGEST_NAME || !NAME.test(repaired)) return undefined;
  const value = repaired.toUpperCase().replace(TITLES, '').replace(/\s+/g, ' ').trim();
  if (lettersOnly(value).length < 2 || NO_NAME.test(plain(value)) || resemblesLabel(value)) return undefined;
  return { value, factor: repaired === trimmed ? 1 : GUESSED };
}

function asDate(kind: DateKind, text: string, page: PageContext): ParsedValue | undefined {
  const mentions = findDates(text, true);
  const possible = mentions.flatMap((mention) => {
    const [value, other] = readingsOn(mention, kind, page);
    return value !== undefined && other === undefined ? [{ ...mention, value }] : [];
  });
  const [first, second] = possible;
  if (!first || possible.length < mentions.length) return undefined;
  // Of a span of time but one end was read.
  if (!second && /^\s*[-–—]\s*[\dOQILSB]{2}/.test(plain(text).slice(first.end))) return undefined;
  const found = ({ value, repaired, start, end }: typeof first) => ({
    value,
    factor: repaired ? REPAIRED : 1,
    start,
    end,
  });
  if (!second) return found(first);
  // A span of time, from issue to expiry; of any other two dates nothing tells which is meant.
  return kind === 'expiry' && possible.length === 2 && first.value < second.value ? found(second) : undefined;
}

const LEAST_NUMBER = 5;
const LONGEST_NUMBER = 20;
const isNumber = (characters: string): boolean =>
  characters.length >= LEAST_NUMBER &&
  characters.length <= LONGEST_NUMBER &&
  /\d{2}/.test(characters) &&
  (characters.match(/\d/g) ?? []).length >= 3;

/** A driver number of Great Britain is followed by the number of the copy, which is no part of it. */
const BRITISH_DRIVER = /^([A-Z9]{5}\d{6}[A-Z9]{2}[A-Z0-9]{3})\d{2}$/;

function asNumber(text: string): Omit<ParsedValue, 'start' | 'end'> | undefined {
  const cleaned = plain(text)
    .replace(/^\W+/, '')
    .replace(/^(?:NO|NR|N)(?:[.:O]+\s*|\s+)(?=[A-Z]*\d)/, '')
    .replace(/\b(?:NO|NR)[.: ]*(?=\d)/, '')
    .replace(/^#/, '')
    .trim();
  const mention = findDates(cleaned)[0];
  if (mention && mention.start === 0 && mention.end >= cleaned.length - 1) return undefined;
  const words = cleaned.split(/[\s,:;]+/).filter((word) => word !== '');
  const numbers = words.map(squeezed).filter(isNumber);
  // Print around a number: one word of it is the number, or groups of it are parted.
  const together = squeezed(cleaned);
  const grouped = words.every((word) => /\d/.test(word) || squeezed(word).length <= 3);
  const [sole, second] = numbers;
  const characters = grouped && isNumber(together) ? together : second === undefined ? sole : undefined;
  if (characters === undefined || /[A-Z]{6}/.test(characters)) return undefined;
  // Fields 4d and 9 of American cards, that lost the space between the number and what stands before or behind it.
  const isRunTogether = /^4D|\d\.(?:\s|$|[A-Z])/.test(cleaned);
  const factor = isRunTogether ? 0.6 : characters === together ? 1 : 0.9;
  return { value: BRITISH_DRIVER.exec(characters)?.[1] ?? characters, factor };
}

const SEX_WORDS: Readonly<Record<string, string>> = {
  ...{ M: 'M', F: 'F', X: 'X', MALE: 'M', FEMALE: 'F', MM: 'M', FF: 'F', XX: 'X' },
  ...{
    MASCULIN: 'M',
    FEMININ: 'F',
    MASCULINO: 'M',
    FEMENINO: 'F',
    FEMININO: 'F',
    MASCHIO: 'M',
    FEMMINA: 'F',
  },
  ...{ MANNLICH: 'M', WEIBLICH: 'F', HOMME: 'M', FEMME: 'F', MUZ: 'M', ZENA: 'F', MUSKI: 'M', ZENSKI: 'F' },
  ...{ MAN: 'M', VROUW: 'F', MIES: 'M', NAINEN: 'F', KVINDE: 'F', KVINNA: 'F', KVINNE: 'F', MAND: 'M' },
};
/** Languages in which a lone letter of those of ICAO stands for the other sex: `M` in Lithuanian (moteris), `F` in Hungarian (férfi). */
const MISLEADING: readonly (readonly [language: string, letter: string])[] = [
  ['lt', 'M'],
  ['hu', 'F'],
];
/** Letters before the stroke, of languages whose word begins otherwise than in English. */
const NATIONAL_LETTER = /^[A-ZŽ]{1,5}\.?$/;

function asSex(text: string, { languages }: PageContext): Omit<ParsedValue, 'start' | 'end'> | undefined {
  const trimmed = text.replace(EDGES, '');
  const parts = trimmed.split(/[/|\\]/).map((part) => part.trim());
  const last = SEX_WORDS[squeezed(parts.at(-1) ?? '')];
  if (
    last === undefined ||
    !parts.every((part) => NATIONAL_LETTER.test(plain(part)) || SEX_WORDS[squeezed(part)])
  )
    return undefined;
  // ICAO 9303-3, 3.5: the letter of English or French stands behind the stroke.
  const lone = parts.length === 1;
  const letters = squeezed(trimmed);
  if (lone && MISLEADING.some(([language, letter]) => languages.has(language) && letters === letter))
    return undefined;
  return { value: last, factor: lone && (letters === 'MM' || letters === 'FF') ? REPAIRED : 1 };
}

function asNationality(text: string): Omit<ParsedValue, 'start' | 'end'> | undefined {
  // A date may share the line: `MAGYAR/HUNGARIAN22FEB/FEB78`.
  const words = text.split(/\d/)[0] ?? '';
  const found = nationalityOf(words.replace(EDGES, ''));
  return found && { value: found.code, factor: found.misread ? 0.9 : 1 };
}

function asIssuer(text: string): Omit<ParsedValue, 'start' | 'end'> | undefined {
  const code = plain(text).replace(/[^A-Z0-9<]/g, '');
  if (code === 'D' || code === 'D<<' || code === 'DEU') return { value: 'D', factor: code === 'D' ? 0.8 : 1 };
  return /^[A-Z]{3}$/.test(code) && isStateCode(code) ? { value: code, factor: 1 } : undefined;
}

/** The value of a field as it is written in a reading, or `undefined` where the text can be no such value, or may be several. */
export function parseValue(field: MrzField, text: string, page: PageContext): ParsedValue | undefined {
  const whole = (parsed: Omit<ParsedValue, 'start' | 'end'> | undefined): ParsedValue | undefined =>
    parsed && { ...parsed, start: 0, end: text.length };
  switch (field) {
    case 'surname':
      return whole(asName(text));
    case 'given_names':
      // France and others part them by commas.
      return whole(asName(text.replace(/,\s*/g, ' ')));
    case 'date_of_birth':
      return asDate('birth', text, page);
    case 'expires_on':
      return asDate('expiry', text, page);
    case 'document_number':
      return whole(asNumber(text));
    case 'sex':
      return whole(asSex(text, page));
    case 'nationality':
      return whole(asNationality(text));
    case 'issuer':
      return whole(asIssuer(text));
  }
}
