import type { DeliveryResult, DeliveryState, EventType } from '../../domain/webhooks.js';
import type { Page, Scope } from './store.js';

export interface EventRow extends Scope {
  readonly id: string;
  /** `null` for an event of the tenant, which has no sequence. */
  readonly verificationId: string | null;
  readonly sequence: number | null;
  readonly type: EventType;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

export interface WebhookEndpointRow extends Scope {
  readonly id: string;
  readonly url: string;
  /** `null`: all there are, and those to come. */
  readonly events: readonly EventType[] | null;
  readonly status: 'enabled' | 'disabled';
  /** `gone`: it answered 410. */
  readonly disabledReason: 'gone' | 'manual' | null;
  /** Sealed, as the one before it. */
  readonly secret: Uint8Array;
  readonly previousSecret: Uint8Array | null;
  /** Until when the one before it signs as well (real time). */
  readonly previousUntil: Date | null;
  readonly createdAt: Date;
  readonly rowVersion: number;
}

/** How the delivery of an event to an endpoint stands. */
export interface DeliveryRow {
  readonly eventId: string;
  readonly endpointId: string;
  readonly state: DeliveryState;
  /** How often it was sent. */
  readonly tries: number;
  readonly dueAt: Date;
  readonly result: DeliveryResult | null;
  readonly deliveredAt: Date | null;
}

/** Deliveries of one verification at one endpoint: they go one after another. */
export interface DeliveryLine {
  readonly endpointId: string;
  readonly verificationId: string;
}

/** A delivery that is ours to send now, with all it takes. */
export interface ClaimedDelivery {
  readonly event: Pick<EventRow, 'id' | 'verificationId' | 'type' | 'payload' | 'createdAt'>;
  readonly endpoint: Pick<WebhookEndpointRow, 'id' | 'url' | 'secret'> & {
    /** `null` where it no longer signs. */
    readonly previousSecret: Uint8Array | null;
  };
  readonly state: DeliveryState;
  /** Fences this try against the one that takes over from it. */
  readonly tries: number;
  readonly failures: number;
  readonly firstTriedAt: Date;
}

export interface WebhookRepositories {
  readonly events: {
    /**
     * Writes an event together with its delivery to each endpoint that wants it. Events of a verification: with its row locked, or two
     * could take the same place.
     */
    insert(row: EventRow): Promise<void>;
    find(scope: Scope, id: string): Promise<EventRow | null>;
    /** Newest first. */
    list(
      scope: Scope,
      filter: {
        readonly types?: readonly string[];
        readonly verificationId?: string;
        /** Events with a delivery in one of these states. */
        readonly states?: readonly DeliveryState[];
      },
      page: Page,
    ): Promise<readonly EventRow[]>;
  };
  readonly webhookEndpoints: {
    insert(row: WebhookEndpointRow): Promise<void>;
    find(scope: Scope, id: string): Promise<WebhookEndpointRow | null>;
    /** Locks the row until the transaction ends. */
    lock(id: string): Promise<WebhookEndpointRow | null>;
    /** Writes and raises the row version. */
    update(
      id: string,
      patch: Partial<Pick<WebhookEndpointRow, 'url' | 'events' | 'status' | 'disabledReason'>>,
    ): Promise<void>;
    /** Puts another secret in place; the one that was signs as well for so long (real milliseconds). */
    rotate(id: string, secret: Uint8Array, bothMs: number): Promise<void>;
    /** With its deliveries. */
    remove(id: string): Promise<void>;
    /** Newest first. */
    list(scope: Scope, page: Page): Promise<readonly WebhookEndpointRow[]>;
    count(scope: Scope): Promise<number>;
    /** Whoever has endpoints. */
    scopes(): Promise<readonly Scope[]>;
  };
  readonly deliveries: {
    /** By event, then endpoint. */
    ofEvents(eventIds: readonly string[]): Promise<readonly DeliveryRow[]>;
    /**
     * Takes what is due and nobody has, `perEndpoint` in flight an endpoint, and leases it (real milliseconds). Belongs in a transaction
     * of its own.
     */
    claim(
      now: Date,
      limits: { readonly most: number; readonly perEndpoint: number; readonly leaseMs: number },
    ): Promise<readonly ClaimedDelivery[]>;
    /** Ends a try; `false` where it was superseded, or the endpoint is gone. */
    end(
      delivery: ClaimedDelivery,
      to: {
        readonly state: DeliveryState;
        readonly result: DeliveryResult;
        readonly failures: number;
        readonly dueAt: Date;
        /** Where it was delivered now. */
        readonly deliveredAt?: Date;
      },
    ): Promise<boolean>;
    /** Makes the first of a line that waits ready. */
    promote(line: DeliveryLine, now: Date): Promise<void>;
    /** Parks what waits in a line; returns how many. */
    parkLine(line: DeliveryLine): Promise<number>;
    /** Parks all that an endpoint has not got; returns how many. With the endpoint locked. */
    parkAll(endpointId: string): Promise<number>;
    /** Lets a line go on from its first undelivered one, now and for another three days. */
    resumeLine(line: DeliveryLine, now: Date): Promise<void>;
    /** The same for all lines of an endpoint. With the endpoint locked. */
    resumeAll(endpointId: string, now: Date): Promise<void>;
    /** Sends one again by itself: one that was delivered, or one that belongs to no line. */
    sendAgain(eventId: string, endpointId: string, now: Date): Promise<void>;
    /** When the oldest event that is on its way happened; parked ones do not count. */
    oldestUndelivered(): Promise<Date | null>;
  };
}
