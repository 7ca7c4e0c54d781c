import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { asMarkdown, percentile } from '../eval/documents/tally.js';
import { systemClock } from '../src/adapters/clocks.js';
import { makeJwsSigner } from '../src/adapters/jws-signer.js';
import { migrate } from '../src/adapters/postgres/database.js';
import { makePostgresStore } from '../src/adapters/postgres/store.js';
import { makeIds } from '../src/adapters/ulid-ids.js';
import { makeAuditLog } from '../src/app/audit-log.js';
import { auditHash, makeJournal } from '../src/app/journal.js';
import { startPostgres } from '../src/sandbox/embedded/postgres.js';

export interface BenchAuditOptions {
  /** How often each contestant has its turn; one more turn before that warms up. */
  readonly rounds: number;
  /** Length of a turn. */
  readonly seconds: number;
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

const WRITERS = 8;
/** Much oftener than in service, so that turns of seconds bear the cost of the log in full. */
const CHECKPOINT_EVERY_MS = 1000;
const ACTION = {
  actor: 'system',
  action: 'status.processing',
  detail: { attempt: 1, event: 'submit' },
} as const;

/** Statements that come behind the entry in its transaction: none, and as many as a change of status has, on a network. */
const BEHIND = [0, 6] as const;
/** The way to a database on another machine and back. */
const ROUND_TRIP_MS = 1;

type PostgresStore = ReturnType<typeof makePostgresStore>;

interface Contestant {
  readonly label: string;
  /** Writes one entry, durably. */
  readonly write: (writer: number) => Promise<unknown>;
  /** What runs beside the writers, once. */
  readonly beside?: () => Promise<unknown>;
  readonly rates: number[];
}

/** Entries a second with a chain a subject and signed checkpoints, beside one chain for all, in turns on the same Postgres. */
export async function benchAudit(options: BenchAuditOptions): Promise<void> {
  const { print, progress } = options;
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'lethe-bench-audit-'));
  const clear = () => rmSync(dataDir, { recursive: true, force: true });
  process.once('exit', clear);
  const postgres = await startPostgres({ dataDir, onExit: () => undefined });
  const store = makePostgresStore({
    url: postgres.url,
    poolSize: WRITERS + 4,
    onConnectionError: () => undefined,
  });
  try {
    await migrate(store.db);
    const signer = await makeJwsSigner({ keyDir: path.join(dataDir, 'keys') });
    const settings = { publicBaseUrl: 'https://lethe.bench' };
    const log = makeAuditLog({ store, clock: systemClock, signer, settings });
    const tenantId = makeIds().next('tenant');
    await store.read.tenants.insert({ id: tenantId, name: 'bench', createdAt: systemClock.now() });
    await makeOneChain(store);
    for (const behind of BEHIND) {
      const contestants: readonly Contestant[] = [
        perSubject(store, tenantId, behind, () => log.checkpoint()),
        oneChain(store, tenantId, behind),
      ];
      for (let round = 0; round <= options.rounds; round++)
        for (const contestant of contestants) {
          const rate = await takeTurn(contestant, options.seconds * 1000);
          progress(`round ${round}, ${contestant.label}: ${rate.toFixed(0)} entries a second`);
          if (round > 0) contestant.rates.push(rate);
        }
      print(asMarkdown(compare(contestants, behind)));
    }
    const start = performance.now();
    const report = await log.verify();
    const seconds = (performance.now() - start) / 1000;
    print(
      `verify: ${report.ok ? 'holds' : 'DOES NOT HOLD'}, ${report.entries} entries under ${report.checkpoints} checkpoints in ` +
        `${seconds.toFixed(1)} s, ${(report.entries / seconds).toFixed(0)} entries a second`,
    );
  } finally {
    await store.close();
    await postgres.stop();
    clear();
    process.off('exit', clear);
  }
}

