import { MRZ_FIELDS, type MrzField } from '../mrz.js';
import { wordsOf } from '../transliteration.js';
import { compareField, differences, nameTester } from './compare-values.js';
import { findLabels } from './find-labels.js';
import { squeezed, withoutLookalikes } from './letters.js';
import { printedDates } from './printed-dates.js';
import type { PrintedFields, PrintedLine, PrintedValue } from './printed-line.js';

/** What a zone says, in the normal form of a reading. */
export type ZoneFields = Readonly<Partial<Record<MrzField, string>>>;

/** The zones of a document that were read. */
export interface Zones {
  /** Leave out fields whose check digit fails: they would contradict for being misread. */
  readonly mrz?: ZoneFields;
  /** With the confidence of each value, or without where all are taken for clear. */
  readonly printed?: PrintedFields | ZoneFields;
  readonly barcode?: ZoneFields;
  /** All print that was read: what stands anywhere on it is confirmed, and cannot be contradicted by what a label was taken for. */
  readonly lines?: readonly Line[];
  /** `YYYY-MM-DD`, wanted with `lines` for years of two digits. */
  readonly today?: string;
}

export interface CrossCheck {
  /** Fields that two zones at least say alike, and none otherwise. */
  readonly confirmed: ReadonlySet<MrzField>;
  /** Fields that two zones surely say differently, in the order of {@link MRZ_FIELDS}. */
  readonly contradicted: readonly MrzField[];
}

/** Print must be read this surely before it may contradict a zone. */
const CLEAR = 0.9;
/** … and this surely where one character alone differs, which may be the one that was misread. */
const VERY_CLEAR = 0.95;

/**
 * Fields that print may contradict. One letter is too little for the sex; a nationality and the title of a page are words of many forms, and a
 * residence permit bears two states.
 */
const CONTRADICTED_BY_PRINT: ReadonlySet<MrzField> = new Set([
  'surname',
  'given_names',
  'date_of_birth',
  'expires_on',
  'document_number',
]);

type Line = Pick<PrintedLine, 'text'>;

function behindLabel(line: Line): string {
  const label = findLabels(line).at(-1);
  return label === undefined ? '' : line.text.slice(label.end);
}

/** A line, and its words. */
interface LineOfWords {
  readonly line: Line;
  readonly words: readonly string[];
}

/** Tells whether the words of a name stand in a line of their own, or follow a label there. */
function nameFinder(words: readonly string[]): (line: LineOfWords) => boolean {
  const isName = nameTester(words.join(' '));
  const areWords = words.map(nameTester);
  return ({ line, words: inLine }) =>
    isName(line.text) || areWords.every((isWord) => inLine.some(isWord)) || isName(behindLabel(line));
}

const DATES = [
  ['date_of_birth', 'birth'],
  ['expires_on', 'expiry'],
] as const;

/**
 * The fields of a zone that stand in print as well. Names must make up a line or whole words of it: a name that lost a letter in reading
 * would be part of the printed one, too.
 *
 * @param today `YYYY-MM-DD`
 */
export function confirmedByPrint(
  fields: ZoneFields,
  lines: readonly Line[],
  today: string,
): ReadonlySet<MrzField> {
  const confirmed = new Set<MrzField>();
  const printed = lines.map((line) => ({ line, words: wordsOf(line.text) }));
  for (const name of ['surname', 'given_names'] as const) {
    const words = wordsOf(fields[name] ?? '');
    if (words.length === 0) continue;
    // Long given names are printed over several lines.
    const inParts = () => words.every((word) => printed.some(nameFinder([word])));
    if (printed.some(nameFinder(words)) || inParts()) confirmed.add(name);
  }
  for (const [name, kind] of DATES) {
    const date = fields[name];
    if (date !== undefined && lines.some(({ text }) => printedDates(text, kind, today).includes(date)))
      confirmed.add(name);
  }
  const number = squeezed(fields.document_number ?? '');
  if (number.length >= LEAST_NUMBER && lines.some(({ text }) => squeezed(text).includes(number)))
    confirmed.add('document_number');
  return confirmed;
}

