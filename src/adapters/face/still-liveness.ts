import type { FaceBox } from '../../app/ports/face-engine.js';
import { EngineError } from '../../domain/errors.js';
import type { Region, RgbRaster } from '../images/raster.js';
import { resample } from '../images/resample.js';
import type { Networks } from './networks.js';

/** Side of the square that the network takes, and how many faces wide it is. */
const SIDE = 128;
const FACES_WIDE = 2.7;
/** Its classes: a face, and two kinds of pictures of one. */
const CLASSES = 3;

/** The face with what surrounds it, moved and cut so that it lies within the picture: a border would look like an attack. */
function surroundings({ left, top, width, height }: FaceBox, picture: RgbRaster): Region {
  const scale = Math.min(FACES_WIDE, (picture.width - 1) / width, (picture.height - 1) / height);
  const [wide, high] = [width * scale, height * scale];
  const within = (start: number, extent: number, all: number) => Math.max(0, Math.min(start, all - extent));
  return {
    left: within(left + (width - wide) / 2, wide, picture.width),
    top: within(top + (height - high) / 2, high, picture.height),
    width: wide,
    height: high,
  };
}

/**
 * How much a still picture looks like a living face, 0–1. A risk signal and no more: of five real attacks one passed with 0.99, and a
 * tenth of ordinary photographs lie below 0.55.
 *
 * @throws EngineError `engine_failed`
 */
export async function estimateLiveness(
  networks: Pick<Networks<'liveness'>, 'run'>,
  raster: RgbRaster,
  face: FaceBox,
): Promise<number> {
  const pixels = resample(raster, surroundings(face, raster), SIDE, SIDE);
  const plane = SIDE * SIDE;
  const input = new Float32Array(CLASSES * plane);
  // Planar B, G, R in 0–255, as it was trained.
  for (let i = 0, p = 0; i < plane; i++, p += 3)
    for (let c = 0; c < 3; c++) input[c * plane + i] = pixels[p + 2 - c]!;
  const { output } = await networks.run('liveness', input, [1, 3, SIDE, SIDE]);
  if (output?.length !== CLASSES) throw new EngineError('engine_failed');
  const highest = Math.max(...output);
  const weights = [...output].map((logit) => Math.exp(logit - highest));
  return (weights[0] ?? 0) / weights.reduce((sum, weight) => sum + weight, 0);
}
