import { LOOKALIKES, MASK_CLASSES, MRZ_ALPHABET } from '../../domain/mrz.js';

/** Blank, then the characters of {@link MRZ_ALPHABET}. */
export const SYMBOLS = MRZ_ALPHABET.length + 1;

/** What a recogniser says of one line: `logs[step * SYMBOLS + symbol]`, natural logarithms, symbol 0 = blank (CTC). */
export interface SymbolScores {
  readonly steps: number;
  readonly logs: Float64Array;
}

export interface DecodedLine {
  readonly text: string;
  /** Logarithm of the best path's probability, a character of the line. */
  readonly score: number;
  /** The step at which each character was emitted. */
  readonly frames: readonly number[];
  /** Probability of each character at the step of its emission, against its rivals. */
  readonly confidences: readonly number[];
}

const IMPOSSIBLE = -1e30;
const ADVANCED = 64;
/** A path so much less likely than the best one of its step, natural logarithm, is given up: six characters that cannot be, and more. */
const HOPELESS = 80;

/** The symbols that a mask letter admits, and for each of them the excluded one that looks like it (0 = none). */
interface SymbolClass {
  readonly admitted: readonly number[];
  readonly standIn: Uint8Array;
}

const symbolOf = (character: string): number => MRZ_ALPHABET.indexOf(character) + 1;

function makeClass(characters: string): SymbolClass {
  const admitted: number[] = [];
  const standIn = new Uint8Array(SYMBOLS);
  for (const character of characters) {
    const symbol = symbolOf(character);
    admitted.push(symbol);
    const other = LOOKALIKES.find((pair) => pair.includes(character))?.replace(character, '');
    if (other !== undefined && !characters.includes(other)) standIn[symbol] = symbolOf(other);
  }
  return { admitted, standIn };
}

const CLASSES = new Map(
  Object.entries(MASK_CLASSES).map(([letter, characters]) => [letter, makeClass(characters)]),
);

/** So much less likely than another, natural logarithm, is nothing beside it. */
const NEGLIGIBLE = 16;

/** The scores as one class sees them: an excluded character's probability counts for the admitted one that looks like it. */
function foldLookalikes({ steps, logs }: SymbolScores, { standIn }: SymbolClass): Float64Array {
  if (standIn.every((other) => other === 0)) return logs;
  const folded = logs.slice();
  for (const [symbol, other] of standIn.entries()) {
    if (other === 0) continue;
    for (let row = 0; row < steps * SYMBOLS; row += SYMBOLS) {
      const own = logs[row + symbol]!;
      const added = logs[row + other]!;
      if (added < own - NEGLIGIBLE) continue;
      // Mostly neither is anything: both stand at the floor.
      folded[row + symbol] =
        own === added ? Math.min(0, own + Math.LN2) : Math.log(Math.min(1, Math.exp(own) + Math.exp(added)));
    }
  }
  return folded;
}

/** One position of a line: what may stand there, and the scores as seen from there. */
interface Position {
  readonly admitted: readonly number[];
  readonly logs: Float64Array;
}

function positionsOf(mask: string, scores: SymbolScores): readonly Position[] {
  const byLetter = new Map<string, Position>();
  return [...mask].map((letter) => {
    const known = byLetter.get(letter);
    if (known) return known;
    const symbolClass = CLASSES.get(letter) ?? makeClass('');
    const position = { admitted: symbolClass.admitted, logs: foldLookalikes(scores, symbolClass) };
    byLetter.set(letter, position);
    return position;
  });
}

/** Best symbol of one row of scores. */
function bestOf(row: Float64Array, offset: number): number {
  let best = 0;
  for (let symbol = 1; symbol < SYMBOLS; symbol++)
    if (row[offset + symbol]! > row[offset + best]!) best = symbol;
  return best;
}

/** Scores of the best paths that have emitted so many characters: by layer, and in it by the symbol that they end with. */
interface Lattice {
  readonly scores: Float64Array;
  /** Best symbol of each layer, and the next best one, which serves a symbol that may not follow itself; −1 where there is none. */
  readonly first: Int8Array;
  readonly second: Int8Array;
}

const makeLattice = (layers: number): Lattice => ({
  scores: new Float64Array(layers * SYMBOLS).fill(IMPOSSIBLE),
  first: new Int8Array(layers).fill(-1),
  second: new Int8Array(layers).fill(-1),
});

let room = new Uint8Array(0);

/** Half a megabyte that is used again: ten lines are decoded a document. */
function roomFor(bytes: number): Uint8Array {
  if (room.length < bytes) room = new Uint8Array(bytes);
  return room;
}

/** The best symbol of a layer; −1 where its paths are given up. */
function hopeful({ scores, first }: Lattice, layer: number, least: number): number {
  const symbol = first[layer]!;
  return symbol >= 0 && scores[layer * SYMBOLS + symbol]! >= least ? symbol : -1;
}

/**
 * The most probable line of exactly as many characters as the mask has, each of the class that its position admits:
 * Viterbi search over the CTC lattice, one layer a character. A recogniser that drops or doubles a filler, or reads
 * O for 0, is so put right by what ICAO 9303 says of the position rather than by a guess afterwards.
 *
 * @param mask one letter of MASK_CLASSES a position
 * @returns `null` when the line has fewer steps than characters
 */
