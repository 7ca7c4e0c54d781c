/** Letters that Unicode does not decompose, as recognisers without them and the tables of labels write them. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ...{ Ł: 'L', Ø: 'O', Đ: 'D', Ð: 'D', Æ: 'AE', Œ: 'OE', Þ: 'TH', Ħ: 'H', Ŧ: 'T', ẞ: 'SS', Ə: 'E' },
  // Signs of "number" that stand for a raised letter: N°, Nº, №.
  ...{ '°': 'O', º: 'O', ª: 'A', '№': 'NO' },
};

/**
 * What a recogniser of Latin letters makes of others: Cyrillic and Greek capitals by their shape. Folding labels and print alike makes
 * them meet whether the recogniser knows the script or not.
 */
const SHAPES: Readonly<Record<string, string>> = {
  ...{
    А: 'A',
    Б: 'B',
    В: 'B',
    Г: 'T',
    Ґ: 'T',
    Д: 'A',
    Е: 'E',
    Є: 'E',
    Ж: 'X',
    З: '3',
    И: 'N',
    І: 'I',
    К: 'K',
  },
  ...{
    Л: 'N',
    М: 'M',
    Н: 'H',
    О: 'O',
    П: 'N',
    Р: 'P',
    С: 'C',
    Т: 'T',
    У: 'Y',
    Ф: 'O',
    Х: 'X',
    Ц: 'U',
    Ч: '4',
  },
  ...{
    Ш: 'W',
    Щ: 'W',
    Ъ: 'B',
    Ы: 'B',
    Ь: 'B',
    Э: '3',
    Ю: 'O',
    Я: 'R',
    Ј: 'J',
    Љ: 'B',
    Њ: 'B',
    Ћ: 'H',
    Ђ: 'H',
  },
  ...{ Џ: 'U', Ѓ: 'T', Ќ: 'K', Ѕ: 'S', Ў: 'Y' },
  ...{
    Α: 'A',
    Β: 'B',
    Γ: 'T',
    Δ: 'A',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Θ: 'O',
    Ι: 'I',
    Κ: 'K',
    Λ: 'A',
    Μ: 'M',
    Ν: 'N',
  },
  ...{ Ξ: 'E', Ο: 'O', Π: 'N', Ρ: 'P', Σ: 'E', Τ: 'T', Υ: 'Y', Φ: 'O', Χ: 'X', Ψ: 'Y', Ω: 'O' },
};

/** Digits that small print is read as in place of letters. */
const DIGIT_AS_LETTER: Readonly<Record<string, string>> = {
  ...{ '0': 'O', '1': 'I', '2': 'Z', '3': 'E', '4': 'A', '5': 'S', '6': 'G', '8': 'B' },
};

/** Upper case, without diacritics; other characters stay. */
export const plain = (text: string): string => (ASCII.test(text) ? text.toUpperCase() : unmarked(text));

const ASCII = /^[\x20-\x7E]*$/;

const unmarked = (text: string): string =>
  [...text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()]
    .map((character) => UNDECOMPOSED[character] ?? character)
    .join('');

/** A–Z and 0–9 of a text. */
export const squeezed = (text: string): string => plain(text).replace(/[^A-Z0-9]/g, '');

/** A–Z of a text. */
export const lettersOnly = (text: string): string => plain(text).replace(/[^A-Z]/g, '');

/** A text as labels are compared: A–Z only, each with the place it came from. */
export interface FoldedText {
  readonly letters: string;
  /** Index into the text, one a letter. */
  readonly at: readonly number[];
}

/** Letters of any of the scripts by shape, digits as the letters they may stand for. Spaces and signs are dropped, as recognisers do. */
export function folded(text: string): FoldedText {
  let letters = '';
  const at: number[] = [];
  let index = 0;
  for (const character of text) {
    for (const part of plain(character)) {
      const shape = SHAPES[part] ?? part;
      const letter = DIGIT_AS_LETTER[shape] ?? shape;
      if (letter < 'A' || letter > 'Z') continue;
      letters += letter;
      at.push(index);
    }
    index += character.length;
  }
  return { letters, at };
}

