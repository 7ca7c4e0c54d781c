import { sql, type Kysely, type Migration } from 'kysely';

/** Endpoints of platforms, and a row for each event that one of them is to get. */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // Events of a tenant are about no verification, and so have no place among its events.
  `alter table events alter column verification_id drop not null`,
  `alter table events alter column sequence drop not null`,
  `alter table events add constraint events_sequence check ((verification_id is null) = (sequence is null))`,
  `create index events_by_tenant on events (tenant_id, livemode, id desc)`,
  `create index events_by_type on events (tenant_id, livemode, type, id desc)`,

  `create table webhook_endpoints (
    id text primary key,
    tenant_id text not null references tenants,
    livemode boolean not null,
    url text not null,
    events text[],
    status text not null check (status in ('enabled', 'disabled')),
    disabled_reason text check (disabled_reason in ('gone', 'manual')),
    secret bytea not null,
    previous_secret bytea,
    previous_until timestamptz,
    created_at timestamptz not null,
    row_version integer not null default 1,
    check ((status = 'disabled') = (disabled_reason is not null)),
    check ((previous_secret is null) = (previous_until is null))
  )`,
  `create index webhook_endpoints_by_tenant on webhook_endpoints (tenant_id, livemode, id desc)`,

  `create table webhook_deliveries (
    event_id text not null references events on delete cascade,
    endpoint_id text not null references webhook_endpoints on delete cascade,
    tenant_id text not null references tenants,
    verification_id text,
    sequence integer,
    state text not null check (state in ('ready', 'waiting', 'parked', 'delivered', 'again')),
    tries integer not null default 0,
    failures integer not null default 0,
    due_at timestamptz not null,
    first_tried_at timestamptz,
    lease_until timestamptz,
    result text,
    delivered_at timestamptz,
    created_at timestamptz not null,
    primary key (event_id, endpoint_id)
  )`,
  `create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id)`,
  `create index webhook_deliveries_due on webhook_deliveries (endpoint_id, due_at, event_id)
    where state in ('ready', 'again')`,
  `create index webhook_deliveries_in_flight on webhook_deliveries (endpoint_id) where lease_until is not null`,
  `create index webhook_deliveries_in_line on webhook_deliveries (endpoint_id, verification_id, sequence)
    where state in ('ready', 'waiting', 'parked')`,
  `create index webhook_deliveries_oldest on webhook_deliveries (created_at) where state in ('ready', 'waiting')`,
  `create index webhook_deliveries_parked on webhook_deliveries (tenant_id, event_id) where state = 'parked'`,
];
