import type { RgbRaster } from '../images/raster.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { candidateOf, isSameText, type MrzCandidate } from './mrz-candidate.js';
import type { MrzFinding } from './mrz-finder.js';
import { FIRST_CROP, scoreLine, type CropVariant, type ScoredLine } from './mrz-line.js';

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
      const line = await scoreLine(raster, box, variant, recogniser);
      if (!line) return null;
      stack.push(line);
    }
    const reading = candidateOf(format, stack);
    if (reading && (!best || reading.weakest > best.weakest)) best = reading;
    if (best && best.weakest >= SECOND_SURE) break;
  }
  return best;
}

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
