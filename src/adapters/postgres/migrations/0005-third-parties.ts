import { sql, type Kysely, type Migration } from 'kysely';

/** Recipients, the register of what they were given, keys of Members, and the published statistics. */
export const thirdParties: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table recipients (
    id text primary key,
    tenant_id text not null references tenants,
    name text not null,
    kind text not null check (kind in ('member', 'processor', 'authority')),
    agreement_ref text not null,
    agreement_expires_at timestamptz not null,
    safeguards_attested_at timestamptz,
    purposes text[] not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    row_version integer not null default 1
  )`,
  `create index recipients_by_tenant on recipients (tenant_id, id desc)`,

  // The register outlives the verifications that it names.
  `create table disclosures (
    id text primary key,
    tenant_id text not null references tenants,
    livemode boolean not null,
    recipient_id text not null references recipients,
    purpose text not null,
    fields text[] not null,
    erased text[] not null,
    verification_id text,
    course_id text,
    people integer not null,
    legal_basis text,
    learner_notice text not null check (learner_notice in ('given', 'withheld')),
    disclosed_by text not null,
    disclosed_at timestamptz not null,
    check ((verification_id is null) <> (course_id is null))
  )`,
  `create index disclosures_by_tenant on disclosures (tenant_id, id desc)`,
  `create index disclosures_by_recipient on disclosures (recipient_id, id desc)`,
  `create index disclosures_by_verification on disclosures (verification_id, id desc) where verification_id is not null`,
  `create index disclosures_by_course on disclosures (tenant_id, livemode, course_id, recipient_id, id desc)
    where course_id is not null`,
  `create index disclosures_by_age on disclosures (disclosed_at)`,

  // A key that reads outcomes belongs to a Member and does nothing else.
  `alter table api_keys add column recipient_id text references recipients`,
  `alter table api_keys add column course_ids text[] not null default '{}'`,
  `alter table api_keys add constraint api_keys_member check (
    case when recipient_id is null then not ('outcomes:read' = any (scopes)) and course_ids = '{}'
    else scopes = '{outcomes:read}' and course_ids <> '{}' end
  )`,

  // Pages of outcomes go by a random mark: an id or a date in a cursor would tell a Member more than the row does.
  `alter table verification_courses add column livemode boolean`,
  `update verification_courses set livemode = v.livemode from verifications v where v.id = verification_id`,
  `alter table verification_courses alter column livemode set not null`,
  `alter table verification_courses add column outcome_cursor uuid not null default gen_random_uuid()`,
  `create unique index verification_courses_outcomes
    on verification_courses (tenant_id, livemode, course_id, outcome_cursor)`,

  `create table published_months (
    livemode boolean not null,
    month text not null,
    published_at timestamptz not null,
    cells jsonb not null,
    primary key (livemode, month)
  )`,
  `create index verifications_by_creation on verifications (livemode, created_at)
    include (tenant_id, learner_ref, status, method, id)`,
];
