import { sql, type Kysely } from 'kysely';
import type { Repositories, TaskRow } from '../../app/ports/store.js';
import type { Schema } from './schema.js';

type Part = Pick<Repositories, 'reviews' | 'tasks' | 'deletions' | 'progress'>;

const json = JSON.stringify as (value: unknown) => string;
const NO_PROPOSAL = { proposedDecision: null, proposedBy: null, proposedReasons: '[]' } as const;
const TASK_COLUMNS = [
  'id',
  'tenantId',
  'verificationId',
  'epoch',
  'attempt',
  'kind',
  'blobId',
  'tries',
] as const;

/** A task that was put into the queue and did not begin within this time is put there again: the queue may have been emptied. */
const REQUEUE_AFTER = sql<Date>`clock_timestamp() - interval '10 seconds'`;
const interval = (ms: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`;

/** What is to be done, what was done, and who did it. Leases use the database's clock: it is the one that all processes share. */
export function makeWorkRepositories(db: Kysely<Schema>): Part {
  const notify = async (channel: string, payload: string) => {
    await sql`select pg_notify(${channel}, ${payload})`.execute(db);
  };

  return {
    reviews: {
      async open(row) {
        await db
          .insertInto('reviews')
          .values({ ...row, ...NO_PROPOSAL })
          .onConflict((conflict) => conflict.column('verificationId').where('state', '=', 'open').doNothing())
          .execute();
      },
      latest: async (verificationId) =>
        (await db
          .selectFrom('reviews')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null,
      list(tenantIds, filter, page) {
        let query = db.selectFrom('reviews').selectAll();
        if (tenantIds !== 'all') query = query.where('tenantId', 'in', [...tenantIds]);
        if (filter === 'decided') query = query.where('state', '=', 'decided');
        else if (filter === 'open')
          query = query
            .where('state', '=', 'open')
            .where((eb) =>
              eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', sql<Date>`clock_timestamp()`)]),
            );
        else if (filter === 'claimed')
          query = query.where('state', '=', 'open').where('leaseUntil', '>=', sql<Date>`clock_timestamp()`);
        if (page.after !== undefined) query = query.where('id', '>', page.after);
        return query.orderBy('id').limit(page.limit).execute();
      },
      claim: async (id, holder, leaseMs) =>
        (await db
          .updateTable('reviews')
          .set({ claimedBy: holder, leaseUntil: interval(leaseMs) })
          .where('id', '=', id)
          .where('state', '=', 'open')
          .where((eb) =>
            eb.or([
              eb('claimedBy', 'is', null),
              eb('claimedBy', '=', holder),
              eb('leaseUntil', '<', sql<Date>`clock_timestamp()`),
            ]),
          )
          .returningAll()
          .executeTakeFirst()) ?? null,
      release: async (id, holder) =>
        (await db
          .updateTable('reviews')
          .set({ claimedBy: null, leaseUntil: null })
          .where('id', '=', id)
          .where('state', '=', 'open')
          .where('claimedBy', '=', holder)
          .returningAll()
          .executeTakeFirst()) ?? null,
      isHeldBy: async (id, holder) =>
        (await db
          .selectFrom('reviews')
          .select('id')
          .where('id', '=', id)
          .where('state', '=', 'open')
          .where('claimedBy', '=', holder)
          .where('leaseUntil', '>=', sql<Date>`clock_timestamp()`)
          .executeTakeFirst()) !== undefined,
      async decide(id, decision, by, at) {
        await db
          .updateTable('reviews')
          .set({ ...NO_PROPOSAL, ...by, state: 'decided', decision, decidedAt: at, leaseUntil: null })
          .where('id', '=', id)
          .execute();
      },
      async propose(id, decision, by, reasons) {
        await db
          .updateTable('reviews')
          .set({
            proposedDecision: decision,
            proposedBy: by,
            proposedReasons: json(reasons),
            claimedBy: null,
            leaseUntil: null,
          })
          .where('id', '=', id)
          .execute();
      },
      async reopen(id, excluded) {
        await db
          .updateTable('reviews')
          .set({ ...NO_PROPOSAL, excluded: [...excluded], claimedBy: null, leaseUntil: null })
          .where('id', '=', id)
          .execute();
      },
      decidersBefore: async (verificationId, epoch) =>
        (
          await db
            .selectFrom('reviews')
            .select(['decidedBy', 'confirmedBy'])
            .where('verificationId', '=', verificationId)
            .where('epoch', '<', epoch)
            .execute()
        ).flatMap(({ decidedBy, confirmedBy }) => [decidedBy, confirmedBy].filter((each) => each !== null)),
      async closeOpen(verificationId) {
        await db
          .updateTable('reviews')
          .set({ state: 'closed', leaseUntil: null })
          .where('verificationId', '=', verificationId)
          .where('state', '=', 'open')
          .execute();
      },
    },

    tasks: {
      async insert(row) {
        await db
          .insertInto('tasks')
          .values({ ...row, state: 'ready' })
          .execute();
        await notify('lethe_tasks', '');
      },
      async takeForQueue(now, limit) {
        const due = db
          .selectFrom('tasks')
          .select('id')
          .where((eb) =>
            eb.or([
              eb.and([
                eb('state', '=', 'ready'),
                eb('runAfter', '<=', now),
                eb.or([eb('queuedAt', 'is', null), eb('queuedAt', '<', REQUEUE_AFTER)]),
              ]),
              eb.and([eb('state', '=', 'running'), eb('leaseUntil', '<', sql<Date>`clock_timestamp()`)]),
            ]),
          )
          .orderBy('id')
          .limit(limit)
          .forUpdate()
          .skipLocked();
        return db
          .updateTable('tasks')
          .set({ state: 'ready', queuedAt: sql<Date>`clock_timestamp()`, leaseUntil: null })
          .where('id', 'in', due)
          .returning(TASK_COLUMNS)
          .execute();
      },
      begin: async (id, leaseMs) =>
        (await db
          .updateTable('tasks')
          .set({ state: 'running', tries: sql`tries + 1`, leaseUntil: interval(leaseMs) })
          .where('id', '=', id)
          .where('state', '=', 'ready')
          .returning(TASK_COLUMNS)
          .executeTakeFirst()) ?? null,
      async extend(id, tries, leaseMs) {
        await db
          .updateTable('tasks')
          .set({ leaseUntil: interval(leaseMs) })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('tries', '=', tries)
          .execute();
      },
      async finish(id, tries) {
        const row = await db
          .updateTable('tasks')
          .set({ state: 'done', leaseUntil: null })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('tries', '=', tries)
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
      async retry(id, tries, errorCode, runAfter) {
        const row = await db
          .updateTable('tasks')
          .set({ state: 'ready', leaseUntil: null, queuedAt: null, errorCode, runAfter })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('tries', '=', tries)
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
      async bury(id, tries, errorCode) {
        const row = await db
          .updateTable('tasks')
          .set({ state: 'dead', leaseUntil: null, errorCode })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('tries', '=', tries)
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
      async unfinished({ verificationId, epoch, attempt }, kinds) {
        const { count } = await db
          .selectFrom('tasks')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('attempt', '=', attempt)
          .where('kind', 'in', [...kinds])
          .where('state', 'in', ['ready', 'running'])
          .executeTakeFirstOrThrow();
        return count;
      },
      hasOpen: async (verificationId, epoch, kind) =>
        (await db
          .selectFrom('tasks')
          .select('id')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('kind', '=', kind)
          .where('state', 'in', ['ready', 'running'])
          .limit(1)
          .executeTakeFirst()) !== undefined,
      ofEpoch: (verificationId, epoch) =>
        db
          .selectFrom('tasks')
          .select(TASK_COLUMNS)
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .execute(),
      removeOfEpoch: (verificationId, epoch, kinds): Promise<readonly TaskRow[]> =>
        db
          .deleteFrom('tasks')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('kind', 'in', [...kinds])
          .returning(TASK_COLUMNS)
          .execute(),
      async stuck(limit, tenants = 'all') {
        let query = db
          .selectFrom('verifications as v')
          .select('v.id')
          .where('v.status', '=', 'processing')
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom('tasks as t')
                  .select('t.id')
                  .whereRef('t.verificationId', '=', 'v.id')
                  .whereRef('t.epoch', '=', 'v.epoch')
                  .whereRef('t.attempt', '=', 'v.attempt')
                  .where('t.state', 'in', ['ready', 'running']),
              ),
            ),
          );
        if (tenants !== 'all') query = query.where('v.tenantId', 'in', [...tenants]);
        return (await query.limit(limit).execute()).map((row) => row.id);
      },
    },

    deletions: {
      async insert({ artefacts, keyIds, ...row }) {
        await db
          .insertInto('deletions')
          .values({ ...row, keyIds: [...keyIds], artefacts: json(artefacts) })
          .execute();
      },
      find: async (verificationId, epoch) =>
        (await db
          .selectFrom('deletions')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .executeTakeFirst()) ?? null,
      async saveArtefacts(verificationId, epoch, artefacts) {
        await db
          .updateTable('deletions')
          .set({ artefacts: json(artefacts) })
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .execute();
      },
      async finish({ verificationId, epoch }, at) {
        await db
          .updateTable('deletions')
          .set({ finishedAt: at })
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .execute();
      },
      async addReceipt({ tenantId, verificationId, epoch, livemode }, version, jws, at) {
        await db
          .insertInto('deletionReceipts')
          .values({ tenantId, livemode, verificationId, epoch, version, jws, createdAt: at })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      },
      receipt: async ({ verificationId, epoch }, version) =>
        (
          await db
            .selectFrom('deletionReceipts')
            .select('jws')
            .where('verificationId', '=', verificationId)
            .where('epoch', '=', epoch)
            .where('version', '=', version)
            .executeTakeFirst()
        )?.jws ?? null,
      async receipts(tenantIds, verificationId, { livemode } = {}) {
        if (tenantIds.length === 0) return [];
        let query = db
          .selectFrom('deletionReceipts')
          .select('jws')
          .where('tenantId', 'in', [...tenantIds])
          .where('verificationId', '=', verificationId);
        if (livemode !== undefined) query = query.where('livemode', '=', livemode);
        const rows = await query.orderBy('epoch', 'desc').orderBy('version', 'desc').execute();
        return rows.map((row) => row.jws);
      },
    },

    progress: {
      async append(tenantId, verificationId, kind, body) {
        await db
          .insertInto('progress')
          .values({ tenantId, verificationId, kind, body: json(body) })
          .execute();
        await notify('lethe_progress', verificationId);
      },
      since: (verificationId, afterId) =>
        db
          .selectFrom('progress')
          .select(['id', 'kind', 'body'])
          .where('verificationId', '=', verificationId)
          .where('id', '>', afterId)
          .orderBy('id')
          .execute(),
      async remove(verificationId) {
        await db.deleteFrom('progress').where('verificationId', '=', verificationId).execute();
      },
    },
  };
}
