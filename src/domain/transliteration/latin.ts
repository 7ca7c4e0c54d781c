import { combine, withoutMarks, type Spelled } from './text.js';

/**
 * ICAO Doc 9303-3 (8th edition), section 6, table A: letters that Unicode does not decompose, or that have several
 * spellings. Every other letter of the table is its base letter, which decomposition gives. The first is the recommended one.
 */
const LATIN: Readonly<Record<string, readonly string[]>> = {
  Ä: ['AE', 'A'],
  Å: ['AA', 'A'],
  Æ: ['AE'],
  // DH is no entry of the table, but what Icelandic names bear abroad.
  Ð: ['D', 'DH'],
  Ñ: ['N', 'NXX'],
  Ö: ['OE', 'O'],
  // O is not in the table, but what optical reading makes of a printed Ø, and what many forms make of it.
  Ø: ['OE', 'O'],
  Ü: ['UE', 'UXX', 'U'],
  // The table has O and U. Japan's passports write long vowels so, and on request OH, OU or OO.
  Ō: ['O', 'OU', 'OH', 'OO'],
  Ū: ['U', 'UU', 'UH'],
  Þ: ['TH'],
  ẞ: ['SS'],
  // DJ is the practice of Croatian and Serbian passports; the table has D, which Vietnamese ones follow.
  Đ: ['D', 'DJ'],
  Ħ: ['H'],
  Ĳ: ['IJ'],
  ĸ: ['K'],
  Ł: ['L'],
  Ŋ: ['N', 'NG'],
  Œ: ['OE'],
  Ŧ: ['T'],
  // Azerbaijani; not in the table, both spellings are met on passports.
  Ə: ['A', 'E'],
  // African letters without a row in the table.
  Ɓ: ['B'],
  Ɗ: ['D'],
  Ɖ: ['D'],
  Ɛ: ['E'],
  Ǝ: ['E'],
  Ɣ: ['G'],
  Ɨ: ['I'],
  Ƙ: ['K'],
  Ɲ: ['N'],
  Ɔ: ['O'],
  Ɵ: ['O'],
  Ʉ: ['U'],
  Ʋ: ['V'],
  Ƴ: ['Y'],
};

/** Pinyin writes Ü only after these; China's passports have written it U, V and, since 2012, YU. */
const PINYIN_INITIALS: ReadonlySet<string | undefined> = new Set(['L', 'N']);
const PINYIN_U: Spelled = { key: 'pinyin Ü', spellings: ['UE', 'U', 'YU', 'V', 'UXX'] };

const MAX_FORMS = 64;

/** The letter of the table beneath an accent that the table does not know: Ǘ is Ü with a tone, Ấ is A. */
function listedBase(letter: string): string | null {
  const [base = '', ...marks] = letter.normalize('NFD');
  const listed = marks.map((mark) => (base + mark).normalize('NFC')).find((known) => known in LATIN);
  return listed ?? (base in LATIN ? base : null);
}

/** Spellings of one letter, or `null` for a letter of a script that has no table here. */
export function latinLetter(letter: string): readonly string[] | null {
  if (letter.length === 1 && letter >= 'A' && letter <= 'Z') return [letter];
  const listed = LATIN[letter] ?? LATIN[listedBase(letter) ?? ''];
  if (listed !== undefined) return listed;
  const base = withoutMarks(letter);
  return /^[A-Z]+$/.test(base) ? [base] : null;
}

/** Spellings of a word under table A, or none where it has a letter of another script. */
export function spellLatin(letters: readonly string[]): readonly string[] {
  const units: Spelled[] = [];
  for (const [index, letter] of letters.entries()) {
    const spellings = latinLetter(letter);
    if (spellings === null) return [];
    const isPinyin = spellings === LATIN['Ü'] && PINYIN_INITIALS.has(letters[index - 1]);
    units.push(isPinyin ? PINYIN_U : { key: spellings === LATIN['Ü'] ? 'Ü' : letter, spellings });
  }
  return combine(units, MAX_FORMS);
}
