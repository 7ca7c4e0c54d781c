import { createRequire } from 'node:module';
import path from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../../domain/errors.js';

/** Networks of the face pipeline: file in the package, and names of its outputs. */
const MODEL_FILES = {
  detect: 'fr_detect.onnx',
  landmark: 'fr_landmark.onnx',
  feature: 'fr_feature.onnx',
} as const;
export type FaceModelName = keyof typeof MODEL_FILES;

export interface FaceModels {
  /**
   * Runs one network, loading it on first use.
   * @param data values in the layout of `shape` (batch, channel, row, column)
   * @returns the outputs by name
   * @throws EngineError `engine_failed`
   */
  run(
    name: FaceModelName,
    data: Float32Array,
    shape: readonly number[],
  ): Promise<Readonly<Record<string, Float32Array>>>;
  /** Networks whose weights were opened since the start. */
  readonly loaded: () => readonly FaceModelName[];
  /** Runs of any network since the start. */
  readonly inferences: () => number;
  readonly close: () => Promise<void>;
}

/** One core a host, and no growing arena: a host's memory is watched from outside and must follow what it really needs. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  enableCpuMemArena: false,
  logSeverityLevel: 4,
};

const modelDirectory = (): string =>
  path.join(
    path.dirname(createRequire(import.meta.url).resolve('faceplugin-face-recognition-js/package.json')),
    'model',
  );

/**
 * The networks of `faceplugin-face-recognition-js`, each opened only when something first has to be computed with it: who refuses
 * biometrics is promised that no face model runs, so not even the runtime is imported before.
 */
export function makeFaceModels(): FaceModels {
  const sessions = new Map<FaceModelName, Promise<InferenceSession>>();
  let inferences = 0;

  const open = async (name: FaceModelName): Promise<InferenceSession> => {
    const { InferenceSession } = await import('onnxruntime-node');
    return InferenceSession.create(path.join(modelDirectory(), MODEL_FILES[name]), SESSION_OPTIONS);
  };

  const sessionOf = (name: FaceModelName): Promise<InferenceSession> => {
    let session = sessions.get(name);
    if (session === undefined) sessions.set(name, (session = open(name)));
    return session;
  };

  return {
    async run(name, data, shape) {
      try {
        const session = await sessionOf(name);
        const { Tensor } = await import('onnxruntime-node');
        inferences++;
        const outputs = await session.run({ input: new Tensor('float32', data, shape) });
        return Object.fromEntries(
          Object.entries(outputs).map(([key, tensor]) => [key, tensor.data as Float32Array]),
        );
      } catch {
        // The runtime's own message names files; it must not travel.
        throw new EngineError('engine_failed');
      }
    },
    loaded: () => [...sessions.keys()],
    inferences: () => inferences,
    async close() {
      const opened = [...sessions.values()];
      sessions.clear();
      await Promise.all(opened.map(async (session) => (await session).release()));
    },
  };
}
