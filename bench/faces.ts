import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { asMarkdown, percentile, type Table } from '../eval/documents/tally.js';
import { chooseCore, forkModule, nextMessage } from './child-process.js';
import type { CompareReport } from './faces/compare-process.js';
import type { ContestantName } from './faces/contestants.js';
import { drawFrames, type FramePair } from './faces/frames.js';
import { installPeers } from './faces/peers.js';

export interface BenchFacesOptions {
  /** How often each pair is compared; the first tenth only warms up. */
  readonly rounds: number;
  /** Pairs compared in one process for the course of its memory; 0: not looked at. */
  readonly flat: number;
  /** Also race what one can install instead. */
  readonly peers: boolean;
  /** Core that all contestants are bound to. */
  readonly core?: number;
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

const LABELS: Readonly<Record<ContestantName, string>> = {
  bare: 'decoding and one run of each network, nothing between',
  faceplugin: 'Lethe',
  dlib: 'Lethe with dlib’s networks',
  human: '@vladmandic/human on WASM',
  faceApi: '@vladmandic/face-api on WASM',
};

/** Part of the rounds that each runs: a slow one need not be waited for. */
const SHARE_OF_ROUNDS: Readonly<Record<ContestantName, number>> = {
  bare: 1,
  faceplugin: 1,
  dlib: 0.2,
  human: 0.3,
  faceApi: 0.2,
};
/** What one can install instead; fetched when asked for. */
const PEERS: readonly ContestantName[] = ['human', 'faceApi'];

interface Contestant {
  readonly name: ContestantName;
  readonly child: ChildProcess;
  /** Processor times of each pair. */
  readonly times: Map<FramePair, number[]>;
  peak: number;
}

/** Compares the same pictures of 1280 × 720 with every engine on one core, and prints time, ratio and memory of each. */
export async function benchFaces(options: BenchFacesOptions): Promise<void> {
  const { print, progress } = options;
  const core = chooseCore(options.core);
  if (options.peers) await installPeers(progress);
  progress('drawing pictures');
  const { folder, pairs } = await drawFrames();
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    print(core === null ? 'Not bound to one core: taskset is missing.' : `All on core ${core}.`);
    print('Milliseconds of processor time: median over pairs of the median of the rounds.\n');
    print(asMarkdown(await race(pairs, core, options)));
    if (options.flat > 0) print(asMarkdown(await followMemory(pairs, core, options)));
  } finally {
    clear();
    process.off('exit', clear);
  }
}

async function open(name: ContestantName, core: number | null): Promise<Contestant> {
  const child = forkModule(new URL('./faces/compare-process.js', import.meta.url), [name], core);
  await nextMessage(child);
  return { name, child, times: new Map(), peak: 0 };
}

async function close({ child }: Contestant): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
}

async function compareOnce(contestant: Contestant, pair: FramePair): Promise<CompareReport> {
  contestant.child.send(pair);
  const report = await nextMessage<CompareReport>(contestant.child);
  // An engine that finds no face would win.
  if (report.score === null && contestant.name !== 'bare') throw new Error('no_face_found');
  contestant.peak = Math.max(contestant.peak, report.peak);
  return report;
}

const medianTime = ({ times }: Contestant): number =>
  percentile(
    [...times.values()].map((rounds) => percentile(rounds, 0.5)),
    0.5,
  );

/** Pair by pair each contestant in turn, so that whatever else the machine does meets them all alike. */
async function race(
  pairs: readonly FramePair[],
  core: number | null,
  { rounds, peers, progress }: BenchFacesOptions,
): Promise<Table> {
  const names = (Object.keys(LABELS) as ContestantName[]).filter((name) => peers || !PEERS.includes(name));
  const contestants = await Promise.all(names.map((name) => open(name, core)));
  for (let round = 0; round < rounds; round++) {
    for (const pair of pairs)
      for (const contestant of contestants) {
        const ownRounds = Math.ceil(rounds * SHARE_OF_ROUNDS[contestant.name]);
        if (round >= ownRounds) continue;
        const { ms } = await compareOnce(contestant, pair);
        const isWarm = round >= ownRounds / 10;
        if (isWarm) contestant.times.set(pair, [...(contestant.times.get(pair) ?? []), ms]);
      }
    if ((round + 1) % 10 === 0) progress(`round ${round + 1} of ${rounds}`);
  }
  await Promise.all(contestants.map(close));
  const bare = contestants.find(({ name }) => name === 'bare');
  const least = bare ? medianTime(bare) : 1;
  const lethe = contestants.find(({ name }) => name === 'faceplugin');
  const ours = lethe ? medianTime(lethe) : 1;
  return {
    title: `A document and a selfie of 1280 × 720 (${pairs.length} pairs)`,
    head: ['contestant', 'ms a comparison', 'against the bare sum', 'against Lethe', 'peak RSS MB'],
    rows: contestants.map((contestant) => [
      LABELS[contestant.name],
      medianTime(contestant).toFixed(1),
      `${(medianTime(contestant) / least).toFixed(2)} ×`,
      `${(medianTime(contestant) / ours).toFixed(2)} ×`,
      contestant.peak.toFixed(0),
    ]),
  };
}

/** Memory of one process that compares many pairs. */
async function followMemory(
  pairs: readonly FramePair[],
  core: number | null,
  { flat, progress }: BenchFacesOptions,
): Promise<Table> {
  const contestant = await open('faceplugin', core);
  const samples: number[] = [];
  for (let count = 0; count < flat; count++) {
    const pair = pairs[count % pairs.length];
    if (!pair) break;
    samples.push((await compareOnce(contestant, pair)).rss);
    if ((count + 1) % 200 === 0) progress(`memory: ${count + 1} of ${flat}`);
  }
  await close(contestant);
  const tenth = (n: number) =>
    percentile(samples.slice(Math.floor((n * flat) / 10), Math.ceil(((n + 1) * flat) / 10)), 0.5);
  return {
    title: `Memory of one process over ${flat} pairs`,
    head: ['part', 'RSS MB'],
    rows: [
      // The networks and the heap's first growth come with the first pairs.
      ['median of the second tenth', tenth(1).toFixed(0)],
      ['median of the sixth tenth', tenth(5).toFixed(0)],
      ['median of the last tenth', tenth(9).toFixed(0)],
      ['at most', contestant.peak.toFixed(0)],
    ],
  };
}
