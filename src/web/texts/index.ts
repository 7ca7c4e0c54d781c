import { en, type Texts } from './en.js';

const LOCALES: readonly Texts[] = [en];

/**
 * The texts for the first of these languages (BCP 47) that there are texts for, by its primary subtag; English where there is none.
 */
export function textsFor(languages: readonly string[]): Texts {
  for (const language of languages) {
    const primary = language.split('-')[0]?.toLowerCase();
    const found = LOCALES.find(({ lang }) => lang === primary);
    if (found) return found;
  }
  return en;
}

/** The sentence for a code of the API's, and one for codes that are not known yet: its enums are open. */
export function wordsFor(code: string, known: Readonly<Record<string, string>>, otherwise: string): string {
  return Object.hasOwn(known, code) ? (known[code] ?? otherwise) : otherwise;
}

export type { Texts };
