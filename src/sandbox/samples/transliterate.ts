/**
 * How the issuer of a document spells a name in its machine-readable zone. Written apart from the service's own tables, so that a test
 * which holds one against the other compares two readings of the standards.
 */

/**
 * Letters that do not come apart into a base letter and marks, or for which the standard recommends two letters (ICAO 9303-3, table 6.A).
 * Every other Latin letter loses its marks.
 */
const LATIN: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Å: 'AA',
  Æ: 'AE',
  Ö: 'OE',
  Ø: 'OE',
  Œ: 'OE',
  Ü: 'UE',
  ẞ: 'SS',
  Þ: 'TH',
  Ð: 'D',
  Đ: 'D',
  Ħ: 'H',
  Ł: 'L',
  Ŋ: 'N',
  Ŧ: 'T',
  Ĳ: 'IJ',
};

/** ICAO 9303-3, table 6.B, without the exceptions for single languages. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{ А: 'A', Б: 'B', В: 'V', Г: 'G', Д: 'D', Е: 'E', Ё: 'E', Ж: 'ZH', З: 'Z', И: 'I', Й: 'I', К: 'K' },
  ...{ Л: 'L', М: 'M', Н: 'N', О: 'O', П: 'P', Р: 'R', С: 'S', Т: 'T', У: 'U', Ф: 'F', Х: 'KH', Ц: 'TS' },
  ...{ Ч: 'CH', Ш: 'SH', Щ: 'SHCH', Ъ: 'IE', Ы: 'Y', Ь: '', Э: 'E', Ю: 'IU', Я: 'IA', І: 'I', Ї: 'I' },
};

/** ICAO 9303-3 has no table for Greek; issuers follow ELOT 743 (ISO 843, type 2). Letters without their accents. */
const GREEK: Readonly<Record<string, string>> = {
  ...{ Α: 'A', Β: 'V', Γ: 'G', Δ: 'D', Ε: 'E', Ζ: 'Z', Η: 'I', Θ: 'TH', Ι: 'I', Κ: 'K', Λ: 'L', Μ: 'M' },
  ...{ Ν: 'N', Ξ: 'X', Ο: 'O', Π: 'P', Ρ: 'R', Σ: 'S', Τ: 'T', Υ: 'Y', Φ: 'F', Χ: 'CH', Ψ: 'PS', Ω: 'O' },
};

const COMBINING_MARKS = /\p{M}/gu;
const withoutMarks = (text: string): string => text.normalize('NFD').replace(COMBINING_MARKS, '');

/** Pairs of Greek letters that have a spelling of their own; what follows ΑΥ, ΕΥ, ΗΥ decides whether it is voiced. */
const spellGreekPairs = (word: string): string =>
  word
    .replace(/ΟΥ/g, 'OU')
    .replace(/([ΑΕΗ])Υ(?=[ΘΚΞΠΣΤΦΧΨ]|$)/g, '$1F')
    .replace(/([ΑΕΗ])Υ/g, '$1V')
    .replace(/^ΜΠ/, 'B')
    .replace(/Γ(?=[ΓΞΧ])/g, 'N');

const isGreek = (word: string): boolean => /^[Α-Ω]+$/.test(withoutMarks(word));

function transliterateWord(word: string): string {
  const spelled = isGreek(word) ? spellGreekPairs(withoutMarks(word)) : word;
  return Array.from(
    spelled,
    (letter) => LATIN[letter] ?? CYRILLIC[letter] ?? GREEK[letter] ?? withoutMarks(letter),
  ).join('');
}

/**
 * A name as a machine-readable zone spells it: A–Z with single fillers between its parts. Apostrophes and full stops vanish,
 * hyphens and spaces become fillers (ICAO 9303-3, 4.6).
 *
 * @throws RangeError `name_not_transliterable` when a letter has no transliteration here
 */
export function transliterate(name: string): string {
  const spelled = name
    .normalize('NFC')
    .replace(/ß/g, 'ẞ')
    .toUpperCase()
    .replace(/['’.,]/g, '')
    .trim()
    .split(/[\s-]+/)
    .map(transliterateWord)
    .join('<');
  if (!/^[A-Z<]*$/.test(spelled)) {
    throw new RangeError('name_not_transliterable');
  }
  return spelled;
}

/** The same spelling as people write it: `Жаркова` becomes `Zharkova`. */
export const romanise = (name: string): string =>
  transliterate(name)
    .split('<')
    .map((part) => part.charAt(0) + part.slice(1).toLowerCase())
    .join(' ');
