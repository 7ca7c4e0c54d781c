import type { AppDeps } from '../../app/deps.js';
import type { Idempotency } from '../../app/idempotency.js';
import type { makeWebhooks, NewSecret } from '../../app/webhooks.js';
import type { Scope } from '../../app/ports/store.js';
import { AppError } from '../../domain/errors.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import type { Handlers, Reply } from '../operation.js';
import { presentEndpoint, pingNote, presentEvent, presentPing, STATES_OF } from '../present-webhooks.js';
import type { Principal } from '../principal.js';
import { ifMatch } from '../if-match.js';

type WebhookOperation =
  | 'createWebhookEndpoint'
  | 'listWebhookEndpoints'
  | 'getWebhookEndpoint'
  | 'updateWebhookEndpoint'
  | 'deleteWebhookEndpoint'
  | 'rotateWebhookSecret'
  | 'pingWebhookEndpoint'
  | 'listEvents'
  | 'resendEvent';

const platform = (principal: Principal) => {
  if (principal.kind !== 'apiKey') throw new AppError('forbidden');
  return { scope: principal.scope, actor: `api_key:${principal.key.id}` as const };
};

/** Where a platform is told of what happens, and what it was told. */
export function makeWebhookRoutes(
  deps: Pick<AppDeps, 'store'> & {
    readonly idempotency: Idempotency;
    readonly webhooks: ReturnType<typeof makeWebhooks>;
  },
): Pick<Handlers, WebhookOperation> {
  const { store, idempotency, webhooks } = deps;

  async function endpointReply(status: number, scope: Scope, id: string, made?: NewSecret): Promise<Reply> {
    const row = await store.read.webhookEndpoints.find(scope, id);
    if (!row) throw new AppError('not_found');
    // A repeated call has made no secret, and so has none to show.
    return {
      status,
      version: row.rowVersion,
      body: { ...presentEndpoint(row), ...(made && { secret: made.secret }) },
    };
  }

  async function eventReply(status: number, scope: Scope, id: string): Promise<Reply> {
    const event = await store.read.events.find(scope, id);
    if (!event) throw new AppError('not_found');
    return { status, body: presentEvent(event, await store.read.deliveries.ofEvents([id])) };
  }

  return {
    createWebhookEndpoint: async ({ body, principal, req }) => {
      const { scope, actor } = platform(principal);
      let made: NewSecret | undefined;
      const id = await idempotency.once(
        scope,
        'POST /v1/webhook_endpoints',
        req.get('idempotency-key'),
        body,
        async (complete) => {
          made = await webhooks.create(
            scope,
            actor,
            { url: body.url, events: body.events ?? null },
            complete,
          );
          return made.id;
        },
      );
      return endpointReply(201, scope, id, made);
    },

    listWebhookEndpoints: async ({ query, principal }) => {
      const limit = query.limit ?? 20;
      const rows = await store.read.webhookEndpoints.list(platform(principal).scope, {
        limit: limit + 1,
        ...decodeCursor(query.cursor, 'webhookEndpoint'),
      });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        status: 200,
        body: {
          data: rows.slice(0, limit).map(presentEndpoint),
          next_cursor: last ? encodeCursor(last.id) : null,
        },
      };
    },

    getWebhookEndpoint: ({ params, principal }) => endpointReply(200, platform(principal).scope, params.id),

    updateWebhookEndpoint: async ({ params, body, principal, req }) => {
      const { scope, actor } = platform(principal);
      await webhooks.change(scope, params.id, body, { actor, ifMatch: ifMatch(req) });
      return endpointReply(200, scope, params.id);
    },

    deleteWebhookEndpoint: async ({ params, principal, req }) => {
      const { scope, actor } = platform(principal);
      await webhooks.remove(scope, params.id, { actor, ifMatch: ifMatch(req) });
      return { status: 204 };
    },

    rotateWebhookSecret: async ({ params, principal, req }) => {
      const { scope, actor } = platform(principal);
      let made: NewSecret | undefined;
      const id = await idempotency.once(
        scope,
        'POST /v1/webhook_endpoints/{id}/rotate_secret',
        req.get('idempotency-key'),
        { id: params.id },
        async (complete) => {
          made = await webhooks.rotateSecret(scope, params.id, { actor, ifMatch: ifMatch(req) }, complete);
          return made.id;
        },
      );
      return endpointReply(200, scope, id, made);
    },

    pingWebhookEndpoint: async ({ params, principal, req }) => {
      const { scope } = platform(principal);
      // A ping leaves nothing behind that a repeated call could find, so what came of it stands in the place of an id.
      const outcome = await idempotency.once(
        scope,
        'POST /v1/webhook_endpoints/{id}/ping',
        req.get('idempotency-key'),
        { id: params.id },
        async (complete) => {
          const noted = pingNote(await webhooks.ping(scope, params.id));
          await complete(store.read, noted);
          return noted;
        },
      );
      return { status: 200, body: presentPing(outcome) };
    },

    listEvents: async ({ query, principal }) => {
      const limit = query.limit ?? 20;
      const rows = await store.read.events.list(
        platform(principal).scope,
        {
          ...(query.type !== undefined && { types: query.type.split(',') }),
          ...(query.verification_id !== undefined && { verificationId: query.verification_id }),
          ...(query.delivery_status !== undefined && { states: STATES_OF[query.delivery_status] }),
        },
        { limit: limit + 1, ...decodeCursor(query.cursor, 'event') },
      );
      const page = rows.slice(0, limit);
      const deliveries = await store.read.deliveries.ofEvents(page.map(({ id }) => id));
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        status: 200,
        body: {
          data: page.map((event) => presentEvent(event, deliveries)),
          next_cursor: last ? encodeCursor(last.id) : null,
        },
      };
    },

    resendEvent: async ({ params, body, principal, req }) => {
      const { scope } = platform(principal);
      const endpointId = body?.endpoint_id;
      const id = await idempotency.once(
        scope,
        'POST /v1/events/{id}/resend',
        req.get('idempotency-key'),
        { id: params.id, endpoint_id: endpointId },
        (complete) => webhooks.resend(scope, params.id, endpointId, complete),
      );
      return eventReply(202, scope, id);
    },
  };
}
