import { latinLetter } from './latin.js';
import { withoutMarks } from './text.js';

/** Table B without its per-language exceptions, and the letters of Asian alphabets that it leaves out. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{ А: 'A', Б: 'B', В: 'V', Г: 'G', Ґ: 'G', Д: 'D', Ђ: 'D', Ѓ: 'G', Е: 'E', Ё: 'E', Є: 'IE', Ж: 'ZH' },
  ...{ З: 'Z', Ѕ: 'DZ', И: 'I', І: 'I', Ї: 'I', Й: 'I', Ј: 'J', К: 'K', Ќ: 'K', Л: 'L', Љ: 'LJ', М: 'M' },
  ...{ Н: 'N', Њ: 'NJ', О: 'O', П: 'P', Р: 'R', С: 'S', Т: 'T', Ћ: 'C', У: 'U', Ў: 'U', Ф: 'F', Х: 'KH' },
  ...{ Ц: 'TS', Ч: 'CH', Џ: 'DZ', Ш: 'SH', Щ: 'SHCH', Ъ: 'IE', Ы: 'Y', Ь: '', Э: 'E', Ю: 'IU', Я: 'IA' },
  ...{ Ѣ: 'IE', Ѫ: 'U', Ѳ: 'F', Ѵ: 'Y', Һ: 'C', Ғ: 'G' },
  ...{ Ә: 'A', Қ: 'K', Ң: 'N', Ө: 'O', Ұ: 'U', Ү: 'U', Ҳ: 'H', Ҷ: 'J', Ҡ: 'K', Ҙ: 'Z', Ҫ: 'S', Ӏ: '' },
};

interface CyrillicScheme {
  readonly letters: Readonly<Record<string, string>>;
  /** Spellings that hold at the beginning of a word only. */
  readonly initial?: Readonly<Record<string, string>>;
  /** Spellings of letters in a row. */
  readonly rows?: Readonly<Record<string, string>>;
  /** Spellings of the last letters. */
  readonly endings?: Readonly<Record<string, string>>;
  /** Е is YE at the beginning and after a vowel or a sign. */
  readonly softE?: boolean;
}

const ENGLISH = { Й: 'Y', Ю: 'YU', Я: 'YA', Ъ: '' };
const SHORT_ENDINGS = { ИЙ: 'Y', ЫЙ: 'Y', ИЯ: 'IA' };
const UKRAINIAN_INITIAL = { Є: 'YE', Ї: 'YI', Й: 'Y', Ю: 'YU', Я: 'YA' };
const UKRAINIAN_ENGLISH = { Г: 'H', И: 'Y', Й: 'Y', Ї: 'YI', Є: 'YE', Ю: 'YU', Я: 'YA' };
const SERBIAN = { Ж: 'Z', Х: 'H', Ц: 'C', Ч: 'C', Ш: 'S' };
const BULGARIAN = { Й: 'Y', Х: 'H', Щ: 'SHT', Ъ: 'A', Ь: 'Y', Ю: 'YU', Я: 'YA' };

/**
 * A scheme is applied to a whole word. Choosing letter by letter would make spellings that no state writes, and with them
 * agreements between names of different persons. Table B gives Г as H for Serbian too, which is an error there and left out.
 */