/** Shorter numbers stand in others by chance. */
const LEAST_NUMBER = 5;

/** Print in which a number stands but for characters that look alike. */
function holdsNumber(lines: readonly Line[], number: string): boolean {
  const shape = withoutLookalikes(squeezed(number));
  return (
    shape.length >= LEAST_NUMBER &&
    lines.some(({ text }) => withoutLookalikes(squeezed(text)).includes(shape))
  );
}

const textOf = (value: PrintedValue | string): string => (typeof value === 'string' ? value : value.value);

function plainFields(printed: PrintedFields | ZoneFields): ZoneFields {
  const fields: Partial<Record<MrzField, string>> = {};
  for (const name of MRZ_FIELDS) {
    const value = printed[name];
    if (value !== undefined) fields[name] = textOf(value);
  }
  return fields;
}

/** Whether print is clear enough for its difference to mean something. */
function isClear(field: MrzField, value: PrintedValue | string | undefined, other: string): boolean {
  if (value === undefined || !CONTRADICTED_BY_PRINT.has(field)) return false;
  if (typeof value === 'string') return true;
  const least = differences(value.value, other) <= 1 ? VERY_CLEAR : CLEAR;
  return value.confidence >= least;
}

/** What print says differently from a zone, clearly, while nothing on the page says the same. */
function contradictions(
  fields: ZoneFields,
  printed: PrintedFields | ZoneFields,
  confirmed: ReadonlySet<MrzField>,
): readonly MrzField[] {
  const plain = plainFields(printed);
  return MRZ_FIELDS.filter(
    (name) =>
      !confirmed.has(name) &&
      isClear(name, printed[name], fields[name] ?? '') &&
      compareField(name, fields, plain) === 'different',
  );
}

/**
 * Fields of which print says, clearly and under their label, something else than the machine-readable zone, while nothing on the page
 * says the same: a sign that one of the two was tampered with.
 *
 * @param confirmed as {@link confirmedByPrint} gives it
 */
export function contradictedByPrint(
  fields: ZoneFields,
  printed: PrintedFields,
  confirmed: ReadonlySet<MrzField>,
): readonly MrzField[] {
  return contradictions(fields, printed, confirmed);
}

/**
 * Holds the zones of a document against each other. Names are compared by their transliteration, so that Müller is MUELLER; what a zone cut
 * off, particles, further given names and single misread letters are no contradiction. Dates and numbers that differ are one.
 *
 * A contradiction is sure, an agreement is evidence; a field that is in neither was said by one zone alone, or is in doubt.
 */
export function crossCheckZones({ mrz, printed, barcode, lines = [], today }: Zones): CrossCheck {
  const contradicted = new Set<MrzField>();
  const confirmed = new Set<MrzField>();
  const check = (a: ZoneFields, b: ZoneFields, differ: (name: MrzField) => boolean, mutual = false) => {
    for (const name of MRZ_FIELDS) {
      const compared = compareField(name, a, b);
      if (compared === 'same' && (!mutual || compareField(name, b, a) === 'same')) confirmed.add(name);
      else if (compared === 'different' && differ(name)) contradicted.add(name);
    }
  };
  // Neither of two machine-readable zones is print, that may say more than the other: each must attest all of it.
  if (mrz && barcode) check(mrz, barcode, () => true, true);
  for (const zone of [mrz, barcode]) {
    if (!zone) continue;
    const onPage = today === undefined ? new Set<MrzField>() : confirmedByPrint(zone, lines, today);
    for (const name of onPage) confirmed.add(name);
    if (!printed) continue;
    const number = zone.document_number;
    const alike =
      number !== undefined && holdsNumber(lines, number)
        ? new Set([...onPage, 'document_number' as const])
        : onPage;
    const against = new Set(contradictions(zone, printed, alike));
    check(zone, plainFields(printed), (name) => against.has(name));
  }
  for (const name of contradicted) confirmed.delete(name);
  return { confirmed, contradicted: MRZ_FIELDS.filter((name) => contradicted.has(name)) };
}
