import { bitsIn, findInside, folded, type FoldedText } from './letters.js';
import type { PrintedLine } from './printed-line.js';
import { labelsOfAllLanguages, type Label, type LabelKind } from './label-table.js';

/** A label, or several of one meaning side by side, in a line of print. */
export interface FoundLabel {
  readonly kind: LabelKind;
  /** Indices into the line's text. */
  readonly start: number;
  readonly end: number;
  /** Edits between the label and what was read; that of the best where several stand together. */
  readonly cost: number;
  /** Languages of the labels that were found. */
  readonly languages: ReadonlySet<string>;
  /** Nothing parts the label from what follows. */
  readonly glued: boolean;
}

type Line = Pick<PrintedLine, 'text'>;

interface Candidate extends Label {
  /** Into the folded text. */
  readonly start: number;
  readonly end: number;
  readonly cost: number;
}

const LABELS: readonly Label[] = labelsOfAllLanguages((word) => folded(word).letters);

/** Edits that a label of that length may bear. Print that small is read badly, but short words must not melt together. */
function tolerance(length: number): number {
  if (length <= 5) return 0;
  if (length === 6) return 0.5;
  if (length <= 8) return 1;
  if (length <= 13) return 2;
  return length <= 18 ? 3 : 4;
}

/** From this length on a word is a label wherever it stands: no name holds it. */
const UNMISTAKABLE = 9;

const LETTERS = 26;
const FIRST_LETTER = 'A'.charCodeAt(0);

/** Pairs of neighbouring letters, as numbers below 676. */
function pairsOf(letters: string): readonly number[] {
  const pairs: number[] = [];
  for (let i = 1; i < letters.length; i++)
    pairs.push((letters.charCodeAt(i - 1) - FIRST_LETTER) * LETTERS + letters.charCodeAt(i) - FIRST_LETTER);
  return pairs;
}

/** Which letters a word has, one bit each. */
function letterSet(letters: string): number {
  let set = 0;
  for (let i = 0; i < letters.length; i++) set |= 1 << (letters.charCodeAt(i) - FIRST_LETTER);
  return set;
}

/** Labels with the edits that they may bear, and the pairs that these may spoil. */
interface Sieve {
  readonly label: Label;
  readonly lettersUsed: number;
  readonly pairs: readonly number[];
  readonly most: number;
  readonly spoiled: number;
}

/** A wrong letter spoils both its pairs, and half an edit is a wrong letter as well: a little more than whole edits would spoil. */
const sieve = (mostEdits: (length: number) => number): readonly Sieve[] =>
  LABELS.map((label) => {
    const most = mostEdits(label.letters.length);
    const lettersUsed = letterSet(label.letters);
    return {
      label,
      lettersUsed,
      pairs: pairsOf(label.letters),
      most,
      spoiled: most === 0 ? 0 : 2 * Math.ceil(most) + 1,
    };
  });

/** Labels of which so many pairs stand in a text that they may be in it: spares comparing all the others. */
function* plausible(letters: string, sieves: readonly Sieve[]): Generator<Sieve> {
  const there = new Uint8Array(LETTERS * LETTERS);
  for (const pair of pairsOf(letters)) there[pair] = 1;
  const used = letterSet(letters);
  for (const one of sieves) {
    if (one.label.letters.length > letters.length + one.most) continue;
    // A letter may be missing for half an edit.
    if (bitsIn(one.lettersUsed & ~used) > 2 * one.most) continue;
    let missing = 0;
    for (const pair of one.pairs) if (there[pair] === 0 && ++missing > one.spoiled) break;
    if (missing <= one.spoiled) yield one;
  }
}

const LABEL_SIEVE = sieve(tolerance);

const isLetter = (character: string | undefined): boolean => /^\p{L}$/u.test(character ?? '');
const isLower = (character: string | undefined): boolean => /^\p{Ll}$/u.test(character ?? '');
const isUpper = (character: string | undefined): boolean => /^\p{Lu}$/u.test(character ?? '');

