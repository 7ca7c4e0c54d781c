/** What a platform can be told of. An open enum: later versions may add to it. */
export const EVENT_TYPES = [
  'verification.created',
  'verification.requires_input',
  'verification.processing',
  'verification.in_review',
  'verification.approved',
  'verification.declined',
  'verification.canceled',
  'verification.expired',
  'verification.revoked',
  'verification.redacted',
  'policy.revised',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
/** What happens to a verification, without the prefix. */
export type VerificationEvent = EventType extends infer Type
  ? Type extends `verification.${infer Name}`
    ? Name
    : never
  : never;

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Milliseconds but for the counts. */
export const WEBHOOK_LIMITS = {
  /** Of one tenant, test and live apart. */
  endpoints: 16,
  /** Messages that are on their way to one endpoint at the same time, from all workers together. */
  inFlight: 4,
  firstWait: 5 * SECOND,
  longestWait: 6 * HOUR,
  /** From the first try on; then the delivery is parked. */
  giveUpAfter: 72 * HOUR,
  /** Both secrets sign for so long (real time). */
  bothSecrets: 24 * HOUR,
} as const;

/**
 * Where the delivery of one event to one endpoint stands.
 *
 * - `ready`: to be sent when it is due; nothing of its verification before it is undelivered
 * - `waiting`: behind an earlier one of its verification
 * - `parked`: given up, or behind one that was; goes on when somebody asks for it
 * - `delivered`
 * - `again`: was delivered, and somebody asked for it once more; nothing waits for it
 */
export type DeliveryState = 'ready' | 'waiting' | 'parked' | 'delivered' | 'again';

/** The states that hold up what comes behind them. */
export const UNDELIVERED = ['ready', 'waiting', 'parked'] as const satisfies readonly DeliveryState[];
export const SENDABLE = ['ready', 'again'] as const satisfies readonly DeliveryState[];

/**
 * Where the delivery of a new event begins.
 *
 * @param before the last undelivered one of the same verification at the same endpoint
 */
export function firstState(endpoint: 'enabled' | 'disabled', before: DeliveryState | null): DeliveryState {
  if (endpoint === 'disabled' || before === 'parked') return 'parked';
  return before === 'ready' || before === 'waiting' ? 'waiting' : 'ready';
}

/** What is kept of an answer: its class, or why there was none. Never its text. */
export type DeliveryResult =
  | '1xx'
  | '2xx'
  | '3xx'
  | '4xx'
  | '5xx'
  | 'timeout'
  | 'unreachable'
  | 'address_not_allowed'
  | 'url_not_allowed'
  | 'secret_unavailable';

/**
 * When a delivery that failed is sent again: exponential backoff with full jitter, not before the receiver's `Retry-After`, and a last
 * time at the very end of the three days.
 *
 * @param failures how often it has failed, this one included
 * @param retryAfter what the receiver asked for (milliseconds)
 * @param random in [0, 1)
 * @returns `null` where it has been tried for long enough
 */
export function nextTry(failed: {
  readonly failures: number;
  readonly firstTriedAt: Date;
  readonly now: Date;
  readonly retryAfter: number;
  readonly random: number;
}): Date | null {
  const { firstWait, longestWait, giveUpAfter } = WEBHOOK_LIMITS;
  const now = failed.now.getTime();
  const end = failed.firstTriedAt.getTime() + giveUpAfter;
  if (now >= end) return null;
  const widest = Math.min(longestWait, firstWait * 2 ** Math.min(failed.failures - 1, 30));
  const wait = Math.max(failed.random * widest, Math.min(failed.retryAfter, longestWait));
  return new Date(Math.min(now + wait, end));
}
