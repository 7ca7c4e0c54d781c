import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Tensor } from './onnx-graph.js';

/** Networks of `@vladmandic/face-api` that are used here, by the name of their files. */
export type WeightFile = 'ssd_mobilenetv1' | 'face_landmark_68' | 'face_recognition';

/** An entry of a TensorFlow.js weights manifest. Quantised values are bytes: value × scale + min. */
interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization?: { readonly dtype: string; readonly scale: number; readonly min: number };
}

export interface Weights {
  /** A tensor of the file, in its order of axes. @throws Error `weight_missing` */
  get(name: string): Tensor;
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const packageFile = (): string => createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json');

/** Whether the package with the weights is there: the service can do without. */
export function weightsAreInstalled(): boolean {
  try {
    packageFile();
    return true;
  } catch {
    return false;
  }
}

/** Reads the weights of a network. @throws Error where the package is missing or its files are of another form */
export async function readWeights(file: WeightFile): Promise<Weights> {
  const root = packageFile();
  const at = (name: string) => path.join(path.dirname(root), 'model', name);
  const manifest = await readFile(at(`${file}_model-weights_manifest.json`), 'utf8');
  const [group] = JSON.parse(manifest) as { readonly weights: readonly ManifestEntry[] }[];
  return parseWeights(group?.weights ?? [], await readFile(at(`${file}_model.bin`)));
}

/** @throws Error `weights_do_not_fit` */
export function parseWeights(entries: readonly ManifestEntry[], bytes: Uint8Array): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = new Map<string, { readonly entry: ManifestEntry; readonly offset: number }>();
  let end = 0;
  for (const entry of entries) {
    places.set(entry.name, { entry, offset: end });
    end += elements(entry.shape) * (entry.quantization === undefined ? 4 : 1);
    if ((entry.quantization?.dtype ?? 'uint8') !== 'uint8') throw new Error('weights_do_not_fit');
  }
  if (end !== bytes.length) throw new Error('weights_do_not_fit');
  return {
    get(name) {
      const place = places.get(name);
      if (place === undefined) throw new Error('weight_missing');
      const {
        offset,
        entry: { shape, quantization },
      } = place;
      const data = Float32Array.from({ length: elements(shape) }, (_, i) =>
        quantization === undefined
          ? view.getFloat32(offset + 4 * i, true)
          : bytes[offset + i]! * quantization.scale + quantization.min,
      );
      return { shape, data };
    },
  };
}
