import type { FaceBox } from '../../app/ports/face-engine.js';
import { EngineError } from '../../domain/errors.js';
import type { RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';
import type { Networks } from './networks.js';

/** Side of the square that the eye network takes, and its extent in widths of an eye. */
const SIDE = 24;
const EXTENT = 1.6;

/** Points of the iBUG 300-W mark-up, counted from zero: corners of an eye, and its lids. */
const EYES = [
  { from: 36, to: 39, lids: [37, 38, 40, 41] },
  { from: 42, to: 45, lids: [43, 44, 46, 47] },
] as const;

interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

function squaresOf(landmarks: Float32Array, face: FaceBox): readonly Square[] {
  const at = (point: number) => ({
    x: face.left + landmarks[point * 2]! * face.width,
    y: face.top + landmarks[point * 2 + 1]! * face.height,
  });
  return EYES.map(({ from, to, lids }) => {
    const points = lids.map(at);
    return {
      x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
      y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
      side: EXTENT * Math.hypot(at(to).x - at(from).x, at(to).y - at(from).y),
    };
  });
}

function eyeInput(raster: RgbRaster, { x, y, side }: Square): Float32Array {
  const region = { left: x - side / 2, top: y - side / 2, width: side, height: side };
  const pixels = resample(raster, region, SIDE, SIDE);
  return Float32Array.from(
    { length: SIDE * SIDE },
    (_, i) => (0.299 * pixels[i * 3]! + 0.587 * pixels[i * 3 + 1]! + 0.114 * pixels[i * 3 + 2]!) / 255,
  );
}

/**
 * How surely the eye that is more open is closed, 0–1: somebody who winks, or whose hair hangs over an eye, looks on with the other.
 *
 * @param landmarks 68 points in shares of the face's box, x and y in turn
 * @throws EngineError `engine_failed`
 */
export async function eyesClosed(
  networks: Pick<Networks<'eye'>, 'run'>,
  raster: RgbRaster,
  landmarks: Float32Array,
  face: FaceBox,
): Promise<number> {
  let least = 1;
  for (const square of squaresOf(landmarks, face)) {
    const { output } = await networks.run('eye', eyeInput(raster, square), [1, 1, SIDE, SIDE]);
    // Two classes: closed, open.
    const [closed, open] = [output?.[0], output?.[1]];
    if (closed === undefined || open === undefined) throw new EngineError('engine_failed');
    least = Math.min(least, 1 / (1 + Math.exp(open - closed)));
  }
  return least;
}
