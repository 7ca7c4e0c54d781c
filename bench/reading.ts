import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asMarkdown, percentile, type Table } from '../eval/documents/tally.js';
import { chooseCore, forkModule, nextMessage } from './child-process.js';
import { drawMaterial, readMaterial, type Material } from './reading/material.js';
import { tesseractIsInstalled, type ReaderName } from './reading/readers.js';
import type { ReadOrder, ReadReport } from './reading/reader-process.js';

export interface BenchReadingOptions {
  /** Folder with `truth.json`; documents are drawn where none is named. */
  readonly documents?: string;
  /** How often each document is read; the first time only warms up. */
  readonly rounds: number;
  /** Documents read in one process for the course of its memory; 0: not looked at. */
  readonly flat: number;
  /** Core that all readers are bound to. */
  readonly core?: number;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

const here = (file: string) => new URL(`./reading/${file}`, import.meta.url);

/** Reads the same documents with every reader on one core, and prints time, ratio, accuracy and memory of each. */
export async function benchReading(options: BenchReadingOptions): Promise<void> {
  const { print, progress } = options;
  const core = chooseCore(options.core);
  const drawn = options.documents === undefined ? await mkdtemp(path.join(tmpdir(), 'lethe-bench-')) : null;
  const clear = () => drawn !== null && rmSync(drawn, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    if (drawn !== null) {
      progress('drawing documents');
      await drawMaterial(drawn, 'bench', options.today);
    }
    const material = await readMaterial(options.documents ?? drawn ?? '');
    print(core === null ? 'Not bound to one core: taskset is missing.' : `All on core ${core}.`);
    print(
      `Milliseconds of processor time: median over documents of the median of ${options.rounds - 1} rounds. ` +
        'General readers count as exact where the true text stands anywhere in theirs.\n',
    );
    for (const kind of ['mrz', 'printed'] as const) {
      if (material[kind].length > 0) print(asMarkdown(await compare(kind, material[kind], core, options)));
    }
    if (options.flat > 0) print(asMarkdown(await followMemory(material, core, options)));
  } finally {
    clear();
    process.off('exit', clear);
  }
}

/** A reader in its own process, with the times of each document. */
interface Contestant {
  readonly name: ReaderName;
  readonly child: ChildProcess;
  readonly times: Map<string, number[]>;
  readonly exact: Set<string>;
  peak: number;
}

async function open(name: ReaderName, core: number | null, today: string): Promise<Contestant> {
  const child = forkModule(here('reader-process.js'), [name, today], core);
  await nextMessage(child);
  return { name, child, times: new Map(), exact: new Set(), peak: 0 };
}

async function close({ child }: Contestant): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send('end');
  await ended;
}

async function readOnce(contestant: Contestant, order: ReadOrder): Promise<ReadReport> {
  contestant.child.send(order);
  const report = await nextMessage<ReadReport>(contestant.child);
  contestant.peak = Math.max(contestant.peak, report.peak);
  if (report.exact) contestant.exact.add(order.file);
  else contestant.exact.delete(order.file);
  return report;
}

/** Without a zone, restricting the decoder to one is no other reader. */
const READERS_OF = {
  mrz: ['lethe', 'pp-masked', 'pp-plain', 'tesseract.js'],
  printed: ['lethe', 'pp-plain', 'tesseract.js'],
} as const satisfies Record<keyof Material, readonly ReaderName[]>;
const TESSERACT = ['tesseract-6', 'tesseract-11'] as const satisfies readonly ReaderName[];

const TITLES: Readonly<Record<keyof Material, string>> = {
  mrz: 'Documents with a machine-readable zone',
  printed: 'Documents with print only',
};
const LABELS: Readonly<Record<ReaderName, string>> = {
  lethe: 'Lethe, the whole reading',
  'pp-masked': 'Lethe with the PP recogniser in place of its own',
  'pp-plain': 'PP-OCRv4 as it is',
  'tesseract.js': 'tesseract.js 7, whole picture',
  'tesseract-6': 'tesseract command, psm 6',
  'tesseract-11': 'tesseract command, psm 11',
};

