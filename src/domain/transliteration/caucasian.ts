/** Georgia's system of 2002, which its passports follow. */
const GEORGIAN: Readonly<Record<string, string>> = {
  ...{ ა: 'A', ბ: 'B', გ: 'G', დ: 'D', ე: 'E', ვ: 'V', ზ: 'Z', თ: 'T', ი: 'I', კ: 'K', ლ: 'L', მ: 'M' },
  ...{ ნ: 'N', ო: 'O', პ: 'P', ჟ: 'ZH', რ: 'R', ს: 'S', ტ: 'T', უ: 'U', ფ: 'P', ქ: 'K', ღ: 'GH', ყ: 'Q' },
  ...{ შ: 'SH', ჩ: 'CH', ც: 'TS', ძ: 'DZ', წ: 'TS', ჭ: 'CH', ხ: 'KH', ჯ: 'J', ჰ: 'H' },
};

/** A private character, so that no text brings it along. */
const U_MARK = '\uE000';

/** Armenian as its passports write it; Ե and Ո have another sound at the beginning of a word. */
const ARMENIAN: Readonly<Record<string, string>> = {
  ...{ ա: 'A', բ: 'B', գ: 'G', դ: 'D', ե: 'E', զ: 'Z', է: 'E', ը: 'Y', թ: 'T', ժ: 'ZH', ի: 'I', լ: 'L' },
  ...{ խ: 'KH', ծ: 'TS', կ: 'K', հ: 'H', ձ: 'DZ', ղ: 'GH', ճ: 'CH', մ: 'M', յ: 'Y', ն: 'N', շ: 'SH' },
  ...{ ո: 'O', չ: 'CH', պ: 'P', ջ: 'J', ռ: 'R', ս: 'S', վ: 'V', տ: 'T', ր: 'R', ց: 'TS', ւ: 'V', փ: 'P' },
  // The last is no letter of the alphabet, but the mark for its two letters that make U.
  ...{ ք: 'K', օ: 'O', ֆ: 'F', [U_MARK]: 'U' },
};
const ARMENIAN_INITIAL: Readonly<Record<string, string>> = { ե: 'YE', ո: 'VO' };

/** The two alphabets have capitals of their own, which the tables do without. */
const small = (letter: string): string => letter.toLowerCase();

function spell(
  letters: readonly string[],
  table: Readonly<Record<string, string>>,
  initial: Readonly<Record<string, string>> = {},
): string {
  let spelled = '';
  for (const [index, letter] of letters.map(small).entries()) {
    const next = (index === 0 ? initial[letter] : undefined) ?? table[letter];
    if (next === undefined) return '';
    spelled += next;
  }
  return spelled;
}

export const isGeorgian = (word: string): boolean => /\p{Script=Georgian}/u.test(word);
export const isArmenian = (word: string): boolean => /\p{Script=Armenian}/u.test(word);

export const spellGeorgian = (letters: readonly string[]): readonly string[] => [spell(letters, GEORGIAN)];

export function spellArmenian(letters: readonly string[]): readonly string[] {
  // U is written with two letters, which are taken as one from here on.
  const word = [...letters.map(small).join('').replaceAll('ու', U_MARK)];
  return [spell(word, ARMENIAN, ARMENIAN_INITIAL), spell(word, ARMENIAN)];
}
