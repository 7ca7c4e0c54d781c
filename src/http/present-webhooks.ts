import type { SendOutcome } from '../app/ports/webhook-sender.js';
import type { DeliveryRow, EventRow, WebhookEndpointRow } from '../app/ports/webhooks.js';
import { EVENT_TYPES, type DeliveryResult, type DeliveryState } from '../domain/webhooks.js';
import type { components } from './api-types.js';

type Schemas = components['schemas'];

export const presentEndpoint = (row: WebhookEndpointRow): Schemas['WebhookEndpoint'] => ({
  id: row.id,
  livemode: row.livemode,
  url: row.url,
  events: [...(row.events ?? EVENT_TYPES)],
  status: row.status,
  disabled_reason: row.disabledReason,
  // Signatures go by real time.
  previous_secret_signs_until:
    row.previousUntil && row.previousUntil > new Date() ? row.previousUntil.toISOString() : null,
  created_at: row.createdAt.toISOString(),
});

/** How a state is called outside, and the states behind each word. */
export const STATES_OF = {
  pending: ['ready', 'again'],
  waiting: ['waiting'],
  delivered: ['delivered'],
  parked: ['parked'],
} as const satisfies Record<string, readonly DeliveryState[]>;

const STATUS_OF: Readonly<Record<DeliveryState, keyof typeof STATES_OF>> = {
  ready: 'pending',
  again: 'pending',
  waiting: 'waiting',
  delivered: 'delivered',
  parked: 'parked',
};

const presentDelivery = (row: DeliveryRow): Schemas['Delivery'] => ({
  endpoint_id: row.endpointId,
  status: STATUS_OF[row.state],
  tries: row.tries,
  last_result: row.result,
  next_try_at: STATUS_OF[row.state] === 'pending' ? row.dueAt.toISOString() : null,
  delivered_at: row.deliveredAt?.toISOString() ?? null,
});

export const presentEvent = (event: EventRow, deliveries: readonly DeliveryRow[]): Schemas['Event'] => ({
  id: event.id,
  livemode: event.livemode,
  type: event.type,
  verification_id: event.verificationId,
  sequence: event.sequence,
  created_at: event.createdAt.toISOString(),
  data: event.payload,
  deliveries: deliveries.filter(({ eventId }) => eventId === event.id).map(presentDelivery),
});

/** What came of a ping, in one word: see {@link presentPing}. */
export const pingNote = ({ result, ms }: SendOutcome): string => `${result} ${ms}`;

/** @param note of {@link pingNote} */
export function presentPing(note: string): Schemas['Ping'] {
  const [result, ms] = note.split(' ') as [DeliveryResult, string];
  return { delivered: result === '2xx', result, ms: Number(ms) };
}