/** Whether a word may begin before this letter. */
function startsWord(text: string, { at }: FoldedText, start: number): boolean {
  const place = at[start] ?? 0;
  const [before, here] = [text[place - 1], text[place]];
  return start === 0 || !isLetter(before) || (isLower(before) && isUpper(here));
}

function endsWord(text: string, { at, letters }: FoldedText, end: number): boolean {
  if (end >= letters.length) return true;
  const last = at[end - 1] ?? 0;
  const [here, after] = [text[last], text[last + 1]];
  return !isLetter(after) || (isLower(here) && isUpper(after));
}

function candidatesIn(fold: FoldedText): Candidate[] {
  const found: Candidate[] = [];
  for (const { label, most } of plausible(fold.letters, LABEL_SIEVE)) {
    if (most === 0) found.push(...exactPlaces(label, fold));
    else {
      const place = findInside(label.letters, fold.letters, most);
      if (place) found.push({ ...label, ...place });
    }
  }
  return found;
}

/** Short labels may stand inside a word first, and on their own later in the line. */
function exactPlaces(label: Label, fold: FoldedText): readonly Candidate[] {
  const { letters } = label;
  const places: Candidate[] = [];
  for (
    let start = fold.letters.indexOf(letters);
    start >= 0;
    start = fold.letters.indexOf(letters, start + 1)
  )
    places.push({ ...label, start, end: start + letters.length, cost: 0 });
  return places;
}

const scoreOf = ({ letters, cost }: Candidate): number => letters.length - 3 * cost;
const overlap = (a: Candidate, b: Candidate): boolean => a.start < b.end && b.start < a.end;

