import { Webhook } from 'standardwebhooks';
import type { components } from './api-types.js';
import { LetheError } from './lethe-error.js';

/** A message as it is sent, with the id of its event: the same at each try, so what has been seen can be left out. */
export type WebhookEvent = components['schemas']['WebhookMessage'] & { readonly id: string };

type Headers = globalThis.Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Checks that a message comes from the service, unchanged and within the last five minutes (Standard Webhooks).
 *
 * Types may be added: leave alone what you do not know, and answer 2xx to it.
 *
 * @param rawBody as it came: a body that was parsed and written anew does not verify
 * @param secrets of the endpoint, `whsec_…`; several while one takes another's place
 * @throws LetheError `webhook_invalid`: answer 400 and do nothing else
 */
export function verifyWebhook(
  rawBody: string | Uint8Array,
  headers: Headers,
  secrets: string | readonly string[],
): WebhookEvent {
  const read = (name: string) => (headers instanceof globalThis.Headers ? headers.get(name) : headers[name]);
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const given = Object.fromEntries(names.map((name) => [name, String(read(name) ?? '')]));
  const text = typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody);
  for (const secret of [secrets].flat())
    try {
      const message = new Webhook(secret).verify(text, given) as components['schemas']['WebhookMessage'];
      return { ...message, id: given['webhook-id']! };
    } catch {
      // Another secret may fit.
    }
  throw new LetheError('webhook_invalid', 'The message is not signed with a known secret, or is too old');
}
