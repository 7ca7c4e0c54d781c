/**
 * How national letters are written in the machine-readable zone: ICAO Doc 9303-3 (8th edition), section 6, table A
 * (Latin) and table B (Cyrillic). Where the tables or the practice of issuing states leave a choice, all spellings are
 * kept, because the state that issued a document, and with it the choice, is not known when a name is typed.
 */

/** Letters that Unicode does not decompose, or that have several spellings. The first is the recommended one. */
const LATIN: Readonly<Record<string, readonly string[]>> = {
  Ä: ['AE', 'A'],
  Å: ['AA', 'A'],
  Æ: ['AE'],
  Ð: ['D'],
  Ñ: ['N', 'NXX'],
  Ö: ['OE', 'O'],
  // Not in the table, but what optical reading makes of a printed Ø, and what many forms make of it.
  Ø: ['OE', 'O'],
  Ü: ['UE', 'UXX', 'U'],
  Þ: ['TH'],
  ẞ: ['SS'],
  // DJ is the practice of Croatian and Serbian passports; the table has D, which Vietnamese ones follow.
  Đ: ['D', 'DJ'],
  Ħ: ['H'],
  Ĳ: ['IJ'],
  ĸ: ['K'],
  Ł: ['L'],
  Ŋ: ['N'],
  Œ: ['OE'],
  Ŧ: ['T'],
  // Azerbaijani; not in the table, both spellings are met on passports.
  Ə: ['A', 'E'],
  ª: ['A'],
  º: ['O'],
};

/** Table B without its per-language exceptions, which is also how Russian passports are written. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{ А: 'A', Б: 'B', В: 'V', Г: 'G', Ґ: 'G', Д: 'D', Ђ: 'D', Ѓ: 'G', Е: 'E', Ё: 'E', Є: 'IE', Ж: 'ZH' },
  ...{ З: 'Z', Ѕ: 'DZ', И: 'I', І: 'I', Ї: 'I', Й: 'I', Ј: 'J', К: 'K', Ќ: 'K', Л: 'L', Љ: 'LJ', М: 'M' },
  ...{ Н: 'N', Њ: 'NJ', О: 'O', П: 'P', Р: 'R', С: 'S', Т: 'T', Ћ: 'C', У: 'U', Ў: 'U', Ф: 'F', Х: 'KH' },
  ...{ Ц: 'TS', Ч: 'CH', Џ: 'DZ', Ш: 'SH', Щ: 'SHCH', Ъ: 'IE', Ы: 'Y', Ь: '', Э: 'E', Ю: 'IU', Я: 'IA' },
  ...{ Ѣ: 'IE', Ѫ: 'U', Ѳ: 'F', Ѵ: 'Y', Һ: 'C' },
};

interface CyrillicScheme {
  readonly letters: Readonly<Record<string, string>>;
  /** Spellings that hold at the beginning of a word only. */
  readonly initial?: Readonly<Record<string, string>>;
}

/**
 * A scheme is applied to a whole word. Choosing letter by letter would make spellings that no state writes, and with them
 * agreements between names of different persons.
 */
const CYRILLIC_SCHEMES: readonly CyrillicScheme[] = [
  { letters: {} },
  // The exceptions of table B: Belarusian, Ukrainian, Serbian, Macedonian, Bulgarian.
  { letters: { Г: 'H', Ё: 'IO' } },
  { letters: { Г: 'H', И: 'Y' } },
  { letters: { Ж: 'Z', Х: 'H', Ц: 'C', Ч: 'C', Ш: 'S' } },
  { letters: { Ѓ: 'GJ', Ќ: 'KJ', Х: 'H', Ц: 'C', Џ: 'DJ' } },
  { letters: { Щ: 'SHT' } },
  // What Ukraine (resolution 55 of 2010) and Bulgaria (transliteration act of 2009) print, apart from the table.
  { letters: { Г: 'H', И: 'Y' }, initial: { Є: 'YE', Ї: 'YI', Й: 'Y', Ю: 'YU', Я: 'YA' } },
  { letters: { Й: 'Y', Х: 'H', Щ: 'SHT', Ъ: 'A', Ь: 'Y', Ю: 'YU', Я: 'YA' } },
];

