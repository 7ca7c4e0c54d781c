/**
 * How the letters of a name are written in the machine-readable zone: ICAO Doc 9303-3 (8th edition), section 6, tables A
 * (Latin), B (Cyrillic) and C (Arabic), and the standards of states whose alphabet has no table there. Where a table or the
 * practice of issuing states leaves a choice, all spellings are kept, because the state that issued a document, and with it
 * the choice, is not known when a name is typed.
 */
import { isArabic, spellArabic } from './transliteration/arabic.js';
import { isArmenian, isGeorgian, spellArmenian, spellGeorgian } from './transliteration/caucasian.js';
import { isCyrillic, spellCyrillic } from './transliteration/cyrillic.js';
import { isGreek, spellGreek } from './transliteration/greek.js';
import { spellLatin } from './transliteration/latin.js';
import { canonical, lettersOf, wordsOf } from './transliteration/text.js';

export { wordsOf };

/** No word of a name is longer; what is, is text made to cost time. */
const MAX_LETTERS = 100;

function spell(word: string): readonly string[] {
  const letters = lettersOf(word);
  if (letters.length > MAX_LETTERS) return [];
  if (/^[A-Z]*$/.test(word)) return [word];
  if (isCyrillic(word)) return spellCyrillic(letters);
  if (isGreek(word)) return spellGreek(letters);
  if (isArabic(word)) return spellArabic(letters);
  if (isGeorgian(word)) return spellGeorgian(letters);
  return isArmenian(word) ? spellArmenian(letters) : spellLatin(letters);
}

/**
 * The ways in which a document may write one word of a name, in A–Z.
 *
 * @param word one word as {@link wordsOf} gives it
 * @returns distinct spellings, the recommended one first (ICAO 9303-3, section 6; ELOT 743 for Greek); empty where the
 *   script has no table, or a digit stands in the word, which no name in the zone may have (4.6)
 */
export const transliterationForms = (word: string): readonly string[] =>
  [...new Set(spell(canonical(word)))].filter((form) => form !== '');

/**
 * A name as the machine-readable zone writes it, words separated by single fillers (`MUELLER<LOS`).
 *
 * @returns the recommended transliteration, or `null` where a word's script has no table
 */
export function transliterate(name: string): string | null {
  const words = wordsOf(name).map((word) => transliterationForms(word)[0]);
  return words.length > 0 && words.every((word) => word !== undefined) ? words.join('<') : null;
}
