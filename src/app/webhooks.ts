import { AppError } from '../domain/errors.js';
import { KEPT } from '../domain/retention.js';
import { WEBHOOK_LIMITS, type EventType } from '../domain/webhooks.js';
import { signingSecrets } from './deliver-webhook.js';
import type { AppDeps } from './deps.js';
import type { Actor } from './journal.js';
import type { Change } from './manage-verification.js';
import type { SendOutcome } from './ports/webhook-sender.js';
import type { WebhookEndpointRow } from './ports/webhooks.js';
import type { Repositories, Scope } from './ports/store.js';

/** A secret in the clear, for the one answer that shows it. */
export interface NewSecret {
  readonly id: string;
  readonly secret: string;
}

type Complete = (tx: Repositories, id: string) => Promise<void>;

async function lockForChange(tx: Repositories, scope: Scope, id: string, ifMatch: number | undefined) {
  const endpoint = await tx.webhookEndpoints.lock(id);
  if (endpoint?.tenantId !== scope.tenantId || endpoint.livemode !== scope.livemode)
    throw new AppError('not_found');
  if (ifMatch !== undefined && endpoint.rowVersion !== ifMatch) throw new AppError('stale_version');
  return endpoint;
}

/** Where a tenant's events go. */
export function makeWebhooks(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'journal' | 'secretBox' | 'webhookSender'>,
) {
  const { store, clock, ids, journal, secretBox, webhookSender } = deps;

  function checkUrl(url: string): void {
    const code = webhookSender.problemOf(url);
    if (code !== null) throw new AppError('webhook_url_not_allowed', { errors: [{ pointer: '/url', code }] });
  }

  return {
    /** @throws AppError `webhook_url_not_allowed`, `endpoint_limit_reached` */
    async create(
      scope: Scope,
      actor: Actor,
      { url, events }: Pick<WebhookEndpointRow, 'url' | 'events'>,
      complete: Complete,
    ): Promise<NewSecret> {
      checkUrl(url);
      const id = ids.next('webhookEndpoint');
      const secret = webhookSender.makeSecret();
      const row: WebhookEndpointRow = {
        ...scope,
        id,
        url,
        events,
        status: 'enabled',
        disabledReason: null,
        secret: secretBox.seal(id, secret),
        previousSecret: null,
        previousUntil: null,
        createdAt: clock.now(),
        rowVersion: 1,
      };
      await store.transaction(async (tx) => {
        if ((await tx.webhookEndpoints.count(scope)) >= WEBHOOK_LIMITS.endpoints)
          throw new AppError('endpoint_limit_reached');
        await tx.webhookEndpoints.insert(row);
        await journal.audit(tx, row, actor, 'webhook_endpoint.created');
        await complete(tx, id);
      });
      return { id, secret };
    },

    /**
     * Disabling parks what is on its way; enabling lets all of it go on in order, also what had been given up.
     *
     * @throws AppError `not_found`, `stale_version`, `webhook_url_not_allowed`
     */
    async change(
      scope: Scope,
      id: string,
      patch: {
        readonly url?: string;
        readonly events?: readonly EventType[] | null;
        readonly status?: 'enabled' | 'disabled';
      },
      { actor, ifMatch }: Change,
    ): Promise<void> {
      if (patch.url !== undefined) checkUrl(patch.url);
      await store.transaction(async (tx) => {
        const endpoint = await lockForChange(tx, scope, id, ifMatch);
        const { status, ...terms } = patch;
        const turns = status !== undefined && status !== endpoint.status;
        await tx.webhookEndpoints.update(id, {
          ...terms,
          ...(turns && { status, disabledReason: status === 'disabled' ? 'manual' : null }),
        });
        if (turns && status === 'disabled') await tx.deliveries.parkAll(id);
        if (turns && status === 'enabled') await tx.deliveries.resumeAll(id, clock.now());
        await journal.audit(tx, endpoint, actor, 'webhook_endpoint.changed', {
          members: Object.keys(patch).sort(),
        });
      });
    },

    /** What had not been delivered there is dropped. @throws AppError `not_found`, `stale_version` */
    async remove(scope: Scope, id: string, { actor, ifMatch }: Change): Promise<void> {
      await store.transaction(async (tx) => {
        const endpoint = await lockForChange(tx, scope, id, ifMatch);
        await journal.audit(tx, endpoint, actor, 'webhook_endpoint.deleted');
        await tx.retention.schedule(id, { audit: new Date(clock.now().getTime() + KEPT.registers) });
        await tx.webhookEndpoints.remove(id);
      });
    },

    /** For 24 hours of real time the secret before signs as well. @throws AppError `not_found`, `stale_version` */
    async rotateSecret(
      scope: Scope,
      id: string,
      { actor, ifMatch }: Change,
      complete: Complete,
    ): Promise<NewSecret> {
      const secret = webhookSender.makeSecret();
      await store.transaction(async (tx) => {
        const endpoint = await lockForChange(tx, scope, id, ifMatch);
        await tx.webhookEndpoints.rotate(id, secretBox.seal(id, secret), WEBHOOK_LIMITS.bothSecrets);
        await journal.audit(tx, endpoint, actor, 'webhook_endpoint.secret_rotated');
        await complete(tx, id);
      });
      return { id, secret };
    },

    /** Sends a `ping` now, whether the endpoint is enabled or not, and waits for the answer. @throws AppError `not_found` */
    async ping(scope: Scope, id: string): Promise<SendOutcome> {
      const endpoint = await store.read.webhookEndpoints.find(scope, id);
      if (!endpoint) throw new AppError('not_found');
      const { previousSecret, previousUntil } = endpoint;
      const stillSigns = previousUntil !== null && previousUntil > new Date();
      return webhookSender.send({
        url: endpoint.url,
        secrets: signingSecrets(secretBox, {
          ...endpoint,
          previousSecret: stillSigns ? previousSecret : null,
        }),
        id: ids.next('event'),
        body: JSON.stringify({ type: 'ping', timestamp: clock.now().toISOString(), data: { id } }),
      });
    },

    /**
     * Sends an event again. One that was not delivered goes on in order: from the first of its verification that the endpoint lacks,
     * and what stands behind it follows.
     *
     * @param endpointId one that the event was for, or `undefined` for all of them that are enabled
     * @throws AppError `not_found`; `invalid_state` where that endpoint is disabled
     */
    async resend(
      scope: Scope,
      eventId: string,
      endpointId: string | undefined,
      complete: Complete,
    ): Promise<string> {
      await store.transaction(async (tx) => {
        const event = await tx.events.find(scope, eventId);
        const deliveries = await tx.deliveries.ofEvents(event ? [event.id] : []);
        const meant = deliveries.filter((each) => endpointId === undefined || each.endpointId === endpointId);
        if (!event || (endpointId !== undefined && meant.length === 0)) throw new AppError('not_found');
        const now = clock.now();
        for (const { endpointId: id } of meant) {
          // Locked as whoever disables it does: nothing starts to move there behind their back.
          const endpoint = await tx.webhookEndpoints.lock(id);
          if (endpoint?.status !== 'enabled') {
            if (endpointId !== undefined) throw new AppError('invalid_state');
            continue;
          }
          const current = (await tx.deliveries.ofEvents([event.id])).find((each) => each.endpointId === id);
          const wasDelivered = current?.state === 'delivered' || current?.state === 'again';
          if (wasDelivered || event.verificationId === null) await tx.deliveries.sendAgain(event.id, id, now);
          else await tx.deliveries.resumeLine({ endpointId: id, verificationId: event.verificationId }, now);
        }
        await complete(tx, event.id);
      });
      return eventId;
    },
  };
}
