import { asMarkdown } from '../eval/documents/tally.js';
import { fuzz, FUZZ_ENVIRONMENT } from '../test/support/fuzz/run.js';
import { startSandbox } from '../test/support/sandbox.js';

export interface BenchFuzzOptions {
  readonly count: number;
  readonly seed: string;
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

/** Sends generated requests to a sandbox of its own, and prints what was answered and what was not as described. */
export async function benchFuzz({ count, seed, print, progress }: BenchFuzzOptions): Promise<void> {
  const sandbox = await startSandbox({ env: FUZZ_ENVIRONMENT });
  try {
    const begun = performance.now();
    const { requests, statuses, successes, failures } = await fuzz({ sandbox, count, seed, progress });
    const seconds = Math.round((performance.now() - begun) / 1000);
    print(
      asMarkdown({
        title: `${requests} generated requests from the seed ${seed}, in ${seconds} s`,
        head: ['status', 'answers'],
        rows: [...statuses]
          .sort(([a], [b]) => a - b)
          .map(([status, answers]) => [String(status), String(answers)]),
      }),
    );
    const reached = [...successes].filter(([, times]) => times > 0);
    const missed = [...successes].filter(([, times]) => times === 0).map(([id]) => id);
    print(
      `\nOperations that succeeded: ${reached.length} of ${successes.size}${missed.length > 0 ? `, not ${missed.join(', ')}` : ''}.`,
    );
    for (const failure of failures) print(`\n${failure}`);
    print(`\nNot as described: ${failures.length}.`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    await sandbox.dispose();
  }
}
