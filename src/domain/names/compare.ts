import { judge, type Comparison } from './judge.js';
import { makeLinker } from './link.js';
import { parseExpected, readingsOf, sidesOf, type ExpectedName } from './readings.js';
import { isTruncated, judgeTruncated } from './truncated-field.js';
import type { DocumentName, NameRule } from './types.js';
import { mixesScripts, type Word } from './words.js';

/** No person's name on a document is longer; beyond it the comparison would cost time and mean nothing. */
const MAX_WORDS = 24;
const MAX_CHARACTERS = 500;

const nothingToCompare = (name: NameRule, words: readonly Word[] = []): Comparison => ({
  outcome: 'uncertain',
  score: 0,
  findings: [{ rule: name, words }],
});

/** The first of the best, so that the order of the readings settles what is explained. */
const bestOf = (comparisons: readonly Comparison[]): Comparison =>
  comparisons.reduce((best, next) => (next.score > best.score ? next : best));

/** The best of a name that was also given in a script that cannot be compared: whether the two are one name, a person must say. */
const BESIDE_ANOTHER_SCRIPT = 0.85;

const isReadable = (word: Word): boolean => word.forms.length > 0;

function compareReadable(expected: ExpectedName, document: DocumentName): Comparison {
  const sides = sidesOf(expected, document);
  const truncated = isTruncated(document);
  const linker = makeLinker(sides.expected, sides.document, truncated);
  const readings = readingsOf(expected, sides.surnameWords);
  const whole = bestOf(readings.map((reading) => judge(reading, sides, linker)));
  // A generational suffix or a title would have to be found inside the cut field: the general comparison then decides.
  const extras = sides.expectedSuffix.length + sides.documentSuffix.length + sides.titles.length;
  if (whole.outcome === 'match' || !truncated || extras > 0 || sides.expected.some(mixesScripts))
    return whole;
  const cuts = readings
    .map((reading) => judgeTruncated(reading, sides, document))
    .filter((cut) => cut !== null);
  return cuts.length > 0 ? bestOf(cuts) : whole;
}

/** A name beside the same name in Latin letters (`Kim Min-jun 김민준`): what can be read is compared, and a doubt remains. */
function compareBeside(
  expected: ExpectedName,
  document: DocumentName,
  unreadable: readonly Word[],
): Comparison {
  const isBeforeComma = (word: Word) => expected.words.indexOf(word) < expected.surnameWords;
  const words = expected.words.filter(isReadable);
  const surnameWords = words.filter(isBeforeComma).length;
  const rest = { ...expected, words, surnameWords: surnameWords === words.length ? 0 : surnameWords };
  const findings = [{ rule: 'script_not_supported' as const, words: unreadable }];
  const compared = words.length > 0 ? compareReadable(rest, document) : null;
  // What contradicts the document in one script may be its very name in the other.
  if (compared === null || compared.outcome === 'mismatch')
    return { outcome: 'uncertain', score: 0, findings };
  const further = compared.findings.filter((finding) => finding.rule !== 'exact');
  return {
    outcome: 'uncertain',
    score: Math.min(compared.score, BESIDE_ANOTHER_SCRIPT),
    findings: [...findings, ...further],
  };
}

/** Compares and says by which words; see `matchNames`. */
export function compareNames(expectedFullName: string, document: DocumentName): Comparison {
  const texts = [expectedFullName, document.surname, document.givenNames];
  if (texts.some((text) => text.length > MAX_CHARACTERS)) return nothingToCompare('too_many_words');
  const expected = parseExpected(expectedFullName);
  const onDocument = sidesOf(expected, document).document;
  if (onDocument.length === 0 || expected.words.length === 0) return nothingToCompare('name_not_read');
  if (expected.words.length > MAX_WORDS || onDocument.length > MAX_WORDS)
    return nothingToCompare('too_many_words');
  const foreign = onDocument.filter((word) => !isReadable(word));
  const unreadable = expected.words.filter((word) => !isReadable(word));
  if (foreign.length > 0) return nothingToCompare('script_not_supported', [...unreadable, ...foreign]);
  if (unreadable.length > 0) return compareBeside(expected, document, unreadable);
  return compareReadable(expected, document);
}