/** Whether something other than a letter of the same word stands on each side, be it another label. */
function isBounded(candidate: Candidate, text: string, fold: FoldedText, all: readonly Candidate[]): boolean {
  const { letters, cost, start, end } = candidate;
  const opens = startsWord(text, fold, start);
  const closes = endsWord(text, fold, end);
  if (opens && closes) return true;
  if (letters.length >= UNMISTAKABLE) return cost <= letters.length / 6 || opens || closes;
  const opened = opens || all.some((other) => other.end === start && startsWord(text, fold, other.start));
  const closed = closes || all.some((other) => other.start === end && endsWord(text, fold, other.end));
  if (opened && closed) return true;
  // A value glued to its label: only where the label was read without error and is no short word, or a whole name follows.
  if (!opened || cost > 0) return false;
  return letters.length >= 7 || (letters === 'NAME' && /^NAME[A-Z'-]+,[A-Z .]+$/.test(text));
}

/** Labels that a misreading is as near to as to the best one. */
const NEARLY = 1.5;

function settle(candidates: readonly Candidate[], text: string, fold: FoldedText): Candidate[] {
  const bounded = candidates
    .filter((candidate) => isBounded(candidate, text, fold, candidates))
    .sort((a, b) => scoreOf(b) - scoreOf(a) || a.cost - b.cost);
  const chosen: Candidate[] = [];
  for (const candidate of bounded) {
    if (chosen.some((other) => overlap(other, candidate))) continue;
    const rival = bounded.find(
      (other) =>
        other.kind !== candidate.kind &&
        overlap(other, candidate) &&
        scoreOf(other) > scoreOf(candidate) - NEARLY &&
        (candidate.cost > 0 || other.cost === 0),
    );
    chosen.push(
      rival && !isSameName(candidate.kind, rival.kind) ? { ...candidate, kind: 'other' } : candidate,
    );
  }
  return chosen.sort((a, b) => a.start - b.start);
}

/** The same word may be the label of a whole name in one language and of a part of it in another: the page decides later. */
const isSameName = (a: LabelKind, b: LabelKind): boolean =>
  [a, b].includes('name') && [a, b].every((kind) => ['name', 'surname', 'given_names'].includes(kind));

/** What may stand between a label and the same in another language: a third one that is not known. */
const LONGEST_STRANGER = 30;
const LISTED = /^[\s(]*(?:[,&+(]|\/|AND|ET|Y|E|UND|I|OG|OCH)[\s(]*$/i;

const known = new WeakMap<Line, readonly FoundLabel[]>();

/** Labels of all languages in a line, those of one meaning taken together; worked out once for as long as the line is in use. */
export function findLabels(line: Line): readonly FoundLabel[] {
  const labels = known.get(line) ?? labelsIn(line.text);
  known.set(line, labels);
  return labels;
}

function labelsIn(text: string): readonly FoundLabel[] {
  const fold = folded(text);
  const labels: FoundLabel[] = [];
  for (const { kind, start, end, cost, language } of settle(candidatesIn(fold), text, fold)) {
    const place = {
      kind,
      start: fold.at[start] ?? 0,
      end: (fold.at[end - 1] ?? 0) + 1,
      cost,
      languages: new Set([language]),
      glued: !endsWord(text, fold, end),
    };
    const before = labels.at(-1);
    const merged = before && merge(before, place, text.slice(before.end, place.start));
    if (merged) labels[labels.length - 1] = merged;
    else labels.push(place);
  }
  return labels;
}

function merge(before: FoundLabel, after: FoundLabel, between: string): FoundLabel | null {
  const together = {
    start: before.start,
    end: after.end,
    cost: Math.min(before.cost, after.cost),
    languages: new Set([...before.languages, ...after.languages]),
    glued: after.glued,
  };
  if (before.kind === after.kind)
    return between.length <= LONGEST_STRANGER && !/\d{3}/.test(between)
      ? { ...together, kind: before.kind }
      : null;
  const parts = new Set([before.kind, after.kind]);
  const named = ['name', 'surname', 'given_names'] as const;
  if (![...parts].every((kind) => named.some((part) => part === kind))) return null;
  // `Name (Surname, Given names)` announces both in one line; `Name/Surname` says the same twice; a mere space parts two columns.
  if (parts.has('surname') && parts.has('given_names'))
    return LISTED.test(between) ? { ...together, kind: 'name' } : null;
  if (between.trim() === '' && before.kind !== 'name') return null;
  const [specific] = [...parts].filter((kind) => kind !== 'name');
  if (between.includes('(')) return { ...together, kind: 'name' };
  return specific ? { ...together, kind: specific } : null;
}

/** Whole edits only: shapes alike are no evidence among names. */
const NEAR_SIEVE = sieve((length) => Math.floor(length * 0.3)).filter(
  ({ label }) => label.letters.length >= UNMISTAKABLE,
);

/** Whether a text is so near a label that it is one that was read badly, or one of a language that is not known here. */
export function resemblesLabel(text: string): boolean {
  const { letters } = folded(text);
  if (letters.length < UNMISTAKABLE) return false;
  for (const { label, most } of plausible(letters, NEAR_SIEVE))
    if (label.letters.length - letters.length >= -most && findInside(label.letters, letters, most))
      return true;
  return false;
}

/**
 * Labels of a page. A short word counts only where a longer label of its language stands on the page, or where it shares a line with one
 * of its meaning: `NOM` and `ADI` are names as well.
 *
 * @returns one list a line
 */
export function findPageLabels(lines: readonly Line[]): readonly (readonly FoundLabel[])[] {
  const found = lines.map(findLabels);
  const languages = new Set(['en']);
  for (const labels of found)
    for (const { languages: known, start, end } of labels)
      if (end - start > SHORT_SPAN) for (const language of known) languages.add(language);
  return found.map((labels) =>
    labels.filter(
      ({ start, end, languages: known }) =>
        end - start > SHORT_SPAN || [...known].some((one) => languages.has(one)),
    ),
  );
}

const SHORT_SPAN = 6;

/** Languages whose labels stand on a page. */
export const languagesOf = (labels: readonly (readonly FoundLabel[])[]): ReadonlySet<string> =>
  new Set(labels.flat().flatMap(({ languages }) => [...languages]));