/** Document by document each reader in turn, so that whatever else the machine does meets them all alike. */
async function compare(
  kind: keyof Material,
  orders: readonly ReadOrder[],
  core: number | null,
  { rounds, today, progress }: BenchReadingOptions,
): Promise<Table> {
  const hasCommand = tesseractIsInstalled();
  const names = [...READERS_OF[kind], ...(hasCommand ? TESSERACT : [])];
  let contestants: readonly Contestant[] = await Promise.all(names.map((name) => open(name, core, today)));
  for (let round = 0; round < rounds; round++) {
    for (const order of orders)
      for (const contestant of contestants) {
        const { ms } = await readOnce(contestant, order);
        contestant.times.set(order.file, [...(contestant.times.get(order.file) ?? []), ms]);
      }
    if (round === 0) {
      contestants = await keepBetterCommand(contestants);
      for (const { times } of contestants) times.clear();
    }
    progress(`${kind}: round ${round + 1} of ${rounds}`);
  }
  await Promise.all(contestants.map(close));
  return table(kind, orders.length, contestants, hasCommand);
}

const medianTime = ({ times }: Contestant): number =>
  percentile(
    [...times.values()].map((rounds) => percentile(rounds, 0.5)),
    0.5,
  );

/** Of the command's two ways to cut up a page the one goes on that read more, or else faster. */
async function keepBetterCommand(all: readonly Contestant[]): Promise<readonly Contestant[]> {
  const ways = all.filter(({ name }) => TESSERACT.some((way) => way === name));
  const [, ...worse] = ways.toSorted((a, b) => b.exact.size - a.exact.size || medianTime(a) - medianTime(b));
  await Promise.all(worse.map(close));
  return all.filter((contestant) => !worse.includes(contestant));
}

function table(
  kind: keyof Material,
  count: number,
  contestants: readonly Contestant[],
  hasCommand: boolean,
): Table {
  const lethe = contestants.find(({ name }) => name === 'lethe');
  const base = lethe ? medianTime(lethe) : 0;
  const rows = contestants.map((contestant) => [
    LABELS[contestant.name],
    medianTime(contestant).toFixed(0),
    `${(medianTime(contestant) / base).toFixed(2)} ×`,
    `${contestant.exact.size} of ${count}`,
    contestant.peak.toFixed(0),
  ]);
  return {
    title: `${TITLES[kind]} (${count})`,
    head: ['reader', 'ms a document', 'against Lethe', 'exactly read', 'peak RSS MB'],
    rows: [...rows, ...(hasCommand ? [] : [['tesseract command', 'not installed', '–', '–', '–']])],
  };
}

const LOOKS = [100, 250, 500, 1000] as const;
/** One document in so many has no zone: its second reader is opened, and from time to time replaced, in the same process. */
const PRINTED_EVERY = 10;

/** Memory of one process that reads many documents, and by how much it grows. */
async function followMemory(
  { mrz, printed }: Material,
  core: number | null,
  { flat, today, progress }: BenchReadingOptions,
): Promise<Table> {
  const contestant = await open('lethe', core, today);
  const looks = new Set([...LOOKS.filter((look) => look < flat), flat]);
  const samples: { readonly count: number; readonly rss: number }[] = [];
  for (let count = 1; count <= flat; count++) {
    const orders = count % PRINTED_EVERY === 0 && printed.length > 0 ? printed : mrz;
    const order = orders[(count * 7) % orders.length] ?? orders[0];
    if (!order) break;
    const { rss } = await readOnce(contestant, order);
    samples.push({ count, rss });
    if (count % 50 === 0) progress(`memory: ${count} of ${flat}, ${rss.toFixed(0)} MB`);
  }
  await close(contestant);
  // The models, the heap's first growth and the second reader come with the first documents.
  const settled = samples.filter(({ count }) => count > flat / 10);
  return {
    title: `Memory of one process over ${flat} documents`,
    head: ['documents', 'RSS MB'],
    rows: [
      ...samples.filter(({ count }) => looks.has(count)).map(({ count, rss }) => [count, rss.toFixed(0)]),
      ['growth a thousand documents, from the first tenth on', (1000 * slope(settled)).toFixed(1)],
      ['at most', contestant.peak.toFixed(0)],
    ],
  };
}

/** Of the line that fits best (least squares). */
function slope(samples: readonly { readonly count: number; readonly rss: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanCount = mean(samples.map(({ count }) => count));
  const meanRss = mean(samples.map(({ rss }) => rss));
  let [product, square] = [0, 0];
  for (const { count, rss } of samples) {
    product += (count - meanCount) * (rss - meanRss);
    square += (count - meanCount) ** 2;
  }
  return square === 0 ? 0 : product / square;
}
