import type { Stretch } from './align.js';
import type { DocumentName } from './types.js';
import { DEGREES, NAME_PLACEHOLDERS, SUFFIXES, TITLES } from './vocabulary.js';
import { asSuffix, keyOf, toWords, weightOf, type Part, type Word } from './words.js';

/** The name asked for, taken apart as far as it says itself how. */
export interface ExpectedName {
  readonly words: readonly Word[];
  readonly suffix: readonly Word[];
  readonly titles: readonly Word[];
  /** How many words stand before a comma that sets the surname apart; 0 where there is none. */
  readonly surnameWords: number;
}

/** One way to tell the surname and the given names in the name asked for apart. */
export interface Reading {
  readonly surname: Stretch;
  readonly givenNames: Stretch;
  /** The surname stands first, though given names follow. */
  readonly surnameFirst: boolean;
  /** The name says so itself, by a comma. */
  readonly isGiven: boolean;
}

/** Both sides without what is no part of a name. */
export interface Sides {
  readonly expected: readonly Word[];
  /** Surname, then given names. */
  readonly document: readonly Word[];
  readonly surnameWords: number;
  readonly expectedSuffix: readonly Word[];
  readonly documentSuffix: readonly Word[];
  readonly titles: readonly Word[];
  readonly totalWeight: number;
}

interface Untitled {
  readonly titles: readonly Word[];
  readonly words: readonly Word[];
}

function splitFront(words: readonly Word[]): Untitled {
  const [first, ...rest] = words;
  if (first === undefined || rest.length === 0 || !TITLES.has(keyOf(first))) return { titles: [], words };
  const further = splitFront(rest);
  return { titles: [first, ...further.titles], words: further.words };
}

/** How many of the last words are one degree; `Ph.D.` is two words, because full stops separate. */
function degreeAtEnd(words: readonly Word[]): number {
  const [beforeLast, last] = [words.at(-2), words.at(-1)].map((word) => word && keyOf(word));
  if (beforeLast === 'PH' && last === 'D') return 2;
  return last !== undefined && DEGREES.has(last) ? 1 : 0;
}

function splitBack(words: readonly Word[], mayBeEmpty: boolean): Untitled {
  const count = degreeAtEnd(words);
  if (count === 0 || (words.length === count && !mayBeEmpty)) return { titles: [], words };
  const further = splitBack(words.slice(0, -count), mayBeEmpty);
  return { titles: [...further.titles, ...words.slice(-count)], words: further.words };
}

/** @param mayBeEmpty whether a degree may be all there is: behind a comma, it is */
function splitTitles(words: readonly Word[], mayBeEmpty = false): Untitled {
  const back = splitBack(words, mayBeEmpty);
  const front = splitFront(back.words);
  return { titles: [...front.titles, ...back.titles], words: front.words };
}

const isSuffix = (word: Word | undefined): word is Word =>
  word !== undefined && Object.hasOwn(SUFFIXES, keyOf(word));

function splitSuffix(words: readonly Word[]): {
  readonly words: readonly Word[];
  readonly suffix: readonly Word[];
} {
  const last = words.at(-1);
  if (words.length < 2 || !isSuffix(last)) return { words, suffix: [] };
  return { words: words.slice(0, -1), suffix: [asSuffix(last)] };
}

const COMMA = /[,，،、]/u;

export function parseExpected(fullName: string): ExpectedName {
  const comma = fullName.search(COMMA);
  const before = comma < 0 ? fullName : fullName.slice(0, comma);
  const head = toWords(before, 'expected');
  const after = comma < 0 ? [] : toWords(fullName.slice(comma + 1), 'expected', head.length);
  const front = splitTitles(head);
  const back = splitTitles(after, true);
  const tail = back.words;
  const ofHead = splitSuffix(front.words);
  const ofTail = splitSuffix(tail);
  // "King, Jr." has a comma, but nothing except the suffix after it: the order is then as open as without a comma.
  const [only, ...others] = tail;
  const isSuffixOnly = isSuffix(only) && others.length === 0;
  const suffix = isSuffixOnly ? [asSuffix(only)] : [...ofHead.suffix, ...ofTail.suffix];
  const surname = isSuffixOnly ? front.words : ofHead.words;
  const rest = isSuffixOnly ? [] : ofTail.words;
  return {
    words: [...surname, ...rest],
    suffix,
    titles: [...front.titles, ...back.titles],
    surnameWords: rest.length > 0 ? surname.length : 0,
  };
}

/** Every way to tell surname and given names apart, the likeliest first, so that it is the one explained among equals. */
export function readingsOf(expected: ExpectedName, surnameWordsOnDocument: number): readonly Reading[] {
  const { surnameWords } = expected;
  const { length } = expected.words;
  const surnameFirst = (count: number, isGiven: boolean): Reading => ({
    surname: { start: 0, end: count },
    givenNames: { start: count, end: length },
    surnameFirst: true,
    isGiven,
  });
  if (surnameWords > 0) return [surnameFirst(surnameWords, true)];
  const givenFirst = (count: number): Reading => ({
    surname: { start: count, end: length },
    givenNames: { start: 0, end: count },
    surnameFirst: false,
    isGiven: false,
  });
  const counts = Array.from({ length: length + 1 }, (_, count) => count);
  const distance = ({ surname }: Reading) => Math.abs(surname.end - surname.start - surnameWordsOnDocument);
  return [...counts.map(givenFirst), ...counts.slice(1, -1).map((count) => surnameFirst(count, false))].sort(
    (a, b) => distance(a) - distance(b),
  );
}

export function sidesOf(expected: ExpectedName, document: DocumentName): Sides {
  const named = (name: string, part: Part) =>
    splitTitles(toWords(name, part).filter((word) => !NAME_PLACEHOLDERS.has(word.text)));
  const surname = named(document.surname, 'surname');
  const givenNames = named(document.givenNames, 'given_names');
  const surnameAndSuffix = splitSuffix(surname.words);
  const givenAndSuffix = splitSuffix(givenNames.words);
  const documentSuffix = [...surnameAndSuffix.suffix, ...givenAndSuffix.suffix];
  const onDocument = [...surnameAndSuffix.words, ...givenAndSuffix.words];
  return {
    expected: expected.words,
    document: onDocument,
    surnameWords: surnameAndSuffix.words.length,
    expectedSuffix: expected.suffix,
    documentSuffix,
    titles: [...expected.titles, ...surname.titles, ...givenNames.titles],
    totalWeight: weightOf([...expected.words, ...expected.suffix, ...onDocument, ...documentSuffix]),
  };
}
