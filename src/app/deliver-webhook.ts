import { KeyError } from '../domain/errors.js';
import { nextTry, WEBHOOK_LIMITS } from '../domain/webhooks.js';
import type { AppDeps } from './deps.js';
import type { SecretBox } from './ports/secret-box.js';
import type { SendOutcome } from './ports/webhook-sender.js';
import type { ClaimedDelivery, EventRow, WebhookEndpointRow } from './ports/webhooks.js';

/** How long a try is ours (real milliseconds): longer than any sending takes. A worker that died is taken over after this. */
const LEASE_MS = 20_000;

/** `parked`: how many there are by this try, those behind it among them. */
export interface DeliveryNote {
  readonly outcome: 'delivered' | 'failed' | 'superseded';
  readonly parked: number;
}

export type DeliverWebhook = ReturnType<typeof makeDeliverWebhook>;

/** The body of a message: the same at each try. Status, reason codes and ids; never a name, an image, a field. */
export const messageOf = (event: Pick<EventRow, 'type' | 'createdAt' | 'payload'>): string =>
  JSON.stringify({ type: event.type, timestamp: event.createdAt.toISOString(), data: event.payload });

/**
 * The secrets that sign for an endpoint. One that was replaced and cannot be opened any more is left out.
 *
 * @throws KeyError `seal_broken` where the current one cannot be opened
 */
export function signingSecrets(
  secretBox: SecretBox,
  { id, secret, previousSecret }: Pick<WebhookEndpointRow, 'id' | 'secret' | 'previousSecret'>,
): readonly string[] {
  const current = secretBox.open(id, secret);
  if (previousSecret === null) return [current];
  try {
    return [current, secretBox.open(id, previousSecret)];
  } catch (error) {
    if (error instanceof KeyError) return [current];
    throw error;
  }
}

/**
 * Takes deliveries that are due, sends each, and notes what became of it. Between sending and noting a worker may die: the message is sent
 * again under the same id then, and what comes behind it waits for that.
 */
export function makeDeliverWebhook(
  deps: Pick<AppDeps, 'store' | 'clock' | 'journal' | 'secretBox' | 'webhookSender'>,
) {
  const { store, clock, journal, secretBox, webhookSender } = deps;

  async function send({ event, endpoint }: ClaimedDelivery): Promise<SendOutcome> {
    try {
      const secrets = signingSecrets(secretBox, endpoint);
      return await webhookSender.send({ url: endpoint.url, secrets, id: event.id, body: messageOf(event) });
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      return { result: 'secret_unavailable', status: null, retryAfter: 0, ms: 0 };
    }
  }

  async function note(
    delivery: ClaimedDelivery,
    { result, status, retryAfter }: SendOutcome,
  ): Promise<DeliveryNote> {
    const { event, endpoint } = delivery;
    const now = clock.now();
    const line =
      event.verificationId === null || delivery.state === 'again'
        ? null
        : { endpointId: endpoint.id, verificationId: event.verificationId };

    return store.transaction(async (tx): Promise<DeliveryNote> => {
      if (result === '2xx') {
        const ended = await tx.deliveries.end(delivery, {
          state: 'delivered',
          result,
          failures: delivery.failures,
          dueAt: now,
          deliveredAt: now,
        });
        if (!ended) return { outcome: 'superseded', parked: 0 };
        if (line) await tx.deliveries.promote(line, now);
        return { outcome: 'delivered', parked: 0 };
      }

      const failures = delivery.failures + 1;
      const { firstTriedAt } = delivery;
      const gone = status === 410;
      // Before any delivery of it, as everybody who locks both does.
      const target = gone ? await tx.webhookEndpoints.lock(endpoint.id) : null;
      const again = gone ? null : nextTry({ failures, firstTriedAt, now, retryAfter, random: Math.random() });
      const givenUp = delivery.state === 'again' ? 'delivered' : 'parked';
      const ended = await tx.deliveries.end(delivery, {
        state: again ? delivery.state : givenUp,
        result,
        failures,
        dueAt: again ?? now,
      });
      if (!ended) return { outcome: 'superseded', parked: 0 };
      let parked = !again && givenUp === 'parked' ? 1 : 0;
      if (target?.status === 'enabled') {
        await tx.webhookEndpoints.update(target.id, { status: 'disabled', disabledReason: 'gone' });
        await journal.audit(tx, target, 'system', 'webhook_endpoint.gone');
        parked += await tx.deliveries.parkAll(target.id);
      } else if (line && !again) parked += await tx.deliveries.parkLine(line);
      return { outcome: 'failed', parked };
    });
  }

  return {
    /** At most so many of those that are due. */
    claim: (most: number): Promise<readonly ClaimedDelivery[]> =>
      store.transaction((tx) =>
        tx.deliveries.claim(clock.now(), {
          most,
          perEndpoint: WEBHOOK_LIMITS.inFlight,
          leaseMs: LEASE_MS,
        }),
      ),

    deliver: async (delivery: ClaimedDelivery): Promise<DeliveryNote> => note(delivery, await send(delivery)),
  };
}