export function decodeMasked(scores: SymbolScores, mask: string): DecodedLine | null {
  const { steps, logs } = scores;
  const length = mask.length;
  if (steps < length) return null;
  const positions = positionsOf(mask, scores);
  const layers = length + 1;
  // Which symbol a path had a step before, plus ADVANCED where the step emitted a new character.
  const origin = roomFor(steps * layers * SYMBOLS);
  let before = makeLattice(layers);
  let now = makeLattice(layers);
  before.scores[0] = 0;
  before.first[0] = 0;
  let best = 0;
  for (let step = 0; step < steps; step++) {
    const log = step * SYMBOLS;
    const trace = step * layers * SYMBOLS;
    // Layers outside of these lead to no line of the right length; those that are left behind are not looked at again.
    const from = Math.max(0, length - (steps - step));
    const to = Math.min(length, step + 1);
    const least = best - HOPELESS;
    best = IMPOSSIBLE;
    for (let emitted = from; emitted <= to; emitted++) {
      const here = emitted * SYMBOLS;
      const stay = hopeful(before, emitted, least);
      const lastFirst = emitted > 0 ? hopeful(before, emitted - 1, least) : -1;
      if (stay < 0 && lastFirst < 0) {
        now.first[emitted] = -1;
        continue;
      }
      const blank = stay < 0 ? IMPOSSIBLE : before.scores[here + stay]! + logs[log]!;
      now.scores[here] = blank;
      origin[trace + here] = stay < 0 ? 0 : stay;
      let first = blank > IMPOSSIBLE ? 0 : -1;
      let firstScore = blank;
      let second = -1;
      let secondScore = IMPOSSIBLE;
      if (emitted > 0) {
        const { admitted, logs: seen } = positions[emitted - 1]!;
        const last = here - SYMBOLS;
        const lastSecond = lastFirst < 0 ? -1 : before.second[emitted - 1]!;
        const movedFirst = lastFirst < 0 ? IMPOSSIBLE : before.scores[last + lastFirst]!;
        const movedSecond = lastSecond < 0 ? IMPOSSIBLE : before.scores[last + lastSecond]!;
        for (let k = 0; k < admitted.length; k++) {
          const symbol = admitted[k]!;
          const repeats = symbol === lastFirst;
          const held = stay < 0 ? IMPOSSIBLE : before.scores[here + symbol]!;
          const moved = repeats ? movedSecond : movedFirst;
          const likelier = moved > held ? moved : held;
          if (likelier <= IMPOSSIBLE) {
            now.scores[here + symbol] = IMPOSSIBLE;
            continue;
          }
          const score = likelier + seen[log + symbol]!;
          now.scores[here + symbol] = score;
          origin[trace + here + symbol] =
            moved > held ? (repeats ? lastSecond : lastFirst) + ADVANCED : symbol;
          if (score > firstScore) {
            second = first;
            secondScore = firstScore;
            first = symbol;
            firstScore = score;
          } else if (score > secondScore) {
            second = symbol;
            secondScore = score;
          }
        }
      }
      now.first[emitted] = first;
      now.second[emitted] = second;
      if (firstScore > best) best = firstScore;
    }
    [before, now] = [now, before];
  }
  const line = traceBack(steps, positions, before, origin);
  // Nothing of one person's line stays for as long as the next one takes to come.
  origin.fill(0, 0, steps * layers * SYMBOLS);
  return line;
}

function traceBack(
  steps: number,
  positions: readonly Position[],
  final: Lattice,
  origin: Uint8Array,
): DecodedLine | null {
  const length = positions.length;
  const layers = (length + 1) * SYMBOLS;
  let emitted = length;
  let symbol = final.first[emitted]!;
  const total = symbol < 0 ? IMPOSSIBLE : final.scores[emitted * SYMBOLS + symbol]!;
  if (total <= IMPOSSIBLE / 2) return null;
  const frames = new Array<number>(length).fill(0);
  const confidences = new Array<number>(length).fill(0);
  let text = '';
  for (let step = steps - 1; step >= 0; step--) {
    const came = origin[step * layers + emitted * SYMBOLS + symbol] ?? 0;
    if (symbol > 0) {
      // A character may be held over several steps: its surest one speaks for it.
      const sureness = Math.exp(positions[emitted - 1]?.logs[step * SYMBOLS + symbol] ?? IMPOSSIBLE);
      confidences[emitted - 1] = Math.max(confidences[emitted - 1] ?? 0, sureness);
    }
    if (came >= ADVANCED) {
      text = MRZ_ALPHABET.charAt(symbol - 1) + text;
      frames[emitted - 1] = step;
      emitted--;
      symbol = came - ADVANCED;
    } else symbol = came;
  }
  return { text, score: total / length, frames, confidences };
}

/** The plain CTC reading, of whatever length: best symbol a step, repeats and blanks dropped. */
export function decodeGreedy({ steps, logs }: SymbolScores): string {
  let text = '';
  let last = 0;
  for (let step = 0; step < steps; step++) {
    const symbol = bestOf(logs, step * SYMBOLS);
    if (symbol > 0 && symbol !== last) text += MRZ_ALPHABET.charAt(symbol - 1);
    last = symbol;
  }
  return text;
}
