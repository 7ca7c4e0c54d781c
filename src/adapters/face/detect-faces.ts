import type { FaceBox } from '../../app/ports/face-engine.js';
import { clampRegion, rotateQuarter, wholeOf, type Region, type RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';
import type { FaceModels } from './face-models.js';

const INPUT_WIDTH = 320;
const INPUT_HEIGHT = 240;
/** Value of the area that the picture leaves free in the detector's input; it becomes 0 after scaling. */
const PADDING = 127;
/** Two boxes that overlap by more than this share (intersection over union) are one face. */
const SAME_FACE_OVERLAP = 0.4;
const FRAME_SCORE = 0.6;
/** Higher in crops: many looks at small parts would otherwise find faces in ornaments sooner or later. */
const CROP_SCORE = 0.8;
/** Below this height in the detector's input, faces are missed or boxed loosely, so crops are looked at too. */
const RELIABLE_INPUT_HEIGHT = 24;
/** Below this height in the detector's input, a face is boxed anew in a crop of its own. */
const EXACT_INPUT_HEIGHT = 48;
/** Side of a crop for boxing one face anew, in heights of that face. */
const CROP_FACES = 3;
/** Crops a side, and their side as a share of the picture's: they overlap, so that no face is cut by all of them. */
const TILINGS = [
  { across: 2, share: 0.6 },
  { across: 3, share: 0.42 },
] as const;

const inputScale = (region: Region): number =>
  Math.min(INPUT_WIDTH / region.width, INPUT_HEIGHT / region.height);

/** Planar R, G, B in −1…1 with the region at the top left, the rest neutral. */
function letterbox(raster: RgbRaster, region: Region): Float32Array {
  const scale = inputScale(region);
  const width = Math.min(INPUT_WIDTH, Math.max(1, Math.round(region.width * scale)));
  const height = Math.min(INPUT_HEIGHT, Math.max(1, Math.round(region.height * scale)));
  const pixels = resample(raster, region, width, height);
  const plane = INPUT_WIDTH * INPUT_HEIGHT;
  const input = new Float32Array(3 * plane);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = y * INPUT_WIDTH; x < width; x++, to++, from += 3) {
      input[to] = (pixels[from]! - PADDING) / 128;
      input[to + plane] = (pixels[from + 1]! - PADDING) / 128;
      input[to + 2 * plane] = (pixels[from + 2]! - PADDING) / 128;
    }
  }
  return input;
}

function overlap(a: FaceBox, b: FaceBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Non-maximum suppression: of boxes around one face, the surest stays. */
function suppress(boxes: readonly FaceBox[]): FaceBox[] {
  const kept: FaceBox[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(box, other) < SAME_FACE_OVERLAP)) kept.push(box);
  }
  return kept;
}

const largestFirst = (boxes: readonly FaceBox[]): FaceBox[] =>
  boxes.toSorted((a, b) => b.width * b.height - a.width * a.height);

/** Faces in one region, in pixels of the raster. The detector gives corners as shares of its whole input. */
async function detectInRegion(
  models: FaceModels,
  raster: RgbRaster,
  region: Region,
  minScore: number,
): Promise<FaceBox[]> {
  const outputs = await models.run('detect', letterbox(raster, region), [1, 3, INPUT_HEIGHT, INPUT_WIDTH]);
  const scores = outputs['scores'] ?? new Float32Array();
  const corners = outputs['boxes'] ?? new Float32Array();
  const perWidth = INPUT_WIDTH / inputScale(region);
  const perHeight = INPUT_HEIGHT / inputScale(region);
  const found: FaceBox[] = [];
  for (let prior = 0; prior * 2 < scores.length; prior++) {
    const score = scores[prior * 2 + 1]!;
    if (score <= minScore) continue;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = corners.subarray(prior * 4, prior * 4 + 4);
    if (x1 <= x0 || y1 <= y0) continue;
    found.push({
      left: region.left + x0 * perWidth,
      top: region.top + y0 * perHeight,
      width: (x1 - x0) * perWidth,
      height: (y1 - y0) * perHeight,
      score,
    });
  }
  return suppress(found);
}

/** Whether a box ends at a border of its crop inside the picture, and so shows part of a face only. */
function isCut(box: FaceBox, crop: Region, raster: RgbRaster): boolean {
  const margin = 0.02 * crop.width;
  return (
    (crop.left > 0 && box.left < crop.left + margin) ||
    (crop.top > 0 && box.top < crop.top + margin) ||
    (crop.left + crop.width < raster.width && box.left + box.width > crop.left + crop.width - margin) ||
    (crop.top + crop.height < raster.height && box.top + box.height > crop.top + crop.height - margin)
  );
}