/** As in service: the subject is locked, its last entry read, the next one written. */
function perSubject(
  store: PostgresStore,
  tenantId: string,
  behind: number,
  checkpoint: () => Promise<unknown>,
): Contestant {
  const journal = makeJournal({ clock: systemClock, ids: makeIds() });
  const ids = makeIds();
  const subjects = Array.from({ length: WRITERS }, () => ({ id: ids.next('verification'), left: 0 }));
  return {
    label: 'a chain a subject, checkpoints over all',
    rates: [],
    beside: checkpoint,
    write(writer) {
      const subject = subjects[writer];
      if (!subject) throw new Error('no such writer');
      // A verification has some twenty entries.
      if (subject.left-- === 0) Object.assign(subject, { id: ids.next('verification'), left: 20 });
      return store.transaction(async (tx) => {
        await tx.verifications.lockLearner({ tenantId, livemode: false }, subject.id);
        await journal.audit(tx, { id: subject.id, tenantId }, ACTION.actor, ACTION.action, ACTION.detail);
        for (let more = 0; more < behind; more++) {
          await tx.audit.last(tenantId);
          await sleep(ROUND_TRIP_MS);
        }
      });
    },
  };
}

async function makeOneChain(store: PostgresStore): Promise<void> {
  await sql`create table global_head (singleton boolean primary key, seq bigint not null, hash text not null)`.execute(
    store.db,
  );
  await sql`insert into global_head values (true, 0, repeat('0', 64))`.execute(store.db);
  await sql`create table global_entries (
    seq bigint primary key, subject_id text not null, tenant_id text not null, at timestamptz not null, actor text not null,
    action text not null, detail jsonb not null, previous_hash text not null, hash text not null
  )`.execute(store.db);
}

/** The plain way: whoever writes holds the head until its commit is on disk. */
function oneChain(store: PostgresStore, tenantId: string, behind: number): Contestant {
  const ids = makeIds();
  return {
    label: 'one chain',
    rates: [],
    write: () =>
      store.db.transaction().execute(async (tx) => {
        const { rows } = await sql<{
          seq: number;
          hash: string;
        }>`select seq, hash from global_head for update`.execute(tx);
        const [head] = rows;
        if (!head) throw new Error('no head');
        const entry = {
          subjectId: ids.next('verification'),
          tenantId,
          seq: head.seq + 1,
          at: systemClock.now(),
          ...ACTION,
          previousHash: head.hash,
        };
        const hash = auditHash(entry);
        await sql`insert into global_entries values (${entry.seq}, ${entry.subjectId}, ${tenantId}, ${entry.at}, ${entry.actor},
          ${entry.action}, ${JSON.stringify(entry.detail)}, ${entry.previousHash}, ${hash})`.execute(tx);
        await sql`update global_head set seq = ${entry.seq}, hash = ${hash}`.execute(tx);
        for (let more = 0; more < behind; more++) {
          await sql`select seq, at, hash from global_entries where seq = 0`.execute(tx);
          await sleep(ROUND_TRIP_MS);
        }
      }),
  };
}

/** @returns entries a second; what ran beside has ended before the time is taken */
async function takeTurn({ write, beside }: Contestant, ms: number): Promise<number> {
  const start = performance.now();
  let written = 0;
  let writing = true;
  const besides = (async () => {
    while (beside && writing) {
      await sleep(CHECKPOINT_EVERY_MS);
      await beside();
    }
  })();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      while (performance.now() - start < ms) {
        await write(writer);
        written++;
      }
    }),
  );
  writing = false;
  await besides;
  await beside?.();
  return (written * 1000) / (performance.now() - start);
}

function compare(contestants: readonly Contestant[], behind: number) {
  const median = (rates: readonly number[]) => percentile(rates, 0.5);
  const least = Math.min(...contestants.map(({ rates }) => median(rates)));
  return {
    title: `Audit entries a second, ${WRITERS} writers, ${behind} round trips behind each in its transaction`,
    head: ['', 'median', 'least', 'most', 'ratio'],
    rows: contestants.map(({ label, rates }) => [
      label,
      median(rates).toFixed(0),
      Math.min(...rates).toFixed(0),
      Math.max(...rates).toFixed(0),
      (median(rates) / least).toFixed(2),
    ]),
  };
}
