import type { PrintedLine } from '../../src/domain/document-fields.js';
import { printedDates } from '../../src/domain/document-fields.js';
import type { PrintedLayout } from './printed-layouts.js';

/** How often a recogniser does what, 0–1. */
export interface Noise {
  /** A line loses its spaces. */
  readonly spaces: number;
  /** A line loses its diacritics. */
  readonly marks: number;
  /** A letter of a label is lost or taken for another. */
  readonly letters: number;
  /** A digit of a date is taken for the letter of its shape. */
  readonly digits: number;
  /** Two lines of a row are taken for one. */
  readonly rows: number;
  /** A line is not seen. */
  readonly lines: number;
}

/** A sequence of numbers from 0 to 1 that a seed determines (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const CONFUSIONS: Readonly<Record<string, string>> = {
  ...{
    a: 'o',
    b: 'h',
    c: 'e',
    d: 'cl',
    e: 'c',
    f: 't',
    g: 'q',
    h: 'b',
    i: 'l',
    l: 'i',
    m: 'rn',
    n: 'r',
    o: 'c',
  },
  ...{
    r: 'n',
    s: 'a',
    t: 'f',
    u: 'o',
    v: 'y',
    A: 'R',
    B: '8',
    C: 'G',
    D: 'O',
    E: 'F',
    F: 'P',
    G: 'C',
    H: 'N',
  },
  ...{
    I: '1',
    L: 'I',
    M: 'N',
    N: 'M',
    O: '0',
    P: 'F',
    R: 'P',
    S: '5',
    T: 'I',
    U: 'O',
    V: 'Y',
    Y: 'V',
    '/': '',
    ' ': '',
  },
};
const LETTERS_FOR_DIGITS: Readonly<Record<string, string>> = { '0': 'O', '1': 'l', '5': 'S', '8': 'B' };

const squeezed = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

/** Whether a line holds a value, which no reader could restore once it is misread. */
function holdsValue(text: string, truth: PrintedLayout['truth']): boolean {
  const letters = squeezed(text);
  return (
    letters.length <= 3 ||
    /\d{4}|\d{3} \d{3}/.test(text) ||
    printedDates(text, 'birth', '2026-11-24').length > 0 ||
    Object.values(truth).some((value) =>
      value.split(/[ -]/).some((part) => part.length > 1 && letters.includes(squeezed(part))),
    )
  );
}

/** The other part of such a value is as good as the whole, to whoever does not see this one. */
function isPartOfValue(text: string, truth: PrintedLayout['truth']): boolean {
  const letters = squeezed(text);
  return Object.values(truth).some(
    (value) => squeezed(value) !== letters && squeezed(value).includes(letters),
  );
}

function misread(text: string, rate: number, random: () => number): string {
  return [...text]
    .map((character) => {
      if (random() >= rate) return character;
      return random() < 0.35 ? '' : (CONFUSIONS[character] ?? character);
    })
    .join('');
}

function mergeRows(lines: readonly PrintedLine[], rate: number, random: () => number): PrintedLine[] {
  const merged: PrintedLine[] = [];
  for (const line of lines) {
    const before = merged.at(-1);
    if (before && before.middle === line.middle && line.left - before.right < 8 && random() < rate)
      merged[merged.length - 1] = { ...before, text: `${before.text} ${line.text}`, right: line.right };
    else merged.push(line);
  }
  return merged;
}

/** What a poor recogniser makes of a page. */
export function withNoise({ lines, truth }: PrintedLayout, noise: Noise, seed: number): PrintedLine[] {
  const random = makeRandom(seed);
  const seen = lines.filter((line) => random() >= noise.lines || isPartOfValue(line.text, truth));
  return mergeRows(seen, noise.rows, random).map((line) => {
    const isValue = holdsValue(line.text, truth);
    let { text } = line;
    if (random() < noise.marks) text = text.normalize('NFD').replace(/\p{M}/gu, '');
    if (!isValue) text = misread(text, noise.letters, random);
    else if (printedDates(text, 'birth', '2026-11-24').length > 0)
      text = text.replace(/\d/g, (digit) =>
        random() < noise.digits ? (LETTERS_FOR_DIGITS[digit] ?? digit) : digit,
      );
    if (random() < noise.spaces) text = text.replace(/ /g, '');
    const jitter = (most: number) => (random() * 2 - 1) * most;
    return {
      text,
      confidence: isValue ? 0.88 + 0.12 * random() : 0.7 + 0.28 * random(),
      left: line.left + jitter(0.8),
      right: line.right + jitter(0.8),
      middle: line.middle + jitter(0.3),
      height: line.height * (1 + jitter(0.1)),
    };
  });
}
