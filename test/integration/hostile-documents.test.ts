import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostileMessage } from '../support/hostile/hostile-process.js';

const here = (file: string): string => new URL(`../support/${file}`, import.meta.url).href;
/** Of the five hundred that `npm run bench -- hostile` reads, about one of each kind. */
const COUNT = 30;

interface Run {
  readonly answers: readonly { readonly kind: string; readonly name: string; readonly result: string }[];
  readonly expected: number;
  readonly end: number | NodeJS.Signals | null;
}

/** Has the inputs read by a process that may die of them. */
function readInputs(seed: string): Promise<Run> {
  const child = fork(fileURLToPath(here('hostile/hostile-process.ts')), [seed, String(COUNT), '0'], {
    execArgv: ['--import', here('ts-loader.mjs')],
  });
  const answers: Run['answers'][number][] = [];
  let current = { kind: '', name: '' };
  let expected = Infinity;
  child.on('message', (message: HostileMessage) => {
    if (message.type === 'end') answers.push({ ...current, result: message.result });
    else {
      current = { kind: message.kind, name: message.name };
      expected = message.total;
    }
  });
  return new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ answers, expected, end: signal ?? code })),
  );
}

describe('what no honest learner sends', () => {
  let run: Run;
  beforeAll(async () => {
    run = await readInputs('suite');
  }, 600_000);

  const namesOf = (results: (result: string) => boolean): readonly string[] =>
    run.answers.filter(({ result }) => results(result)).map(({ name, result }) => `${name}: ${result}`);

  it('neither ends nor stops the process that reads it', () => {
    expect(run.end).toBe(0);
    expect(run.answers).toHaveLength(run.expected);
  });

  it('comes in all kinds', () => {
    expect(new Set(run.answers.map(({ kind }) => kind)).size).toBeGreaterThan(40);
  });

  it('is never accepted', () => {
    expect(namesOf((result) => result === 'accept')).toEqual([]);
  });

  it('is refused with the code of a picture that cannot be decoded, or judged like any other', () => {
    expect(namesOf((result) => !['image_undecodable', 'retry', 'review'].includes(result))).toEqual([]);
    // Both happen: else the inputs would be of one sort.
    expect(namesOf((result) => result === 'image_undecodable').length).toBeGreaterThan(3);
    expect(namesOf((result) => result === 'review').length).toBeGreaterThan(3);
  });
});
