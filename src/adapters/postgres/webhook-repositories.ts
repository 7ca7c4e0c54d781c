import { sql, type Kysely } from 'kysely';
import type {
  ClaimedDelivery,
  DeliveryLine,
  EventRow,
  WebhookRepositories,
} from '../../app/ports/webhooks.js';
import { firstState, SENDABLE, UNDELIVERED, type DeliveryState } from '../../domain/webhooks.js';
import type { Schema } from './schema.js';

const DELIVERY_COLUMNS = [
  'eventId',
  'endpointId',
  'state',
  'tries',
  'dueAt',
  'result',
  'deliveredAt',
] as const;
const after = (ms: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`;

/**
 * Events, where they are to go, and how far they have come. What keeps the order of a line: a new delivery looks at the last undelivered
 * one before it under that one's lock, so it sees either that one or what has become of it.
 */
export function makeWebhookRepositories(db: Kysely<Schema>): WebhookRepositories {
  /** A hint for the couriers, at commit. */
  const notify = async () => {
    await sql`select pg_notify('lethe_webhooks', '')`.execute(db);
  };
  const endpoints = () => db.selectFrom('webhookEndpoints').selectAll();
  const line = ({ endpointId, verificationId }: DeliveryLine) =>
    db
      .selectFrom('webhookDeliveries')
      .where('endpointId', '=', endpointId)
      .where('verificationId', '=', verificationId)
      .where('state', 'in', UNDELIVERED);
  /** Waits for whoever changes the line or adds to it; a statement that comes after this one sees what they did. */
  const lockLine = (which: DeliveryLine) =>
    line(which).select('eventId').orderBy('sequence').forUpdate().execute();

  /** For each endpoint the last of the verification's events that it has not got. */
  async function lastInLine(verificationId: string, endpointIds: readonly string[]) {
    const { rows } = await sql<{ id: string; state: DeliveryState }>`
      select endpoint.id, last.state
      from unnest(${[...endpointIds]}::text[]) as endpoint(id)
      cross join lateral (
        select state from webhook_deliveries
        where endpoint_id = endpoint.id and verification_id = ${verificationId}
          and state in ('ready', 'waiting', 'parked')
        order by sequence desc limit 1
        for update
      ) as last`.execute(db);
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  async function deliverLater(event: EventRow): Promise<void> {
    // Shared with the foreign key's own lock, and against whoever disables an endpoint meanwhile.
    const wanting = await db
      .selectFrom('webhookEndpoints')
      .select(['id', 'status'])
      .where('tenantId', '=', event.tenantId)
      .where('livemode', '=', event.livemode)
      .where((eb) => eb.or([eb('events', 'is', null), sql<boolean>`${event.type} = any (events)`]))
      .orderBy('id')
      .forKeyShare()
      .execute();
    if (wanting.length === 0) return;
    const { verificationId } = event;
    const last =
      verificationId === null
        ? new Map<string, DeliveryState>()
        : await lastInLine(
            verificationId,
            wanting.map(({ id }) => id),
          );
    await db
      .insertInto('webhookDeliveries')
      .values(
        wanting.map(({ id, status }) => ({
          eventId: event.id,
          endpointId: id,
          tenantId: event.tenantId,
          verificationId,
          sequence: event.sequence,
          state: firstState(status, last.get(id) ?? null),
          dueAt: event.createdAt,
          firstTriedAt: null,
          leaseUntil: null,
          result: null,
          deliveredAt: null,
          createdAt: event.createdAt,
        })),
      )
      .execute();
    await notify();
  }

  return {
    events: {
      async insert(event) {
        await db
          .insertInto('events')
          .values({ ...event, payload: JSON.stringify(event.payload) })
          .execute();
        await deliverLater(event);
      },
      find: async ({ tenantId, livemode }, id) =>
        (await db
          .selectFrom('events')
          .selectAll()
          .where('id', '=', id)
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode)
          .executeTakeFirst()) ?? null,
      list({ tenantId, livemode }, { types, verificationId, states }, page) {
        let query = db
          .selectFrom('events')
          .selectAll()
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode);
        if (types) query = query.where('type', 'in', types as EventRow['type'][]);
        if (verificationId !== undefined) query = query.where('verificationId', '=', verificationId);
        if (states)
          query = query.where('id', 'in', (eb) =>
            eb
              .selectFrom('webhookDeliveries')
              .select('eventId')
              .where('tenantId', '=', tenantId)
              .where('state', 'in', states),
          );
        if (page.after !== undefined) query = query.where('id', '<', page.after);
        return query.orderBy('id', 'desc').limit(page.limit).execute();
      },
    },

    webhookEndpoints: {
      async insert({ events, ...row }) {
        await db
          .insertInto('webhookEndpoints')
          .values({ ...row, events: events && [...events] })
          .execute();
      },
      find: async ({ tenantId, livemode }, id) =>
        (await endpoints()
          .where('id', '=', id)
          .where('tenantId', '=', tenantId)
          .where('livemode', '=', livemode)
          .executeTakeFirst()) ?? null,
      lock: async (id) => (await endpoints().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null,
      async update(id, { events, ...patch }) {
        await db
          .updateTable('webhookEndpoints')
          .set({
            ...patch,
            ...(events !== undefined && { events: events && [...events] }),
            rowVersion: sql`row_version + 1`,
          })
          .where('id', '=', id)
          .execute();
      },
      async rotate(id, secret, bothMs) {
        await db
          .updateTable('webhookEndpoints')
          .set({
            previousSecret: sql`secret`,
            previousUntil: after(bothMs),
            secret,
            rowVersion: sql`row_version + 1`,
          })
          .where('id', '=', id)
          .execute();
      },
      async remove(id) {
        await db.deleteFrom('webhookEndpoints').where('id', '=', id).execute();
      },
      list({ tenantId, livemode }, page) {
        let query = endpoints().where('tenantId', '=', tenantId).where('livemode', '=', livemode);
        if (page.after !== undefined) query = query.where('id', '<', page.after);
        return query.orderBy('id', 'desc').limit(page.limit).execute();
      },
      count: async ({ tenantId, livemode }) =>
        (
          await db
            .selectFrom('webhookEndpoints')
            .select((eb) => eb.fn.countAll<number>().as('count'))
            .where('tenantId', '=', tenantId)
            .where('livemode', '=', livemode)
            .executeTakeFirstOrThrow()
        ).count,
      scopes: () =>
        db
          .selectFrom('webhookEndpoints')
          .select(['tenantId', 'livemode'])
          .distinct()
          .orderBy('tenantId')
          .orderBy('livemode')
          .execute(),
    },

    deliveries: {
      async ofEvents(eventIds) {
        if (eventIds.length === 0) return [];
        return db
          .selectFrom('webhookDeliveries')
          .select(DELIVERY_COLUMNS)
          .where('eventId', 'in', [...eventIds])
          .orderBy('eventId')
          .orderBy('endpointId')
          .execute();
      },

      async claim(now, { most, perEndpoint, leaseMs }) {
        // One courier at a time counts what is in flight to an endpoint: in a statement of its own, which sees what the last one took.
        const { rows: open } = await sql<{ id: string }>`
          select id from webhook_endpoints as endpoint
          where status = 'enabled' and exists (
            select from webhook_deliveries
            where endpoint_id = endpoint.id and state in ('ready', 'again') and due_at <= ${now}
              and (lease_until is null or lease_until < clock_timestamp())
          )
          order by id
          for no key update skip locked`.execute(db);
        if (open.length === 0) return [];
        const { rows } = await sql<ClaimedRow>`
          update webhook_deliveries as delivery
          set tries = tries + 1, first_tried_at = coalesce(first_tried_at, ${now}), lease_until = ${after(leaseMs)}
          from (
            select due.event_id, endpoint.id as endpoint_id
            from unnest(${open.map(({ id }) => id)}::text[]) as endpoint(id)
            cross join lateral (
              select event_id from webhook_deliveries
              where endpoint_id = endpoint.id and state in ('ready', 'again') and due_at <= ${now}
                and (lease_until is null or lease_until < clock_timestamp())
              order by due_at, event_id
              limit greatest(0, ${perEndpoint}::integer - (
                select count(*) from webhook_deliveries
                where endpoint_id = endpoint.id and lease_until >= clock_timestamp()
              ))
            ) as due
            limit ${most}
          ) as taken
          join events as event on event.id = taken.event_id
          join webhook_endpoints as endpoint on endpoint.id = taken.endpoint_id
          where delivery.event_id = taken.event_id and delivery.endpoint_id = taken.endpoint_id
          returning delivery.state, delivery.tries, delivery.failures, delivery.first_tried_at,
            event.id as event_id, event.verification_id, event.type, event.payload, event.created_at,
            endpoint.id as endpoint_id, endpoint.url, endpoint.secret,
            case when endpoint.previous_until > clock_timestamp() then endpoint.previous_secret end as previous_secret`.execute(
          db,
        );
        return rows.map(toClaimed);
      },

      async end(delivery, to) {
        const row = await db
          .updateTable('webhookDeliveries')
          .set({
            ...to,
            leaseUntil: null,
          })
          .where('eventId', '=', delivery.event.id)
          .where('endpointId', '=', delivery.endpoint.id)
          .where('tries', '=', delivery.tries)
          .where('state', 'in', SENDABLE)
          .returning('eventId')
          .executeTakeFirst();
        return row !== undefined;
      },
      async promote(which, now) {
        await db
          .updateTable('webhookDeliveries')
          .set({ state: 'ready', dueAt: now })
          .where('endpointId', '=', which.endpointId)
          .where('eventId', '=', line(which).select('eventId').orderBy('sequence').limit(1))
          .where('state', '=', 'waiting')
          .execute();
      },
      async parkLine(which) {
        await lockLine(which);
        const { numUpdatedRows } = await db
          .updateTable('webhookDeliveries')
          .set({ state: 'parked' })
          .where('endpointId', '=', which.endpointId)
          .where('verificationId', '=', which.verificationId)
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        return Number(numUpdatedRows);
      },
      async parkAll(endpointId) {
        await db
          .updateTable('webhookDeliveries')
          .set({ state: 'delivered', leaseUntil: null })
          .where('endpointId', '=', endpointId)
          .where('state', '=', 'again')
          .execute();
        const { numUpdatedRows } = await db
          .updateTable('webhookDeliveries')
          .set({ state: 'parked', leaseUntil: null })
          .where('endpointId', '=', endpointId)
          .where('state', 'in', ['ready', 'waiting'])
          .executeTakeFirst();
        return Number(numUpdatedRows);
      },
      async resumeLine(which, now) {
        await lockLine(which);
        await db
          .updateTable('webhookDeliveries')
          .set((eb) => ({
            state: eb
              .case()
              .when('eventId', '=', line(which).select('eventId').orderBy('sequence').limit(1))
              .then<DeliveryState>('ready')
              .else<DeliveryState>('waiting')
              .end(),
            dueAt: now,
            failures: 0,
            firstTriedAt: null,
          }))
          .where('endpointId', '=', which.endpointId)
          .where('verificationId', '=', which.verificationId)
          .where('state', 'in', UNDELIVERED)
          .execute();
        await notify();
      },
      async resumeAll(endpointId, now) {
        await sql`
          update webhook_deliveries as delivery
          set state = case when queue.place = 1 then 'ready' else 'waiting' end,
            due_at = ${now}, failures = 0, first_tried_at = null
          from (
            select event_id, case when verification_id is null then 1
              else row_number() over (partition by verification_id order by sequence) end as place
            from webhook_deliveries
            where endpoint_id = ${endpointId} and state in ('ready', 'waiting', 'parked')
          ) as queue
          where delivery.endpoint_id = ${endpointId} and delivery.event_id = queue.event_id`.execute(db);
        await notify();
      },
      async sendAgain(eventId, endpointId, now) {
        await db
          .updateTable('webhookDeliveries')
          .set({
            state: sql<DeliveryState>`case state when 'delivered' then 'again' when 'parked' then 'ready' else state end`,
            dueAt: now,
            failures: 0,
            firstTriedAt: null,
          })
          .where('eventId', '=', eventId)
          .where('endpointId', '=', endpointId)
          .execute();
        await notify();
      },
      oldestUndelivered: async () =>
        (
          await db
            .selectFrom('webhookDeliveries')
            .select('createdAt')
            .where('state', 'in', ['ready', 'waiting'])
            .orderBy('createdAt')
            .limit(1)
            .executeTakeFirst()
        )?.createdAt ?? null,
    },
  };
}

interface ClaimedRow {
  readonly state: DeliveryState;
  readonly tries: number;
  readonly failures: number;
  readonly firstTriedAt: Date;
  readonly eventId: string;
  readonly verificationId: string | null;
  readonly type: EventRow['type'];
  readonly payload: EventRow['payload'];
  readonly createdAt: Date;
  readonly endpointId: string;
  readonly url: string;
  readonly secret: Uint8Array;
  readonly previousSecret: Uint8Array | null;
}

const toClaimed = (row: ClaimedRow): ClaimedDelivery => ({
  event: {
    id: row.eventId,
    verificationId: row.verificationId,
    type: row.type,
    payload: row.payload,
    createdAt: row.createdAt,
  },
  endpoint: { id: row.endpointId, url: row.url, secret: row.secret, previousSecret: row.previousSecret },
  state: row.state,
  tries: row.tries,
  failures: row.failures,
  firstTriedAt: row.firstTriedAt,
});
