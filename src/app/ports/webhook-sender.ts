import type { DeliveryResult } from '../../domain/webhooks.js';

/** What is wrong with an address that a client wants to be called at. */
export type TargetProblem =
  'invalid_url' | 'https_required' | 'userinfo_not_allowed' | 'fragment_not_allowed' | 'address_not_allowed';

export interface WebhookMessage {
  readonly url: string;
  /** `whsec_…`; each signs. */
  readonly secrets: readonly string[];
  /** The same at each try: receivers know by it what they have already. */
  readonly id: string;
  readonly body: string;
}

export interface SendOutcome {
  readonly result: DeliveryResult;
  /** HTTP status, where there was an answer. */
  readonly status: number | null;
  /** What `Retry-After` asked for (milliseconds), 0 where nothing. */
  readonly retryAfter: number;
  readonly ms: number;
}

/** Sends messages by the scheme of Standard Webhooks, and nowhere that the configuration does not allow. */
export interface WebhookSender {
  /** What can be said of a URL without asking the network. */
  problemOf(url: string): TargetProblem | null;
  /** A new secret for an endpoint, `whsec_…`. */
  makeSecret(): string;
  /** One try. Whatever the receiver does is an outcome and no error. Signed with the real time. */
  send(message: WebhookMessage): Promise<SendOutcome>;
}
