import { sql, type Kysely, type Migration } from 'kysely';

/**
 * The whole schema. Rules that hold everywhere:
 * every row that belongs to someone bears `tenant_id`; personal data stands only in `sealed_fields.sealed` and in blobs, both under the
 * epoch's data key; `jsonb` columns hold codes and measures, never a name, a date of birth or text that was read.
 */
export const foundation: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table tenants (
    id text primary key,
    name text not null unique,
    created_at timestamptz not null
  )`,
  `create table api_keys (
    id text primary key,
    tenant_id text not null references tenants,
    livemode boolean not null,
    hash bytea not null unique,
    hint text not null,
    scopes text[] not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null
  )`,
  `create table policy_versions (
    version text primary key,
    effective_at timestamptz not null,
    published_at timestamptz not null,
    digest text not null,
    document jsonb not null
  )`,
  `create table verifications (
    id text primary key,
    tenant_id text not null references tenants,
    livemode boolean not null,
    learner_ref text not null,
    order_ref text,
    status text not null,
    method text not null,
    attempt integer not null,
    max_attempts integer not null,
    uploads_used integer not null default 0,
    minimum_age integer,
    return_url text,
    locale text not null,
    reasons jsonb not null default '[]',
    epoch integer not null,
    epoch_opened_at timestamptz not null,
    capture_generation integer not null,
    capture_expires_at timestamptz not null,
    created_at timestamptz not null,
    submitted_at timestamptz,
    decided_at timestamptz,
    valid_until timestamptz,
    erased_at timestamptz,
    redaction_status text not null default 'none',
    redaction_due_at timestamptz,
    redaction_done_at timestamptz,
    sequence integer not null default 0,
    row_version integer not null default 1
  )`,
  // One open verification a learner: the database settles the race, whoever asks first.
  `create unique index verifications_one_open on verifications (tenant_id, livemode, learner_ref)
    where status in ('requires_input', 'processing', 'in_review')`,
  `create index verifications_by_learner on verifications (tenant_id, livemode, learner_ref, id desc)`,
  `create index verifications_by_tenant on verifications (tenant_id, livemode, id desc)`,
  `create index verifications_capture_lapse on verifications (capture_expires_at) where status = 'requires_input'`,
  `create index verifications_age_limit on verifications (epoch_opened_at)
    where status in ('requires_input', 'processing', 'in_review')`,
  `create index verifications_redaction_due on verifications (redaction_due_at)
    where redaction_status in ('scheduled', 'processing', 'failed')`,
  `create table verification_courses (
    verification_id text not null references verifications,
    tenant_id text not null references tenants,
    course_id text not null,
    bound_at timestamptz not null,
    primary key (verification_id, course_id)
  )`,
  `create table data_keys (
    verification_id text not null references verifications,
    epoch integer not null,
    tenant_id text not null references tenants,
    period_id text not null,
    wrapped bytea not null,
    created_at timestamptz not null,
    primary key (verification_id, epoch)
  )`,
  `create table sealed_fields (
    id text primary key,
    tenant_id text not null references tenants,
    verification_id text not null references verifications,
    epoch integer not null,
    name text not null,
    salt bytea not null,
    sealed bytea not null,
    created_at timestamptz not null,
    unique (verification_id, epoch, name)
  )`,
  `create table blobs (
    id text primary key,
    tenant_id text not null references tenants,
    verification_id text not null references verifications,
    epoch integer not null,
    attempt integer not null,
    slot text not null,
    object_key text not null unique,
    state text not null check (state in ('reserved', 'stored', 'erasing')),
    salt bytea,
    digest text,
    size integer,
    source text,
    quality jsonb,
    delete_after timestamptz not null,
    created_at timestamptz not null
  )`,
  `create unique index blobs_one_stored on blobs (verification_id, epoch, slot) where state = 'stored'`,
  `create index blobs_delete_after on blobs (delete_after)`,
  `create table attempts (
    verification_id text not null references verifications,
    epoch integer not null,
    number integer not null,
    tenant_id text not null references tenants,
    submitted_at timestamptz not null,
    outcome text,
    reasons jsonb not null default '[]',
    primary key (verification_id, epoch, number)
  )`,
  `create table checks (
    verification_id text not null references verifications,
    epoch integer not null,
    attempt integer not null,
    name text not null,
    tenant_id text not null references tenants,
    outcome text not null,
    score real,
    primary key (verification_id, epoch, attempt, name)
  )`,
  `create table evidence (
    verification_id text not null references verifications,
    epoch integer not null,
    attempt integer not null,
    kind text not null check (kind in ('document', 'face')),
    tenant_id text not null references tenants,
    body jsonb not null,
    primary key (verification_id, epoch, attempt, kind)
  )`,
  `create table consents (
    id text primary key,
    tenant_id text not null references tenants,
    verification_id text not null references verifications,
    policy_version text not null references policy_versions,
    text_digest text not null,
    locale text not null,
    biometrics boolean not null,
    cross_border boolean not null,
    processing_country text,
    collected_by text not null check (collected_by in ('learner', 'platform')),
    given_at timestamptz not null,
    withdrawn_at timestamptz
  )`,
  `create index consents_by_verification on consents (verification_id, id desc)`,
  `create table reviews (
    id text primary key,
    tenant_id text not null references tenants,
    livemode boolean not null,
    verification_id text not null references verifications,
    epoch integer not null,
    attempt integer not null,
    state text not null check (state in ('open', 'decided', 'closed')),
    claimed_by text,
    lease_until timestamptz,
    opened_at timestamptz not null,
    decision text,
    decided_by text,
    decided_at timestamptz
  )`,
  `create unique index reviews_one_open on reviews (verification_id) where state = 'open'`,
  `create index reviews_by_tenant on reviews (tenant_id, state, id)`,
  `create table events (
    id text primary key,
    tenant_id text not null references tenants,
    livemode boolean not null,
    verification_id text not null references verifications,
    sequence integer not null,
    type text not null,
    payload jsonb not null,
    created_at timestamptz not null,
    unique (verification_id, sequence)
  )`,
  `create table tasks (
    id text primary key,
    tenant_id text not null references tenants,
    verification_id text not null references verifications,
    epoch integer not null,
    attempt integer not null,
    kind text not null,
    blob_id text,
    state text not null check (state in ('ready', 'running', 'done', 'dead')),
    tries integer not null default 0,
    run_after timestamptz not null,
    queued_at timestamptz,
    lease_until timestamptz,
    error_code text,
    created_at timestamptz not null
  )`,
  `create index tasks_due on tasks (run_after) where state = 'ready'`,
  `create index tasks_leased on tasks (lease_until) where state = 'running'`,
  `create index tasks_by_verification on tasks (verification_id, epoch, attempt)`,
  `create table deletions (
    verification_id text not null references verifications,
    epoch integer not null,
    tenant_id text not null references tenants,
    period_id text,
    key_unlinked_at timestamptz not null,
    artefacts jsonb not null,
    finished_at timestamptz,
    primary key (verification_id, epoch)
  )`,
  `create table deletion_receipts (
    verification_id text not null references verifications,
    epoch integer not null,
    version integer not null,
    tenant_id text not null references tenants,
    jws text not null,
    created_at timestamptz not null,
    primary key (verification_id, epoch, version)
  )`,
  `create table audit_entries (
    verification_id text not null references verifications,
    seq integer not null,
    tenant_id text not null references tenants,
    at timestamptz not null,
    actor text not null,
    action text not null,
    detail jsonb not null,
    previous_hash text not null,
    hash text not null,
    primary key (verification_id, seq)
  )`,
  `create table progress (
    id bigint generated always as identity primary key,
    tenant_id text not null references tenants,
    verification_id text not null references verifications,
    kind text not null check (kind in ('status', 'step')),
    body jsonb not null
  )`,
  `create index progress_by_verification on progress (verification_id, id)`,
  `create table idempotency_days (day date primary key, key bytea not null)`,
  `create table idempotency_records (
    tenant_id text not null references tenants,
    livemode boolean not null,
    route text not null,
    day date not null,
    key_digest bytea not null,
    body_digest bytea not null,
    resource_id text,
    lease_until timestamptz,
    created_at timestamptz not null,
    primary key (tenant_id, livemode, route, key_digest)
  )`,
  `create index idempotency_by_age on idempotency_records (created_at)`,
  `create table sandbox_clock (singleton boolean primary key default true check (singleton), offset_ms bigint not null)`,
];
