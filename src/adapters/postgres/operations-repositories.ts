import { sql, type Kysely } from 'kysely';
import type { Repositories } from '../../app/ports/store.js';
import type { Schema } from './schema.js';

type Part = Pick<Repositories, 'policies' | 'tenants' | 'apiKeys' | 'idempotency' | 'clock'>;

const API_KEY_COLUMNS = [
  'id',
  'tenantId',
  'livemode',
  'hint',
  'scopes',
  'recipientId',
  'courseIds',
  'expiresAt',
  'revokedAt',
  'lastUsedAt',
  'createdAt',
] as const;

/** Who may call, under which policy, and what was already asked. */
export function makeOperationsRepositories(db: Kysely<Schema>): Part {
  return {
    policies: {
      list: () => db.selectFrom('policyVersions').selectAll().orderBy('publishedAt').execute(),
      async insert({ document, ...row }) {
        const inserted = await db
          .insertInto('policyVersions')
          .values({ ...row, document: JSON.stringify(document) })
          .onConflict((conflict) => conflict.doNothing())
          .returning('version')
          .executeTakeFirst();
        return inserted !== undefined;
      },
    },

    tenants: {
      async insert(row) {
        const inserted = await db
          .insertInto('tenants')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst();
        return inserted !== undefined;
      },
      list: () => db.selectFrom('tenants').selectAll().orderBy('id').execute(),
      findByName: async (name) =>
        (await db.selectFrom('tenants').selectAll().where('name', '=', name).executeTakeFirst()) ?? null,
    },

    apiKeys: {
      async insert({ scopes, courseIds, ...row }, hash) {
        await db
          .insertInto('apiKeys')
          .values({ ...row, scopes: [...scopes], courseIds: [...courseIds], hash })
          .execute();
      },
      findByHash: async (hash) =>
        (await db
          .selectFrom('apiKeys')
          .select(API_KEY_COLUMNS)
          .where('hash', '=', hash)
          .where('revokedAt', 'is', null)
          .where((eb) =>
            eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', sql<Date>`clock_timestamp()`)]),
          )
          .executeTakeFirst()) ?? null,
      find: async (id) =>
        (await db.selectFrom('apiKeys').select(API_KEY_COLUMNS).where('id', '=', id).executeTakeFirst()) ??
        null,
      async touch(id) {
        await db
          .updateTable('apiKeys')
          .set({ lastUsedAt: sql<Date>`clock_timestamp()` })
          .where('id', '=', id)
          .execute();
      },
      async expire(id, at) {
        await db
          .updateTable('apiKeys')
          .set({ expiresAt: sql<Date>`least(expires_at, ${at})` })
          .where('id', '=', id)
          .execute();
      },
      list: (tenantId) =>
        db
          .selectFrom('apiKeys')
          .select(API_KEY_COLUMNS)
          .where('tenantId', '=', tenantId)
          .orderBy('id')
          .execute(),
      async revoke(id) {
        const row = await db
          .updateTable('apiKeys')
          .set({ revokedAt: sql<Date>`clock_timestamp()` })
          .where('id', '=', id)
          .where('revokedAt', 'is', null)
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
    },

    idempotency: {
      async addDay(day, wrapped) {
        await db
          .insertInto('idempotencyDays')
          .values({ day, wrapped })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      },
      days: () =>
        db.selectFrom('idempotencyDays').select(['day', 'wrapped']).orderBy('day', 'desc').execute(),
      async begin({ tenantId, livemode }, route, { day, keyDigest, bodyDigest, leaseMs, now }) {
        const lease = sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`;
        const mine = await db
          .insertInto('idempotencyRecords')
          .values({
            tenantId,
            livemode,
            route,
            day,
            keyDigest,
            bodyDigest,
            resourceId: null,
            leaseUntil: lease,
            createdAt: now,
          })
          .onConflict((conflict) =>
            // A call that crashed left no resource and a lease that ran out: with the same body it is taken over.
            conflict
              .columns(['tenantId', 'livemode', 'route', 'keyDigest'])
              .doUpdateSet({ leaseUntil: lease })
              .where('idempotencyRecords.resourceId', 'is', null)
              .where('idempotencyRecords.leaseUntil', '<', sql<Date>`clock_timestamp()`)
              .where('idempotencyRecords.bodyDigest', '=', bodyDigest),
          )
          .returning('route')
          .executeTakeFirst();
        return mine ? null : await this.find({ tenantId, livemode }, route, keyDigest);
      },
      find: async ({ tenantId, livemode }, route, keyDigest) =>
        (await db
          .selectFrom('idempotencyRecords')
          .select(['bodyDigest', 'resourceId'])
          .select(sql<boolean>`coalesce(lease_until > clock_timestamp(), false)`.as('leased'))
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode)
          .where('route', '=', route)
          .where('keyDigest', '=', keyDigest)
          .executeTakeFirst()) ?? null,
      async complete({ tenantId, livemode }, route, keyDigest, resourceId) {
        await db
          .updateTable('idempotencyRecords')
          .set({ resourceId, leaseUntil: null })
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode)
          .where('route', '=', route)
          .where('keyDigest', '=', keyDigest)
          .execute();
      },
      async abandon({ tenantId, livemode }, route, keyDigest) {
        await db
          .deleteFrom('idempotencyRecords')
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode)
          .where('route', '=', route)
          .where('keyDigest', '=', keyDigest)
          .where('resourceId', 'is', null)
          .execute();
      },
      async purge(before) {
        await db.deleteFrom('idempotencyRecords').where('createdAt', '<', before).execute();
        await db.deleteFrom('idempotencyDays').where('day', '<', before.toISOString().slice(0, 10)).execute();
      },
    },

    clock: {
      offsetMs: async () =>
        (await db.selectFrom('sandboxClock').select('offsetMs').executeTakeFirst())?.offsetMs ?? 0,
      async advance(byMs) {
        const { offsetMs } = await db
          .insertInto('sandboxClock')
          .values({ offsetMs: byMs })
          .onConflict((conflict) =>
            conflict.column('singleton').doUpdateSet({ offsetMs: sql`sandbox_clock.offset_ms + ${byMs}` }),
          )
          .returning('offsetMs')
          .executeTakeFirstOrThrow();
        return offsetMs;
      },
    },
  };
}
