import type { RgbRaster } from '../images/raster.js';
import {
  fitsFormat,
  MRZ_FORMATS,
  mrzShape,
  settleLookalike,
  settleNationality,
  significantColumns,
  uncheckedColumns,
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
  offsetFrom,
  rowPosition,
  standsBeside,
  stretched,
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
  /** The least among those of them that no check digit covers: names, codes, sex. */
  readonly weakestUnchecked: number;
  /** The lines' boxes, in reading direction, before any growing. */
  readonly boxes: readonly TextBox[];
  /** The same boxes, cut to where the first and last characters must stand; `null` where too few were read to tell. */
  readonly fittedBoxes: readonly TextBox[] | null;
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
  /** Radians by which the crop is turned against the box, whose own direction is never quite right. */
  readonly tilt?: number;
}

/** The detector cuts lines short over security prints, so every crop reaches well beyond its box. */
const FIRST_CROP: CropVariant = { thickness: 1, sideways: 3 };
/** What another recogniser is shown of a zone whose place is known, until it reads it surely. */
const SECOND_CROPS: readonly CropVariant[] = [
  { thickness: 1.05, sideways: 0.4 },
  { thickness: 1.2, sideways: 0.2 },
  { thickness: 0.9, sideways: 0.2 },
  { thickness: 1.1, sideways: 0.2, tilt: 0.01 },
  { thickness: 1.1, sideways: 0.2, tilt: -0.01 },
];
/** Probability of its weakest character from which a second reading needs no further crop. */
const SECOND_SURE = 0.8;
/** What follows on a zone whose place is known to a character, the most fruitful first. */
const FITTED_CROPS: readonly CropVariant[] = [
  { thickness: 1.12, sideways: 0 },
  { thickness: 0.95, sideways: 0.4 },
  { thickness: 1.05, sideways: 0.2, tilt: 0.008 },
  { thickness: 1.05, sideways: 0.2, tilt: -0.008 },
  { thickness: 1.3, sideways: 0.2 },
  { thickness: 0.8, sideways: 0 },
  { thickness: 1.2, sideways: 0.8 },
  { thickness: 1.15, sideways: 0.2, tilt: 0.016 },
  { thickness: 1.15, sideways: 0.2, tilt: -0.016 },
  { thickness: 0.7, sideways: 0.3 },
];
/** What follows on boxes of which not even that is known. */
const FURTHER_CROPS: readonly CropVariant[] = [
  { thickness: 1.12, sideways: 2 },
  { thickness: 1, sideways: 8 },
  { thickness: 0.8, sideways: 1 },
  { thickness: 0.8, sideways: 8 },
  { thickness: 1.25, sideways: 3 },
  { thickness: 1, sideways: 14 },
];
const MOST_LOOKS = 10;

/** A line of 30 to 44 characters is at least this many times as long as it is thick. */
const LEAST_ASPECT = 11;
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

function cropOf(box: TextBox, { thickness, sideways, tilt = 0 }: CropVariant): TextBox {
  const crop = grown(box, thickness, sideways);
  return { ...crop, angle: crop.angle + tilt };
}

