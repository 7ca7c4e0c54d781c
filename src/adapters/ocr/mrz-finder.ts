import type { RgbRaster } from '../images/raster.js';
import { MRZ_FORMATS } from '../../domain/mrz.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { decodeAs, isBetter, rank, type MrzCandidate } from './mrz-candidate.js';
import { FIRST_CROP, looksLikeZone, scoreLine, type CropVariant, type ScoredLine } from './mrz-line.js';
import { rowPosition, turned, type TextBox } from './text-box.js';
import { stacks, withLostNeighbours, zoneLines } from './zone-lines.js';

/** A zone as it was read from several crops. */
export interface MrzFinding extends MrzCandidate {
  /** Different crops that gave this same text, this one included. */
  readonly votes: number;
}

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

/** Score from which a valid reading is worth to be confirmed rather than bettered. */
const CONVINCING = -0.55;
/**
 * Probability of the weakest character from which a reading is taken as what is printed, right or wrong. Measured: wrong readings whose
 * check digits held stayed below 0.4.
 */
const CLEAR = { readTwice: 0.5, readOnce: 0.7 } as const;
/** Crops that are tried on a zone of which not even two check digits hold. */
const HOPELESS_AFTER = 3;

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
    if (!line || !looksLikeZone(line.plain)) continue;
    lines.push(line);
    lines.sort((a, b) => rowPosition(a.box) - rowPosition(b.box));
    for (const stack of stacks(lines)) {
      if (!stack.includes(line)) continue;
      for (const format of MRZ_FORMATS) {
        if (isConvincing(best)) break;
        const candidate = decodeAs(format, stack);
        if (candidate && (!best || isBetter(candidate, best))) best = candidate;
      }
    }
    if (isConvincing(best)) break;
  }
  return { best, lines };
}

/** Score below which a zone is none: the masks can be forced onto the bars of a code or a texture as well. Blurred zones stay above −0.6. */
const LEAST_SCORE = -1;
const asZone = (finding: MrzFinding | null): MrzFinding | null =>
  finding && finding.score >= LEAST_SCORE ? finding : null;

/**
 * Whether two check digits hold at least, so that format and direction are settled. Of a zone that stands on its head two may hold by chance,
 * but its characters were forced.
 */
const promising = (candidate: MrzCandidate | null): boolean =>
  candidate !== null &&
  candidate.score >= LEAST_SCORE &&
  Object.values(candidate.checks).filter(Boolean).length >= 2;

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
  if (zone.length < 2) return asZone(ballot.best());
  for (let look = 0; look < MOST_LOOKS; look++) {
    const best = ballot.best();
    if (best && isClear(best)) break;
    if (look >= HOPELESS_AFTER && !promising(best)) break;
    const boxes = best?.fittedBoxes ?? best?.boxes ?? zone;
    const variant = (best?.fittedBoxes ? FITTED_CROPS : FURTHER_CROPS)[look];
    if (variant) ballot.add((await read(boxes, variant)).best);
  }
  return asZone(ballot.best());
}
