import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { operations, violationsOf, type ReceivedAnswer } from '../api-description.js';
import type { Sandbox } from '../sandbox.js';
import { breakages } from './breakages.js';
import { validRequest, type FuzzRequest } from './requests.js';
import { makeSender, urlOf } from './send.js';
import { PLANTED } from './values.js';
import { makeWorld } from './world.js';

/** Settings of the sandbox under which every operation can be reached, as often as it takes. */
export const FUZZ_ENVIRONMENT = {
  CONFIRM_DECISIONS: 'decline',
  RETURN_ORIGINS: 'https://shop.example',
  RATE_LIMIT_KEY: '10000000',
  RATE_LIMIT_LEARNER: '10000000',
  RATE_LIMIT_STAFF: '10000000',
};

/** Requests after which the objects are made anew: what was canceled or erased is of little further use. */
const ROUND = 500;

export interface FuzzReport {
  readonly requests: number;
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How often each operation was answered with success. */
  readonly successes: ReadonlyMap<string, number>;
  /** What was found wrong, each with the smallest request that shows it. */
  readonly failures: readonly string[];
}

const anyRequest: fc.Arbitrary<FuzzRequest> = fc
  .tuple(fc.oneof(...operations.map(validRequest)), breakages)
  .map(([request, breakIt]) => breakIt(request));

/** What no error may tell: where it happened, what was asked of the database, what was sent. */
const INSIDES =
  /\bat .+:\d+:\d+|node_modules|\/(?:work|usr|home|tmp|var|etc|app|root)\/|\b(?:select|insert|update|delete)\b.+\b(?:from|into|set)\b|duplicate key|relation "|E[A-Z]{5,}\b|Error:/;

function leaksOf({ status, bytes }: ReceivedAnswer): string[] {
  if (status < 400) return [];
  const text = bytes.toString('utf8');
  const found: string[] = [];
  if (text.includes(PLANTED)) found.push('an error repeats what was sent');
  if (INSIDES.test(text)) found.push('an error tells of the inside');
  return found;
}

const seedOf = (text: string): number => createHash('sha256').update(text).digest().readInt32BE(0);

/** Sends generated requests to a sandbox, and holds each answer against the description. */
export async function fuzz({
  sandbox,
  count,
  seed,
  progress = () => undefined,
}: {
  readonly sandbox: Sandbox;
  readonly count: number;
  readonly seed: string;
  readonly progress?: (line: string) => void;
}): Promise<FuzzReport> {
  const world = await makeWorld(sandbox);
  const sender = makeSender(sandbox.info.base_url);
  const statuses = new Map<number, number>();
  const successes = new Map<string, number>(operations.map(({ id }) => [id, 0]));
  const failures: string[] = [];
  const add = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);

  const property = fc.asyncProperty(anyRequest, async (request) => {
    const answer = await sender.send(
      request,
      world.resolve,
      (name) => world.pictures.get(name) ?? Buffer.alloc(0),
    );
    const { status } = answer;
    add(statuses, status);
    if (status < 300) add(successes, request.operation);
    const found = [
      ...violationsOf(request.method, urlOf(request, world.resolve), answer),
      ...leaksOf(answer),
      ...(status >= 500 ? [`${status}`] : []),
    ];
    if (found.length > 0) throw new Error(found.join('; '));
  });

  let requests = 0;
  try {
    for (let round = 0; requests < count; round++) {
      await world.renew();
      const numRuns = Math.min(ROUND, count - requests);
      const result = await fc.check(property, { seed: seedOf(`${seed}/${round}`), numRuns });
      requests += numRuns;
      if (result.failed) {
        const [request] = result.counterexample ?? [];
        const why = result.errorInstance instanceof Error ? result.errorInstance.message : 'unknown';
        failures.push(`round ${round}, after ${result.numRuns}: ${why}\n  ${fc.stringify(request)}`);
      }
      progress(`${requests} of ${count}`);
    }
  } finally {
    sender.close();
  }
  return { requests, statuses, successes, failures };
}
