/** One contestant in a process of its own: `compare-process NAME`. Told a pair, it compares and answers. */
import { readFile } from 'node:fs/promises';
import { peakMemory } from '../../test/support/process-memory.js';
import { restrictLoaders } from '../../src/adapters/images/decode.js';
import { CONTESTANTS, type ContestantName } from './contestants.js';
import type { FramePair } from './frames.js';

export interface CompareReport {
  /** Processor time in milliseconds. */
  readonly ms: number;
  readonly score: number | null;
  /** Present and highest memory of the process, in MB. */
  readonly rss: number;
  readonly peak: number;
}

const isContestant = (name: string | undefined): name is ContestantName =>
  name !== undefined && Object.hasOwn(CONTESTANTS, name);

const [name] = process.argv.slice(2);
if (!isContestant(name)) throw new Error('no_such_contestant');
restrictLoaders();
const compare = CONTESTANTS[name]();

async function answer({ document, selfie }: FramePair): Promise<CompareReport> {
  const images = [await readFile(document), await readFile(selfie)] as const;
  const before = process.cpuUsage();
  const score = await compare(...images);
  const { user, system } = process.cpuUsage(before);
  return {
    ms: (user + system) / 1000,
    score,
    rss: process.memoryUsage().rss / 1e6,
    peak: peakMemory('self'),
  };
}

process.on('message', (pair: FramePair) => void answer(pair).then((report) => process.send?.(report)));
// Its networks' threads would outlive whoever asked.
process.once('disconnect', () => process.exit());
process.send?.('ready');
