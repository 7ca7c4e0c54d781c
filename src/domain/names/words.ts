import { transliterationForms, wordsOf } from '../transliteration.js';
import { CONNECTIVES, PARTICLES } from './vocabulary.js';

export type Part = 'expected' | 'surname' | 'given_names';
type WordKind = 'plain' | 'particle' | 'connective' | 'suffix';

export interface Word {
  /** As written, in capitals. */
  readonly text: string;
  /** How a document may write it, the recommended spelling first; empty where its script cannot be compared. */
  readonly forms: readonly string[];
  readonly part: Part;
  /** Counted from 1 in the order written. */
  readonly position: number;
  readonly kind: WordKind;
  readonly weight: number;
}

const SMALL_WEIGHT = 0.5;

export const keyOf = (word: Word): string => word.forms[0] ?? word.text;
export const isSubstantive = (word: Word): boolean => word.kind === 'plain' || word.kind === 'suffix';
export const weightOf = (words: readonly Word[]): number => words.reduce((sum, word) => sum + word.weight, 0);

function kindOf(key: string): WordKind {
  if (PARTICLES.has(key)) return 'particle';
  return Object.hasOwn(CONNECTIVES, key) ? 'connective' : 'plain';
}

/** A digit is no letter of a name, but a misread one must not make a word incomparable; so it stands for itself. */
function formsOf(text: string): readonly string[] {
  if (!/[0-9]/.test(text)) return transliterationForms(text);
  const pieces = text.split(/([0-9]+)/).map((piece) => {
    if (piece === '' || /^[0-9]/.test(piece)) return piece;
    return transliterationForms(piece)[0];
  });
  return pieces.includes(undefined) ? [] : [pieces.join('')];
}

export function toWords(name: string, part: Part, offset = 0): readonly Word[] {
  return wordsOf(name).map((text, index) => {
    const forms = formsOf(text);
    const kind = kindOf(forms[0] ?? text);
    const weight = kind === 'plain' ? 1 : SMALL_WEIGHT;
    return { text, forms, part, position: offset + index + 1, kind, weight };
  });
}

export const asSuffix = (word: Word): Word => ({ ...word, kind: 'suffix', weight: 1 });

/** Letters that look alike in two alphabets hide a difference from whoever looks. */
export const mixesScripts = ({ text }: Word): boolean =>
  /\p{Script=Latin}/u.test(text) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text);
