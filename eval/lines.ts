import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeRgb } from '../src/adapters/images/decode.js';
import { decodeGreedy } from '../src/adapters/ocr/ctc.js';
import {
  makePpRecogniser,
  type MrzLineRecogniser,
  type TextRecogniser,
} from '../src/adapters/ocr/line-recogniser.js';
import { makeOcrBRecogniser } from '../src/adapters/ocr/ocr-b-recogniser.js';
import { makePrintRecogniser } from '../src/adapters/ocr/print-recogniser.js';
import { cropLine, type TextBox } from '../src/adapters/ocr/text-box.js';
import type { RgbRaster } from '../src/adapters/images/raster.js';
import { editDistance } from './documents/text-difference.js';

interface Truth {
  readonly text: string;
  readonly condition: string;
  readonly kind: 'zone' | 'print';
}

interface LineReader {
  readonly name: string;
  read(raster: RgbRaster, box: TextBox): Promise<string>;
  close(): Promise<void>;
}

interface Tally {
  lines: number;
  exact: number;
  characters: number;
  errors: number;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

const ofZones = (recogniser: MrzLineRecogniser): LineReader => ({
  name: recogniser.name,
  read: async (raster, box) => decodeGreedy(await recogniser.scoreLine(cropLine(raster, box, recogniser))),
  close: () => recogniser.close(),
});

/** Spaces, which the general recogniser drops, and marks, which the project's own does not know. */
const UNCOMPARED = /[\p{M}\s]/gu;
const bare = (text: string): string => text.normalize('NFD').replace(UNCOMPARED, '');

const ofPrint = (name: string, recogniser: TextRecogniser & Pick<LineReader, 'close'>): LineReader => ({
  name,
  read: async (raster, box) => bare((await recogniser.readText(cropLine(raster, box, recogniser))).text),
  close: () => recogniser.close(),
});

async function openReaders(kind: Truth['kind']): Promise<readonly LineReader[]> {
  const pp = await makePpRecogniser();
  return kind === 'print'
    ? [ofPrint('print', await makePrintRecogniser()), ofPrint(pp.name, pp)]
    : [ofZones(await makeOcrBRecogniser('first')), ofZones(await makeOcrBRecogniser('second')), ofZones(pp)];
}

/**
 * Prints the character error of the line readers by condition, on a folder that `training/render_set.py` wrote. They get no help from the
 * format: their plain reading is compared, by edit distance. The general recogniser reads beside the project's own.
 */
export async function evaluateLines(folder: string): Promise<void> {
  const truths = JSON.parse(await readFile(path.join(folder, 'truth.json'), 'utf8')) as Record<string, Truth>;
  const isPrint = Object.values(truths).some(({ kind }) => kind === 'print');
  const readers = await openReaders(isPrint ? 'print' : 'zone');
  const tallies = new Map<string, Map<string, Tally>>();
  for (const [file, truth] of Object.entries(truths)) {
    const { condition } = truth;
    const text = isPrint ? bare(truth.text) : truth.text;
    const raster = await decodeRgb(await readFile(path.join(folder, file)), { maxSide: 4000 });
    const { width, height } = raster;
    const box = { cx: width / 2, cy: height / 2, length: width, thickness: height, angle: 0, score: 1 };
    for (const reader of readers) {
      const read = await reader.read(raster, box);
      for (const group of [condition, 'all']) {
        const byReader = tallies.get(group) ?? new Map<string, Tally>();
        tallies.set(group, byReader);
        const tally = byReader.get(reader.name) ?? { lines: 0, exact: 0, characters: 0, errors: 0 };
        byReader.set(reader.name, tally);
        tally.lines++;
        tally.exact += Number(read === text);
        tally.characters += text.length;
        tally.errors += editDistance(read, text);
      }
    }
  }
  const out: string[] = [];
  out.push(
    `| condition | lines | ${readers.map(({ name }) => `${name}: character error | exact`).join(' | ')} |`,
  );
  out.push(`| --- | --- | ${readers.map(() => '--- | ---').join(' | ')} |`);
  const ofAll = ([condition]: readonly [string, unknown]): number => Number(condition === 'all');
  for (const [condition, byReader] of [...tallies].toSorted((a, b) => ofAll(a) - ofAll(b))) {
    const cells = readers.map(({ name }) => {
      const tally = byReader.get(name);
      return tally
        ? `${percent(tally.errors, tally.characters)} | ${percent(tally.exact, tally.lines)}`
        : '– | –';
    });
    const lines = byReader.get(readers[0]?.name ?? '')?.lines ?? 0;
    out.push(`| ${condition} | ${lines} | ${cells.join(' | ')} |`);
  }
  process.stdout.write(`${out.join('\n')}\n`);
  for (const reader of readers) await reader.close();
}
