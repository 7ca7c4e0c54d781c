import { sql, type Kysely } from 'kysely';
import type { AuditRepositories } from '../../app/ports/audit.js';
import type { Schema } from './schema.js';

const ENTRY_COLUMNS = [
  'subjectId',
  'tenantId',
  'seq',
  'at',
  'actor',
  'action',
  'detail',
  'previousHash',
  'hash',
] as const;

/** Who did what, and the log that makes it provable. */
export function makeAuditRepositories(db: Kysely<Schema>): AuditRepositories {
  const logged = () => db.selectFrom('auditEntries').select([...ENTRY_COLUMNS, 'logIndex']);
  const covered = () =>
    logged().select((eb) =>
      eb
        .selectFrom('auditCheckpoints')
        .select('number')
        .whereRef('size', '>', 'auditEntries.logIndex')
        .orderBy('size')
        .limit(1)
        .as('checkpoint'),
    );

  return {
    audit: {
      last: async (subjectId) =>
        (await db
          .selectFrom('auditEntries')
          .select(['seq', 'at', 'hash'])
          .where('subjectId', '=', subjectId)
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null,
      async insert({ detail, ...entry }) {
        await db
          .insertInto('auditEntries')
          .values({ ...entry, detail: JSON.stringify(detail) })
          .execute();
      },
      list: (subjectId) => logged().where('subjectId', '=', subjectId).orderBy('seq').execute(),
    },

    auditLog: {
      async lock() {
        await sql`select pg_advisory_xact_lock(hashtextextended('lethe_audit_log', 0))`.execute(db);
      },
      // By time: in a chain it never goes back, and what has waited longest comes first.
      unsequenced: (limit) =>
        db
          .selectFrom('auditEntries')
          .select(ENTRY_COLUMNS)
          .where('logIndex', 'is', null)
          .orderBy('at')
          .orderBy('subjectId')
          .orderBy('seq')
          .limit(limit)
          .execute(),
      async sequence(places) {
        const result = await sql`
          update audit_entries as entry set log_index = place.log_index
          from unnest(
            ${places.map(({ subjectId }) => subjectId)}::text[],
            ${places.map(({ seq }) => seq)}::integer[],
            ${places.map(({ logIndex }) => logIndex)}::bigint[]
          ) as place (subject_id, seq, log_index)
          where entry.subject_id = place.subject_id and entry.seq = place.seq and entry.log_index is null`.execute(
          db,
        );
        if (result.numAffectedRows !== BigInt(places.length)) throw new Error('audit_entry_placed');
        await db
          .insertInto('auditLeaves')
          .values(places.map(({ logIndex, hash }) => ({ logIndex, hash })))
          .execute();
      },
      newestCheckpoint: async () =>
        (await db
          .selectFrom('auditCheckpoints')
          .selectAll()
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null,
      checkpoint: async (number) =>
        (await db
          .selectFrom('auditCheckpoints')
          .selectAll()
          .where('number', '=', number)
          .executeTakeFirst()) ?? null,
      covering: async (logIndex) =>
        (await db
          .selectFrom('auditCheckpoints')
          .selectAll()
          .where('size', '>', logIndex)
          .orderBy('size')
          .limit(1)
          .executeTakeFirst()) ?? null,
      checkpoints: (afterNumber, limit) =>
        db
          .selectFrom('auditCheckpoints')
          .selectAll()
          .$if(afterNumber !== null, (query) => query.where('number', '>', afterNumber))
          .orderBy('number')
          .limit(limit)
          .execute(),
      async addCheckpoint(row) {
        await db.insertInto('auditCheckpoints').values(row).execute();
      },
      leaves: (from, limit) =>
        db
          .selectFrom('auditLeaves')
          .selectAll()
          .where('logIndex', '>=', from)
          .orderBy('logIndex')
          .limit(limit)
          .execute(),
      entries: (from, limit) =>
        logged().where('logIndex', '>=', from).orderBy('logIndex').limit(limit).execute(),
      chains: (after, limit) =>
        logged()
          .$if(after !== null, (query) =>
            query.where(sql<boolean>`(subject_id, seq) > (${after?.subjectId}, ${after?.seq})`),
          )
          .orderBy('subjectId')
          .orderBy('seq')
          .limit(limit)
          .execute(),
      async ends() {
        const { rows } = await sql<{ checkpoint: number; leaves: number; entries: number }>`
          select
            coalesce((select max(number) from audit_checkpoints), 0) as checkpoint,
            coalesce((select max(log_index) + 1 from audit_leaves), 0) as leaves,
            coalesce((select max(log_index) + 1 from audit_entries where log_index is not null), 0) as entries`.execute(
          db,
        );
        const [row] = rows;
        if (!row) throw new Error('no_row');
        return row;
      },
      ofSubject: (subjectId, tenantIds, afterSeq, limit) =>
        covered()
          .where('subjectId', '=', subjectId)
          .where('tenantId', 'in', [...tenantIds])
          .where('seq', '>', afterSeq)
          .orderBy('seq')
          .limit(limit)
          .execute(),
      ofTenants: (tenantIds, fromIndex, limit) =>
        covered()
          .where('tenantId', 'in', [...tenantIds])
          .where('logIndex', '>=', fromIndex)
          .orderBy('logIndex')
          .limit(limit)
          .execute(),
    },
  };
}
