import type { PrintedLine } from '../document-fields.js';
import { bitsIn, distance } from '../printed/letters.js';
import { NATIONAL_SCHEMES, type NationalScheme } from './national-schemes.js';
import { FORMS, MOST_LOOKALIKES } from './number-forms.js';
import {
  announcesOtherNumber,
  asDigit,
  asLetter,
  isDate,
  isZoneText,
  partsOf,
  plainText,
  readDigits,
  rowsOf,
  type PrintedRow,
} from './printed-rows.js';
import { spanOf, type PrivateSpan } from './span.js';

/** What else is known of the document, as far as it is. */
export interface DocumentContext {
  /** The document's own number as the reading relies on it: without a label that says so, it is no national number. */
  readonly document_number?: string;
  /** ICAO codes of issuer and nationality: schemes with weak check digits are believed on documents of their own states only. */
  readonly states?: readonly string[];
}

/** A run of characters of a text. */
interface Run {
  readonly from: number;
  readonly to: number;
}

// ---- labels -------------------------------------------------------------------------------------------------------------------------

interface Label extends Run {
  readonly scheme: NationalScheme;
  readonly length: number;
}

interface KnownLabel {
  readonly text: string;
  readonly letters: number;
  readonly scheme: NationalScheme;
}

/** Which letters a word has, one bit each; all that are not of A–Z share one. */
function letterSet(word: string): number {
  let set = 0;
  for (let at = 0; at < word.length; at++) {
    const place = word.charCodeAt(at) - 65;
    set |= 1 << (place >= 0 && place < 26 ? place : 26);
  }
  return set;
}

const ALL_LABELS: readonly KnownLabel[] = NATIONAL_SCHEMES.flatMap((scheme) =>
  scheme.labels.map((text) => ({ text, letters: letterSet(text), scheme })),
);

/** Words and labels that are nearly labels of national numbers, and none. */
const OTHER_LABELS = [
  ...[
    'NATIONALITY',
    'NATIONALITE',
    'PERSONALIA',
    'PERSONALAUSWEIS',
    'IDENTITYCARDNO',
    'IDENTITYCARD',
    'IDCARDNO',
  ],
  ...['IDENTITY', 'IDENTITE', 'PERSONAL', 'NATIONAL', 'IDENTIFICATION', 'NUMERO', 'PERSONNEL', 'REGISTRE'],
];

/** Wrong letters that a label of that length may bear: long ones are read badly, short ones must not be found in other words. */
const tolerance = (length: number): number => (length < 8 ? 0 : length < 10 ? 1 : 2);
/** Words that one label may have. */
const MOST_WORDS = 7;

/** Labels by their length: only those of nearly the same length can be meant. */
const LABELS_BY_LENGTH = new Map<number, KnownLabel[]>();
for (const label of ALL_LABELS) {
  const { length } = label.text;
  LABELS_BY_LENGTH.set(length, [...(LABELS_BY_LENGTH.get(length) ?? []), label]);
}
const MOST_WRONG = 2;

/** Each wrong letter adds one letter to a word at most, and takes one away: most labels are ruled out by that alone. */
const canBe = (letters: number, label: KnownLabel, most: number): boolean =>
  bitsIn(label.letters & ~letters) <= most && bitsIn(letters & ~label.letters) <= most;

function schemeOfLabel(word: string): NationalScheme | undefined {
  if (word.length < 2) return undefined;
  const letters = letterSet(word);
  let found: NationalScheme | undefined;
  let least = Infinity;
  for (let length = word.length - MOST_WRONG; length <= word.length + MOST_WRONG; length++)
    for (const label of LABELS_BY_LENGTH.get(length) ?? []) {
      const most = tolerance(length);
      // What is short of its label's end is short of the word that makes it a number's: "National identity" is a title.
      const isBeginning = length > word.length && label.text.startsWith(word);
      if (isBeginning || !canBe(letters, label, most)) continue;
      const wrong = distance(word, label.text, most);
      if (wrong > most || wrong >= least) continue;
      found = label.scheme;
      least = wrong;
    }
  const isOther =
    found !== undefined &&
    OTHER_LABELS.some((label) => distance(word, label, MOST_WRONG) <= Math.min(least, MOST_WRONG));
  return isOther ? undefined : found;
}

/** Words of letters; one that digits are glued to ends where they begin. */
const wordsIn = (text: string): readonly (Run & { readonly letters: string })[] =>
  [...text.matchAll(/\p{L}[\p{L}\d]*?(?=\d{3}|[^\p{L}\d]|$)/gu)].map((word) => ({
    from: word.index,
    to: word.index + word[0].length,
    letters: [...word[0]].map(asLetter).join(''),
  }));

