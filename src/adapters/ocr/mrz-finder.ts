import type { RgbRaster } from '../images/raster.js';
import {
  fitsFormat,
  MRZ_FORMATS,
  mrzShape,
  significantColumns,
  verifyCheckDigits,
  type CheckDigitName,
  type MrzFormat,
} from '../../domain/mrz.js';
import { decodeGreedy, decodeMasked, type DecodedLine, type SymbolScores } from './ctc.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import {
  alignBlocks,
  aspect,
  besides,
  cropLine,
  facing,
  grown,
  rowPosition,
  standsBeside,
  turned,
  type TextBox,
} from './text-box.js';

/** One reading of a zone. */
export interface MrzCandidate {
  readonly format: MrzFormat;
  readonly lines: readonly string[];
  readonly checks: Readonly<Partial<Record<CheckDigitName, boolean>>>;
  /** Every check digit holds, and every position holds what it may. */
  readonly valid: boolean;
  /** Logarithm of the lines' probability, a character. 0 = certain. */
  readonly score: number;
  /** Probability of each character of each line. */
  readonly confidences: readonly (readonly number[])[];
  /** The least of them among characters that say something: fillers at the end of a field do not. */
  readonly weakest: number;
  /** The lines' boxes, in reading direction, before any growing. */
  readonly boxes: readonly TextBox[];
  /** Width of a character, in pixels of the raster. */
  readonly pitch: number;
}

/** A zone as it was read from several crops. */
export interface MrzFinding extends MrzCandidate {
  /** Different crops that gave this same text, this one included. */
  readonly votes: number;
}

/** How much thicker the crop is than the detected line, and how many thicknesses it is longer at each end. */
interface CropVariant {
  readonly thickness: number;
  readonly sideways: number;
}

/** The detector cuts lines short over security prints, so every crop reaches well beyond its box. */
const FIRST_CROP: CropVariant = { thickness: 1, sideways: 3 };
/** What follows, most fruitful first. The first of them is the second look that every zone gets. */
const FURTHER_CROPS: readonly CropVariant[] = [
  { thickness: 1.12, sideways: 2 },
  { thickness: 1, sideways: 8 },
  { thickness: 0.8, sideways: 1 },
  { thickness: 0.8, sideways: 8 },
  { thickness: 1.25, sideways: 3 },
  { thickness: 1, sideways: 14 },
];

/** A line of 30 to 44 characters is at least this many times as long as it is thick. */
const LEAST_ASPECT = 12;
const MOST_LINES = 10;
const FRAGMENT_ASPECT = 4;
const MOST_FRAGMENTS = 4;
/** Wider than any zone can be at the recogniser's height: memory and time are bounded by it. */
const WIDEST_CROP = 3200;
/** Score from which a valid reading is worth to be confirmed rather than bettered. */
const CONVINCING = -0.55;
/**
 * Probability of the weakest character from which a reading is taken as what is printed, right or wrong. Measured: wrong readings whose
 * check digits held stayed below 0.4.
 */
const CLEAR = { readTwice: 0.5, readOnce: 0.7 } as const;
/** Crops that are tried on a zone of which not even two check digits hold. */
const HOPELESS_AFTER = 3;
/** The plain reading may drop or double a character or two, no more, if the format is to be right. */
const LENGTH_TOLERANCE = 2;
/** Four thicknesses at most from one line of a zone to the next. */
const FARTHEST_ROW = 4;
/** Distance of two lines in widths of a character: 6.35 mm to 2.54 mm (ICAO 9303-3, 4.4). */
const ROW_PITCHES = 2.5;

interface ScoredLine {
  readonly box: TextBox;
  readonly crop: TextBox;
  readonly scores: SymbolScores;
  readonly greedyLength: number;
}

function looksLikeZone(text: string): boolean {
  if (text.length < 18) return false;
  const fillers = text.split('<').length - 1;
  const digits = text.replace(/\D/g, '').length;
  return fillers >= 2 || digits >= 12;
}

async function scoreLine(
  raster: RgbRaster,
  box: TextBox,
  variant: CropVariant,
  recogniser: MrzLineRecogniser,
): Promise<ScoredLine | null> {
  const crop = grown(box, variant.thickness, variant.sideways);
  if (aspect(crop) * recogniser.lineHeight > WIDEST_CROP) return null;
  const scores = await recogniser.scoreLine(cropLine(raster, crop, recogniser.lineHeight));
  const text = decodeGreedy(scores);
  return looksLikeZone(text) ? { box, crop, scores, greedyLength: text.length } : null;
}