/** Letters that recognisers take for one another; digits are folded into letters before. */
const LOOKALIKE_GROUPS = ['OQD', 'ILTJ', 'GC', 'UV', 'VY', 'MN', 'EF', 'PR', 'CE', 'AR'];

const LETTERS = 26;
const FIRST_LETTER = 'A'.charCodeAt(0);

/** By two letters: cost of reading the one for the other. */
const MISREADING: Float32Array = (() => {
  const costs = new Float32Array(LETTERS * LETTERS).fill(1);
  const set = (a: string, b: string, cost: number) => {
    costs[(a.charCodeAt(0) - FIRST_LETTER) * LETTERS + b.charCodeAt(0) - FIRST_LETTER] = cost;
  };
  for (const group of LOOKALIKE_GROUPS) for (const a of group) for (const b of group) set(a, b, 0.5);
  for (let i = 0; i < LETTERS; i++) costs[i * LETTERS + i] = 0;
  return costs;
})();

/** Characters of a number that recognisers confuse, as one: `O` and `0`, `I`, `L` and `1`, `S` and `5`, `B` and `8`, `Z` and `2`, `G` and `6`. */
export const withoutLookalikes = (characters: string): string =>
  characters
    .replace(/[OQD]/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/S/g, '5')
    .replace(/B/g, '8')
    .replace(/Z/g, '2')
    .replace(/G/g, '6');

/** How many bits of a set are set. */
export function bitsIn(set: number): number {
  let bits = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** Levenshtein distance, or `most` + 1 where it is more than `most`. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return Math.min(most + 1, row[b.length] ?? most + 1);
}

/** Where a word was found, inexactly. */
export interface Occurrence {
  readonly start: number;
  readonly end: number;
  /** Edits; half an edit where a character was read as one of its shape. */
  readonly cost: number;
}

/**
 * The best place of a word inside a text, by Sellers' algorithm.
 *
 * @param word A–Z only, as is `text`
 * @returns `null` where every place costs more than `most`
 */
export function findInside(word: string, text: string, most: number): Occurrence | null {
  const exact = text.indexOf(word);
  if (exact >= 0) return { start: exact, end: exact + word.length, cost: 0 };
  const width = text.length + 1;
  // Row by row over the word; begins[j] is where the alignment that ends before text[j] began.
  let costs = new Float32Array(width);
  let begins = new Uint16Array(width);
  let nextCosts = new Float32Array(width);
  let nextBegins = new Uint16Array(width);
  const columns = new Uint8Array(width);
  for (let j = 1; j < width; j++) {
    begins[j] = j;
    columns[j] = text.charCodeAt(j - 1) - FIRST_LETTER;
  }
  for (let i = 0; i < word.length; i++) {
    const row = (word.charCodeAt(i) - FIRST_LETTER) * LETTERS;
    let least = (costs[0] ?? 0) + 1;
    nextCosts[0] = least;
    for (let j = 1; j < width; j++) {
      const through = (costs[j - 1] ?? 0) + (MISREADING[row + (columns[j] ?? 0)] ?? 1);
      const lost = (costs[j] ?? 0) + 1;
      const added = (nextCosts[j - 1] ?? 0) + 1;
      if (through <= lost && through <= added) {
        nextCosts[j] = through;
        nextBegins[j] = begins[j - 1] ?? 0;
      } else if (lost <= added) {
        nextCosts[j] = lost;
        nextBegins[j] = begins[j] ?? 0;
      } else {
        nextCosts[j] = added;
        nextBegins[j] = nextBegins[j - 1] ?? 0;
      }
      const cost = nextCosts[j] ?? 0;
      if (cost < least) least = cost;
    }
    if (least > most) return null;
    [costs, nextCosts] = [nextCosts, costs];
    [begins, nextBegins] = [nextBegins, begins];
  }
  let best: Occurrence | null = null;
  for (const [end, cost] of costs.entries())
    if (cost <= most && (best === null || cost < best.cost)) best = { start: begins[end] ?? 0, end, cost };
  return best;
}