async function scoreLine(
  raster: RgbRaster,
  box: TextBox,
  variant: CropVariant,
  recogniser: MrzLineRecogniser,
): Promise<ScoredLine | null> {
  const crop = cropOf(box, variant);
  if (aspect(crop) * recogniser.lineHeight > WIDEST_CROP) return null;
  const scores = await recogniser.scoreLine(cropLine(raster, crop, recogniser));
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

/** Characters by which a line's place is worked out must be so many at least, and span so much of it. */
const FIT = { characters: 8, span: 0.4 } as const;
/** Room left of the first and right of the last character, in widths of a character. */
const FIT_MARGIN = 1.2;

interface Fit {
  /** Middle of the first column, from the middle of the line's box, and distance of columns; pixels along the line. */
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** A zone is printed in one pitch: a straight line through its characters' places tells where those must stand that were not seen. */
function fitColumns(line: ScoredLine, { frames }: DecodedLine, columns: readonly number[]): Fit | null {
  const count = columns.length;
  const span = (columns.at(-1) ?? 0) - (columns[0] ?? 0);
  if (count < FIT.characters || span < FIT.span * frames.length) return null;
  const place = (column: number) =>
    (((frames[column] ?? 0) + 0.5) / line.scores.steps - 0.5) * line.crop.length;
  const meanColumn = columns.reduce((sum, column) => sum + column, 0) / count;
  const meanPlace = columns.reduce((sum, column) => sum + place(column), 0) / count;
  let [product, square] = [0, 0];
  for (const column of columns) {
    product += (column - meanColumn) * (place(column) - meanPlace);
    square += (column - meanColumn) ** 2;
  }
  const step = product / square;
  return { start: meanPlace - step * meanColumn, step, count };
}

/**
 * The boxes of a zone cut to its columns, as the densest line shows them. Beyond them lie the edge of the card and the table, which a
 * decoder that has one filler too few takes for a character.
 */
function fitZone(
  stack: readonly ScoredLine[],
  decoded: readonly DecodedLine[],
  columns: readonly (readonly number[])[],
): readonly TextBox[] | null {
  let best: (Fit & { readonly box: TextBox }) | null = null;
  for (const [row, line] of stack.entries()) {
    const reading = decoded[row];
    const fit = reading ? fitColumns(line, reading, columns[row] ?? []) : null;
    if (fit && (!best || fit.count > best.count)) best = { ...fit, box: line.box };
  }
  const length = decoded[0]?.text.length ?? 0;
  if (!best || best.step <= 0) return null;
  const { start, step, box: reference } = best;
  return stack.map(({ box }) => {
    const { along } = offsetFrom(box, reference);
    const from = along + start - FIT_MARGIN * step;
    return stretched(box, from, along + start + (length - 1 + FIT_MARGIN) * step);
  });
}

function weakestOf(decoded: readonly DecodedLine[], columns: readonly (readonly number[])[]): number {
  let weakest = 1;
  for (const [row, line] of decoded.entries())
    for (const column of columns[row] ?? []) weakest = Math.min(weakest, line.confidences[column] ?? 0);
  return weakest;
}

/** What a character is taken for that a check digit, not the recogniser, told from its like: enough if seen twice. */
const SETTLED_CONFIDENCE = 0.6;

function settled(format: MrzFormat, decoded: readonly DecodedLine[]): readonly DecodedLine[] {
  const nationality = settleNationality(
    format,
    decoded.map((line) => line.text),
  );
  const named = decoded.map((line, row) => ({ ...line, text: nationality[row] ?? line.text }));
  const number = settleLookalike(format, nationality);
  if (!number) return named;
  const { lines, row, column } = number;
  return named.map((line, index) =>
    index === row
      ? {
          ...line,
          text: lines[row] ?? line.text,
          confidences: line.confidences.with(column, SETTLED_CONFIDENCE),
        }
      : line,
  );
}

function decodeAs(format: MrzFormat, stack: readonly ScoredLine[]): MrzCandidate | null {
  const { lineCount, lineLength } = mrzShape(format);
  if (stack.length !== lineCount) return null;
  // A zone's length is measured before anything is forced: forcing always succeeds, and its check digits may even hold.
  const longest = Math.max(...stack.map((line) => line.greedyLength));
  if (Math.abs(longest - lineLength) > LENGTH_TOLERANCE) return null;
  return candidateOf(format, stack);
}

function candidateOf(format: MrzFormat, stack: readonly ScoredLine[]): MrzCandidate | null {
  const { masks } = mrzShape(format);
  const raw: DecodedLine[] = [];
  for (const [row, line] of stack.entries()) {
    const reading = decodeMasked(line.scores, masks[row] ?? '');
    if (!reading) return null;
    raw.push(reading);
  }
  const decoded = settled(format, raw);
  const lines = decoded.map((line) => line.text);
  const columns = significantColumns(format, lines);
  const checks = verifyCheckDigits(format, lines);
  const pitches = decoded.map((line, row) => (stack[row] ? pitchOf(stack[row], line) : 0));
  return {
    format,
    lines,
    checks,
    valid: fitsFormat(format, lines) && Object.values(checks).every(Boolean),
    score: decoded.reduce((sum, line) => sum + line.score, 0) / decoded.length,
    confidences: decoded.map((line) => line.confidences),
    weakest: weakestOf(decoded, columns),
    weakestUnchecked: weakestOf(decoded, uncheckedColumns(format, lines)),
    boxes: stack.map((line) => line.box),
    fittedBoxes: fitZone(stack, decoded, columns),
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

/** Whether one reading says more than another of the same picture. */
export const isBetter = (a: MrzCandidate, b: MrzCandidate): boolean => rank(a) > rank(b);

/** Nothing that comes after it would be believed rather: visas come last, whose fewer digits prove less. */
const isConvincing = (candidate: MrzCandidate | null): boolean =>
  candidate?.valid === true && candidate.score > CONVINCING;

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
        if (isConvincing(best)) break;
        const candidate = decodeAs(format, stack);
        if (candidate && (!best || rank(candidate) > rank(best))) best = candidate;
      }
    }
    if (isConvincing(best)) break;
  }
  return { best, lines };
}

/** Score below which a zone is none: the masks can be forced onto the bars of a code or a texture as well. Blurred zones stay above −0.6. */
export const LEAST_SCORE = -1;

/**
 * Whether two check digits hold at least, so that format and direction are settled. Of a zone that stands on its head two may hold by chance,
 * but its characters were forced.
 */
