import { AppError, EngineError } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { decodeRgb } from '../images/decode.js';
import type { RgbRaster } from '../images/raster.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { findMrz, isBetter, isClear, type MrzFinding } from './mrz-finder.js';
import { mergeCollinear, type TextBox } from './text-box.js';
import { MOST_ENLARGED, type TextDetector } from './text-detector.js';

/** One side of a document, searched. */
export interface Side {
  readonly raster: RgbRaster;
  /** Lines of text, collinear parts joined. */
  readonly boxes: readonly TextBox[];
  /** The best reading of a machine-readable zone; `null` where there is none. */
  readonly finding: MrzFinding | null;
}

/**
 * Longer sides, in pixels, at which lines are looked for, one after the other until a zone reads well: a data page that fills the frame
 * is found at the first, at less than half the cost of the second; a card at arm's length needs the last.
 */
const DETECTION_SIDES = [640, 960, 1440] as const;
/** Print of a side without a zone is read as found by then: seen too closely, labels and values run together. */
const LOOKS_FOR_PRINT = 2;
/**
 * A side on which nothing like a zone was found by then is taken to have none where its print fills so much of the picture: a zone is as wide as
 * its page, and would have been seen. A licence need not pay for the last look, which costs more than the others together.
 */
const LOOKS_WITHOUT_TRACE = 2;
const FILLED = 0.5;

/** Score below which a zone is none: the masks can be forced onto the bars of a code or a texture as well. Blurred zones stay above −0.6. */
const LEAST_SCORE = -1;

/**
 * Decodes a picture once, at the size that reading needs, and looks for lines and a zone.
 *
 * @throws EngineError `image_undecodable`, `engine_failed`
 */
export async function searchSide(
  detector: TextDetector,
  recogniser: MrzLineRecogniser,
  bytes: Uint8Array,
): Promise<Side> {
  const raster = await decode(bytes);
  const longest = Math.max(raster.width, raster.height);
  let side: Side = { raster, boxes: [], finding: null };
  for (const [look, pixels] of DETECTION_SIDES.entries()) {
    // Enlarged no further, it would be searched at the same size again.
    if (look > 0 && MOST_ENLARGED * longest <= (DETECTION_SIDES[look - 1] ?? 0)) break;
    if (look >= LOOKS_WITHOUT_TRACE && !side.finding && extentOf(side.boxes) > FILLED * longest) break;
    const boxes = mergeCollinear(await detector.detect(raster, pixels));
    const finding = await findMrz(raster, boxes, recogniser);
    const isNews = finding
      ? !side.finding || isBetter(finding, side.finding)
      : !side.finding && look < LOOKS_FOR_PRINT;
    if (isNews) side = { raster, boxes, finding };
    if (finding && isClear(finding)) break;
  }
  return side.finding && side.finding.score < LEAST_SCORE ? { ...side, finding: null } : side;
}

/**
 * Decodes a picture and finds its lines, for a side that no zone is wanted from.
 *
 * @throws EngineError `image_undecodable`, `engine_failed`
 */
export async function openSide(detector: TextDetector, bytes: Uint8Array): Promise<Side> {
  const raster = await decode(bytes);
  const boxes = mergeCollinear(await detector.detect(raster, DETECTION_SIDES[0]));
  return { raster, boxes, finding: null };
}

/** Longer side of the area within which lines were found, in pixels; their slant is left aside. */
function extentOf(boxes: readonly TextBox[]): number {
  const reach = (box: TextBox) => box.length / 2;
  const span = (ends: readonly number[]) => (ends.length === 0 ? 0 : Math.max(...ends) - Math.min(...ends));
  const across = boxes.flatMap((box) =>
    [-1, 1].map((side) => box.cx + side * reach(box) * Math.cos(box.angle)),
  );
  const down = boxes.flatMap((box) =>
    [-1, 1].map((side) => box.cy + side * reach(box) * Math.sin(box.angle)),
  );
  return Math.max(span(across), span(down));
}

async function decode(bytes: Uint8Array): Promise<RgbRaster> {
  try {
    return await decodeRgb(bytes, { maxSide: IMAGE_LIMITS.normalisedSide });
  } catch (error) {
    // Uploads were judged before; what cannot be decoded here is a fault of the caller's, not of the learner's request.
    throw error instanceof AppError ? new EngineError('image_undecodable', { cause: error }) : error;
  }
}
