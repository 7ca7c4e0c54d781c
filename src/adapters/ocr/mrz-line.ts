import type { RgbRaster } from '../images/raster.js';
import { decodeGreedy, type SymbolScores } from './ctc.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { aspect, cropLine, grown, type TextBox } from './text-box.js';

/** How much thicker the crop is than the detected line, and how many thicknesses it is longer at each end. */
export interface CropVariant {
  readonly thickness: number;
  readonly sideways: number;
  /** Radians by which the crop is turned against the box, whose own direction is never quite right. */
  readonly tilt?: number;
}

/** The detector cuts lines short over security prints, so every crop reaches well beyond its box. */
export const FIRST_CROP: CropVariant = { thickness: 1, sideways: 3 };

/** Wider than any zone can be at the recogniser's height: memory and time are bounded by it. */
const WIDEST_CROP = 3200;

/** A line as a recogniser sees it in one crop. */
export interface ScoredLine {
  readonly box: TextBox;
  readonly crop: TextBox;
  readonly scores: SymbolScores;
  /** What it reads without help of any format. */
  readonly plain: string;
}

/** @returns `null` for what is longer than a line of a zone can be */
export async function scoreLine(
  raster: RgbRaster,
  box: TextBox,
  { thickness, sideways, tilt = 0 }: CropVariant,
  recogniser: MrzLineRecogniser,
): Promise<ScoredLine | null> {
  const straight = grown(box, thickness, sideways);
  const crop = { ...straight, angle: straight.angle + tilt };
  if (aspect(crop) * recogniser.lineHeight > WIDEST_CROP) return null;
  const scores = await recogniser.scoreLine(cropLine(raster, crop, recogniser));
  return { box, crop, scores, plain: decodeGreedy(scores) };
}

export function looksLikeZone(text: string): boolean {
  if (text.length < 18) return false;
  const fillers = text.split('<').length - 1;
  const digits = text.replace(/\D/g, '').length;
  return fillers >= 2 || digits >= 12;
}