/** Runs of lines, near one below the other, that may be one zone. */
function stacks(lines: readonly ScoredLine[]): ScoredLine[][] {
  const found: ScoredLine[][] = [];
  const nextAfter = (line: ScoredLine, from: number): number[] => {
    const below: number[] = [];
    for (let i = from; i < Math.min(lines.length, from + 2); i++) {
      const other = lines[i];
      if (!other) continue;
      const distance = rowPosition(other.box) - rowPosition(line.box);
      if (distance >= 0.5 * line.box.thickness && distance <= FARTHEST_ROW * line.box.thickness)
        below.push(i);
    }
    return below;
  };
  for (const [i, first] of lines.entries())
    for (const j of nextAfter(first, i + 1)) {
      const second = lines[j];
      if (!second) continue;
      found.push([first, second]);
      for (const k of nextAfter(second, j + 1)) {
        const third = lines[k];
        if (third) found.push([first, second, third]);
      }
    }
  return found;
}

/** Width of a character in raster pixels, from the first to the last emission. */
function pitchOf(line: ScoredLine, decoded: DecodedLine): number {
  const first = decoded.frames[0] ?? 0;
  const last = decoded.frames.at(-1) ?? 0;
  return ((last - first) / Math.max(1, decoded.frames.length - 1)) * (line.crop.length / line.scores.steps);
}

function weakestOf(format: MrzFormat, decoded: readonly DecodedLine[]): number {
  const columns = significantColumns(
    format,
    decoded.map((line) => line.text),
  );
  let weakest = 1;
  for (const [row, line] of decoded.entries())
    for (const column of columns[row] ?? []) weakest = Math.min(weakest, line.confidences[column] ?? 0);
  return weakest;
}

function decodeAs(format: MrzFormat, stack: readonly ScoredLine[]): MrzCandidate | null {
  const { lineCount, lineLength, masks } = mrzShape(format);
  if (stack.length !== lineCount) return null;
  // A zone's length is measured before anything is forced: forcing always succeeds, and its check digits may even hold.
  const longest = Math.max(...stack.map((line) => line.greedyLength));
  if (Math.abs(longest - lineLength) > LENGTH_TOLERANCE) return null;
  const decoded: DecodedLine[] = [];
  for (const [row, line] of stack.entries()) {
    const reading = decodeMasked(line.scores, masks[row] ?? '');
    if (!reading) return null;
    decoded.push(reading);
  }
  const lines = decoded.map((line) => line.text);
  const checks = verifyCheckDigits(format, lines);
  const pitches = decoded.map((line, row) => (stack[row] ? pitchOf(stack[row], line) : 0));
  return {
    format,
    lines,
    checks,
    valid: fitsFormat(format, lines) && Object.values(checks).every(Boolean),
    score: decoded.reduce((sum, line) => sum + line.score, 0) / decoded.length,
    confidences: decoded.map((line) => line.confidences),
    weakest: weakestOf(format, decoded),
    boxes: stack.map((line) => line.box),
    pitch: Math.max(...pitches),
  };
}

const MRV_HANDICAP = 1.5;

/** Orders candidates: check digits first, then probability; a visa's three digits prove less than a passport's five. */
function rank({ format, checks, valid, score, weakest }: MrzCandidate): number {
  const outcomes = Object.values(checks);
  const share = outcomes.filter(Boolean).length / outcomes.length;
  const handicap = format === 'MRVA' || format === 'MRVB' ? MRV_HANDICAP : 0;
  return (valid ? 3 : 0) + 2 * share + 1.6 * Math.max(score, -5) + weakest - handicap;
}

interface Attempt {
  readonly best: MrzCandidate | null;
  /** Lines that look like a zone's. */
  readonly lines: readonly ScoredLine[];
}

/** Reads boxes in the order given, and stops as soon as a zone among them reads convincingly: recognition is what costs. */
async function readBoxes(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  variant: CropVariant,
  recogniser: MrzLineRecogniser,
): Promise<Attempt> {
  const lines: ScoredLine[] = [];
  let best = null as MrzCandidate | null;
  for (const box of boxes) {
    const line = await scoreLine(raster, box, variant, recogniser);
    if (!line) continue;
    lines.push(line);
    lines.sort((a, b) => rowPosition(a.box) - rowPosition(b.box));
    for (const stack of stacks(lines)) {
      if (!stack.includes(line)) continue;
      for (const format of MRZ_FORMATS) {
        const candidate = decodeAs(format, stack);
        if (candidate && (!best || rank(candidate) > rank(best))) best = candidate;
      }
    }
    if (best?.valid && best.score > CONVINCING) break;
  }
  return { best, lines };
}

/** Whether most check digits hold, so that at least format and direction are settled. */
const promising = (candidate: MrzCandidate | null): boolean =>
  candidate !== null && Object.values(candidate.checks).filter(Boolean).length >= 2;

