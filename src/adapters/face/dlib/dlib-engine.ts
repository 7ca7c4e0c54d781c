import { EngineError } from '../../../domain/errors.js';
import type { Region, RgbRaster } from '../../images/raster.js';
import { regionAround } from '../align-face.js';
import { composeEngine, type OnnxFaceEngine } from '../compose-engine.js';
import { DLIB_FACE_MODEL } from '../face-model-id.js';
import { logOdds } from '../log-odds.js';
import { makeNetworks } from '../networks.js';
import { normalise } from '../template.js';
import { chipInput, fitChip, landmarkInput, squareAround } from './align.js';
import { detectionNet } from './detection-net.js';
import { makeSsdDetector } from './detector.js';
import { LANDMARK_SIDE, landmarkNet } from './landmark-net.js';
import { CHIP_SIDE, recognitionNet } from './recognition-net.js';
import { scaledSimilarity } from './score-scale.js';
import { readWeights } from './weights.js';

/** How sure it is that a face stands upright: the detection's log-odds, less what its landmarks lack in likeness to a face. */
const surety = (score: number, misfit: number): number => logOdds(score) - 0.3 * misfit;
const CLEAR_SURETY = 2.4;

/**
 * Face engine on the networks of `@vladmandic/face-api`, whose origin is known: a MobileNet detector, 68 landmarks, and dlib's recognition
 * network, written anew in ONNX from the weights of the package. Slower and less exact than `makeFacepluginEngine`; networks are opened on
 * first use only.
 */
export function makeDlibFaceEngine(): OnnxFaceEngine {
  const networks = makeNetworks({
    detect: async () => detectionNet(await readWeights('ssd_mobilenetv1')),
    landmark: async () => landmarkNet(await readWeights('face_landmark_68')),
    feature: async () => recognitionNet(await readWeights('face_recognition')),
  });

  const run = async (name: 'landmark' | 'feature', input: Float32Array, side: number) => {
    const { output } = await networks.run(name, input, [1, 3, side, side]);
    if (output === undefined) throw new EngineError('engine_failed');
    return output;
  };
  const landmarksIn = (raster: RgbRaster, region: Region) =>
    run('landmark', landmarkInput(raster, region), LANDMARK_SIDE);

  return composeEngine({
    model: DLIB_FACE_MODEL,
    detector: makeSsdDetector(networks),
    async describe(raster, face) {
      const loose = squareAround(face);
      const region = squareAround(regionAround(await landmarksIn(raster, loose), loose));
      const { similarity, misfit } = fitChip(await landmarksIn(raster, region), region);
      const output = await run('feature', chipInput(raster, similarity), CHIP_SIDE);
      return { template: normalise(output).unit, surety: surety(face.score, misfit) };
    },
    clearSurety: CLEAR_SURETY,
    similarity: scaledSimilarity,
    networks,
  });
}
