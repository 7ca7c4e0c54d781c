import type { FaceBox, FaceComparison, FaceEngine } from '../../app/ports/face-engine.js';
import { AppError, EngineError } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { decodeRgb } from '../images/decode.js';
import type { RgbRaster } from '../images/raster.js';
import {
  ALIGNED_SIDE,
  alignmentPoints,
  fitSimilarity,
  LANDMARK_SIDE,
  landmarkInput,
  warpAligned,
} from './align-face.js';
import { detectFaces, turnBack, type UprightFaces } from './detect-faces.js';
import { makeFaceModels, type FaceModelName } from './face-models.js';
import { FACE_MODEL } from './face-model-id.js';

/** A detection this sure is no ornament; among such faces the largest is the portrait, a ghost image being smaller. */
const CLEAR_SCORE = 0.9;

export interface OnnxFaceEngine extends FaceEngine {
  /** Networks opened so far; empty until the first call that needs a face. */
  loaded(): readonly FaceModelName[];
  /** Network runs so far. */
  inferences(): number;
}

interface Subject {
  readonly template: Float32Array | null;
  readonly faces: number;
  readonly height: number;
}

const NOBODY: Subject = { template: null, faces: 0, height: 0 };

async function decode(image: Uint8Array): Promise<RgbRaster> {
  try {
    return await decodeRgb(image, { maxSide: IMAGE_LIMITS.normalisedSide });
  } catch (error) {
    if (error instanceof AppError) throw new EngineError('image_undecodable');
    throw error;
  }
}

function mainFace(faces: readonly FaceBox[]): FaceBox | undefined {
  return faces.find((face) => face.score >= CLEAR_SCORE) ?? faces.toSorted((a, b) => b.score - a.score)[0];
}

function normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}

/**
 * Similarity of two L2-normalised templates: their cosine, with negative values clamped to 0, since faces that point apart are no
 * more different than unrelated ones. 0–1, higher = same person.
 */
export function similarity(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += a[i]! * (b[i] ?? 0);
  return Math.min(1, Math.max(0, dot));
}

/**
 * Face engine on the networks of `faceplugin-face-recognition-js`: detector (320 × 240), 68 landmarks, 512-dimensional template of the
 * aligned face. Networks are opened on first use only. Images are looked at with their longer side at most
 * `IMAGE_LIMITS.normalisedSide` pixels.
 */
export function makeFaceEngine(): OnnxFaceEngine {
  const models = makeFaceModels();

  const describe = async ({ raster, faces }: UprightFaces): Promise<Subject> => {
    const face = mainFace(faces);
    if (face === undefined) return NOBODY;
    const located = await models.run('landmark', landmarkInput(raster, face), [
      1,
      1,
      LANDMARK_SIDE,
      LANDMARK_SIDE,
    ]);
    const points = alignmentPoints(located['output'] ?? new Float32Array(), face);
    const aligned = warpAligned(raster, fitSimilarity(points));
    const { output } = await models.run('feature', aligned, [1, 3, ALIGNED_SIDE, ALIGNED_SIDE]);
    if (output === undefined) throw new EngineError('engine_failed');
    return { template: normalise(output), faces: faces.length, height: Math.round(face.height) };
  };

  const subjectOf = async (image: Uint8Array): Promise<Subject> =>
    describe(await detectFaces(models, await decode(image)));

  return {
    model: FACE_MODEL,
    async detect(image) {
      const { raster, faces, turns } = await detectFaces(models, await decode(image));
      return faces.map((face) => turnBack(face, turns, raster));
    },
    async compare(document, selfie): Promise<FaceComparison> {
      const a = await subjectOf(document);
      const b = await subjectOf(selfie);
      return {
        score: a.template === null || b.template === null ? null : similarity(a.template, b.template),
        faces: [a.faces, b.faces],
        faceHeights: [a.height, b.height],
      };
    },
    async embed(image) {
      const { template, faces } = await subjectOf(image);
      return { template, faces };
    },
    loaded: models.loaded,
    inferences: models.inferences,
    close: models.close,
  };
}
