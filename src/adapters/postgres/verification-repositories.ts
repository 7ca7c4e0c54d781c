import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { Repositories } from '../../app/ports/store.js';
import { OPEN_STATUSES } from '../../domain/state-machine.js';
import type { Verification } from '../../domain/verification.js';
import type { Schema } from './schema.js';

type Part = Pick<
  Repositories,
  | 'verifications'
  | 'courses'
  | 'consents'
  | 'dataKeys'
  | 'fields'
  | 'blobs'
  | 'attempts'
  | 'checks'
  | 'evidence'
>;

const json = JSON.stringify as (value: unknown) => string;

type Columns = Omit<Verification, 'reasons'> & { reasons?: string };
const toColumns = (patch: Partial<Verification>): Partial<Columns> => {
  const { reasons, ...rest } = patch;
  return reasons === undefined ? rest : { ...rest, reasons: json(reasons) };
};

/** Rows that belong to a verification and carry what is known of a person. */
export function makeVerificationRepositories(db: Kysely<Schema>): Part {
  const one = <T>(query: SelectQueryBuilder<Schema, 'verifications', T>) => query.executeTakeFirst();

  return {
    verifications: {
      async insert(row) {
        const { reasons, ...rest } = row;
        const inserted = await db
          .insertInto('verifications')
          .values({ ...rest, reasons: json(reasons) })
          .onConflict((conflict) =>
            conflict
              .columns(['tenantId', 'livemode', 'learnerRef'])
              .where('status', 'in', OPEN_STATUSES)
              .doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        return inserted !== undefined;
      },
      find: async ({ tenantId, livemode }, id) =>
        (await one(
          db
            .selectFrom('verifications')
            .selectAll()
            .where('id', '=', id)
            .where('tenantId', '=', tenantId)
            .where('livemode', '=', livemode),
        )) ?? null,
      findById: async (id) =>
        (await one(db.selectFrom('verifications').selectAll().where('id', '=', id))) ?? null,
      lock: async (id) =>
        (await one(db.selectFrom('verifications').selectAll().where('id', '=', id).forUpdate())) ?? null,
      update: (id, patch) =>
        db
          .updateTable('verifications')
          .set({ ...toColumns(patch), rowVersion: sql`row_version + 1` })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow(),
      list({ tenantId, livemode }, filter, page) {
        let query = db
          .selectFrom('verifications')
          .selectAll()
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode);
        if (filter.learnerRef !== undefined) query = query.where('learnerRef', '=', filter.learnerRef);
        if (filter.statuses) query = query.where('status', 'in', [...filter.statuses]);
        if (filter.createdSince) query = query.where('createdAt', '>=', filter.createdSince);
        if (page.after !== undefined) query = query.where('id', '<', page.after);
        return query.orderBy('id', 'desc').limit(page.limit).execute();
      },
      async lockLearner({ tenantId, livemode }, learnerRef) {
        const name = JSON.stringify([tenantId, livemode, learnerRef]);
        await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 1))`.execute(db);
      },
      ofLearner: ({ tenantId, livemode }, learnerRef) =>
        db
          .selectFrom('verifications')
          .selectAll()
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode)
          .where('learnerRef', '=', learnerRef)
          .orderBy('id', 'desc')
          .execute(),
      captureLapsed: async (now, limit) =>
        (
          await db
            .selectFrom('verifications')
            .select('id')
            .where('status', '=', 'requires_input')
            .where('captureExpiresAt', '<=', now)
            .orderBy('captureExpiresAt')
            .limit(limit)
            .execute()
        ).map((row) => row.id),
      epochOpenedBefore: async (time, limit) =>
        (
          await db
            .selectFrom('verifications')
            .select('id')
            .where('status', 'in', OPEN_STATUSES)
            .where('epochOpenedAt', '<=', time)
            .orderBy('epochOpenedAt')
            .limit(limit)
            .execute()
        ).map((row) => row.id),
      redactionDue(now, limit, tenants = 'all') {
        let query = db
          .selectFrom('verifications')
          .selectAll()
          .where('redactionStatus', 'in', ['scheduled', 'processing', 'failed'])
          .where('redactionDueAt', '<=', now);
        if (tenants !== 'all') query = query.where('tenantId', 'in', [...tenants]);
        return query.orderBy('redactionDueAt').limit(limit).execute();
      },
      async oldestOpen(tenantIds) {
        let query = db
          .selectFrom('verifications')
          .select(['id as verificationId', 'epochOpenedAt as openedAt'])
          .where('status', 'in', OPEN_STATUSES);
        if (tenantIds !== 'all') query = query.where('tenantId', 'in', [...tenantIds]);
        return (await query.orderBy('epochOpenedAt').limit(1).executeTakeFirst()) ?? null;
      },
    },

    courses: {
      list: async (verificationId) =>
        (
          await db
            .selectFrom('verificationCourses')
            .select('courseId')
            .where('verificationId', '=', verificationId)
            .orderBy('boundAt')
            .orderBy('courseId')
            .execute()
        ).map((row) => row.courseId),
      async add(tenantId, verificationId, courseId, at) {
        const row = await db
          .insertInto('verificationCourses')
          .values({
            tenantId,
            verificationId,
            courseId,
            boundAt: at,
            livemode: (eb) =>
              eb
                .selectFrom('verifications')
                .select('livemode')
                .where('id', '=', verificationId)
                .$castTo<boolean>(),
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('courseId')
          .executeTakeFirst();
        return row !== undefined;
      },
    },

    consents: {
      async insert(row) {
        await db.insertInto('consents').values(row).execute();
      },
      latest: async (verificationId) =>
        (await db
          .selectFrom('consents')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null,
      list: (verificationId) =>
        db
          .selectFrom('consents')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .orderBy('id')
          .execute(),
      async withdraw(verificationId, at) {
        await db
          .updateTable('consents')
          .set({ withdrawnAt: at })
          .where('verificationId', '=', verificationId)
          .where('withdrawnAt', 'is', null)
          .execute();
      },
    },

    dataKeys: {
      async insert({ tenantId, verificationId, epoch }, keyId, wrapped, at) {
        await db
          .insertInto('dataKeys')
          .values({ tenantId, verificationId, epoch, keyId, wrapped, createdAt: at })
          .execute();
      },
      find: async (verificationId, epoch) =>
        (await db
          .selectFrom('dataKeys')
          .select(['keyId', 'wrapped'])
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .executeTakeFirst()) ?? null,
      under: (keyId, limit) =>
        db
          .selectFrom('dataKeys')
          .select(['tenantId', 'verificationId', 'epoch'])
          .where('keyId', '=', keyId)
          .orderBy('verificationId')
          .limit(limit)
          .execute(),
      async rewrap({ verificationId, epoch }, from, to) {
        const row = await db
          .updateTable('dataKeys')
          .set(to)
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('keyId', '=', from)
          .returning('epoch')
          .executeTakeFirst();
        return row !== undefined;
      },
      async remove(verificationId, epoch) {
        await db
          .deleteFrom('dataKeys')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .execute();
      },
    },

    fields: {
      async put({ id, tenantId, verificationId, epoch, name, salt, sealed }, at) {
        await db
          .insertInto('sealedFields')
          .values({ id, tenantId, verificationId, epoch, name, salt, sealed, createdAt: at })
          .onConflict((conflict) =>
            conflict
              .columns(['verificationId', 'epoch', 'name'])
              .doUpdateSet({ id, salt, sealed, createdAt: at }),
          )
          .execute();
      },
      find: async (verificationId, epoch, name) =>
        (await db
          .selectFrom('sealedFields')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('name', '=', name)
          .executeTakeFirst()) ?? null,
      remove(verificationId, epoch, name) {
        let query = db
          .deleteFrom('sealedFields')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch);
        if (name !== undefined) query = query.where('name', '=', name);
        return query.returningAll().execute();
      },
      async retain(verificationId, epoch, name) {
        // The id makes it a name of its own, however often the field is replaced.
        await db
          .updateTable('sealedFields')
          .set({ name: sql`name || '~' || id` })
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('name', '=', name)
          .execute();
      },
      async removeRetained(verificationId, epoch) {
        await db
          .deleteFrom('sealedFields')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('name', 'like', '%~%')
          .execute();
      },
    },

    blobs: {
      async insert({ quality, ...row }) {
        await db
          .insertInto('blobs')
          .values({ ...row, quality: quality ? json(quality) : null })
          .execute();
      },
      find: async (id) =>
        (await db.selectFrom('blobs').selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
      stored: (verificationId, epoch) =>
        db
          .selectFrom('blobs')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('state', '=', 'stored')
          .orderBy('slot')
          .execute(),
      all: (verificationId, epoch) =>
        db
          .selectFrom('blobs')
          .selectAll()
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .orderBy('id')
          .execute(),
      async markStored(id, sealed) {
        const row = await db
          .updateTable('blobs')
          .set({ ...sealed, state: 'stored' })
          .where('id', '=', id)
          .where('state', '=', 'reserved')
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
      async markErasing(id, deleteAfter) {
        await db
          .updateTable('blobs')
          .set({ state: 'erasing', salt: null, quality: null, deleteAfter })
          .where('id', '=', id)
          .execute();
      },
      async markRetained(id) {
        await db.updateTable('blobs').set({ state: 'retained' }).where('id', '=', id).execute();
      },
      async remove(id) {
        await db.deleteFrom('blobs').where('id', '=', id).execute();
      },
      overdue: (now, limit) =>
        db
          .selectFrom('blobs')
          .selectAll()
          .where('deleteAfter', '<=', now)
          .where('state', 'in', ['reserved', 'erasing'])
          .orderBy('deleteAfter')
          .limit(limit)
          .execute(),
      async knownKeys(objectKeys) {
        if (objectKeys.length === 0) return new Set<string>();
        const rows = await db
          .selectFrom('blobs')
          .select('objectKey')
          .where('objectKey', 'in', [...objectKeys])
          .execute();
        return new Set(rows.map((row) => row.objectKey));
      },
    },

    attempts: {
      async open({ tenantId, verificationId, epoch, attempt }, at) {
        await db
          .insertInto('attempts')
          .values({
            tenantId,
            verificationId,
            epoch,
            number: attempt,
            submittedAt: at,
            outcome: null,
            reasons: '[]',
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      },
      async close({ verificationId, epoch, attempt }, outcome, reasons) {
        await db
          .updateTable('attempts')
          .set({ outcome, reasons: json(reasons) })
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('number', '=', attempt)
          .execute();
      },
      list: (verificationId) =>
        db
          .selectFrom('attempts')
          .select(['number', 'epoch', 'submittedAt', 'outcome', 'reasons'])
          .where('verificationId', '=', verificationId)
          .orderBy('epoch')
          .orderBy('number')
          .execute(),
    },

    checks: {
      async replace({ tenantId, verificationId, epoch, attempt }, checks) {
        await db
          .deleteFrom('checks')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('attempt', '=', attempt)
          .execute();
        if (checks.length === 0) return;
        await db
          .insertInto('checks')
          .values(checks.map((check) => ({ tenantId, verificationId, epoch, attempt, ...check })))
          .execute();
      },
      list: ({ verificationId, epoch, attempt }) =>
        db
          .selectFrom('checks')
          .select(['name', 'outcome', 'score'])
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .where('attempt', '=', attempt)
          .orderBy('name')
          .execute(),
    },

    evidence: {
      async put({ tenantId, verificationId, epoch, attempt }, kind, body) {
        await db
          .insertInto('evidence')
          .values({ tenantId, verificationId, epoch, attempt, kind, body: json(body) })
          .onConflict((conflict) =>
            conflict
              .columns(['verificationId', 'epoch', 'attempt', 'kind'])
              .doUpdateSet({ body: json(body) }),
          )
          .execute();
      },
      get: async ({ verificationId, epoch, attempt }, kind) =>
        (
          await db
            .selectFrom('evidence')
            .select('body')
            .where('verificationId', '=', verificationId)
            .where('epoch', '=', epoch)
            .where('attempt', '=', attempt)
            .where('kind', '=', kind)
            .executeTakeFirst()
        )?.body ?? null,
      async remove(verificationId, epoch) {
        await db
          .deleteFrom('evidence')
          .where('verificationId', '=', verificationId)
          .where('epoch', '=', epoch)
          .execute();
      },
    },
  };
}
