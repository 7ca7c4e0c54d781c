import type { ChildProcess } from 'node:child_process';
import { clearTimeout, setTimeout } from 'node:timers';
import { asMarkdown, percentile } from '../eval/documents/tally.js';
import { forkModule } from './child-process.js';
import type { HostileMessage } from '../test/support/hostile/hostile-process.js';

export interface BenchHostileOptions {
  readonly count: number;
  readonly seed: string;
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

/** Processor time that one input may take, in milliseconds. */
const MOST_MS = 5000;
/** Waited for an input before its process is ended: a busy machine is not a hang. */
const PATIENCE_MS = 90_000;

interface Finding {
  readonly kind: string;
  readonly name: string;
  /** An outcome, the code of an error, or how the process ended. */
  readonly result: string;
  readonly ms: number;
  /** Highest memory of the process meanwhile, in MB. */
  readonly peak: number;
}

/** Feeds hostile inputs to the reader in another process, and prints what became of them: crashes, hangs, acceptances, the slowest. */
export async function benchHostile(options: BenchHostileOptions): Promise<void> {
  const { print, progress } = options;
  const findings: Finding[] = [];
  let total = Infinity;
  // After a crash or a hang a new process goes on with the next input.
  while (findings.length < total) {
    const child = start(options, findings.length);
    let current = { kind: 'start', name: 'start' };
    const end = await listen(child, (message) => {
      if (message.type === 'begin') {
        total = message.total;
        current = message;
        return;
      }
      const { result, ms, peak } = message;
      findings.push({ ...current, result, ms, peak });
      if (findings.length % 50 === 0) progress(`${findings.length} of ${total}`);
    });
    if (end === 'done') break;
    findings.push({ ...current, result: end, ms: 0, peak: 0 });
    if (current.kind === 'start') break;
  }
  report(findings, print);
}

function start({ count, seed }: BenchHostileOptions, from: number): ChildProcess {
  const url = new URL('../test/support/hostile/hostile-process.js', import.meta.url);
  return forkModule(url, [seed, String(count), String(from)], null);
}

/** @returns `done`, `hang`, or how the process crashed */
function listen(child: ChildProcess, take: (message: HostileMessage) => void): Promise<string> {
  return new Promise((resolve) => {
    let hung = false;
    const giveUp = () => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(giveUp, PATIENCE_MS);
    child.on('message', (message: HostileMessage) => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, PATIENCE_MS);
      take(message);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(hung ? 'hang' : code === 0 ? 'done' : `crash (${signal ?? String(code)})`);
    });
  });
}

function report(findings: readonly Finding[], print: (line: string) => void): void {
  const count = (test: (finding: Finding) => boolean) => findings.filter(test).length;
  const results = [...new Set(findings.map(({ result }) => result))].toSorted();
  const kinds = [...new Set(findings.map(({ kind }) => kind))].toSorted();
  print(
    asMarkdown({
      title: `Hostile inputs (${findings.length})`,
      head: ['kind', 'inputs', ...results, 'ms median', 'ms most'],
      rows: kinds.map((kind) => {
        const ofKind = findings.filter((finding) => finding.kind === kind);
        const times = ofKind.map(({ ms }) => ms);
        return [
          kind,
          ofKind.length,
          ...results.map((result) => ofKind.filter((finding) => finding.result === result).length),
          percentile(times, 0.5).toFixed(0),
          percentile(times, 1).toFixed(0),
        ];
      }),
    }),
  );
  const slowest = findings.toSorted((a, b) => b.ms - a.ms).slice(0, 5);
  print(`crashes ${count(({ result }) => result.startsWith('crash'))}`);
  print(
    `hangs ${count(({ result }) => result === 'hang')}, over ${MOST_MS} ms of processor ${count(({ ms }) => ms > MOST_MS)}`,
  );
  print(`accepted ${count(({ result }) => result === 'accept')}`);
  for (const { name, result } of findings.filter(({ result }) => /^(accept|hang|crash|uncoded)/.test(result)))
    print(`  ${name}: ${result}`);
  print(`slowest: ${slowest.map(({ name, ms }) => `${name} ${ms.toFixed(0)} ms`).join(', ')}`);
  const largest = findings.toSorted((a, b) => b.peak - a.peak).slice(0, 5);
  print(`most memory: ${largest.map(({ name, peak }) => `${name} ${peak.toFixed(0)} MB`).join(', ')}`);
}
