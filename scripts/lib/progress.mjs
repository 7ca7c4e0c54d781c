/** Progress of the set-up, on standard error only: standard output belongs to the command (`--json`). */

import { performance } from 'node:perf_hooks';

const say = (line) => process.stderr.write(`lethe set-up: ${line}\n`);

/** A thing that set-up cannot get; `remedy` says what a person can do about it. Neither may hold a path or a host. */
export class SetupError extends Error {
  constructor(message, remedy) {
    super(message);
    this.name = 'SetupError';
    this.remedy = remedy;
  }
}

/**
 * Runs one step and prints one line with its time.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function step(title, run) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const result = await run();
    say(`${title}: done (${seconds()})`);
    return result;
  } catch (error) {
    say(`${title}: FAILED (${seconds()})`);
    throw error;
  }
}

/** Says what is missing and how to mend it. */
export function explain(error) {
  say(error instanceof SetupError ? error.message : `unexpected fault: ${error?.stack ?? error}`);
  if (error instanceof SetupError && error.remedy) say(`  remedy: ${error.remedy}`);
}

export { say };