/** Lines that may be part of a zone, most likely first, each as long as its block, all facing one way. */
export function zoneLines(boxes: readonly TextBox[]): TextBox[] {
  const long = boxes.filter((box) => aspect(box) > LEAST_ASPECT).sort((a, b) => b.length - a.length);
  // Of a line that lies over a security print the detector may have kept a fragment only: its neighbour vouches for it.
  const fragments = boxes.filter(
    (box) =>
      aspect(box) > FRAGMENT_ASPECT &&
      aspect(box) <= LEAST_ASPECT &&
      long.some((line) => line.length > 20 * box.thickness && standsBeside(line, box)),
  );
  const [longest] = long;
  if (!longest) return [];
  return alignBlocks([...long.slice(0, MOST_LINES), ...fragments.slice(0, MOST_FRAGMENTS)]).map((box) =>
    facing(box, longest),
  );
}

/**
 * Where the neighbours of a line must lie that alone was found of its zone: the detector may have lost the other one altogether.
 * The plain reading of the line gives the width of its characters, and that the distance of the lines.
 */
function withLostNeighbours({ box, greedyLength }: ScoredLine): readonly TextBox[] {
  const distance = (box.length / greedyLength) * ROW_PITCHES;
  return [box, besides(box, -distance), besides(box, distance)];
}

/** Readings by their text; those that agree vote for each other. */
class Ballot {
  readonly #findings = new Map<string, MrzFinding>();

  add(candidate: MrzCandidate | null): void {
    if (!candidate) return;
    const text = candidate.lines.join('\n');
    const earlier = this.#findings.get(text);
    const votes = (earlier?.votes ?? 0) + 1;
    this.#findings.set(text, {
      ...(earlier && rank(earlier) >= rank(candidate) ? earlier : candidate),
      votes,
    });
  }

  /** The reading to go on with: votes count, but a reading whose check digits hold is not outvoted by misreadings. */
  best(): MrzFinding | null {
    let best: MrzFinding | null = null;
    const weight = (finding: MrzFinding) => rank(finding) + 0.5 * finding.votes;
    for (const finding of this.#findings.values())
      if (!best || weight(finding) > weight(best)) best = finding;
    return best;
  }
}

/**
 * Whether another look would hardly tell anything new: what was read is what is printed, be it right or wrong in itself. A reading
 * whose check digits fail is always looked at again.
 */
export function isClear({ valid, votes, weakest, score }: MrzFinding): boolean {
  if (score <= CONVINCING) return false;
  return votes >= 2 ? weakest >= CLEAR.readTwice : valid && weakest >= CLEAR.readOnce;
}

/**
 * The best reading of a machine-readable zone among lines of text, or `null` where none looks like one. Check digits that do
 * not hold do not hide a reading. Tried upside down as well.
 *
 * @param boxes detected lines, collinear parts joined
 */
export async function findMrz(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  recogniser: MrzLineRecogniser,
): Promise<MrzFinding | null> {
  const read = (some: readonly TextBox[], variant: CropVariant) =>
    readBoxes(raster, some, variant, recogniser);
  const ballot = new Ballot();
  const candidates = zoneLines(boxes);
  let attempt = await read(candidates, FIRST_CROP);
  ballot.add(attempt.best);
  if (!promising(attempt.best)) {
    const inverted = await read(candidates.map(turned), FIRST_CROP);
    ballot.add(inverted.best);
    if (!attempt.best && inverted.lines.length >= attempt.lines.length) attempt = inverted;
  }
  const [lone] = attempt.lines;
  const zone =
    attempt.lines.length === 1 && lone ? withLostNeighbours(lone) : attempt.lines.map(({ box }) => box);
  if (zone.length < 2) return ballot.best();
  for (const [tried, variant] of FURTHER_CROPS.entries()) {
    const best = ballot.best();
    if (best ? isClear(best) : tried >= HOPELESS_AFTER) break;
    if (tried >= HOPELESS_AFTER && !promising(best)) break;
    ballot.add((await read(best?.boxes ?? zone, variant)).best);
  }
  return ballot.best();
}

/**
 * Reads a zone again with another recogniser. Its lines are compared by the caller.
 *
 * @returns `null` when a line cannot be read at all
 */
export async function rereadMrz(
  raster: RgbRaster,
  { format, boxes }: MrzCandidate,
  recogniser: MrzLineRecogniser,
): Promise<{ readonly lines: readonly string[]; readonly score: number } | null> {
  const { masks } = mrzShape(format);
  const decoded: DecodedLine[] = [];
  for (const [row, box] of boxes.entries()) {
    const crop = cropLine(
      raster,
      grown(box, FIRST_CROP.thickness, FIRST_CROP.sideways),
      recogniser.lineHeight,
    );
    const line = decodeMasked(await recogniser.scoreLine(crop), masks[row] ?? '');
    if (!line) return null;
    decoded.push(line);
  }
  return {
    lines: decoded.map((line) => line.text),
    score: decoded.reduce((sum, line) => sum + line.score, 0) / decoded.length,
  };
}
