/** ICAO 9303-3, 4.6: an apostrophe is left out and its neighbours are joined. The middle dot of Catalan goes likewise. */
const JOINING_SIGNS = /['’‘ʼʻʹʾʿ`´·‧•ˈ]/gu;
/** Marks that nobody sees: joiners, directions, soft hyphens, variation selectors. They may not tell two names apart. */
const INVISIBLE =
  /[\p{Cf}\u034F\u180B-\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|(?![\t\n\v\f\r\u0085])\p{Cc}/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
const MARKS = /\p{M}/gu;

/**
 * Upper case and composed: the form in which the tables are looked up. Compatibility characters (full-width letters,
 * ligatures, the presentation forms of Arabic) become the letters they stand for.
 */
export const canonical = (text: string): string => text.normalize('NFKC').toUpperCase().normalize('NFKC');

const withoutSigns = (text: string): string => text.replace(INVISIBLE, '').replace(JOINING_SIGNS, '');

/**
 * The words of a name, upper case, in the order written. Hyphens, spaces, full stops and `<` separate words;
 * apostrophes join (ICAO 9303-3, 4.6).
 */
export const wordsOf = (name: string): readonly string[] =>
  // Twice, because some compatibility characters hold a sign of their own, and a bare accent would become a space.
  withoutSigns(canonical(withoutSigns(name))).match(WORD) ?? [];

/** One combining sequence is one letter. */
export const lettersOf = (word: string): readonly string[] => word.match(/\P{M}\p{M}*/gu) ?? [];

export const withoutMarks = (letter: string): string => letter.normalize('NFD').replace(MARKS, '');

/** A letter, or several that stand for one sound, and how it may be written; the recommended spelling first. */
export interface Spelled {
  /** What decides that two places of a word must be spelled alike. */
  readonly key: string;
  readonly spellings: readonly string[];
}

/**
 * Every combination that spells the same letter the same way throughout the word, the recommended one first. Choosing
 * place by place would make spellings that nobody writes, and with them agreements between names of different persons.
 *
 * @param most bounds the work that a word made of nothing but choices would cause
 */
export function combine(units: readonly Spelled[], most: number): readonly string[] {
  const choices = new Map(units.map(({ key, spellings }) => [key, spellings]));
  let assignments: readonly ReadonlyMap<string, string>[] = [new Map()];
  for (const [key, spellings] of choices) {
    const [only] = spellings;
    if (spellings.length === 1 && only !== undefined) continue;
    assignments = assignments
      .flatMap((chosen) => spellings.map((spelling) => new Map(chosen).set(key, spelling)))
      .slice(0, most);
  }
  return assignments.map((chosen) =>
    units.map(({ key, spellings }) => chosen.get(key) ?? spellings[0] ?? '').join(''),
  );
}
