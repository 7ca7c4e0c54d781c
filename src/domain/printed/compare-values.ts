import type { MrzField } from '../mrz.js';
import { transliterationForms, wordsOf } from '../transliteration.js';
import { distance, squeezed, withoutLookalikes } from './letters.js';

/** How two readings of one field stand to each other. `unsure`: different, but not by more than misreading or custom explains. */
export type Comparison = 'same' | 'unsure' | 'different';

/** Two letters in a zone that may be one letter with a sign in print (ICAO 9303-3, section 6); recognisers often drop the sign. */
const DIGRAPHS = [
  ['AE', 'A'],
  ['OE', 'O'],
  ['UE', 'U'],
  ['AA', 'A'],
  ['IJ', 'Y'],
] as const;

/** Spellings of a word without signs: by the tables of ICAO 9303-3, and with the signs lost in reading. */
function formsOf(word: string): ReadonlySet<string> {
  const forms = new Set(transliterationForms(word));
  for (const [pair, letter] of DIGRAPHS)
    for (const form of [...forms]) forms.add(form.replaceAll(pair, letter));
  return forms;
}

/** Longest name that is compared at all. */
const LONGEST = 80;

const joined = (name: string): string => {
  const word = wordsOf(name).join('');
  return word.length > LONGEST ? '' : word;
};

/** Spellings of a whole name, its spaces left out as recognisers do. */
const nameForms = (name: string): ReadonlySet<string> => formsOf(joined(name));

/**
 * Tells whether print may write a name that a zone writes like this: its transliteration, or the letters that are left where the signs were
 * lost. Not the other way round: a zone that lost a letter would have all its spellings in print.
 */
export function nameTester(zone: string): (print: string) => boolean {
  const forms = nameForms(zone);
  return (print) => transliterationForms(joined(print)).some((form) => forms.has(form));
}

/** The same, for one comparison. */
const isSameName = (zone: string, print: string): boolean => nameTester(zone)(print);

/** Words that belong to a surname in one register and not in another. */
const PARTICLES = new Set(
  (
    'VON VOM VAN DE DER DEN DEM DES DU DI DA DO DOS DAS DEL DELLA DELLE DELLO LA LE LES LO LOS LAS TER TEN TE ZU ZUM ZUR AF AV UND Y E I ' +
    'EL AL BIN BINTI BINT IBN ABU BEN BAT MAC MC O SAN SANTA ST NEE GEB EP EPOUSE EPSE VEUVE WIDOW JR SR II III IV'
  ).split(' '),
);

const significant = (name: string): readonly string[] => {
  const words = wordsOf(name);
  const weighty = words.filter((word) => !PARTICLES.has(word));
  return weighty.length === 0 ? words : weighty;
};

/** A reading surely read loses or mistakes this many letters of a name at most. */
const mostMisread = (length: number): number => (length < 8 ? 1 : length < 12 ? 2 : 3);

/** Whether one spelling may be the other, misread. */
function isNear(a: string, b: string): boolean {
  const most = mostMisread(Math.max(a.length, b.length));
  return [...nameForms(a)].some((form) =>
    [...nameForms(b)].some(
      (other) => distance(withoutLookalikes(form), withoutLookalikes(other), most) <= most,
    ),
  );
}

/** Least letters that a part must have to speak for the whole. */
const LEAST_PART = 3;

/** Whether one name holds the other: cut off by the edge of a line, by the length of a zone, or by custom. */
function holds(a: string, b: string): boolean {
  return [...nameForms(a)].some((form) =>
    [...nameForms(b)].some((other) => {
      const [shorter, longer] = form.length < other.length ? [form, other] : [other, form];
      return shorter.length >= LEAST_PART && longer.includes(shorter);
    }),
  );
}

const everyWordIn = (zone: readonly string[], print: readonly string[]): boolean =>
  zone.length > 0 && zone.every((word) => print.some((printed) => isSameName(word, printed)));

/** From this many characters on a zone's name field is full, and what follows was cut (ICAO 9303-5: 30 for both names). */
const FULL_FIELD = 27;

function compareNames(zone: string, print: string, full: boolean): Comparison {
  if (isSameName(zone, print)) return 'same';
  const [words, printed] = [significant(zone), significant(print)];
  // Several given names in print, one in the zone; a surname with its particle or without. What the zone alone has is not attested.
  if (everyWordIn(words, printed)) return 'same';
  if (full && isCut(zone, print)) return 'same';
  if (isNear(zone, print) || holds(zone, print)) return 'unsure';
  const related = words.some((word) => printed.some((other) => isNear(word, other) || holds(word, other)));
  return related ? 'unsure' : 'different';
}

