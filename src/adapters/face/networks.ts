import type { InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../../domain/errors.js';

/** Networks by name that are opened when they are first run. */
export interface Networks<Name extends string> {
  /**
   * Runs one network, loading it on first use. Its one input is named `input`.
   * @param data values in the layout of `shape` (batch, channel, row, column)
   * @returns the outputs by name
   * @throws EngineError `engine_failed`
   */
  run(
    name: Name,
    data: Float32Array,
    shape: readonly number[],
  ): Promise<Readonly<Record<string, Float32Array>>>;
  /** Networks whose weights were opened since the start. */
  readonly loaded: () => readonly Name[];
  /** Runs of any network since the start. */
  readonly inferences: () => number;
  readonly close: () => Promise<void>;
}

/**
 * One core a host. Inputs have one shape a network, so an arena stays as large as one run needs; and time does not hang on how the
 * allocator of the process is set: with every large block given back at once, a run without an arena took up to twice as long.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  enableCpuMemArena: true,
  logSeverityLevel: 4,
};

/**
 * Networks in ONNX, each opened only when something first has to be computed with it: who refuses biometrics is promised that no face
 * model runs, so not even the runtime is imported before.
 * @param sources for each name the network's bytes
 */
export function makeNetworks<Name extends string>(
  sources: Readonly<Record<Name, () => Promise<Uint8Array>>>,
): Networks<Name> {
  const sessions = new Map<Name, Promise<InferenceSession>>();
  let inferences = 0;

  const open = async (name: Name): Promise<InferenceSession> => {
    const { InferenceSession } = await import('onnxruntime-node');
    return InferenceSession.create(await sources[name](), SESSION_OPTIONS);
  };

  const sessionOf = (name: Name): Promise<InferenceSession> => {
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
