/** Reads hostile inputs one after the other: `hostile-process SEED COUNT FROM`. Says before each which it is, for whoever finds us dead. */
import { createRequire } from 'node:module';
import { makeDocumentReader } from '../../../src/adapters/ocr/document-reader.js';
import { EngineError } from '../../../src/domain/errors.js';
import { peakMemory, resetPeakMemory } from '../process-memory.js';
import { makeHostileInputs } from './inputs.js';

export type HostileMessage =
  | { readonly type: 'begin'; readonly kind: string; readonly name: string; readonly total: number }
  | {
      readonly type: 'end';
      /** An outcome, or the code of an error; `uncoded` for an error without one, or that says more than its code. */
      readonly result: string;
      /** Processor time in milliseconds. */
      readonly ms: number;
      /** Highest memory of the process while it was read, in MB. */
      readonly peak: number;
    };

const send = (message: HostileMessage) =>
  new Promise<void>((resolve) => process.send?.(message, undefined, {}, () => resolve()));

const codeOf = (error: unknown): string =>
  error instanceof EngineError && error.message === error.code ? error.code : 'uncoded';

const [seed = '', count = '', from = '0'] = process.argv.slice(2);
/** OCR-B where the set-up found it: the imitations are best then. Else a font of fixed width that comes with the packages. */
const ocrbFont =
  process.env['LETHE_OCRB_FONT'] ??
  createRequire(import.meta.url).resolve('@fontsource/cousine/files/cousine-latin-400-normal.woff');
const inputs = await makeHostileInputs({ seed, count: Number(count), ocrbFont });
const reader = await makeDocumentReader();
for (const { kind, name, bytes } of inputs.slice(Number(from))) {
  const front = await bytes();
  await send({ type: 'begin', kind, name, total: inputs.length });
  // What making the input took is no fault of the reader's.
  resetPeakMemory();
  const before = process.cpuUsage();
  const result = await reader
    .read({ front, today: '2026-11-24' })
    .then(({ outcome }) => outcome)
    .catch(codeOf);
  const { user, system } = process.cpuUsage(before);
  await send({ type: 'end', result, ms: (user + system) / 1000, peak: peakMemory('self') });
}
await reader.close();
process.disconnect();
