import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { makeNetworks, type Networks } from './networks.js';

export type FaceModels = Networks<'detect' | 'landmark' | 'feature'>;

/** The bytes of a network of `faceplugin-face-recognition-js`. */
export function readPackaged(
  name: 'detect' | 'landmark' | 'feature' | 'pose' | 'eye' | 'liveness',
): Promise<Uint8Array> {
  const root = createRequire(import.meta.url).resolve('faceplugin-face-recognition-js/package.json');
  return readFile(path.join(path.dirname(root), 'model', `fr_${name}.onnx`));
}

export const makeFaceModels = (): FaceModels =>
  makeNetworks({
    detect: () => readPackaged('detect'),
    landmark: () => readPackaged('landmark'),
    feature: () => readPackaged('feature'),
  });
