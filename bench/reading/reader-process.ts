/** One reader in a process of its own: `reader-process NAME TODAY`. Told a file, it reads it and answers. */
import { readFile } from 'node:fs/promises';
import type { DocumentTruth } from '../../eval/documents/truth.js';
import { READERS, type ReaderName } from './readers.js';
import { isExact } from './score.js';

export interface ReadOrder {
  readonly file: string;
  readonly truth: DocumentTruth;
}

export interface ReadReport {
  /** Processor time in milliseconds. */
  readonly ms: number;
  readonly exact: boolean;
  /** Highest and present memory of the process, in MB. */
  readonly peak: number;
  readonly rss: number;
}

const isReader = (name: string | undefined): name is ReaderName =>
  name !== undefined && Object.hasOwn(READERS, name);

const [name, today = ''] = process.argv.slice(2);
if (!isReader(name)) throw new Error('no_such_reader');
const reader = await READERS[name]();

async function read({ file, truth }: ReadOrder): Promise<ReadReport> {
  const bytes = await readFile(file);
  const before = reader.processorMs();
  const answer = await reader.read(bytes, today);
  const ms = reader.processorMs() - before;
  return {
    ms,
    exact: isExact(answer, truth),
    peak: reader.peakMemory(),
    rss: process.memoryUsage().rss / 1e6,
  };
}

process.on('message', (order: ReadOrder | 'end') => {
  if (order === 'end') void reader.close().then(() => process.disconnect());
  else void read(order).then((report) => process.send?.(report));
});
// A reader's own threads would outlive whoever asked.
process.once('disconnect', () => process.exit());
process.send?.('ready');
