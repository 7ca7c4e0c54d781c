import path from 'node:path';
import { projectRoot } from '../../project-root.js';
import { SYMBOLS, type SymbolScores } from './ctc.js';
import { lumaShape, normalised } from './line-luma.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { openModel, runModel } from './models.js';

/** Where the trained weights lie, with their card. */
const WEIGHTS = path.join(projectRoot, 'training', 'weights');

/** What differs between the two networks (`training/networks.py`). */
const NETWORKS = {
  first: { lineHeight: 32, step: 4 },
  second: { lineHeight: 24, step: 2 },
} as const;

/** Below this a rival is noise; without a floor one odd step would outweigh a whole line. */
const FLOOR = -12;

/**
 * A reader of OCR-B lines, trained by the project on nothing but lines that it rendered (`training/`): about a hundredth of the
 * time of a general recogniser, and an order of magnitude fewer errors on zones.
 *
 * @throws EngineError `engine_failed`
 */
export async function makeOcrBRecogniser(network: keyof typeof NETWORKS): Promise<MrzLineRecogniser> {
  const session = await openModel(path.join(WEIGHTS, `ocr-b-${network}.onnx`));
  const { lineHeight, step } = NETWORKS[network];
  return {
    name: `ocr-b-${network}`,
    ...lumaShape(lineHeight, step),
    async scoreLine(crop): Promise<SymbolScores> {
      const { values, dims } = await runModel(session, normalised(crop), [1, 1, crop.height, crop.width]);
      const steps = dims[1] ?? 0;
      const logs = new Float64Array(steps * SYMBOLS);
      for (let i = 0; i < logs.length; i++) logs[i] = Math.max(FLOOR, values[i]!);
      return { steps, logs };
    },
    close: () => session.release(),
  };
}
