import type { DeletionArtefact } from '../../domain/deletion.js';
import type { CheckOutcome } from '../../domain/decision.js';
import type { PolicyVersion } from '../../domain/policy.js';
import type { Reason, Slot } from '../../domain/reasons.js';
import type { ReviewOutcome, Status } from '../../domain/state-machine.js';
import type { TaskKind } from '../../domain/tasks.js';
import type { Verification } from '../../domain/verification.js';
import type { AuditRepositories } from './audit.js';
import type { ForgettingRepositories } from './forgetting.js';
import type { ThirdPartyRepositories } from './third-parties.js';
import type { WebhookRepositories } from './webhooks.js';

/** Whose rows a caller may see. Test and live data never mix. */
export interface Scope {
  readonly tenantId: string;
  readonly livemode: boolean;
}

/** What every row of a verification belongs to. */
export interface EpochRef {
  readonly tenantId: string;
  readonly verificationId: string;
  readonly epoch: number;
}
export interface AttemptRef extends EpochRef {
  readonly attempt: number;
}

export interface ConsentRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly verificationId: string;
  readonly policyVersion: string;
  readonly textDigest: string;
  readonly locale: string;
  readonly biometrics: boolean;
  readonly crossBorder: boolean;
  readonly processingCountry: string | null;
  readonly collectedBy: 'learner' | 'platform';
  readonly givenAt: Date;
  readonly withdrawnAt: Date | null;
}

export interface BlobRow extends AttemptRef {
  readonly id: string;
  readonly slot: Slot;
  readonly objectKey: string;
  /** `retained`: replaced or taken back, and kept aside because a legal hold protects it. */
  readonly state: 'reserved' | 'stored' | 'retained' | 'erasing';
  /** Of the sealing; without it the object cannot be opened. */
  readonly salt: Uint8Array | null;
  /** SHA-256 of the ciphertext, hex. */
  readonly digest: string | null;
  readonly size: number | null;
  readonly source: string | null;
  readonly quality: Readonly<Record<string, number>> | null;
  readonly deleteAfter: Date;
  readonly createdAt: Date;
}

