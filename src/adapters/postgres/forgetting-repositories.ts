import { sql, type Kysely } from 'kysely';
import type { ForgettingRepositories } from '../../app/ports/forgetting.js';
import { LIVE_HOLDS } from '../../domain/legal-hold.js';
import type { Schema } from './schema.js';

const KEY_COLUMNS = ['id', 'dueAt', 'requestedAt', 'destroyedAt'] as const;
const REQUEST_COLUMNS = [
  'id',
  'tenantId',
  'learnerPseudonym',
  'requestedBy',
  'requestedAt',
  'deadline',
] as const;

/** What must go and when, and what must stay. */
export function makeForgettingRepositories(db: Kysely<Schema>): ForgettingRepositories {
  const live = () => db.selectFrom('legalHolds').selectAll().where('status', 'in', LIVE_HOLDS);
  const setKey = async (
    id: string,
    set: Partial<Record<'dueAt' | 'requestedAt' | 'destroyedAt' | 'settledAt', Date>>,
  ) => {
    await db.updateTable('wrappingKeys').set(set).where('id', '=', id).execute();
  };

  const register = async (
    { id, dueAt }: { readonly id: string; readonly dueAt: Date | null },
    at: Date,
  ): Promise<void> => {
    await db
      .insertInto('wrappingKeys')
      .values({ id, dueAt, requestedAt: null, destroyedAt: null, settledAt: null, createdAt: at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  };
  /** Epochs of a key all of whose keys are destroyed. */
  const withoutKeys = (id: string) =>
    db
      .selectFrom('keyUses as use')
      .leftJoin('deletions as deletion', (join) =>
        join
          .onRef('deletion.verificationId', '=', 'use.verificationId')
          .onRef('deletion.epoch', '=', 'use.epoch'),
      )
      .select(['use.verificationId', 'use.epoch'])
      .where('use.keyId', '=', id)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('keyUses as other')
              .innerJoin('wrappingKeys as key', 'key.id', 'other.keyId')
              .select('key.id')
              .whereRef('other.verificationId', '=', 'use.verificationId')
              .whereRef('other.epoch', '=', 'use.epoch')
              .where('key.destroyedAt', 'is', null),
          ),
        ),
      );

  return {
    wrappingKeys: {
      register,
      async use(key, { verificationId, epoch }, at) {
        await register(key, at);
        await db
          .insertInto('keyUses')
          .values({ keyId: key.id, verificationId, epoch })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      },
      ofEpoch: (verificationId, epoch) =>
        db
          .selectFrom('wrappingKeys')
          .select(KEY_COLUMNS)
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('keyUses')
              .select('keyId')
              .where('verificationId', '=', verificationId)
              .where('epoch', '=', epoch),
          )
          .orderBy('id')
          .execute(),
      isUsedBy: async (verificationId) =>
        (await db
          .selectFrom('keyUses')
          .select('keyId')
          .where('verificationId', '=', verificationId)
          .limit(1)
          .executeTakeFirst()) !== undefined,
      due(now, limit, tenants = 'all') {
        let query = db
          .selectFrom('wrappingKeys')
          .select(KEY_COLUMNS)
          .where('settledAt', 'is', null)
          .where('dueAt', '<=', now);
        if (tenants !== 'all')
          query = query.where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom('legalHolds as hold')
                  .select('hold.id')
                  .whereRef('hold.id', '=', 'wrappingKeys.id')
                  .where('hold.tenantId', 'not in', [...tenants]),
              ),
            ),
          );
        return query.orderBy('dueAt').limit(limit).execute();
      },
      setDue: (id, at) => setKey(id, { dueAt: at }),
      markRequested: (id, at) => setKey(id, { requestedAt: at }),
      markDestroyed: (id, at) => setKey(id, { destroyedAt: at }),
      markSettled: (id, at) => setKey(id, { settledAt: at }),
      unrecoverable: (id, limit) =>
        withoutKeys(id).where('deletion.finishedAt', 'is not', null).limit(limit).execute(),
      awaitsDeletion: async (id) =>
        (await withoutKeys(id).where('deletion.finishedAt', 'is', null).limit(1).executeTakeFirst()) !==
        undefined,
      async endUses({ verificationId, epoch }) {
        await db
          .deleteFrom('keyUses')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .execute();
      },
    },

    retention: {
      async schedule(subjectId, ends) {
        const rows = Object.entries(ends).map(([kind, dueAt]) => ({
          subjectId,
          kind: kind as keyof typeof ends,
          dueAt,
        }));
        if (rows.length === 0) return;
        await db
          .insertInto('retentionSchedule')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['subjectId', 'kind']).doUpdateSet({ dueAt: (eb) => eb.ref('excluded.dueAt') }),
          )
          .execute();
      },
      async cancel(subjectId, kinds) {
        let query = db.deleteFrom('retentionSchedule').where('subjectId', '=', subjectId);
        if (kinds) query = query.where('kind', 'in', [...kinds]);
        await query.execute();
      },
      due: (now, limit) =>
        db
          .selectFrom('retentionSchedule')
          .select(['subjectId', 'kind'])
          .where('dueAt', '<=', now)
          .orderBy('dueAt')
          .limit(limit)
          .execute(),
      ofSubject: (subjectId) =>
        db
          .selectFrom('retentionSchedule')
          .select(['kind', 'dueAt'])
          .where('subjectId', '=', subjectId)
          .orderBy('dueAt')
          .execute(),
      async overdue(before, limit, tenants) {
        let query = db
          .selectFrom('retentionSchedule as end')
          .select('end.subjectId')
          .where('end.dueAt', '<', before);
        if (tenants !== 'all')
          query = query.where((eb) =>
            eb.exists(
              eb
                .selectFrom('auditEntries as entry')
                .select('entry.seq')
                .whereRef('entry.subjectId', '=', 'end.subjectId')
                .where('entry.tenantId', 'in', [...tenants]),
            ),
          );
        return (await query.orderBy('end.dueAt').limit(limit).execute()).map((row) => row.subjectId);
      },
      async purgeChecks(verificationId) {
        await db.deleteFrom('checks').where('verificationId', '=', verificationId).execute();
      },
      async purgeRecord(verificationId) {
        for (const table of [
          'verificationCourses',
          'attempts',
          'checks',
          'evidence',
          'consents',
          'reviews',
          'events',
          'tasks',
          'progress',
          'deletions',
          'erasureItems',
        ] as const)
          await db.deleteFrom(table).where('verificationId', '=', verificationId).execute();
        await db.deleteFrom('verifications').where('id', '=', verificationId).execute();
      },
      async purgeReceipts(verificationId) {
        await db.deleteFrom('deletionReceipts').where('verificationId', '=', verificationId).execute();
      },
      async purgeAudit(subjectId) {
        await db.deleteFrom('auditEntries').where('subjectId', '=', subjectId).execute();
      },
      async purgeHold(holdId) {
        await db.deleteFrom('holdTargets').where('holdId', '=', holdId).execute();
        await db.deleteFrom('legalHolds').where('id', '=', holdId).execute();
      },
      async purgeErasureRequest(requestId) {
        await db.deleteFrom('erasureItems').where('requestId', '=', requestId).execute();
        await db.deleteFrom('erasureRequests').where('id', '=', requestId).execute();
      },
      purgeEvents: async (before, limit) =>
        (
          await db
            .deleteFrom('events')
            .where('id', 'in', (eb) =>
              eb
                .selectFrom('events')
                .select('id')
                .where('createdAt', '<', before)
                .orderBy('createdAt')
                .limit(limit),
            )
            .returning('id')
            .execute()
        ).length,
      purgeDoneTasks: async (before, limit) =>
        (
          await db
            .deleteFrom('tasks')
            .where('id', 'in', (eb) =>
              eb
                .selectFrom('tasks')
                .select('id')
                .where('state', '=', 'done')
                .where('createdAt', '<', before)
                .orderBy('createdAt')
                .limit(limit),
            )
            .returning('id')
            .execute()
        ).length,
    },

    holds: {
      async insert(row) {
        await db.insertInto('legalHolds').values(row).execute();
      },
      find: async (id) =>
        (await db.selectFrom('legalHolds').selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
      lock: async (id) =>
        (await db.selectFrom('legalHolds').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ??
        null,
      update: (id, patch) =>
        db
          .updateTable('legalHolds')
          .set({ ...patch, rowVersion: sql`row_version + 1` })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow(),
      list(tenantIds, filter, page) {
        let query = db
          .selectFrom('legalHolds')
          .selectAll()
          .where('tenantId', 'in', [...tenantIds]);
        if (filter.live === true) query = query.where('status', 'in', LIVE_HOLDS);
        if (page.after !== undefined) query = query.where('id', '<', page.after);
        return query.orderBy('id', 'desc').limit(page.limit).execute();
      },
      ended: async (now, limit) =>
        (await live().where('endsAt', '<=', now).orderBy('endsAt').limit(limit).execute()).map(
          (row) => row.id,
        ),
      endingBefore(tenantIds, time, limit) {
        let query = live().where('endsAt', '<=', time);
        if (tenantIds !== 'all') query = query.where('tenantId', 'in', [...tenantIds]);
        return query.orderBy('endsAt').limit(limit).execute();
      },
      onLearner: (tenantId, learnerRefs) =>
        live()
          .where('tenantId', '=', tenantId)
          .where('learnerRef', 'in', [...learnerRefs])
          .orderBy('id')
          .execute(),
      onVerification: (verificationId) =>
        live()
          .where('id', 'in', (eb) =>
            eb.selectFrom('holdTargets').select('holdId').where('verificationId', '=', verificationId),
          )
          .orderBy('id')
          .execute(),
      async addTarget(target) {
        await db
          .insertInto('holdTargets')
          .values(target)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      },
      targets: (holdId) =>
        db
          .selectFrom('holdTargets')
          .selectAll()
          .where('holdId', '=', holdId)
          .orderBy('verificationId')
          .execute(),
      async forgetLearner(holdId) {
        await db.updateTable('holdTargets').set({ learnerRef: null }).where('holdId', '=', holdId).execute();
        await db.updateTable('legalHolds').set({ learnerRef: null }).where('id', '=', holdId).execute();
      },
      async mark(verificationId, hold) {
        await db.updateTable('verifications').set({ hold }).where('id', '=', verificationId).execute();
        if (hold !== null)
          await db
            .updateTable('verifications')
            .set({ redactionStatus: 'held' })
            .where('id', '=', verificationId)
            .where('redactionStatus', 'in', ['scheduled', 'failed'])
            .execute();
      },
    },

    erasures: {
      async insert(row, verificationIds) {
        await db.insertInto('erasureRequests').values(row).execute();
        if (verificationIds.length === 0) return;
        await db
          .insertInto('erasureItems')
          .values(verificationIds.map((verificationId) => ({ requestId: row.id, verificationId })))
          .execute();
      },
      find: async (id) =>
        (await db
          .selectFrom('erasureRequests')
          .select(REQUEST_COLUMNS)
          .where('id', '=', id)
          .executeTakeFirst()) ?? null,
      items: async (id) =>
        (
          await db
            .selectFrom('erasureItems')
            .select('verificationId')
            .where('requestId', '=', id)
            .orderBy('verificationId')
            .execute()
        ).map((row) => row.verificationId),
    },
  };
}