/** Bounds the work that a word made of nothing but choices would cause. */
const MAX_FORMS = 64;

const MARKS = /\p{M}/gu;
/** ICAO 9303-3, 4.6: an apostrophe is left out and its neighbours are joined. The middle dot of Catalan goes likewise. */
const JOINING_SIGNS = /['’‘ʼʻʹ`´·‧•ˈ]/gu;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Upper case and composed: the form in which the tables are looked up. */
const canonical = (text: string): string => text.normalize('NFC').toUpperCase().normalize('NFC');

/**
 * The words of a name, upper case, in the order written. Hyphens, spaces, full stops and `<` separate words;
 * apostrophes join (ICAO 9303-3, 4.6).
 */
export const wordsOf = (name: string): readonly string[] =>
  canonical(name.replace(JOINING_SIGNS, '')).match(WORD) ?? [];

/** Spellings of one letter, or `null` for a letter of a script that has no table here. */
function latinLetter(letter: string): readonly string[] | null {
  const listed = LATIN[letter];
  if (listed !== undefined) return listed;
  const base = letter.normalize('NFD').replace(MARKS, '');
  if (/^[A-Z0-9]+$/.test(base)) return [base];
  // An accent upon a letter of the table: Ǿ, Ǽ, and Ǘ, which loses its accent before it is looked up.
  const listedBase = LATIN[base];
  return listedBase ?? null;
}

const isCyrillic = (word: string): boolean => /\p{Script=Cyrillic}/u.test(word);

function spellCyrillic(letters: readonly string[], scheme: CyrillicScheme): readonly string[] | null {
  const spelled: string[] = [];
  for (const [index, letter] of letters.entries()) {
    const plain = CYRILLIC[letter] === undefined ? letter.normalize('NFD').replace(MARKS, '') : letter;
    const spelling =
      (index === 0 ? scheme.initial?.[plain] : undefined) ??
      scheme.letters[plain] ??
      CYRILLIC[plain] ??
      latinLetter(letter)?.[0];
    if (spelling === undefined) return null;
    spelled.push(spelling);
  }
  return spelled;
}

/** Every combination that spells the same letter the same way throughout the word, the recommended one first. */
function spellLatin(letters: readonly string[]): readonly string[] {
  const choices = new Map<string, readonly string[]>();
  for (const letter of letters) {
    const spellings = latinLetter(letter);
    if (spellings === null) return [];
    choices.set(letter, spellings);
  }
  let assignments: readonly ReadonlyMap<string, string>[] = [new Map()];
  for (const [letter, spellings] of choices) {
    assignments = assignments
      .flatMap((chosen) => spellings.map((spelling) => new Map(chosen).set(letter, spelling)))
      .slice(0, MAX_FORMS);
  }
  return assignments.map((chosen) => letters.map((letter) => chosen.get(letter) ?? '').join(''));
}

/** One combining sequence is one letter. */
const lettersOf = (word: string): readonly string[] => word.match(/.\p{M}*/gsu) ?? [];

/**
 * The ways in which a document may write one word of a name, in A–Z and 0–9.
 *
 * @param word one word as {@link wordsOf} gives it
 * @returns distinct spellings, the recommended one of ICAO 9303-3 section 6 first; empty where the script has no table
 */
export function transliterationForms(word: string): readonly string[] {
  const letters = lettersOf(canonical(word));
  const forms = isCyrillic(word)
    ? CYRILLIC_SCHEMES.map((scheme) => spellCyrillic(letters, scheme)?.join('') ?? '')
    : spellLatin(letters);
  return [...new Set(forms)].filter((form) => form !== '');
}

/**
 * A name as the machine-readable zone writes it, words separated by single fillers (`MUELLER<LOS`).
 *
 * @returns the recommended transliteration, or `null` where a word's script has no table in ICAO 9303-3 section 6
 */
export function transliterate(name: string): string | null {
  const words = wordsOf(name).map((word) => transliterationForms(word)[0]);
  return words.length > 0 && words.every((word) => word !== undefined) ? words.join('<') : null;
}