const CYRILLIC_SCHEMES: readonly CyrillicScheme[] = [
  // Table B, which Russian passports follow since 2013.
  { letters: {} },
  // The exceptions of table B: Belarusian, Ukrainian, Serbian, Macedonian, Bulgarian.
  { letters: { Г: 'H', Ё: 'IO' } },
  { letters: { Г: 'H', И: 'Y' }, initial: UKRAINIAN_INITIAL, rows: { ЗГ: 'ZGH' } },
  { letters: { Г: 'H', И: 'Y' } },
  { letters: SERBIAN },
  { letters: { Ѓ: 'GJ', Ќ: 'KJ', Х: 'H', Ц: 'C', Џ: 'DJ' } },
  { letters: { Щ: 'SHT' } },
  // Russia: GOST R 52535.1 (2010–2013), the order of 1997, and what people make of it.
  { letters: { Ц: 'TC', Ъ: '' } },
  { letters: ENGLISH },
  { letters: ENGLISH, softE: true },
  { letters: { ...ENGLISH, Ё: 'YO' } },
  { letters: ENGLISH, endings: SHORT_ENDINGS },
  { letters: { ...ENGLISH, Ё: 'YO' }, endings: SHORT_ENDINGS, rows: { КС: 'X' } },
  { letters: ENGLISH, endings: SHORT_ENDINGS, rows: { КС: 'X' } },
  { letters: ENGLISH, endings: { ИЙ: 'I', ЫЙ: 'Y', ИЯ: 'IA' } },
  { letters: { ...ENGLISH, Й: 'I' }, rows: { КС: 'X' } },
  // Soviet passports, after the French manner.
  {
    letters: { Ж: 'J', У: 'OU', Ч: 'TCH', Ш: 'CH', Щ: 'CHTCH', Ю: 'IOU', Ъ: '' },
    rows: { ГЕ: 'GUE', ГИ: 'GUI' },
    endings: { ИЙ: 'I', ЫЙ: 'Y', ИН: 'INE' },
  },
  // Belarus (2008), Ukraine before 2010, and what people make of the resolution of 2010.
  {
    letters: { Г: 'H', Е: 'IE', Ё: 'IO' },
    initial: { Е: 'YE', Ё: 'YO', Ю: 'YU', Я: 'YA' },
  },
  { letters: { И: 'Y' } },
  { letters: UKRAINIAN_ENGLISH, endings: { ИЙ: 'Y', ІЙ: 'IY' } },
  { letters: UKRAINIAN_ENGLISH, endings: { ИЙ: 'YI', ІЯ: 'IIA' } },
  { letters: UKRAINIAN_ENGLISH, endings: { ІЙ: 'II', ІЯ: 'IA', ИЙ: 'YY' } },
  // Serbia and Montenegro where Đ is written DJ, and DZ for Џ written DZH.
  { letters: { ...SERBIAN, Ђ: 'DJ' } },
  // North Macedonia before 2008.
  { letters: { Ѓ: 'G', Ќ: 'K', Х: 'H', Ц: 'C', Џ: 'DZH' } },
  { letters: { Ѓ: 'GJ', Ќ: 'KJ', Ж: 'Z', Х: 'H', Ц: 'C', Ч: 'C', Ш: 'S', Џ: 'DZ' } },
  // Bulgaria: the act of 2009, the order of 1999, and Ъ as U.
  { letters: BULGARIAN, endings: { ИЯ: 'IA' } },
  { letters: { ...BULGARIAN, Ц: 'C' }, endings: { ИЯ: 'IA' } },
  { letters: { ...BULGARIAN, Ъ: 'U' }, endings: { ИЯ: 'IA' } },
  // Tajik, Uzbek, Mongolian (two), Kyrgyz and Kazakh.
  { letters: { ...ENGLISH, Ғ: 'GH', Қ: 'Q', Ё: 'YO' } },
  { letters: { ...ENGLISH, Ў: 'O', Қ: 'Q', Ҳ: 'H', Ж: 'J', Х: 'X', Ё: 'YO' } },
  { letters: { Ж: 'J', Ө: 'U', Я: 'YA', Ю: 'YU', Ё: 'YO', Ъ: '' } },
  { letters: { Ж: 'J', Я: 'YA', Ю: 'YU', Ё: 'YO', Ъ: '' } },
  { letters: { ...ENGLISH, Ң: 'NG', Һ: 'H', Ж: 'J' } },
  { letters: { ...ENGLISH, Һ: 'H', І: 'I' } },
];

const VOWELS_AND_SIGNS = new Set('АЕЁИЙОУЫЭЮЯЬЪІЇЄ');

export const isCyrillic = (word: string): boolean => /\p{Script=Cyrillic}/u.test(word);

function spellScheme(word: readonly string[], scheme: CyrillicScheme): string | null {
  const { letters, initial = {}, rows = {}, endings = {}, softE = false } = scheme;
  let spelled = '';
  for (let index = 0; index < word.length; index += 1) {
    const letter = word[index] ?? '';
    const pair = letter + (word[index + 1] ?? '');
    const row = (index > 0 && index + 2 === word.length ? endings[pair] : undefined) ?? rows[pair];
    if (row !== undefined) {
      spelled += row;
      index += 1;
      continue;
    }
    const isSoft = softE && letter === 'Е' && VOWELS_AND_SIGNS.has(word[index - 1] ?? 'Ъ');
    const spelling =
      (isSoft ? 'YE' : undefined) ??
      (index === 0 ? initial[letter] : undefined) ??
      letters[letter] ??
      CYRILLIC[letter] ??
      latinLetter(letter)?.[0];
    if (spelling === undefined) return null;
    spelled += spelling;
  }
  return spelled;
}

/** The spellings of a word under every scheme, table B's first; none where it has a letter of another script. */
export function spellCyrillic(letters: readonly string[]): readonly string[] {
  const plain = letters.map((letter) => (letter in CYRILLIC ? letter : withoutMarks(letter)));
  return CYRILLIC_SCHEMES.map((scheme) => spellScheme(plain, scheme) ?? '');
}