/** Whether a zone's full field ends where print goes on. */
const isCut = (zone: string, print: string): boolean =>
  joined(zone).length >= LEAST_PART && [...nameForms(print)].some((form) => form.startsWith(joined(zone)));

/** Names of a zone, both of them: readings differ in where one ends and the other begins. */
export interface Names {
  readonly surname?: string | undefined;
  readonly given_names?: string | undefined;
}

const isFull = ({ surname = '', given_names: given = '' }: Names): boolean =>
  surname.length + given.length + 2 >= FULL_FIELD;

/** Given names are shortened, left out and spelled by ear: they must share nothing. */
function sharesNothing(a: string, b: string): boolean {
  const longest = (x: string, y: string) => Math.floor(Math.max(x.length, y.length) / 2);
  return wordsOf(a).every((word) =>
    wordsOf(b).every((other) => {
      if (word.length === 1 || other.length === 1) return word.charAt(0) !== other.charAt(0);
      const most = longest(word, other);
      return [...formsOf(word)].every((form) =>
        [...formsOf(other)].every((spelled) => distance(form, spelled, most) > most),
      );
    }),
  );
}

export function compareName(field: 'surname' | 'given_names', a: Names, b: Names): Comparison | undefined {
  const [one, two] = [a[field], b[field]];
  if (one === undefined || two === undefined) return undefined;
  const compared = compareNames(one, two, isFull(a) || isFull(b));
  if (compared !== 'different') return compared;
  // Taken for the other part of the name: nothing is said of a different person.
  const other = field === 'surname' ? 'given_names' : 'surname';
  const crossed = [
    [one, b[other]],
    [two, a[other]],
  ] as const;
  if (crossed.some(([x, y]) => y !== undefined && compareNames(x, y, true) !== 'different')) return 'unsure';
  return field === 'surname' || sharesNothing(one, two) ? 'different' : 'unsure';
}

/** Days that print may write alike: the year in two digits, day and month in either order. */
function compareDates(a: string, b: string): Comparison {
  if (a === b) return 'same';
  const [yearA, monthA, dayA] = a.split('-');
  const [yearB, monthB, dayB] = b.split('-');
  // A zone has two digits of the year, and whoever is a hundred was born this year by it.
  if (yearA?.slice(2) !== yearB?.slice(2)) return 'different';
  if (monthA === monthB && dayA === dayB) return 'unsure';
  return monthA === dayB && dayA === monthB ? 'unsure' : 'different';
}

const patternOf = (number: string): string => number.replace(/[A-Z]/g, 'A').replace(/\d/g, '0');

function compareNumbers(a: string, b: string): Comparison {
  if (squeezed(a) === squeezed(b)) return 'same';
  const [one, two] = [withoutLookalikes(squeezed(a)), withoutLookalikes(squeezed(b))];
  if (one.includes(two) || two.includes(one)) return 'unsure';
  // A document bears several numbers; only two of one build claim to be the same.
  return patternOf(one) === patternOf(two) ? 'different' : 'unsure';
}

/** Kinds of British nationality (ICAO 9303-3, section 5, part B), which print calls British alike. */
const stateOf = (code: string): string => (/^GB[DNOPS]$/.test(code) ? 'GBR' : code === 'DEU' ? 'D' : code);

/**
 * Compares what two zones of a document say of a field.
 *
 * @param a a machine-readable zone, whose value is `same` where `b` attests all of it
 * @returns `undefined` where one of them says nothing
 */
export function compareField(
  field: MrzField,
  a: Readonly<Partial<Record<MrzField, string>>>,
  b: Readonly<Partial<Record<MrzField, string>>>,
): Comparison | undefined {
  const [one, two] = [a[field], b[field]];
  if (one === undefined || two === undefined) return undefined;
  switch (field) {
    case 'surname':
    case 'given_names':
      return compareName(field, a, b);
    case 'date_of_birth':
    case 'expires_on':
      return compareDates(one, two);
    case 'document_number':
      return compareNumbers(one, two);
    case 'sex':
      return one === two ? 'same' : one === 'X' || two === 'X' ? 'unsure' : 'different';
    case 'nationality':
    case 'issuer':
      return stateOf(one) === stateOf(two) ? 'same' : 'different';
  }
}

/** Characters in which two readings of equal length differ. */
export const differences = (a: string, b: string): number =>
  distance(squeezed(a), squeezed(b), Math.max(a.length, b.length));