/** Longest labels first, none within another. */
function labelsIn(text: string): readonly Label[] {
  const words = wordsIn(text);
  const found: Label[] = [];
  for (let first = 0; first < words.length; first++)
    for (let count = Math.min(MOST_WORDS, words.length - first); count > 0; count--) {
      const own = words.slice(first, first + count);
      const [head, tail] = [own[0], own.at(-1)];
      const letters = own.map((word) => word.letters).join('');
      const scheme = schemeOfLabel(letters);
      if (head && tail && scheme) {
        found.push({ from: head.from, to: tail.to, scheme, length: letters.length });
        break;
      }
    }
  const glued = found.length > 0 ? null : gluedLabel(text);
  return glued ? [glued] : found;
}

/** A label in a word that it makes up only the beginning or the end of: recognisers drop spaces, also between two languages. */
function gluedLabel(text: string): Label | null {
  const letters = text.replace(/\d(?=\d)|(?<=\d)\d/g, '·');
  let best: Label | null = null;
  for (const { text: label, scheme } of ALL_LABELS) {
    if (label.length < 8 && !(label.length >= 5 && letters.startsWith(label))) continue;
    const at = letters.indexOf(label);
    if (at >= 0 && label.length > (best?.length ?? 0))
      best = { from: at, to: at + label.length, scheme, length: label.length };
  }
  return best;
}

// ---- values under a label -----------------------------------------------------------------------------------------------------------

/** What may stand within a number, between two groups. */
const JOINT = /^[\s.·/+:()–—-]{1,3}$/;
/** A label this short is believed only of a value that is exactly as long as its scheme says. */
const SHORT_LABEL = 4;
/** Characters that a number under a long label may have more, or less, than its scheme says: recognisers lose and double some. */
const SLACK = 1;
const LEAST_CHARACTERS = 5;
/** Digits that a number has at least: words that were read with a digit in them are none. */
const LEAST_DIGITS = 4;
/** Words between a label and its number: the label in other languages. */
const MOST_BETWEEN = 6;
/** Words that announce another value than the label's. */
const ANNOUNCES_ANOTHER =
  /DATE|BIRTH|NAISSANCE|DOCUMENT|PASSPORT|CARD|LICEN|EXPIR|ISSUE|VALID|PHONE|\bTEL\b|HEIGHT|ADDRESS|NATIONALIT|\bSEX|DATUM|FECHA/;

interface Value extends Run {
  readonly characters: number;
}

const charactersIn = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length;

/** Groups that may make up a number: such as hold a digit, and single letters beside them. */
function groupsFrom(text: string, start: number): readonly Run[] {
  const groups: Run[] = [];
  for (const word of text.slice(start).matchAll(/[\p{L}\p{N}]+/gu)) {
    const run = { from: start + word.index, to: start + word.index + word[0].length };
    const last = groups.at(-1);
    const isNumber = /\d/.test(word[0]);
    // A single letter goes with a number that it is joined to: a check letter, the bracket of a Hong Kong number.
    const isPart =
      isNumber || (word[0].length === 1 && (groups.length > 0 || /^\W?\d/.test(text.slice(run.to))));
    if (last && (!isPart || !JOINT.test(text.slice(last.to, run.from)))) break;
    if (isPart) groups.push(run);
    else if (run.from > start && groups.length > 0) break;
  }
  return groups;
}

/** The number that begins at the first digit behind a place, as long as its scheme allows; what follows it is left out. */
function valueFrom(
  row: { readonly text: string; readonly digits: string },
  start: number,
  label: Label,
): Value | null {
  const groups = groupsFrom(row.digits, start);
  const [first] = groups;
  if (!first) return null;
  const [least, most] = label.scheme.lengths;
  const strict = label.length <= SHORT_LABEL;
  const ends = groups
    .map((group) => ({ to: group.to, characters: charactersIn(row.digits.slice(first.from, group.to)) }))
    .filter(({ characters }) => characters >= Math.max(LEAST_CHARACTERS, least - (strict ? 0 : SLACK)));
  const exact = ends.filter(({ characters }) => characters >= least && characters <= most);
  const end = exact.at(-1) ?? (strict ? undefined : ends[0]);
  const text = row.digits.slice(first.from, end?.to);
  if (!end || isDate(text) || text.replace(/\D/g, '').length < LEAST_DIGITS) return null;
  // Closing brackets belong to the number they close.
  const to = row.text.charAt(end.to) === ')' ? end.to + 1 : end.to;
  return { from: first.from, to, characters: end.characters };
}

