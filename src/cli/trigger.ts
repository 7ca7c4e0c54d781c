import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeSandboxClock } from '../adapters/clocks.js';
import { makePostgresStore } from '../adapters/postgres/store.js';
import { makeIds } from '../adapters/ulid-ids.js';
import { makePolicies } from '../app/policies.js';
import { adoptServiceFile, readConfig } from '../config.js';
import { EVENT_TYPES, type EventType, type VerificationEvent } from '../domain/webhooks.js';
import { parse, UsageError, type ExitCode } from './command-line.js';
import { openSandbox, type CallSandbox } from './sandbox-client.js';

/** How long an event may take to come (real milliseconds). */
const PATIENCE_MS = 60_000;
const YEAR = 365 * 24 * 3_600_000;

const simulate = (call: CallSandbox, id: string, outcome: string) =>
  call('POST', `/v1/test/verifications/${id}/simulate`, { outcome });
const cancel = (call: CallSandbox, id: string) => call('POST', `/v1/verifications/${id}/cancel`);

/** What makes a verification that was just created come to an event. */
const STEPS: Readonly<Record<VerificationEvent, (call: CallSandbox, id: string) => Promise<unknown>>> = {
  created: () => Promise.resolve(),
  requires_input: () => Promise.resolve(),
  // It goes on at once: nothing stays in processing.
  processing: (call, id) => simulate(call, id, 'approved'),
  in_review: (call, id) => simulate(call, id, 'in_review'),
  approved: (call, id) => simulate(call, id, 'approved'),
  declined: (call, id) => simulate(call, id, 'declined'),
  canceled: cancel,
  expired: (call) => {
    process.stderr.write('The clock of the sandbox moves on by three days.\n');
    return call('POST', '/v1/test/clock', { advance: 'PT73H' });
  },
  revoked: async (call, id) => {
    await simulate(call, id, 'approved');
    await call('POST', `/v1/verifications/${id}/revoke`, { reason: 'triggered' });
  },
  redacted: cancel,
};

interface ListedEvent {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly data: object;
}

/** Makes an event happen in the sandbox, and prints it. */
export async function runTrigger(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, { 'data-dir': { type: 'string' } });
  const dataDir = String(values['data-dir'] ?? '.lethe');
  const [name = '', ...more] = positionals;
  const type = EVENT_TYPES.find((each) => each === name || each === `verification.${name}`);
  if (!type || more.length > 0) throw new UsageError(`events are ${EVENT_TYPES.join(', ')}`);

  const call = await openSandbox(dataDir);
  if (type === 'policy.revised') {
    const { data } = await call<{ data: readonly object[] }>('GET', '/v1/webhook_endpoints?limit=1');
    if (data.length === 0) {
      process.stderr.write('lethe: nobody_listens\n');
      return 1;
    }
  }
  const about = type === 'policy.revised' ? await revisePolicy(dataDir) : await happen(call, type);
  const query = new URLSearchParams({ type, limit: '1', ...about });
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const { data } = await call<{ data: readonly ListedEvent[] }>('GET', `/v1/events?${query.toString()}`);
    const [event] = data;
    if (event) {
      const { id, created_at: timestamp } = event;
      process.stdout.write(`${JSON.stringify({ id, type, timestamp, data: event.data })}\n`);
      return 0;
    }
    await sleep(200);
  }
  process.stderr.write('lethe: event_missing\n');
  return 1;
}

async function happen(call: CallSandbox, type: Exclude<EventType, 'policy.revised'>) {
  const { id } = await call<{ id: string }>('POST', '/v1/verifications', {
    learner_ref: `trigger-${randomUUID()}`,
    expected: { full_name: 'Anna Eriksson' },
    order_ref: 'trigger',
  });
  await STEPS[type.slice('verification.'.length) as VerificationEvent](call, id);
  return { verification_id: id };
}

/** Announces the text in force anew, for a year ahead. */
async function revisePolicy(dataDir: string): Promise<Readonly<Record<string, string>>> {
  await adoptServiceFile(dataDir);
  const store = makePostgresStore({
    url: readConfig().databaseUrl,
    poolSize: 2,
    onConnectionError: () => undefined,
  });
  try {
    const clock = makeSandboxClock(() => store);
    await clock.refresh();
    const policies = makePolicies({ store, clock, ids: makeIds() });
    const { version } = await policies.current();
    const now = clock.now();
    await policies.publish(`trigger-${now.getTime()}`, version.document, new Date(now.getTime() + YEAR));
  } finally {
    await store.close();
  }
  return {};
}
