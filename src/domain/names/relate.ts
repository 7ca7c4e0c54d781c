import { isArabic } from '../transliteration/arabic.js';
import {
  arabicNamesSpelled,
  arabicNamesWritten,
  consonantsOfRoman,
  consonantsOfScript,
} from './arabic-names.js';
import { differInGender, mayBeOneName } from './romanization.js';
import { ABBREVIATIONS, CONNECTIVES } from './vocabulary.js';
import { keyOf, type Word } from './words.js';

/** What two words have to do with each other. Only `same` and `arabic` can be part of a match. */
export type Relation =
  'same' | 'arabic' | 'romanized' | 'gendered' | 'consonants' | 'near' | 'abbreviation' | 'initial' | 'cut';

/** How much of a word counts as found. */
export const RELATION_VALUE: Readonly<Record<Relation, number>> = {
  same: 1,
  arabic: 1,
  romanized: 0.8,
  gendered: 0.7,
  consonants: 0.7,
  near: 0.6,
  abbreviation: 0.6,
  initial: 0.5,
  cut: 0.5,
};

export const isAgreement = (relation: Relation | null): boolean =>
  relation === 'same' || relation === 'arabic';

/** Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

function isNear(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 3) return false;
  const allowed = shorter >= 8 ? 2 : 1;
  return Math.abs(a.length - b.length) <= allowed && editDistance(a, b) <= allowed;
}

type Test = (x: string, y: string) => boolean;
const anyPair = (a: readonly string[], b: readonly string[], test: Test): boolean =>
  a.some((x) => b.some((y) => test(x, y)));
const eitherWay =
  (test: Test): Test =>
  (x, y) =>
    test(x, y) || test(y, x);

const isAbbreviation = eitherWay((short, long) => ABBREVIATIONS[short]?.includes(long) ?? false);
const isInitial = eitherWay((short, long) => short.length === 1 && long.length > 1 && long.startsWith(short));

const arabicNamesOf = (word: Word): readonly number[] =>
  isArabic(word.text) ? arabicNamesWritten(word.text) : arabicNamesSpelled(keyOf(word));

/**
 * Two spellings of a name of the list are the same only where neither could be another name of it: `SALIM` may be Sālim or
 * Salīm, and a person has to look.
 */
function relateArabic(a: Word, b: Word): Relation | null {
  const inScript = isArabic(a.text) !== isArabic(b.text);
  const [first, ...further] = arabicNamesOf(a);
  if (first !== undefined) {
    const other = arabicNamesOf(b);
    if (further.length === 0 && other.length === 1 && other[0] === first) return 'arabic';
    if ([first, ...further].some((name) => other.includes(name))) return 'romanized';
  }
  if (!inScript) return null;
  const [script, roman] = isArabic(a.text) ? [a, b] : [b, a];
  const consonants = consonantsOfScript(script.text);
  return consonants === consonantsOfRoman(keyOf(roman)) ? 'consonants' : null;
}

/** Of very many spellings the first are the likely ones. */
const LIKELY = 8;

/**
 * Relates a word of the name asked for to one of the document. Symmetric, unless the document is cut off.
 *
 * @param truncated whether the document's word may be the beginning of a longer one
 */
export function relate(expected: Word, document: Word, truncated: boolean): Relation | null {
  const a = expected.forms;
  const b = document.forms;
  if (anyPair(a, b, (x, y) => x === y)) return 'same';
  const connective = CONNECTIVES[keyOf(expected)];
  if (connective !== undefined && connective === CONNECTIVES[keyOf(document)]) return 'same';
  const arabic = relateArabic(expected, document);
  if (arabic !== null) return arabic;
  if (anyPair(a, b, isInitial)) return 'initial';
  if (anyPair(a, b, isAbbreviation)) return 'abbreviation';
  if (truncated && anyPair(a, b, (x, y) => x.startsWith(y))) return 'cut';
  const [likelyA, likelyB] = [a.slice(0, LIKELY), b.slice(0, LIKELY)];
  if (anyPair(likelyA, likelyB, differInGender)) return 'gendered';
  if (anyPair(likelyA, likelyB, mayBeOneName)) return 'romanized';
  return anyPair(likelyA, likelyB, isNear) ? 'near' : null;
}
