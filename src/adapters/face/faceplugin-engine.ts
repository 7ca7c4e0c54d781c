import { EngineError } from '../../domain/errors.js';
import type { Region, RgbRaster } from '../images/raster.js';
import {
  ALIGNED_SIDE,
  alignmentPoints,
  fitSimilarity,
  LANDMARK_SIDE,
  landmarkInput,
  meanPoints,
  regionAround,
  warpAligned,
} from './align-face.js';
import { composeEngine, type OnnxFaceEngine } from './compose-engine.js';
import { makeFaceDetector } from './detect-faces.js';
import { makeFaceModels } from './face-models.js';
import { FACE_MODEL } from './face-model-id.js';
import { logOdds } from './log-odds.js';
import { normalise, similarity } from './template.js';

/**
 * How sure it is that a face stands upright: the length of its template before that is normalised, which is great for what the network was
 * trained on, and the detection's log-odds. Of 507 pictures in four positions (drawn documents in hard conditions; LFW as it is, as
 * printed, and blurred) the upright one was the surest in all but one, a blurred one; 2 of 200 faces on their side or head in LFW alone
 * came above the mark.
 */
const surety = (length: number, score: number): number => length + 0.1 * logOdds(score);
const CLEAR_SURETY = 3.9;

/** Height in pixels below which landmarks are looked for twice: an error of a pixel counts there, and two looks err in different ones. */
const SMALL_FACE = 160;

/**
 * Face engine on the networks of `faceplugin-face-recognition-js`: detector (320 × 240), 68 landmarks, 512-dimensional template of the
 * aligned face. Networks are opened on first use only.
 */
export function makeFacepluginEngine(): OnnxFaceEngine {
  const models = makeFaceModels();

  const landmarksIn = async (raster: RgbRaster, region: Region): Promise<Float32Array> => {
    const input = landmarkInput(raster, region);
    const { output } = await models.run('landmark', input, [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]);
    if (output === undefined) throw new EngineError('engine_failed');
    return output;
  };

  return composeEngine({
    model: FACE_MODEL,
    detector: makeFaceDetector(models),
    async describe(raster, face) {
      const first = regionAround(await landmarksIn(raster, face), face);
      const landmarks = await landmarksIn(raster, first);
      let points = alignmentPoints(landmarks, first);
      if (face.height < SMALL_FACE) {
        const second = regionAround(landmarks, first);
        points = meanPoints(points, alignmentPoints(await landmarksIn(raster, second), second));
      }
      const aligned = warpAligned(raster, fitSimilarity(points));
      const { output } = await models.run('feature', aligned, [1, 3, ALIGNED_SIDE, ALIGNED_SIDE]);
      if (output === undefined) throw new EngineError('engine_failed');
      const { unit, length } = normalise(output);
      return { template: unit, surety: surety(length, face.score) };
    },
    clearSurety: CLEAR_SURETY,
    similarity,
    networks: models,
  });
}
