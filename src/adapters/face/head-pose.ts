import type { FaceBox } from '../../app/ports/face-engine.js';
import { EngineError } from '../../domain/errors.js';
import { resample } from '../images/resample.js';
import type { RgbRaster } from '../images/raster.js';
import type { Networks } from './networks.js';

/** Side of the square that the pose network takes. */
const SIDE = 224;
/** Room around a face on each side, in shares of its extent. */
const ROOM = 0.25;
/** Mean and deviation of R, G and B with which the network was trained (ImageNet's). */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;
/** The network says for each of 66 bins of three degrees how likely an angle lies in it (Ruiz et al., CVPRW 2018). */
const BIN_DEGREES = 3;
const FIRST_BIN = -99;
/** Its outputs by name. */
const YAW = 'output';
const PITCH = '617';

/** Angles of a head, in degrees. */
export interface HeadPose {
  /** Grows as the head turns to its owner's right. */
  readonly yaw: number;
  /** Grows as the chin goes up. */
  readonly pitch: number;
}

function poseInput(raster: RgbRaster, face: FaceBox): Float32Array {
  const region = {
    left: face.left - ROOM * face.width,
    top: face.top - ROOM * face.height,
    width: face.width * (1 + 2 * ROOM),
    height: face.height * (1 + 2 * ROOM),
  };
  const pixels = resample(raster, region, SIDE, SIDE);
  const plane = SIDE * SIDE;
  const input = new Float32Array(3 * plane);
  for (let i = 0, p = 0; i < plane; i++)
    for (let c = 0; c < 3; c++, p++) input[c * plane + i] = (pixels[p]! / 255 - MEAN[c]!) / DEVIATION[c]!;
  return input;
}

/** The mean of an angle over its bins. */
function angleOf(logits: Float32Array | undefined): number {
  if (logits === undefined) throw new EngineError('engine_failed');
  const highest = Math.max(...logits);
  let total = 0;
  let sum = 0;
  for (const [bin, logit] of logits.entries()) {
    const weight = Math.exp(logit - highest);
    total += weight;
    sum += weight * (FIRST_BIN + BIN_DEGREES * bin);
  }
  return sum / total;
}

/** @throws EngineError `engine_failed` */
export async function estimatePose(
  networks: Pick<Networks<'pose'>, 'run'>,
  raster: RgbRaster,
  face: FaceBox,
): Promise<HeadPose> {
  const outputs = await networks.run('pose', poseInput(raster, face), [1, 3, SIDE, SIDE]);
  return { yaw: angleOf(outputs[YAW]), pitch: angleOf(outputs[PITCH]) };
}
