import { sql, type Kysely, type Migration } from 'kysely';

/** Keys that can be destroyed, what hangs on them, legal holds, requests for erasure, and the days on which rows end. */
export const forgetting: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // A live legal hold, and whether the person may be told. Denormalised from `legal_holds`: every way of deleting looks at the row it locks.
  `alter table verifications add column hold text check (hold in ('allowed', 'forbidden'))`,

  // `retained`: replaced or taken back, and kept aside because a hold protects it.
  `alter table blobs drop constraint blobs_state_check`,
  `alter table blobs add constraint blobs_state_check check (state in ('reserved', 'stored', 'retained', 'erasing'))`,

  `alter table data_keys rename column period_id to key_id`,
  `create index data_keys_by_key on data_keys (key_id)`,
  `create table wrapping_keys (
    id text primary key,
    due_at timestamptz,
    requested_at timestamptz,
    destroyed_at timestamptz,
    settled_at timestamptz,
    created_at timestamptz not null
  )`,
  `create index wrapping_keys_due on wrapping_keys (due_at) where settled_at is null`,
  // Which keys have ever wrapped the data key of an epoch: copies of each wrapping may live on until all of them are destroyed.
  `create table key_uses (
    key_id text not null references wrapping_keys,
    verification_id text not null,
    epoch integer not null,
    primary key (key_id, verification_id, epoch)
  )`,
  `create index key_uses_by_epoch on key_uses (verification_id, epoch)`,
  `insert into wrapping_keys (id, due_at, created_at)
    select distinct key_id, (key_id::date + 31)::timestamptz, now() from data_keys`,
  `insert into key_uses (key_id, verification_id, epoch) select key_id, verification_id, epoch from data_keys`,
  `alter table deletions drop column period_id`,
  `alter table deletions add column key_ids text[] not null default '{}'`,

  // The keys of these days stood in clear beside the digests: whoever has a dump could try names on them.
  `delete from idempotency_records`,
  `delete from idempotency_days`,
  `alter table idempotency_days rename column key to wrapped`,

  // Receipts outlive the record that they are about.
  `alter table deletion_receipts drop constraint deletion_receipts_verification_id_fkey`,
  `alter table deletion_receipts add column livemode boolean`,
  `update deletion_receipts r set livemode = v.livemode from verifications v where v.id = r.verification_id`,
  `alter table deletion_receipts alter column livemode set not null`,
  `create table retention_schedule (
    subject_id text not null,
    kind text not null,
    due_at timestamptz not null,
    primary key (subject_id, kind)
  )`,
  `create index retention_schedule_due on retention_schedule (due_at)`,
  `create index events_by_age on events (created_at)`,
  `create index tasks_done_by_age on tasks (created_at) where state = 'done'`,

  `create table legal_holds (
    id text primary key,
    tenant_id text not null references tenants,
    verification_id text,
    learner_ref text,
    authority text not null,
    reference text not null,
    notice text not null check (notice in ('allowed', 'forbidden')),
    status text not null check (status in ('pending_approval', 'active', 'released', 'lapsed', 'expired')),
    requested_by text not null,
    requested_at timestamptz not null,
    ends_at timestamptz not null,
    expires_at timestamptz not null,
    approved_by text,
    approved_at timestamptz,
    ended_by text,
    ended_at timestamptz,
    row_version integer not null default 1
  )`,
  `create index legal_holds_by_tenant on legal_holds (tenant_id, id desc)`,
  `create index legal_holds_ending on legal_holds (ends_at) where status in ('pending_approval', 'active')`,
  `create index legal_holds_by_learner on legal_holds (tenant_id, learner_ref) where status in ('pending_approval', 'active')`,
  // `learner_ref`: as it stood when the hold was placed, for an erasure may make it a pseudonym meanwhile; gone when the hold ends.
  `create table hold_targets (
    hold_id text not null references legal_holds,
    verification_id text not null,
    learner_ref text,
    content text not null check (content in ('preserved', 'already_erased')),
    primary key (hold_id, verification_id)
  )`,
  `create index hold_targets_by_verification on hold_targets (verification_id)`,

  `create table erasure_requests (
    id text primary key,
    tenant_id text not null references tenants,
    learner_pseudonym text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    deadline timestamptz not null
  )`,
  `create index erasure_requests_by_tenant on erasure_requests (tenant_id, id desc)`,
  `create table erasure_items (
    request_id text not null references erasure_requests,
    verification_id text not null,
    primary key (request_id, verification_id)
  )`,
];
