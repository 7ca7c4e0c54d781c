import sharp from 'sharp';
import { ALIGNED_SIDE, LANDMARK_SIDE } from '../../src/adapters/face/align-face.js';
import type { FaceEngineName } from '../../src/adapters/face/face-engine-choice.js';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { faceApiPeer, humanPeer } from './peers.js';
import { makeFaceModels } from '../../src/adapters/face/face-models.js';

/** Compares a document with a selfie. @returns the score, `null` where there is none */
export type Compare = (document: Uint8Array, selfie: Uint8Array) => Promise<number | null>;

function engine(name: FaceEngineName): Compare {
  const faces = makeFaceEngine(name);
  return async (document, selfie) => (await faces.compare(document, selfie)).score;
}

/** Decoding, and one run of each network, and nothing between: what no comparison with these networks can be faster than. */
function bareSum(): Compare {
  const models = makeFaceModels();
  const detection = new Float32Array(3 * 240 * 320);
  const landmarks = new Float32Array(LANDMARK_SIDE ** 2);
  const face = new Float32Array(3 * ALIGNED_SIDE ** 2);
  return async (document, selfie) => {
    for (const image of [document, selfie]) {
      await sharp(image).raw().toBuffer();
      await models.run('detect', detection, [1, 3, 240, 320]);
      await models.run('landmark', landmarks, [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]);
      await models.run('feature', face, [1, 3, ALIGNED_SIDE, ALIGNED_SIDE]);
    }
    return null;
  };
}

export const CONTESTANTS = {
  bare: bareSum,
  faceplugin: () => engine('faceplugin'),
  dlib: () => engine('dlib'),
  human: humanPeer,
  faceApi: faceApiPeer,
} as const satisfies Record<string, () => Compare>;

export type ContestantName = keyof typeof CONTESTANTS;
