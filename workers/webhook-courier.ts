import type { AppDeps } from '../src/app/deps.js';
import type { DeliverWebhook, DeliveryNote } from '../src/app/deliver-webhook.js';
import type { ClaimedDelivery } from '../src/app/ports/webhooks.js';

/** Messages of this process that are on their way at the same time: waiting for receivers takes memory and sockets, and little else. */
const MOST = 256;
/** How long the courier waits without being woken (real milliseconds). */
const POLL_MS = 1_000;

/**
 * Sends events to the endpoints of platforms, straight from their rows. Several may run: each takes what no other holds, and what one
 * that died has taken comes free when its lease runs out.
 */
export function startWebhookCourier(
  deps: Pick<AppDeps, 'store' | 'logger'> & {
    readonly deliverWebhook: DeliverWebhook;
    readonly refreshClock: () => Promise<void>;
    readonly onDelivery: (note: DeliveryNote) => void;
  },
) {
  const { store, logger, deliverWebhook, refreshClock, onDelivery } = deps;
  const running = new Set<Promise<void>>();
  let stopped = false;
  let woken = false;
  let wake: () => void = () => undefined;

  const rouse = () => {
    woken = true;
    wake();
  };
  const sleep = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const fault = (error: unknown) => ({ code: error instanceof Error ? error.name : 'unknown' });

  const deliver = async (delivery: ClaimedDelivery) => {
    try {
      onDelivery(await deliverWebhook.deliver(delivery));
    } catch (error) {
      // What became of it could not be noted: it is sent again when its lease runs out.
      logger.error('webhook_abandoned', fault(error));
    }
  };
  const run = async () => {
    const unsubscribe = await store.onDeliveries(rouse);
    while (!stopped) {
      woken = false;
      try {
        await refreshClock();
        for (const delivery of await deliverWebhook.claim(MOST - running.size)) {
          const sending = deliver(delivery).finally(() => {
            running.delete(sending);
            // The next of its line may go now.
            rouse();
          });
          running.add(sending);
        }
      } catch (error) {
        logger.warn('webhook_courier_failed', fault(error));
        woken = false;
      }
      if (!woken && !stopped) await sleep();
    }
    await unsubscribe();
  };
  const courier = run();

  return {
    /** Lets messages that are on their way end, and takes no new ones. */
    async stop(): Promise<void> {
      stopped = true;
      wake();
      await courier;
      await Promise.all(running);
    },
  };
}