export interface SealedField extends EpochRef {
  readonly id: string;
  readonly name: string;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface Check {
  readonly name: string;
  readonly outcome: CheckOutcome;
  readonly score: number | null;
}

export interface AttemptRow {
  readonly number: number;
  readonly epoch: number;
  readonly submittedAt: Date;
  readonly outcome: string | null;
  readonly reasons: readonly Reason[];
}

export interface ReviewRow extends AttemptRef, Scope {
  readonly id: string;
  /** `closed`: the verification ended without a decision. */
  readonly state: 'open' | 'decided' | 'closed';
  readonly claimedBy: string | null;
  readonly leaseUntil: Date | null;
  readonly openedAt: Date;
  readonly decision: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  /** A decision that waits for a second person; all `null` and empty where none does. */
  readonly proposedDecision: ReviewOutcome | null;
  readonly proposedBy: string | null;
  readonly proposedReasons: readonly Reason[];
  readonly confirmedBy: string | null;
  /** Who took part in a decision that was not confirmed, and is out of it. */
  readonly excluded: readonly string[];
}

export interface TaskRow extends AttemptRef {
  readonly id: string;
  readonly kind: TaskKind;
  readonly blobId: string | null;
  /** How often a run began; also what fences a run against the one that takes over from it. */
  readonly tries: number;
}

export interface DeletionRow extends EpochRef {
  /** Every key that ever wrapped the data key. */
  readonly keyIds: readonly string[];
  readonly keyUnlinkedAt: Date;
  readonly artefacts: readonly DeletionArtefact[];
  readonly finishedAt: Date | null;
}

export interface ProgressRow {
  readonly id: number;
  readonly kind: 'status' | 'step';
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiKeyRow extends Scope {
  readonly id: string;
  readonly hint: string;
  readonly scopes: readonly string[];
  /** Of a Member's key: whose it is, and the courses whose outcomes it reads. */
  readonly recipientId: string | null;
  readonly courseIds: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

export interface IdempotencyRecord {
  readonly bodyDigest: Uint8Array;
  readonly resourceId: string | null;
  readonly leased: boolean;
}

/** Whose rows are asked for: those of some tenants, or everybody's (the operator's own view). */
export type Tenants = readonly string[] | 'all';

export interface Page {
  readonly limit: number;
  /** Id of the last row of the page before. */
  readonly after?: string;
}

/** Parts of an attempt's evidence: what engines found, and the challenge with its answers. */
export type EvidenceKind = 'document' | 'face' | 'challenge';

/**
 * The rows, grouped by what they are about. Personal data passes through here sealed only.
 * `now` is business time where given; leases use the database's own clock.
 */
export interface Repositories
  extends AuditRepositories, ForgettingRepositories, ThirdPartyRepositories, WebhookRepositories {
  readonly verifications: {
    /** `false` where the learner already has an open one. */
    insert(row: Verification): Promise<boolean>;
    find(scope: Scope, id: string): Promise<Verification | null>;
    /** For callers whose credential already names the verification: capture tokens, workers. */
    findById(id: string): Promise<Verification | null>;
    /** Locks the row until the transaction ends. */
    lock(id: string): Promise<Verification | null>;
    /** Writes and raises the row version; returns the row as it now stands. */
    update(
      id: string,
      patch: Partial<Omit<Verification, 'id' | 'tenantId' | 'rowVersion'>>,
    ): Promise<Verification>;
    list(
      scope: Scope,
      filter: {
        readonly learnerRef?: string;
        readonly statuses?: readonly Status[];
        readonly createdSince?: Date;
      },
      page: Page,
    ): Promise<readonly Verification[]>;
    /** Waits for any other creation for this learner to commit or roll back. */
    lockLearner(scope: Scope, learnerRef: string): Promise<void>;
    /** Newest first. */
    ofLearner(scope: Scope, learnerRef: string): Promise<readonly Verification[]>;
    captureLapsed(now: Date, limit: number): Promise<readonly string[]>;
    epochOpenedBefore(time: Date, limit: number): Promise<readonly string[]>;
    redactionDue(now: Date, limit: number, tenants?: Tenants): Promise<readonly Verification[]>;
    oldestOpen(
      tenantIds: readonly string[] | 'all',
    ): Promise<{ readonly verificationId: string; readonly openedAt: Date } | null>;
  };
  readonly courses: {
    list(verificationId: string): Promise<readonly string[]>;
    /** `false` where it is bound already. */
    add(tenantId: string, verificationId: string, courseId: string, at: Date): Promise<boolean>;
  };
  readonly consents: {
    insert(row: ConsentRecord): Promise<void>;
    latest(verificationId: string): Promise<ConsentRecord | null>;
    /** Oldest first. */
    list(verificationId: string): Promise<readonly ConsentRecord[]>;
    withdraw(verificationId: string, at: Date): Promise<void>;
  };
  readonly dataKeys: {
    insert(ref: EpochRef, keyId: string, wrapped: Uint8Array, at: Date): Promise<void>;
    find(verificationId: string, epoch: number): Promise<{ keyId: string; wrapped: Uint8Array } | null>;
    /** Those that a wrapping key still opens. */
    under(keyId: string, limit: number): Promise<readonly EpochRef[]>;
    /** Puts another wrapping in the place of the one under `from`; `false` where that is no longer the one. */
    rewrap(ref: EpochRef, from: string, to: { keyId: string; wrapped: Uint8Array }): Promise<boolean>;
    /** Unlinks it. */
    remove(verificationId: string, epoch: number): Promise<void>;
  };
  readonly fields: {
    put(row: SealedField, at: Date): Promise<void>;
    find(verificationId: string, epoch: number, name: string): Promise<SealedField | null>;
    remove(verificationId: string, epoch: number, name?: string): Promise<readonly SealedField[]>;
    /** Sets a field aside, out of reach of whoever asks for its name. */
    retain(verificationId: string, epoch: number, name: string): Promise<void>;
    /** Deletes what was set aside. */
    removeRetained(verificationId: string, epoch: number): Promise<void>;
  };
  readonly blobs: {
    insert(row: BlobRow): Promise<void>;
    find(id: string): Promise<BlobRow | null>;
    /** What is on hand for the learner: `stored` only. */
    stored(verificationId: string, epoch: number): Promise<readonly BlobRow[]>;
    all(verificationId: string, epoch: number): Promise<readonly BlobRow[]>;
    /** `false` where the row is no longer reserved. */
    markStored(
      id: string,
      sealed: { salt: Uint8Array; digest: string; size: number; deleteAfter: Date },
    ): Promise<boolean>;
    /** Drops the salt, so that the object cannot be opened even before it is gone. */
    markErasing(id: string, deleteAfter: Date): Promise<void>;
    markRetained(id: string): Promise<void>;
    remove(id: string): Promise<void>;
    /** Rows past their time: abandoned uploads, replaced images. */
    overdue(now: Date, limit: number): Promise<readonly BlobRow[]>;
    knownKeys(objectKeys: readonly string[]): Promise<ReadonlySet<string>>;
  };
  readonly attempts: {
    open(ref: AttemptRef, at: Date): Promise<void>;
    close(ref: AttemptRef, outcome: string, reasons: readonly Reason[]): Promise<void>;
    list(verificationId: string): Promise<readonly AttemptRow[]>;
  };
  readonly checks: {
    replace(ref: AttemptRef, checks: readonly Check[]): Promise<void>;
    list(ref: AttemptRef): Promise<readonly Check[]>;
  };
  readonly evidence: {
    put(ref: AttemptRef, kind: EvidenceKind, body: object): Promise<void>;
    get(ref: AttemptRef, kind: EvidenceKind): Promise<Readonly<Record<string, unknown>> | null>;
    remove(verificationId: string, epoch: number): Promise<void>;
  };
  readonly reviews: {
    open(
      row: Omit<
        ReviewRow,
        'proposedDecision' | 'proposedBy' | 'proposedReasons' | 'confirmedBy' | 'excluded'
      >,
    ): Promise<void>;
    /** The newest review of a verification. */
    latest(verificationId: string): Promise<ReviewRow | null>;
    list(
      tenantIds: readonly string[] | 'all',
      filter: 'open' | 'claimed' | 'decided' | undefined,
      page: Page,
    ): Promise<readonly ReviewRow[]>;
    /** Takes or renews the lease for `holder`; `null` where somebody else's has not run out. */
    claim(id: string, holder: string, leaseMs: number): Promise<ReviewRow | null>;
    /** `null` where `holder` does not hold it. */
    release(id: string, holder: string): Promise<ReviewRow | null>;
    isHeldBy(id: string, holder: string): Promise<boolean>;
    decide(
      id: string,
      decision: string,
      by: { readonly decidedBy: string; readonly confirmedBy: string | null },
      at: Date,
    ): Promise<void>;
    /** Has a decision wait for another person; the lease ends. */
    propose(id: string, decision: ReviewOutcome, by: string, reasons: readonly Reason[]): Promise<void>;
    /** Opens it anew, for somebody who is none of those. */
    reopen(id: string, excluded: readonly string[]): Promise<void>;
    closeOpen(verificationId: string): Promise<void>;
    /** Who decided on it in earlier epochs. */
    decidersBefore(verificationId: string, epoch: number): Promise<readonly string[]>;
  };
  readonly tasks: {
    insert(
      row: AttemptRef & {
        id: string;
        kind: TaskKind;
        blobId: string | null;
        runAfter: Date;
        createdAt: Date;
      },
    ): Promise<void>;
    /**
     * Claims tasks for queueing: ready ones that are due and not queued lately, and running ones whose lease ran out (these become
     * ready again). Skips what another relay holds.
     */
    takeForQueue(now: Date, limit: number): Promise<readonly TaskRow[]>;
    /** Begins a run; `null` where the task is not ready (done, gone, or running under a live lease). */
    begin(id: string, leaseMs: number): Promise<TaskRow | null>;
    /** Renews the lease of a run that goes on. */
    extend(id: string, tries: number, leaseMs: number): Promise<void>;
    /** Ends a run; `false` where this run was superseded. */
    finish(id: string, tries: number): Promise<boolean>;
    retry(id: string, tries: number, errorCode: string, runAfter: Date): Promise<boolean>;
    bury(id: string, tries: number, errorCode: string): Promise<boolean>;
    /** Engine tasks of an attempt that have not ended. */
    unfinished(ref: AttemptRef, kinds: readonly TaskKind[]): Promise<number>;
    /** A forget task that is still to run exists. */
    hasOpen(verificationId: string, epoch: number, kind: TaskKind): Promise<boolean>;
    ofEpoch(verificationId: string, epoch: number): Promise<readonly TaskRow[]>;
    removeOfEpoch(
      verificationId: string,
      epoch: number,
      kinds: readonly TaskKind[],
    ): Promise<readonly TaskRow[]>;
    /** Verifications that are processing without any task that could move them. */
    stuck(limit: number, tenants?: Tenants): Promise<readonly string[]>;
  };
  readonly deletions: {
    insert(row: DeletionRow): Promise<void>;
    find(verificationId: string, epoch: number): Promise<DeletionRow | null>;
    saveArtefacts(
      verificationId: string,
      epoch: number,
      artefacts: readonly DeletionArtefact[],
    ): Promise<void>;
    finish(ref: EpochRef, at: Date): Promise<void>;
    addReceipt(
      ref: EpochRef & Pick<Scope, 'livemode'>,
      version: number,
      jws: string,
      at: Date,
    ): Promise<void>;
    receipt(epoch: { verificationId: string; epoch: number }, version: number): Promise<string | null>;
    /** Newest first; of one tenant, for a receipt outlives the record that names its tenant. */
    receipts(
      tenantIds: readonly string[],
      verificationId: string,
      filter?: { readonly livemode?: boolean },
    ): Promise<readonly string[]>;
  };
  readonly progress: {
    append(tenantId: string, verificationId: string, kind: 'status' | 'step', body: object): Promise<void>;
    since(verificationId: string, afterId: number): Promise<readonly ProgressRow[]>;
    remove(verificationId: string): Promise<void>;
  };
  readonly policies: {
    list(): Promise<readonly PolicyVersion[]>;
    /** `false` where the version exists. */
    insert(version: PolicyVersion): Promise<boolean>;
  };
  readonly tenants: {
    insert(tenant: Tenant): Promise<boolean>;
    list(): Promise<readonly Tenant[]>;
    findByName(name: string): Promise<Tenant | null>;
  };
  readonly apiKeys: {
    insert(row: ApiKeyRow, hash: Uint8Array): Promise<void>;
    /** Live keys only: not revoked, not expired (real time). */
    findByHash(hash: Uint8Array): Promise<ApiKeyRow | null>;
    find(id: string): Promise<ApiKeyRow | null>;
    list(tenantId: string): Promise<readonly ApiKeyRow[]>;
    touch(id: string): Promise<void>;
    /** Ends a key at a time, unless it ends before. */
    expire(id: string, at: Date): Promise<void>;
    revoke(id: string): Promise<boolean>;
  };
  readonly idempotency: {
    /** Puts the wrapped HMAC key of a day in place, unless one is there. */
    addDay(day: string, wrapped: Uint8Array): Promise<void>;
    /** Wrapped keys of the days that may still hold a live record, newest first. */
    days(): Promise<readonly { day: string; wrapped: Uint8Array }[]>;
    /** Begins a call; `null` when it is ours to run, else what an earlier call left. */
    begin(
      scope: Scope,
      route: string,
      entry: { day: string; keyDigest: Uint8Array; bodyDigest: Uint8Array; leaseMs: number; now: Date },
    ): Promise<IdempotencyRecord | null>;
    find(scope: Scope, route: string, keyDigest: Uint8Array): Promise<IdempotencyRecord | null>;
    complete(scope: Scope, route: string, keyDigest: Uint8Array, resourceId: string): Promise<void>;
    abandon(scope: Scope, route: string, keyDigest: Uint8Array): Promise<void>;
    /** Removes records and day keys that are past their time. */
    purge(before: Date): Promise<void>;
  };
  readonly clock: {
    offsetMs(): Promise<number>;
    advance(byMs: number): Promise<number>;
  };
}

/** The truth. */
export interface Store {
  /** For single reads, outside a transaction. */
  readonly read: Repositories;
  /** All or nothing; retried on serialisation failure and deadlock. Side effects outside the store do not belong in `work`. */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Calls back when progress of that verification was committed; the returned function ends it. */
  onProgress(verificationId: string, listener: () => void): Promise<() => Promise<void>>;
  /** Calls back when tasks were committed. */
  onTasks(listener: () => void): Promise<() => Promise<void>>;
  /** Calls back when deliveries of events were committed. */
  onDeliveries(listener: () => void): Promise<() => Promise<void>>;
  /** Runs `work` in at most one process at a time; `false` where another has it. */
  exclusively(name: string, work: () => Promise<void>): Promise<boolean>;
  check(): Promise<void>;
  close(): Promise<void>;
}
