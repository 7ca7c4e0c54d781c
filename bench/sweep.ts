import pg from 'pg';
import { asMarkdown } from '../eval/documents/tally.js';
import { makeForgettingWorld } from '../test/support/forgetting-world.js';

export interface BenchSweepOptions {
  /** Finished verifications, smallest first. */
  readonly sizes: readonly number[];
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

const DUE = 100;

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}
interface Plan {
  readonly 'QUERY PLAN': readonly [
    {
      readonly Plan: {
        readonly 'Shared Hit Blocks': number;
        readonly 'Shared Read Blocks': number;
        readonly 'Actual Rows': number;
      };
    },
  ];
}

/** Statements that `work` sends, by whatever connection. */
async function recorded(work: () => Promise<unknown>): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back below
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [text, values] = args;
    if (typeof text === 'string' && Array.isArray(values)) statements.push({ text, values });
    return (query as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return statements.filter(({ text }) => /^(select|delete)/.test(text));
}

const FINISHED = `
  with rows as (
    select i, 'ver_' || lpad(i::text, 26, '0') as id, now() - (i % 20 + 1) * interval '1 day' as decided
    from generate_series($1::int, $2::int) i
  ), verified as (
    insert into verifications (id, tenant_id, livemode, learner_ref, status, method, attempt, max_attempts, locale, epoch, epoch_opened_at,
      capture_generation, capture_expires_at, created_at, submitted_at, decided_at, valid_until, redaction_status, redaction_due_at, redaction_done_at)
    select id, $3, false, 'learner-' || i, case i % 4 when 0 then 'declined' when 1 then 'canceled' else 'approved' end, 'biometric', 1, 3, 'en', 1,
      decided, 1, decided + interval '3 days', decided, decided, decided, decided + interval '1 year', 'done', decided, decided from rows
    returning id, decided_at
  ), scheduled as (
    insert into retention_schedule (subject_id, kind, due_at)
    select id, kind, decided_at + after from verified, (values ('check', interval '30 days'), ('record', interval '2 years'),
      ('deletion_receipt', interval '6 years'), ('audit', interval '6 years')) as ends (kind, after)
  ), done as (
    insert into tasks (id, tenant_id, verification_id, epoch, attempt, kind, state, run_after, created_at)
    select 'tsk_' || id, $3, id, 1, 1, 'forget', 'done', now(), now() from verified
  ), gone as (
    insert into deletions (verification_id, epoch, tenant_id, key_unlinked_at, artefacts, finished_at, key_ids)
    select id, 1, $3, decided_at, '[]', decided_at, '{}' from verified
  )
  insert into events (id, tenant_id, livemode, verification_id, sequence, type, payload, created_at)
  select 'evt_' || id, $3, false, id, 1, 'verification.approved', '{}', decided_at from verified`;

const LAPSED = `
  insert into verifications (id, tenant_id, livemode, learner_ref, status, method, attempt, max_attempts, locale, epoch, epoch_opened_at,
    capture_generation, capture_expires_at, created_at, redaction_status)
  select 'ver_due_' || i, $2, false, 'due-' || i, 'requires_input', 'biometric', 1, 3, 'en', 1,
    now() - interval '4 days', 1, now() - interval '1 day', now() - interval '4 days', 'none' from generate_series(1, $1::int) i`;
const OVERDUE = `
  update verifications set redaction_status = 'scheduled', redaction_due_at = now() - interval '1 hour'
  where id in (select 'ver_' || lpad(i::text, 26, '0') from generate_series(1, $1::int) i)`;
const ENDED = `
  update retention_schedule set due_at = now() - interval '1 hour'
  where kind = 'check' and subject_id in (select 'ver_' || lpad(i::text, 26, '0') from generate_series(1000, 999 + $1::int) i)`;

/** What a sweep reads to find what is due, for more and more finished verifications: pages of 8 KiB, as EXPLAIN counts them. */
export async function benchSweep({ sizes, print, progress }: BenchSweepOptions): Promise<void> {
  const world = await makeForgettingWorld();
  const client = new pg.Client({ connectionString: world.databaseUrl });
  try {
    await client.connect();
    // Nothing is due in an empty database: what is sent is what finds, and not what follows.
    const finding = await recorded(() => world.sweep.run());
    const perSize: number[][] = [];
    let filled = 0;
    for (const size of sizes) {
      for (; filled < size; filled += Math.min(50_000, size - filled)) {
        await client.query(FINISHED, [filled + 1, Math.min(filled + 50_000, size), world.tenantId]);
        progress(`${Math.min(filled + 50_000, size)} finished verifications`);
      }
      if (perSize.length === 0) {
        await client.query(LAPSED, [DUE / 4, world.tenantId]);
        await client.query(OVERDUE, [DUE / 4]);
        await client.query(ENDED, [DUE / 2]);
      }
      await client.query('vacuum analyze');
      const pages: number[] = [];
      for (const { text, values } of finding) pages.push(await pagesOf(client, text, values));
      perSize.push(pages);
    }
    const rows = finding.map(({ text }, index) => [
      `\`${nameOf(text)}\``,
      ...perSize.map((pages) => String(pages[index] ?? 0)),
    ]);
    const total = perSize.map((pages) => pages.reduce((sum, count) => sum + count, 0));
    print(
      asMarkdown({
        title: `Pages read to find ${DUE} that are due, beside finished verifications`,
        head: ['statement', ...sizes.map(String)],
        rows: [...rows, ['all', ...total.map(String)]],
      }),
    );
    const [least = 1, most = 1] = [total[0], total.at(-1)];
    print(`\n${(sizes.at(-1) ?? 1) / (sizes[0] ?? 1)} × the rows: ${(most / least).toFixed(2)} × the pages.`);
  } finally {
    await client.end();
    await world.dispose();
  }
}

async function pagesOf(client: pg.Client, text: string, values: readonly unknown[]): Promise<number> {
  await client.query('begin');
  try {
    const { rows } = await client.query<Plan>(`explain (analyze, buffers, format json) ${text}`, [...values]);
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    return plan ? plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] : 0;
  } finally {
    await client.query('rollback');
  }
}

/** The table, and by which column it is looked through. */
const nameOf = (text: string): string => {
  const table = /from "(\w+)"/.exec(text)?.[1] ?? '';
  const column = /where (?:.*?)"(\w+_at|run_after|delete_after|day)" (?:<=|<)/.exec(text)?.[1] ?? 'status';
  return `${text.split(' ')[0] ?? ''} ${table} by ${column}`;
};
