import type { FaceBox } from '../../app/ports/face-engine.js';
import { clampRegion, rotateQuarter, type Region, type RgbRaster } from '../images/raster.js';
import type { FaceDetector, View } from './detect-faces.js';
import { largestFirst, suppress } from './face-boxes.js';
import { inputScale } from './letterbox.js';

/** Faces of a picture in one of its four positions. */
export interface Sight {
  /** The picture in that position. */
  readonly raster: RgbRaster;
  /** Clockwise quarter turns that were made. */
  readonly turns: number;
  /** At least one, largest first, in pixels of the turned picture. */
  readonly faces: readonly FaceBox[];
}

/** What was made of a sight, and how sure it is that faces stand upright in it. */
export interface Judged<T> {
  readonly value: T;
  readonly surety: number;
}

function* cropsOf(raster: RgbRaster, { across, share }: View): Generator<Region> {
  const width = raster.width * Math.min(1, share);
  const height = raster.height * Math.min(1, share);
  const steps = Math.max(1, across - 1);
  for (let row = 0; row < across; row++) {
    for (let column = 0; column < across; column++) {
      const left = ((raster.width - width) * column) / steps;
      const top = ((raster.height - height) * row) / steps;
      yield clampRegion({ left, top, width, height }, raster);
    }
  }
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

async function look(detector: FaceDetector, raster: RgbRaster, view: View): Promise<FaceBox[]> {
  const found: FaceBox[] = [];
  for (const crop of cropsOf(raster, view)) {
    const scale = inputScale(crop, detector.input) / Math.max(1, view.share);
    const boxes = await detector.detect(raster, crop, scale, view.least);
    found.push(...boxes.filter((box) => !isCut(box, crop, raster)));
  }
  return largestFirst(suppress(found));
}

type Position = Pick<Sight, 'raster' | 'turns'>;

/** The four positions of a picture, each turned from the one before it when it is first asked for. */
function makePositions(raster: RgbRaster): () => Generator<Position> {
  const known: Position[] = [{ raster, turns: 0 }];
  return function* () {
    for (let turns = 0; turns < 4; turns++) {
      const before = known[turns - 1];
      if (before !== undefined) known[turns] ??= { raster: rotateQuarter(before.raster), turns };
      const position = known[turns];
      if (position !== undefined) yield position;
    }
  };
}

/**
 * Searches a picture for faces, whichever side is up: a passport photographed sideways is common, and detectors know upright faces only,
 * but find one that lies or stands on its head now and then. So each position is judged, and the surest counts. The whole picture is
 * looked at first, then ever smaller parts: the portrait on a card held far away is a few pixels in the detector's input.
 *
 * @param judge what a sight is worth; `null` where it is worth nothing
 * @param clear surety from which no other position is looked at
 * @returns the value of the surest sight, or `null` where no face was found in any
 * @throws EngineError `engine_failed`, and what `judge` throws
 */
export async function searchFaces<T>(
  detector: FaceDetector,
  raster: RgbRaster,
  judge: (sight: Sight) => Judged<T> | Promise<Judged<T>>,
  clear: number,
): Promise<T | null> {
  let best: Judged<T> | null = null;
  let largest = 0;
  const positions = makePositions(raster);
  for (const view of detector.views) {
    for (const position of positions()) {
      const faces = await look(detector, position.raster, view);
      const [face] = faces;
      if (face === undefined) continue;
      const judged = await judge({ ...position, faces });
      if (best === null || judged.surety > best.surety) {
        best = judged;
        largest = (face.height * inputScale(position.raster, detector.input)) / Math.max(1, view.share);
      }
      if (best.surety >= clear) return best.value;
    }
    // What is small and not clear may be an ornament beside a face that was missed.
    if (best !== null && largest >= detector.reliableHeight) break;
  }
  return best?.value ?? null;
}