/** Whether nothing between a label and a number says that the number is another field's. */
function leadsOn(between: string): boolean {
  return !ANNOUNCES_ANOTHER.test(between) && (between.match(/\p{L}+/gu) ?? []).length <= MOST_BETWEEN;
}

function valueBehind(row: PrintedRow, label: Label): Value | null {
  const rest = row.text.slice(label.to);
  // The number sign of the label itself is not the number.
  const first = /\d|\b\p{L}(?=\W?\d)/u.exec(row.digits.slice(label.to));
  if (!first || !leadsOn(rest.slice(0, first.index))) return null;
  const wordStart =
    label.to + first.index - (/[\p{L}\p{N}]*$/u.exec(rest.slice(0, first.index))?.[0].length ?? 0);
  return valueFrom(row, wordStart, label);
}

/** Distances, in heights of a line, within which a value stands below its label. */
const BELOW = 3;

interface Place {
  readonly line: PrintedLine;
  readonly index: number;
}

/** Lines below a part of a line, nearest first. */
function placesBelow(
  label: PrintedLine,
  left: number,
  right: number,
  lines: readonly PrintedLine[],
): readonly Place[] {
  return lines
    .map((line, index) => ({ line, index, down: line.middle - label.middle }))
    .filter(({ line, down }) => {
      const unit = Math.max(label.height, line.height);
      return down > 0.4 * unit && down < BELOW * unit && line.left < right + unit && line.right > left - unit;
    })
    .sort((a, b) => a.down - b.down || Math.abs(a.line.left - left) - Math.abs(b.line.left - left));
}

function valueBelow(
  label: Label,
  labelLine: PrintedLine,
  lines: readonly PrintedLine[],
): { readonly index: number; readonly value: Value } | null {
  const { start, end } = spanOf('national_number', 0, labelLine.text, label.from, label.to);
  const width = labelLine.right - labelLine.left;
  const [left, right] = [labelLine.left + start * width, labelLine.left + end * width];
  for (const { line, index } of placesBelow(labelLine, left, right, lines)) {
    const text = plainText(line.text);
    if (isZoneText(text)) continue;
    const words = { text, digits: readDigits(text) };
    const first = /[\p{L}\p{N}]/u.exec(text)?.index ?? 0;
    const value = /\d/.test(words.digits) ? valueInColumn(words, first, label, line, left) : null;
    if (value) return { index, value };
    // Below another label stands that one's value.
    if (!/\d/.test(text) && ANNOUNCES_ANOTHER.test(text)) return null;
  }
  return null;
}

