import path from 'node:path';
import { projectRoot } from '../../project-root.js';
import { SYMBOLS, type SymbolScores } from './ctc.js';
import type { MrzLineRecogniser } from './line-recogniser.js';
import { openModel, runModel } from './models.js';
import type { LineCrop } from './text-box.js';

/** Where the trained weights lie, with their card. */
const WEIGHTS = path.join(projectRoot, 'training', 'weights');

/** What differs between the two networks (`training/networks.py`). */
const NETWORKS = {
  first: { lineHeight: 32, step: 4 },
  second: { lineHeight: 24, step: 2 },
} as const;

/** A character needs about so much; wider lines cost time without end. */
const WIDTHS = { least: 32, most: 3200 } as const;
/** Contrast below which a crop is taken for flat: as in training, of which the luma was 0 to 255. */
const FLAT = 8 / 127.5;
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
    lineHeight,
    planes: 1,
    async scoreLine(crop): Promise<SymbolScores> {
      const width = Math.min(WIDTHS.most, Math.max(WIDTHS.least, Math.round(crop.width / step) * step));
      const { values, dims } = await runModel(session, normalised(crop, width), [1, 1, lineHeight, width]);
      const steps = dims[1] ?? 0;
      const logs = new Float64Array(steps * SYMBOLS);
      for (let i = 0; i < logs.length; i++) logs[i] = Math.max(FLOOR, values[i]!);
      return { steps, logs };
    },
    close: () => session.release(),
  };
}

/** A crop's luma, stretched to `width`, with zero mean and unit deviation: as in training. */
function normalised({ data, width: from, height }: LineCrop, width: number): Float32Array {
  const grey = from === width ? data.slice() : stretched(data, from, width, height);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < grey.length; i++) {
    const value = grey[i]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / grey.length;
  const scale = 1 / (Math.sqrt(Math.max(0, squares / grey.length - mean * mean)) + FLAT);
  for (let i = 0; i < grey.length; i++) grey[i] = (grey[i]! - mean) * scale;
  return grey;
}

function stretched(data: Float32Array, from: number, to: number, height: number): Float32Array {
  const result = new Float32Array(to * height);
  const ratio = from / to;
  for (let x = 0; x < to; x++) {
    const place = Math.min(from - 1, Math.max(0, (x + 0.5) * ratio - 0.5));
    const left = Math.floor(place);
    const share = place - left;
    const right = Math.min(from - 1, left + 1);
    for (let y = 0; y < height; y++) {
      const row = y * from;
      result[y * to + x] = data[row + left]! * (1 - share) + data[row + right]! * share;
    }
  }
  return result;
}