function* tilesOf(raster: RgbRaster, tiling: (typeof TILINGS)[number]): Generator<Region> {
  const width = raster.width * tiling.share;
  const height = raster.height * tiling.share;
  const steps = tiling.across - 1;
  for (let row = 0; row < tiling.across; row++) {
    for (let column = 0; column < tiling.across; column++) {
      const left = ((raster.width - width) * column) / steps;
      const top = ((raster.height - height) * row) / steps;
      yield clampRegion({ left, top, width, height }, raster);
    }
  }
}

async function detectInTiles(
  models: FaceModels,
  raster: RgbRaster,
  tiling: (typeof TILINGS)[number],
): Promise<FaceBox[]> {
  const found: FaceBox[] = [];
  for (const tile of tilesOf(raster, tiling)) {
    const boxes = await detectInRegion(models, raster, tile, CROP_SCORE);
    found.push(...boxes.filter((box) => !isCut(box, tile, raster)));
  }
  return suppress(found);
}

/** Boxes a face anew in a crop around it; the first box stays where the crop shows none. */
async function boxAnew(models: FaceModels, raster: RgbRaster, box: FaceBox): Promise<FaceBox> {
  const side = CROP_FACES * box.height;
  const left = box.left + box.width / 2 - side / 2;
  const top = box.top + box.height / 2 - side / 2;
  const crop = clampRegion({ left, top, width: side, height: side }, raster);
  const boxes = await detectInRegion(models, raster, crop, FRAME_SCORE);
  return boxes.find((other) => overlap(box, other) >= SAME_FACE_OVERLAP) ?? box;
}

/**
 * Faces of a raster that stands upright, largest first. The whole frame is looked at first, then overlapping crops as long as
 * nothing, or only something small, was found: the portrait on a card held far away is a few pixels in the detector's input.
 * @throws EngineError `engine_failed`
 */
async function detectUpright(models: FaceModels, raster: RgbRaster): Promise<FaceBox[]> {
  const frame = wholeOf(raster);
  let found = await detectInRegion(models, raster, frame, FRAME_SCORE);
  const heightInInput = (box: FaceBox) => box.height * inputScale(frame);
  for (const tiling of TILINGS) {
    if (found.some((box) => heightInInput(box) >= RELIABLE_INPUT_HEIGHT)) break;
    found = suppress([...found, ...(await detectInTiles(models, raster, tiling))]);
  }
  const [largest, ...others] = largestFirst(found);
  if (largest === undefined || heightInInput(largest) >= EXACT_INPUT_HEIGHT) return largestFirst(found);
  return largestFirst([await boxAnew(models, raster, largest), ...others]);
}

/** A raster turned so that its faces stand upright, and the faces in it. */
export interface UprightFaces {
  readonly raster: RgbRaster;
  readonly faces: readonly FaceBox[];
  /** Clockwise quarter turns that were made. */
  readonly turns: number;
}

/** An upright face is taller than wide, also when tilted; one that lies on its side is found now and then, in a box that is wider. */
const UPRIGHT_ASPECT = 1.1;

/** Detection score of the surest face that stands upright; faces that lie count half. */
const surest = (faces: readonly FaceBox[]): number =>
  Math.max(
    0,
    ...faces.map(({ score, width, height }) => (width <= UPRIGHT_ASPECT * height ? score : score / 2)),
  );

/**
 * Faces of a raster, largest first. Where none is clear the picture is turned as well: a passport photographed sideways is common,
 * and the detector knows upright faces only. The position with the surest face counts.
 * @throws EngineError `engine_failed`
 */
export async function detectFaces(models: FaceModels, raster: RgbRaster): Promise<UprightFaces> {
  let best: UprightFaces = { raster, faces: await detectUpright(models, raster), turns: 0 };
  let turned = raster;
  for (let turns = 1; turns < 4 && surest(best.faces) < CROP_SCORE; turns++) {
    turned = rotateQuarter(turned);
    const faces = await detectInRegion(models, turned, wholeOf(turned), CROP_SCORE);
    if (surest(faces) > surest(best.faces)) best = { raster: turned, faces: largestFirst(faces), turns };
  }
  return best;
}

/** A box in a raster that was turned clockwise by `turns` quarters, in pixels of the raster as it was before. */
export function turnBack(
  box: FaceBox,
  turns: number,
  turned: { readonly width: number; readonly height: number },
): FaceBox {
  let current = box;
  let { width, height } = turned;
  for (let i = 0; i < turns; i++) {
    current = {
      left: current.top,
      top: width - current.left - current.width,
      width: current.height,
      height: current.width,
      score: current.score,
    };
    [width, height] = [height, width];
  }
  return current;
}