/** Several values may have been taken for one line: the one that stands below the label is meant. */
function valueInColumn(
  row: { readonly text: string; readonly digits: string },
  first: number,
  label: Label,
  line: PrintedLine,
  left: number,
): Value | null {
  const starts = [...row.digits.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map((word) => word.index);
  const place = (at: number) =>
    line.left + spanOf('national_number', 0, line.text, at, at + 1).start * (line.right - line.left);
  const near = starts
    .filter((at) => at >= first)
    .map((at) => ({ at, value: valueFrom(row, at, label) }))
    .filter(
      (found): found is { at: number; value: Value } => found.value !== null && found.value.from === found.at,
    )
    .sort((a, b) => Math.abs(place(a.at) - left) - Math.abs(place(b.at) - left));
  const [least, most] = label.scheme.lengths;
  const fitting = near.find(({ value }) => value.characters >= least && value.characters <= most);
  return (fitting ?? near[0])?.value ?? null;
}

function labelledIn(row: PrintedRow, lines: readonly PrintedLine[]): readonly PrivateSpan[] {
  const spans: PrivateSpan[] = [];
  for (const label of labelsIn(row.text)) {
    const value = valueBehind(row, label);
    if (value) {
      spans.push(...spansOf(row, value, lines));
      continue;
    }
    const origin = row.origins[label.from];
    const line = origin ? lines[origin.line] : undefined;
    if (!origin || !line) continue;
    const own = {
      ...label,
      from: origin.at,
      to: Math.min(line.text.length, origin.at + label.to - label.from),
    };
    const below = valueBelow(own, line, lines);
    if (below)
      spans.push(
        spanOf(
          'national_number',
          below.index,
          lines[below.index]?.text ?? '',
          below.value.from,
          below.value.to,
        ),
      );
  }
  return spans;
}

const spansOf = (row: PrintedRow, { from, to }: Run, lines: readonly PrintedLine[]): readonly PrivateSpan[] =>
  partsOf(row, from, to).map((part) =>
    spanOf('national_number', part.line, lines[part.line]?.text ?? '', part.from, part.to),
  );

// ---- field 4d of driving licences ---------------------------------------------------------------------------------------------------

/**
 * Field 4d of a driving licence is a number other than the licence's own (directive 2006/126/EC, annex I), which for many states is the
 * national one. North American licences print the licence number there, and no number of the licence under 5.
 */
function fieldFourD(lines: readonly PrintedLine[]): readonly PrivateSpan[] {
  const texts = lines.map((line) => plainText(line.text));
  const hasOwnNumber = texts.some((text) => /^\W*5[.,:]?\s?[A-Z0-9]*\d/.test(text));
  const isAmerican = texts.some((text) => /\b(?:DLN?|DD|ISS|EXP|CLASS|4[AB]\s?(?:ISS|EXP))\b/.test(text));
  if (!hasOwnNumber || isAmerican) return [];
  return texts.flatMap((text, index) => {
    const label = /^\W*4\s?D[.,:]?\s*/.exec(text)?.[0];
    const rest = label === undefined ? '' : text.slice(label.length);
    const number = /^[A-Z0-9][A-Z0-9 .+/-]{4,20}/.exec(rest)?.[0].trimEnd();
    if (label === undefined || number === undefined || !/\d{4}/.test(number)) return [];
    return [
      spanOf('national_number', index, lines[index]?.text ?? '', label.length, label.length + number.length),
    ];
  });
}

// ---- numbers without a label --------------------------------------------------------------------------------------------------------

/** The characters of a match as the places of its layout want them, and how many had to be exchanged for that. */
function settled(match: string, places: string): { readonly number: string; readonly exchanged: number } {
  // A sign of the century may be a dash, which the others are not counted with.
  const characters = places.includes('S') ? [...match] : [...match.replace(/[^\p{L}\p{N}]/gu, '')];
  let exchanged = 0;
  const number = characters.map((character, index) => {
    const place = places[index];
    const wanted = place === '9' ? asDigit(character) : place === 'A' ? asLetter(character) : character;
    if (wanted !== character) exchanged++;
    return wanted;
  });
  return { number: number.join(''), exchanged };
}

/** Spaces that a recogniser may have put into a run of digits. */
const MOST_SPACES_IN_RUN = 2;

/** Digits, what they are misread as, and what may part them. */
const DIGIT_RUN = /[0-9OQDILZSGB\s.,·/+()–—-]+/g;

/** The number of a card of any sort, as it calls it. */
const CARD_NUMBER = /\bCARD[\s.:]*(?:NO|NR|NUMBER|N)[\s.:°#/]*$/;

function unlabelledIn(
  row: PrintedRow,
  { document_number, states = [] }: DocumentContext,
  lines: readonly PrintedLine[],
): readonly PrivateSpan[] {
  if (isZoneText(row.text)) return [];
  const digits = Math.max(
    0,
    ...(row.text.match(DIGIT_RUN) ?? []).map((run) => run.replace(/[^0-9]/g, '').length),
  );
  return FORMS.flatMap(({ pattern, probe, places, leastDigits, isRun, scheme }) => {
    if (digits < leastDigits) return [];
    if (scheme.isWeak && !scheme.states.some((state) => states.includes(state))) return [];
    if (!probe.test(row.text)) return [];
    return [...row.text.matchAll(pattern)].flatMap((match) => {
      const [text] = match;
      const { number, exchanged } = settled(text, places);
      const isBroken =
        text.includes('\t') || (isRun && (text.match(/\s/g)?.length ?? 0) > MOST_SPACES_IN_RUN);
      if (isBroken || exchanged > MOST_LOOKALIKES || !scheme.holds(number)) return [];
      const lead = row.text.slice(0, match.index);
      if (isOwnNumber(number, document_number) || announcesOtherNumber(lead) || CARD_NUMBER.test(lead))
        return [];
      return spansOf(row, { from: match.index, to: match.index + text.length }, lines);
    });
  });
}

const isOwnNumber = (number: string, own: string | undefined): boolean =>
  own !== undefined && own !== '' && number.replace(/[^A-Z0-9]/g, '') === own.replace(/[^A-Z0-9]/g, '');

/**
 * National identity numbers on a page: what stands behind or below a label that names one, whether or not its check digits hold (a
 * misread number is as private as a right one); field 4d of a European driving licence; and what has the layout, the date and the check
 * digits of a known scheme without a label.
 */
export function findNationalNumbers(
  lines: readonly PrintedLine[],
  context: DocumentContext = {},
): readonly PrivateSpan[] {
  const rows = rowsOf(lines).filter((row) => !isZoneText(row.text));
  return [
    ...rows.flatMap((row) => labelledIn(row, lines)),
    ...fieldFourD(lines),
    ...rows.flatMap((row) => unlabelledIn(row, context, lines)),
  ];
}
