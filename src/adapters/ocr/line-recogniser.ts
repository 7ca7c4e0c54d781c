import { MRZ_ALPHABET } from '../../domain/mrz.js';
import { SYMBOLS, type SymbolScores } from './ctc.js';
import { openRecogniserModel, readDictionary, runModel, type Plane } from './models.js';
import type { CropShape, LineCrop } from './text-box.js';

/** Scores the characters of one line of a machine-readable zone. Several may stand side by side as witnesses. */
export interface MrzLineRecogniser extends CropShape {
  /** Name and version, for the audit trail. */
  readonly name: string;
  /** @throws EngineError `engine_failed` */
  scoreLine(crop: LineCrop): Promise<SymbolScores>;
  close(): Promise<void>;
}

export interface ReadText {
  readonly text: string;
  /** Mean probability of its characters, 0–1. */
  readonly confidence: number;
}

/** Reads one line of any printed text. */
export interface TextRecogniser extends CropShape {
  /** @throws EngineError `engine_failed` */
  readText(crop: LineCrop): Promise<ReadText>;
}

/** Glyphs of the general dictionary that are a filler when they stand in a machine-readable zone. */
const FILLER_LOOKALIKES = '〈＜《';
/** Below this probability a rival is noise; without a floor one odd frame would outweigh a whole line. */
const FLOOR = Math.exp(-12);

/** PP-OCRv4 recognition, trained on general text of many scripts: reads printed fields, and MRZ lines by restriction. */
export async function makePpRecogniser(): Promise<MrzLineRecogniser & TextRecogniser> {
  const [session, dictionary] = await Promise.all([openRecogniserModel(), readDictionary()]);
  const symbols = [0, ...[...MRZ_ALPHABET].map((character) => dictionary.indexOf(character))];
  const filler = symbols.length - 1;
  const lookalikes = [...FILLER_LOOKALIKES]
    .map((glyph) => dictionary.indexOf(glyph))
    .filter((index) => index > 0);
  const run = (crop: LineCrop) => runModel(session, crop.data, [1, 3, crop.height, crop.width]);
  return {
    name: 'pp-ocrv4',
    lineHeight: 48,
    planes: 3,
    scoreLine: async (crop) => restrict(await run(crop), symbols, filler, lookalikes),
    readText: async (crop) => readFreely(await run(crop), dictionary),
    close: () => session.release(),
  };
}

function shapeOf({ dims }: Plane): readonly [steps: number, classes: number] {
  return [dims[1] ?? 0, dims[2] ?? 0];
}

function restrict(
  plane: Plane,
  symbols: readonly number[],
  filler: number,
  lookalikes: readonly number[],
): SymbolScores {
  const [steps, classes] = shapeOf(plane);
  const logs = new Float64Array(steps * SYMBOLS);
  for (let step = 0; step < steps; step++) {
    const base = step * classes;
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      let probability = plane.values[base + (symbols[symbol] ?? 0)] ?? 0;
      if (symbol === filler) for (const glyph of lookalikes) probability += plane.values[base + glyph] ?? 0;
      logs[step * SYMBOLS + symbol] = Math.log(Math.max(probability, FLOOR));
    }
  }
  return { steps, logs };
}

function readFreely(plane: Plane, dictionary: readonly string[]): ReadText {
  const [steps, classes] = shapeOf(plane);
  let text = '';
  let total = 0;
  let count = 0;
  let last = 0;
  for (let step = 0; step < steps; step++) {
    const base = step * classes;
    let best = 0;
    let bestValue = plane.values[base] ?? 0;
    for (let index = 1; index < classes; index++) {
      const value = plane.values[base + index] ?? 0;
      if (value > bestValue) {
        bestValue = value;
        best = index;
      }
    }
    if (best > 0 && best !== last) {
      text += dictionary[best] ?? '';
      total += bestValue;
      count++;
    }
    last = best;
  }
  return { text: text.trim(), confidence: count === 0 ? 0 : total / count };
}
