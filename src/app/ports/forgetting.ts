import type { HoldNotice, HoldStatus } from '../../domain/legal-hold.js';
import type { ScheduledKind } from '../../domain/retention.js';
import type { Page, Tenants } from './store.js';

/** A key that wraps data keys: of a day, or of a hold. */
export interface WrappingKeyRow {
  readonly id: string;
  /** When it is to be destroyed; `null` for that of a hold which lives. */
  readonly dueAt: Date | null;
  /** When the provider was told to destroy it. */
  readonly requestedAt: Date | null;
  /** When it was gone for good. */
  readonly destroyedAt: Date | null;
}

export interface EpochId {
  readonly verificationId: string;
  readonly epoch: number;
}

export interface LegalHoldRow {
  readonly id: string;
  readonly tenantId: string;
  /** One of the two says what it covers. */
  readonly verificationId: string | null;
  readonly learnerRef: string | null;
  readonly authority: string;
  readonly reference: string;
  readonly notice: HoldNotice;
  readonly status: HoldStatus;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** When it ends by itself: while pending the end of the wait for approval, afterwards its expiry. */
  readonly endsAt: Date;
  readonly expiresAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
  readonly rowVersion: number;
}

export interface HoldTarget {
  readonly holdId: string;
  readonly verificationId: string;
  readonly learnerRef: string | null;
  /** `already_erased`: the data key was unlinked before the hold came; it protects the record only. */
  readonly content: 'preserved' | 'already_erased';
}

export interface ErasureRequestRow {
  readonly id: string;
  readonly tenantId: string;
  readonly learnerPseudonym: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly deadline: Date;
}

/** Rows that say what must go, when, and what must stay. */
export interface ForgettingRepositories {
  readonly wrappingKeys: {
    /** Has a key destroyed when it is due, though it wraps no data key of a person. */
    register(key: { id: string; dueAt: Date | null }, at: Date): Promise<void>;
    /** Notes that a key wraps the data key of an epoch; the key's row is made if need be. */
    use(key: { id: string; dueAt: Date | null }, epoch: EpochId, at: Date): Promise<void>;
    /** Every key that ever wrapped it, in the order of their ids. */
    ofEpoch(verificationId: string, epoch: number): Promise<readonly WrappingKeyRow[]>;
    /** Whether any epoch of it still hangs on a key. */
    isUsedBy(verificationId: string): Promise<boolean>;
    /** Due and not settled, oldest first. A hold's key is its tenant's, that of a day everybody's. */
    due(now: Date, limit: number, tenants?: Tenants): Promise<readonly WrappingKeyRow[]>;
    setDue(id: string, at: Date): Promise<void>;
    markRequested(id: string, at: Date): Promise<void>;
    markDestroyed(id: string, at: Date): Promise<void>;
    /** Nothing more follows from it. */
    markSettled(id: string, at: Date): Promise<void>;
    /** Epochs of this key that hang on nothing but keys that are destroyed, and whose deletion is finished. */
    unrecoverable(id: string, limit: number): Promise<readonly EpochId[]>;
    /** Whether an epoch hangs on nothing but keys that are destroyed while its deletion is not finished. */
    awaitsDeletion(id: string): Promise<boolean>;
    endUses(epoch: EpochId): Promise<void>;
  };
  readonly retention: {
    /** Sets or moves the days on which kinds of a subject's data end. */
    schedule(subjectId: string, ends: Partial<Readonly<Record<ScheduledKind, Date>>>): Promise<void>;
    cancel(subjectId: string, kinds?: readonly ScheduledKind[]): Promise<void>;
    due(now: Date, limit: number): Promise<readonly { subjectId: string; kind: ScheduledKind }[]>;
    ofSubject(subjectId: string): Promise<readonly { kind: ScheduledKind; dueAt: Date }[]>;
    /** Subjects whose end has passed, by the tenant that their audit trail names. */
    overdue(before: Date, limit: number, tenants: Tenants): Promise<readonly string[]>;
    /** Delete what a subject has of a kind. */
    purgeChecks(verificationId: string): Promise<void>;
    purgeRecord(verificationId: string): Promise<void>;
    purgeReceipts(verificationId: string): Promise<void>;
    purgeAudit(subjectId: string): Promise<void>;
    purgeHold(holdId: string): Promise<void>;
    purgeErasureRequest(requestId: string): Promise<void>;
    /** By age alone, in batches; return how many went. */
    purgeEvents(before: Date, limit: number): Promise<number>;
    purgeDoneTasks(before: Date, limit: number): Promise<number>;
  };
  readonly holds: {
    insert(row: LegalHoldRow): Promise<void>;
    find(id: string): Promise<LegalHoldRow | null>;
    lock(id: string): Promise<LegalHoldRow | null>;
    /** Writes and raises the row version. */
    update(
      id: string,
      patch: Partial<Omit<LegalHoldRow, 'id' | 'tenantId' | 'rowVersion'>>,
    ): Promise<LegalHoldRow>;
    list(
      tenantIds: readonly string[],
      filter: { readonly live?: boolean },
      page: Page,
    ): Promise<readonly LegalHoldRow[]>;
    /** Live ones past their end. */
    ended(now: Date, limit: number): Promise<readonly string[]>;
    /** Live ones that end before `time`. */
    endingBefore(
      tenantIds: readonly string[] | 'all',
      time: Date,
      limit: number,
    ): Promise<readonly LegalHoldRow[]>;
    /** Live ones on one of these references of a learner: their own, and their pseudonym. */
    onLearner(tenantId: string, learnerRefs: readonly string[]): Promise<readonly LegalHoldRow[]>;
    /** Live ones on a verification, oldest first. */
    onVerification(verificationId: string): Promise<readonly LegalHoldRow[]>;
    addTarget(target: HoldTarget): Promise<void>;
    targets(holdId: string): Promise<readonly HoldTarget[]>;
    forgetLearner(holdId: string): Promise<void>;
    /** Says on the verification whether a hold lives, and stops a deletion that has not begun. Its ETag must not tell, so its version stays. */
    mark(verificationId: string, hold: HoldNotice | null): Promise<void>;
  };
  readonly erasures: {
    insert(row: ErasureRequestRow, verificationIds: readonly string[]): Promise<void>;
    find(id: string): Promise<ErasureRequestRow | null>;
    items(id: string): Promise<readonly string[]>;
  };
}
