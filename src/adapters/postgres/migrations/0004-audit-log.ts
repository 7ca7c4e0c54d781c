import { sql, type Kysely, type Migration } from 'kysely';

/**
 * The log over all audit chains. Entries are of any subject now, and their hash covers the tenant: those that were written before no longer
 * match theirs. There was no release before.
 */
export const auditLog: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // Recipients, holds and requests have chains too, and an entry outlives what it is about.
  `alter table audit_entries drop constraint audit_entries_verification_id_fkey`,
  `alter table audit_entries rename column verification_id to subject_id`,
  `alter table audit_entries add column log_index bigint`,
  // What the sequencer has yet to do, in the order in which it does it.
  `create index audit_entries_unsequenced on audit_entries (at, subject_id, seq) where log_index is null`,
  `create unique index audit_entries_by_log on audit_entries (log_index) where log_index is not null`,
  `create index audit_entries_by_tenant on audit_entries (tenant_id, log_index) where log_index is not null`,
  // A leaf stays when its entry goes, or an old log could no longer be verified. It is a hash and says nothing of anybody.
  `create table audit_leaves (log_index bigint primary key, hash bytea not null)`,
  `create table audit_checkpoints (
    number integer primary key,
    size bigint not null unique,
    frontier bytea not null,
    jws text not null
  )`,
];
