import { rule, type Comparison } from './judge.js';
import type { Reading, Sides } from './readings.js';
import type { DocumentName } from './types.js';
import { keyOf, type Word } from './words.js';

/** Name fields of ICAO 9303-5, -6 and -7 (MRV-B), and -4 and -7 (MRV-A). */
const LONGEST_NAME_FIELD = 39;
const NAME_FIELD_LENGTHS: readonly number[] = [30, 31, LONGEST_NAME_FIELD];
/** Letters of a cut word that must be seen before the rest of it is taken on trust. */
const MIN_CUT_LETTERS = 3;

const mrzText = (name: string): string => name.trim().replace(/[\s<]+/g, '<');

function nameFieldOf(document: DocumentName): string {
  const given = mrzText(document.givenNames);
  return given === '' ? mrzText(document.surname) : `${mrzText(document.surname)}<<${given}`;
}

/** A name field without a filler at its end may have been cut (ICAO 9303-4, 4.2.3; -5 to -7 likewise). */
export function isTruncated(document: DocumentName): boolean {
  if (document.source !== 'mrz') return false;
  const { length } = nameFieldOf(document);
  return document.nameFieldLength === undefined
    ? NAME_FIELD_LENGTHS.includes(length)
    : length >= document.nameFieldLength;
}

interface Cut {
  readonly seenLetters: number;
  /** The word at whose beginning or inside which the field ends, and how much of it stands there. */
  readonly word: Word;
  readonly lettersOfWord: number;
  readonly hidden: readonly Word[];
}

type Separated = readonly [word: Word, separator: string];

/** Follows the field through the words of a reading; `null` where they part before the field ends, or it ends last. */
function followField(field: string, words: readonly Separated[], seen = 0): Cut | null {
  const [head, ...rest] = words;
  if (head === undefined) return null;
  const [word, separator] = head;
  const hidden = rest.map(([next]) => next);
  for (const form of word.forms) {
    if (form.length > field.length && form.startsWith(field))
      return { seenLetters: seen + field.length, word, lettersOfWord: field.length, hidden };
    if (form === field && rest.length > 0)
      return { seenLetters: seen + form.length, word, lettersOfWord: form.length, hidden };
    const start = form + separator;
    if (field.startsWith(start) && field.length > start.length) {
      const cut = followField(field.slice(start.length), rest, seen + form.length);
      if (cut !== null) return cut;
    }
  }
  return null;
}

const MATCH_WHEN_CUT = 0.93;
const UNCERTAIN_WHEN_CUT = 0.6;
const UNCERTAIN_SPAN = 0.29;

/**
 * The prefix rule: a full field that agrees letter by letter up to its end. Says more than what the general comparison makes
 * of a mutilated last word.
 *
 * @returns `null` where the field does not follow this reading
 */
export function judgeTruncated(reading: Reading, sides: Sides, document: DocumentName): Comparison | null {
  const field = nameFieldOf(document);
  // Thirty characters may be a full TD1 field, or a name of that length in the longer field of a passport.
  const isSurelyFull = document.nameFieldLength !== undefined || field.length >= LONGEST_NAME_FIELD;
  const surname = sides.expected.slice(reading.surname.start, reading.surname.end);
  const givenNames = sides.expected.slice(reading.givenNames.start, reading.givenNames.end);
  const separated = (words: readonly Word[], end: string) =>
    words.map((word, index): Separated => [word, index === words.length - 1 ? end : '<']);
  const cut = followField(field, [...separated(surname, '<<'), ...separated(givenNames, '')]);
  if (cut === null) return null;
  const identifies = givenNames.includes(cut.word) && cut.word !== givenNames[0];
  // Brothers may differ in what lies beyond the cut: only the rest of a word that has clearly begun is taken on trust.
  if (isSurelyFull && identifies && cut.hidden.length === 0 && cut.lettersOfWord >= MIN_CUT_LETTERS) {
    const order = rule('surname_first', reading.surnameFirst ? surname.slice(0, 1) : []);
    return {
      outcome: 'match',
      score: MATCH_WHEN_CUT,
      findings: [...rule('truncated_mrz', [cut.word]), ...order],
    };
  }
  const letters = [...surname, ...givenNames].reduce((sum, word) => sum + keyOf(word).length, 0);
  return {
    outcome: 'uncertain',
    score: UNCERTAIN_WHEN_CUT + UNCERTAIN_SPAN * Math.min(1, cut.seenLetters / letters),
    findings: rule('truncated_tail', [cut.word, ...cut.hidden]),
  };
}
