import { isAgreement } from './relate.js';
import { valueOf, type Link, type Linker } from './link.js';
import type { Word } from './words.js';

/** A stretch of the words of a side: from `start` up to, not including, `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface Alignment {
  readonly value: number;
  readonly links: number;
  readonly link?: Link;
  readonly rest?: Alignment;
}

const NOTHING: Alignment = { value: 0, links: 0 };
const isBetter = (a: Alignment, b: Alignment): boolean =>
  a.value > b.value + Number.EPSILON || (a.value >= b.value - Number.EPSILON && a.links > b.links);

const fits = (link: Link, i: number, j: number, expected: Stretch, document: Stretch): boolean => {
  const next = link.needsNext ? 1 : 0;
  return i + link.expected.length + next <= expected.end && j + link.document.length + next <= document.end;
};

/** The order-preserving alignment that accounts for the greatest weight (dynamic programming over both suffixes). */
function align(expected: Stretch, document: Stretch, linker: Linker): readonly Link[] {
  const known = new Map<number, Alignment>();
  const from = (i: number, j: number): Alignment => {
    if (i >= expected.end || j >= document.end) return NOTHING;
    const key = i * (document.end + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    let best = from(i + 1, j);
    const skipped = from(i, j + 1);
    if (isBetter(skipped, best)) best = skipped;
    for (const link of linker.linksAt(i, j)) {
      if (!fits(link, i, j, expected, document)) continue;
      const rest = from(i + link.expected.length, j + link.document.length);
      const candidate = { value: valueOf(link) + rest.value, links: rest.links + 1, link, rest };
      if (!isBetter(best, candidate)) best = candidate;
    }
    known.set(key, best);
    return best;
  };
  const links: Link[] = [];
  for (let step: Alignment | undefined = from(expected.start, document.start); step; step = step.rest) {
    if (step.link !== undefined) links.push(step.link);
  }
  return links;
}

export interface PartResult {
  readonly links: readonly Link[];
  /** Pairs that agree, but stand in another order. */
  readonly moved: readonly (readonly [Word, Word])[];
  readonly leftExpected: readonly Word[];
  readonly leftDocument: readonly Word[];
}

/** Accounts for the words of one part (surname or given names) of both sides. */
export function comparePart(
  words: { readonly expected: readonly Word[]; readonly document: readonly Word[] },
  expected: Stretch,
  document: Stretch,
  linker: Linker,
): PartResult {
  const links = align(expected, document, linker);
  const linked = new Set(links.flatMap((link) => [...link.expected, ...link.document]));
  const indices = (side: readonly Word[], { start, end }: Stretch) =>
    side
      .map((word, index) => ({ word, index }))
      .slice(start, end)
      .filter(({ word }) => !linked.has(word));
  const leftDocument = indices(words.document, document);
  const moved: (readonly [Word, Word])[] = [];
  const leftExpected = indices(words.expected, expected).filter(({ word, index }) => {
    const at = leftDocument.findIndex((other) => isAgreement(linker.relation(index, other.index)));
    const other = leftDocument[at];
    if (other === undefined) return true;
    leftDocument.splice(at, 1);
    moved.push([word, other.word]);
    return false;
  });
  return {
    links,
    moved,
    leftExpected: leftExpected.map(({ word }) => word),
    leftDocument: leftDocument.map(({ word }) => word),
  };
}