const promising = (candidate: MrzCandidate | null): boolean =>
  candidate !== null &&
  candidate.score >= LEAST_SCORE &&
  Object.values(candidate.checks).filter(Boolean).length >= 2;

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
  const found = [...long.slice(0, MOST_LINES), ...fragments.slice(0, MOST_FRAGMENTS)];
  return [...alignBlocks(found), ...slimmed(long)].map((box) => facing(box, longest));
}

/** A line of a zone that is cut out neatly is longer than this many times its thickness, with all three lines of a card's. */
const NEAT_ASPECT = 19;
const MOST_SLIMMED = 3;

/**
 * Of lines that stand close the detector may take one for twice as thick as it is, and of two but one: those are tried again as the
 * parts they may consist of.
 */
function slimmed(long: readonly TextBox[]): readonly TextBox[] {
  return long
    .filter((box) => aspect(box) < NEAT_ASPECT)
    .slice(0, MOST_SLIMMED)
    .flatMap((box) => {
      const slim = { ...box, thickness: box.thickness * 0.55 };
      return [slim, besides(slim, -0.25 * box.thickness), besides(slim, 0.25 * box.thickness)];
    });
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
  for (let look = 0; look < MOST_LOOKS; look++) {
    const best = ballot.best();
    if (best && isClear(best)) break;
    if (look >= HOPELESS_AFTER && !promising(best)) break;
    const boxes = best?.fittedBoxes ?? best?.boxes ?? zone;
    const variant = (best?.fittedBoxes ? FITTED_CROPS : FURTHER_CROPS)[look];
    if (variant) ballot.add((await read(boxes, variant)).best);
  }
  return ballot.best();
}

/**
 * Reads a zone again with another recogniser, in several crops until it is sure.
 *
 * @returns `null` when a line cannot be read at all
 */
export async function rereadMrz(
  raster: RgbRaster,
  { format, boxes, fittedBoxes }: MrzCandidate,
  recogniser: MrzLineRecogniser,
): Promise<MrzCandidate | null> {
  let best: MrzCandidate | null = null;
  for (const variant of fittedBoxes ? SECOND_CROPS : [FIRST_CROP]) {
    const stack: ScoredLine[] = [];
    for (const box of fittedBoxes ?? boxes) {
      const crop = cropOf(box, variant);
      const scores = await recogniser.scoreLine(cropLine(raster, crop, recogniser));
      stack.push({ box, crop, scores, greedyLength: decodeGreedy(scores).length });
    }
    const reading = candidateOf(format, stack);
    if (reading && (!best || reading.weakest > best.weakest)) best = reading;
    if (best && best.weakest >= SECOND_SURE) break;
  }
  return best;
}

export const isSameText = (a: MrzCandidate, b: MrzCandidate): boolean => a.lines.join() === b.lines.join();

/** A zone as two readers of different make read it. */
export interface WitnessedFinding {
  readonly finding: MrzFinding;
  /** The other's reading: the same text, or another; `null` where it could not read it. */
  readonly second: MrzCandidate | null;
}

/**
 * Has a zone read by a second recogniser, and by a third where those two disagree: two of three are believed, whichever they are.
 *
 * @param third reads slowly, and was trained on other material altogether
 */
export async function witnessMrz(
  raster: RgbRaster,
  finding: MrzFinding,
  second: MrzLineRecogniser,
  third: MrzLineRecogniser,
): Promise<WitnessedFinding> {
  const again = await rereadMrz(raster, finding, second);
  if (again && isSameText(again, finding)) return { finding, second: again };
  // Whatever a third reader says of a zone whose digits nobody gets right, it has to be photographed again.
  if (!finding.valid && !again?.valid) return { finding, second: again };
  const once = await rereadMrz(raster, finding, third);
  if (once && isSameText(once, finding)) return { finding, second: once };
  // The other's boxes were those of the first: what it read may be given in its place.
  const other = again && { ...again, boxes: finding.boxes, fittedBoxes: finding.fittedBoxes, votes: 1 };
  if (other && once && isSameText(once, other)) return { finding: other, second: once };
  return other?.valid && !finding.valid ? { finding: other, second: null } : { finding, second: again };
}

/** Where columns of a line stand, from the first to before `to`; `null` for a line that the zone does not have. */
export function columnBox(
  { boxes, fittedBoxes, lines }: MrzCandidate,
  row: number,
  from: number,
  to: number,
): TextBox | null {
  const box = (fittedBoxes ?? boxes)[row];
  const columns = lines[row]?.length ?? 0;
  if (!box || columns === 0) return null;
  const margin = fittedBoxes ? FIT_MARGIN - 0.5 : 0;
  const step = box.length / (columns + 2 * margin);
  const start = -box.length / 2 + margin * step;
  return stretched(box, start + from * step, start + to * step);
}
