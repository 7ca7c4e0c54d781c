import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { createWorker, OEM } from 'tesseract.js';
import { decodeRgb } from '../../src/adapters/images/decode.js';
import { makeDocumentReader } from '../../src/adapters/ocr/document-reader.js';
import { makePpRecogniser } from '../../src/adapters/ocr/line-recogniser.js';
import { readPrint } from '../../src/adapters/ocr/printed-zone.js';
import { mergeCollinear } from '../../src/adapters/ocr/text-box.js';
import { makeTextDetector } from '../../src/adapters/ocr/text-detector.js';
import type { DocumentReader } from '../../src/app/ports/document-reader.js';
import { IMAGE_LIMITS } from '../../src/domain/image-policy.js';
import { peakMemory } from '../../test/support/process-memory.js';
import type { Answer } from './score.js';

export interface BenchReader {
  /** @param bytes encoded picture */
  read(bytes: Uint8Array, today: string): Promise<Answer>;
  /** Processor time so far of all that belongs to the reader, in milliseconds. */
  processorMs(): number;
  /** In MB. */
  peakMemory(): number;
  close(): Promise<void>;
}

/** Readers in this process, whatever threads they use. */
const inProcess = {
  processorMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  peakMemory: () => peakMemory('self'),
};

function documentReader(reader: DocumentReader): BenchReader {
  return {
    ...inProcess,
    async read(front, today) {
      const { mrz, fields } = await reader.read({ front, today });
      return { kind: 'document', lines: mrz?.lines ?? [], fields };
    },
    close: () => reader.close(),
  };
}

/** The same finder, decoder and judgement, but with the general recogniser in the place of the project's own two. */
async function maskedPp(): Promise<BenchReader> {
  const general = await makePpRecogniser();
  return documentReader(await makeDocumentReader({ mrzRecogniser: general, secondMrzRecogniser: general }));
}

/** Longer side at which PP-OCR looks for text as it is installed. */
const PP_SIDE = 960;

/** PP-OCRv4 as one installs it: every line that is found is read, and nothing is known of zones. */
async function plainPp(): Promise<BenchReader> {
  const [detector, recogniser] = await Promise.all([makeTextDetector(), makePpRecogniser()]);
  return {
    ...inProcess,
    async read(bytes) {
      const raster = await decodeRgb(bytes, { maxSide: IMAGE_LIMITS.normalisedSide });
      const boxes = mergeCollinear(await detector.detect(raster, PP_SIDE));
      const lines = await readPrint(raster, boxes, null, recogniser);
      return { kind: 'text', text: lines.map(({ text }) => text).join('\n') };
    },
    async close() {
      await detector.close();
      await recogniser.close();
    },
  };
}

async function tesseractJs(): Promise<BenchReader> {
  const data = createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json');
  const worker = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: path.join(path.dirname(data), '4.0.0_best_int'),
    gzip: true,
    cacheMethod: 'none',
  });
  return {
    ...inProcess,
    async read(bytes) {
      const { data } = await worker.recognize(Buffer.from(bytes));
      return { kind: 'text', text: data.text };
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** Processor time is told in hundredths of a second by Linux, whatever the processor. */
const TICK_MS = 10;
/** Places of the times of children that ended, behind the command's name in brackets (proc(5), stat). */
const CHILD_TIMES = [13, 14] as const;
const MEMORY_LOOK_MS = 5;

function childrenMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILD_TIMES.reduce((sum, place) => sum + Number(values[place] ?? 0), 0) * TICK_MS;
}

/** Whether the command is there, with the language that is asked of it. */
export function tesseractIsInstalled(): boolean {
  const { status, stdout } = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' });
  return status === 0 && /^eng$/m.test(stdout);
}

/** The command of the distribution, started for each picture as its callers do. @param mode page segmentation */
function tesseractCommand(mode: string): BenchReader {
  let peak = 0;
  return {
    read: (bytes) =>
      new Promise((resolve, reject) => {
        const child = spawn('tesseract', ['stdin', 'stdout', '-l', 'eng', '--psm', mode], {
          env: { ...process.env, OMP_THREAD_LIMIT: '1' },
          stdio: ['pipe', 'pipe', 'ignore'],
        });
        const look = setInterval(() => {
          peak = Math.max(peak, child.pid === undefined ? 0 : peakMemory(child.pid));
        }, MEMORY_LOOK_MS);
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
        child.once('error', reject);
        // It may end before it has read all that it was given.
        child.stdin.once('error', () => undefined);
        child.once('close', () => {
          clearInterval(look);
          resolve({ kind: 'text', text });
        });
        child.stdin.end(bytes);
      }),
    processorMs: childrenMs,
    peakMemory: () => peak,
    close: () => Promise.resolve(),
  };
}

export const READERS = {
  lethe: async () => documentReader(await makeDocumentReader()),
  'pp-masked': maskedPp,
  'pp-plain': plainPp,
  'tesseract.js': tesseractJs,
  'tesseract-6': () => Promise.resolve(tesseractCommand('6')),
  'tesseract-11': () => Promise.resolve(tesseractCommand('11')),
} as const satisfies Record<string, () => Promise<BenchReader>>;

export type ReaderName = keyof typeof READERS;
