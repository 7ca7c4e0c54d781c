import { latinLetter } from './latin.js';
import { combine, withoutMarks, type Spelled } from './text.js';

/**
 * ELOT 743 (second edition, type 2), which Greek and Cypriot passports follow; ICAO 9303-3 has no Greek table. The first
 * spelling is the standard's. The others are those that a holder may ask for, and that older passports bear.
 */
const LETTERS: Readonly<Record<string, readonly string[]>> = {
  ...{ Α: ['A'], Β: ['V', 'B'], Γ: ['G'], Δ: ['D'], Ε: ['E'], Ζ: ['Z'], Η: ['I'], Θ: ['TH'], Ι: ['I'] },
  ...{ Κ: ['K', 'C'], Λ: ['L'], Μ: ['M'], Ν: ['N'], Ξ: ['X', 'KS'], Ο: ['O'], Π: ['P'], Ρ: ['R'] },
  ...{ Σ: ['S'], Τ: ['T'], Υ: ['Y', 'I'], Φ: ['F', 'PH'], Χ: ['CH', 'H', 'KH'], Ψ: ['PS'], Ω: ['O'] },
};

/** Letters that are read together. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  ...{ ΟΥ: ['OU', 'U'], ΑΙ: ['AI', 'E'], ΕΙ: ['EI', 'I'], ΟΙ: ['OI', 'I'], ΥΙ: ['YI', 'I'] },
  ...{ ΓΓ: ['NG', 'GG'], ΓΚ: ['GK', 'NG', 'G'], ΓΞ: ['NX', 'GX'], ΓΧ: ['NCH', 'GCH'] },
  ...{ ΜΠ: ['MP', 'B', 'MB'], ΝΤ: ['NT', 'D', 'ND'] },
};
const VOWEL_AND_UPSILON: Readonly<Record<string, string>> = { ΑΥ: 'A', ΕΥ: 'E', ΗΥ: 'I' };
const VOICELESS = new Set('ΘΚΞΠΣΤΦΧΨ');
const FRONT_VOWELS = new Set('ΙΕΗΥ');
const VOWELS = new Set('ΑΕΗΙΟΥΩ');

const MAX_FORMS = 96;

export const isGreek = (word: string): boolean => /\p{Script=Greek}/u.test(word);

const hasDiaeresis = (letter: string | undefined): boolean =>
  letter?.normalize('NFD').includes('\u0308') ?? false;

/** Υ after a vowel is F before a voiceless consonant and at the end, else V. An accent on the vowel would make it Y, but capitals bear none. */
function spellUpsilonPair(pair: string, next: string | undefined): Spelled | null {
  const vowel = VOWEL_AND_UPSILON[pair];
  if (vowel === undefined) return null;
  const consonant = next === undefined || VOICELESS.has(next) ? 'F' : 'V';
  return {
    key: pair + consonant,
    spellings: [vowel + consonant, `${vowel}U`, `${vowel}Y`],
  };
}

function spellPair(plain: readonly string[], index: number): Spelled | null {
  const pair = (plain[index] ?? '') + (plain[index + 1] ?? '');
  if (pair === 'ΜΠ' && (index === 0 || index + 2 === plain.length))
    return { key: '^ΜΠ', spellings: ['B', 'MP'] };
  const spellings = PAIRS[pair];
  return spellings === undefined ? spellUpsilonPair(pair, plain[index + 2]) : { key: pair, spellings };
}

/** Γ before a front vowel is heard, and often written, as Y; so is ΓΙ before another vowel. */
function spellGamma(plain: readonly string[], index: number): Spelled | null {
  if (plain[index] !== 'Γ' || !FRONT_VOWELS.has(plain[index + 1] ?? '')) return null;
  return { key: 'Γ front', spellings: ['G', 'Y'] };
}

/** The spellings of a word, that of ELOT 743 first; none where it has a letter of another script. */
export function spellGreek(letters: readonly string[]): readonly string[] {
  const plain = letters.map(withoutMarks);
  const units: Spelled[] = [];
  for (let index = 0; index < plain.length; index += 1) {
    const letter = plain[index] ?? '';
    const isApart = hasDiaeresis(letters[index + 1]);
    const beginsSyllable = letter === 'Γ' && plain[index + 1] === 'Ι' && VOWELS.has(plain[index + 2] ?? '');
    if (beginsSyllable && !hasDiaeresis(letters[index + 2])) {
      units.push({ key: 'ΓΙ', spellings: ['GI', 'YI', 'Y'] });
      index += 1;
      continue;
    }
    const pair = isApart ? null : spellPair(plain, index);
    if (pair !== null) {
      units.push(pair);
      index += 1;
      continue;
    }
    const single = spellGamma(plain, index) ?? {
      key: letter,
      spellings: LETTERS[letter] ?? latinLetter(letter)?.slice(0, 1) ?? [],
    };
    if (single.spellings.length === 0) return [];
    units.push(single);
  }
  return combine(units, MAX_FORMS);
}
