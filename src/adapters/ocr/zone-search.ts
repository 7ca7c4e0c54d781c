import { AppError, EngineError } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { decodeRgb } from '../images/decode.js';
import type { RgbRaster } from '../images/raster.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { isBetter } from './mrz-candidate.js';
import { findMrz, isClear, type MrzFinding } from './mrz-finder.js';
import { mergeCollinear, type TextBox } from './text-box.js';
import { MOST_ENLARGED, type TextDetector } from './text-detector.js';

/** One side of a document, searched. */
export interface Side {
  readonly raster: RgbRaster;
  /** Lines of text, collinear parts joined. */
  readonly boxes: readonly TextBox[];
  /** What found them. */
  readonly by: keyof LineFinders;
  /** The best reading of a machine-readable zone; `null` where there is none. */
  readonly finding: MrzFinding | null;
}

/** What finds lines of text. */
export interface LineFinders {
  /** The project's own, for little. */
  readonly quick: TextDetector;
  /** A general one, where that did not lead to a zone. */
  readonly thorough: TextDetector;
}

/**
 * How lines are looked for, one look after the other until a zone reads well, with the longer side of the picture in pixels: a data page that
 * fills the frame is found by the first, at a sixth of the cost of the next; a card at arm's length needs the last.
 */
const LOOKS = [
  { by: 'quick', side: 640 },
  { by: 'thorough', side: 640 },
  { by: 'thorough', side: 960 },
  { by: 'thorough', side: 1440 },
] as const;
/** Print of a side without a zone is read as found by then: seen too closely, labels and values run together. */
const LOOKS_FOR_PRINT = 3;
/**
 * A side on which nothing like a zone was found by then is taken to have none where its print fills so much of the picture: a zone is as wide as
 * its page, and would have been seen. A licence need not pay for the last look, which costs more than the others together.
 */
const LOOKS_WITHOUT_TRACE = 3;
const FILLED = 0.5;

/**
 * Decodes a picture once, at the size that reading needs, and looks for lines and a zone.
 *
 * @throws EngineError `image_undecodable`, `engine_failed`
 */
export async function searchSide(
  finders: LineFinders,
  recogniser: MrzLineRecogniser,
  bytes: Uint8Array,
): Promise<Side> {
  const raster = await decode(bytes);
  const longest = Math.max(raster.width, raster.height);
  let side: Side = { raster, boxes: [], by: 'quick', finding: null };
  for (const [look, { by, side: pixels }] of LOOKS.entries()) {
    const before = LOOKS[look - 1];
    // Enlarged no further, it would be searched at the same size again.
    if (before?.by === by && MOST_ENLARGED * longest <= before.side) break;
    if (look >= LOOKS_WITHOUT_TRACE && !side.finding && extentOf(side.boxes) > FILLED * longest) break;
    const boxes = mergeCollinear(await finders[by].detect(raster, pixels));
    const finding = await findMrz(raster, boxes, recogniser);
    const isNews = finding
      ? !side.finding || isBetter(finding, side.finding)
      : !side.finding && look < LOOKS_FOR_PRINT;
    if (isNews) side = { raster, boxes, by, finding };
    if (finding && isClear(finding)) break;
  }
  return side;
}

/**
 * Decodes a picture and finds its lines, for a side that no zone is wanted from.
 *
 * @throws EngineError `image_undecodable`, `engine_failed`
 */
export async function openSide(finders: LineFinders, bytes: Uint8Array): Promise<Side> {
  const raster = await decode(bytes);
  return { raster, boxes: await findPrint(finders, raster), by: 'thorough', finding: null };
}

/**
 * Lines of a picture, whether they lead to a zone or not.
 *
 * @throws EngineError `engine_failed`
 */
export const findPrint = async ({ thorough }: LineFinders, raster: RgbRaster): Promise<readonly TextBox[]> =>
  mergeCollinear(await thorough.detect(raster, LOOKS[0].side));

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
