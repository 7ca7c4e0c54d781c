import type { Generated, JSONColumnType } from 'kysely';
import type { CheckOutcome } from '../../domain/decision.js';
import type { Reason, Slot } from '../../domain/reasons.js';
import type { Status } from '../../domain/state-machine.js';
import type { Method, RedactionStatus } from '../../domain/verification.js';
import type { EvidenceKind } from '../../app/ports/store.js';
import type { TaskKind } from '../../domain/tasks.js';
import type { PolicyDocument } from '../../domain/policy.js';
import type { DeletionArtefact } from '../../domain/deletion.js';

/** The tables as Kysely sees them: camel case here, snake case in the database. */
type Json<T> = JSONColumnType<T & object, string, string>;

export interface Schema {
  tenants: { id: string; name: string; createdAt: Date };
  apiKeys: {
    id: string;
    tenantId: string;
    livemode: boolean;
    hash: Uint8Array;
    hint: string;
    scopes: string[];
    expiresAt: Date | null;
    revokedAt: Date | null;
    createdAt: Date;
  };
  policyVersions: {
    version: string;
    effectiveAt: Date;
    publishedAt: Date;
    digest: string;
    document: Json<PolicyDocument>;
  };
  verifications: {
    id: string;
    tenantId: string;
    livemode: boolean;
    learnerRef: string;
    orderRef: string | null;
    status: Status;
    method: Method;
    attempt: number;
    maxAttempts: number;
    uploadsUsed: Generated<number>;
    minimumAge: number | null;
    returnUrl: string | null;
    locale: string;
    reasons: Json<readonly Reason[]>;
    epoch: number;
    epochOpenedAt: Date;
    captureGeneration: number;
    captureExpiresAt: Date;
    createdAt: Date;
    submittedAt: Date | null;
    decidedAt: Date | null;
    validUntil: Date | null;
    erasedAt: Date | null;
    redactionStatus: Generated<RedactionStatus>;
    redactionDueAt: Date | null;
    redactionDoneAt: Date | null;
    sequence: Generated<number>;
    rowVersion: Generated<number>;
  };
  verificationCourses: { verificationId: string; tenantId: string; courseId: string; boundAt: Date };
  dataKeys: {
    verificationId: string;
    epoch: number;
    tenantId: string;
    periodId: string;
    wrapped: Uint8Array;
    createdAt: Date;
  };
  sealedFields: {
    id: string;
    tenantId: string;
    verificationId: string;
    epoch: number;
    name: string;
    salt: Uint8Array;
    sealed: Uint8Array;
    createdAt: Date;
  };
  blobs: {
    id: string;
    tenantId: string;
    verificationId: string;
    epoch: number;
    attempt: number;
    slot: Slot;
    objectKey: string;
    state: 'reserved' | 'stored' | 'erasing';
    salt: Uint8Array | null;
    digest: string | null;
    size: number | null;
    source: string | null;
    quality: Json<Record<string, number>> | null;
    deleteAfter: Date;
    createdAt: Date;
  };
  attempts: {
    verificationId: string;
    epoch: number;
    number: number;
    tenantId: string;
    submittedAt: Date;
    outcome: string | null;
    reasons: Json<readonly Reason[]>;
  };
  checks: {
    verificationId: string;
    epoch: number;
    attempt: number;
    name: string;
    tenantId: string;
    outcome: CheckOutcome;
    score: number | null;
  };
  evidence: {
    verificationId: string;
    epoch: number;
    attempt: number;
    kind: EvidenceKind;
    tenantId: string;
    body: Json<Record<string, unknown>>;
  };
  consents: {
    id: string;
    tenantId: string;
    verificationId: string;
    policyVersion: string;
    textDigest: string;
    locale: string;
    biometrics: boolean;
    crossBorder: boolean;
    processingCountry: string | null;
    collectedBy: 'learner' | 'platform';
    givenAt: Date;
    withdrawnAt: Date | null;
  };
  reviews: {
    id: string;
    tenantId: string;
    livemode: boolean;
    verificationId: string;
    epoch: number;
    attempt: number;
    state: 'open' | 'decided' | 'closed';
    claimedBy: string | null;
    leaseUntil: Date | null;
    openedAt: Date;
    decision: string | null;
    decidedBy: string | null;
    decidedAt: Date | null;
  };
  events: {
    id: string;
    tenantId: string;
    livemode: boolean;
    verificationId: string;
    sequence: number;
    type: string;
    payload: Json<Record<string, unknown>>;
    createdAt: Date;
  };
  tasks: {
    id: string;
    tenantId: string;
    verificationId: string;
    epoch: number;
    attempt: number;
    kind: TaskKind;
    blobId: string | null;
    state: 'ready' | 'running' | 'done' | 'dead';
    tries: Generated<number>;
    runAfter: Date;
    queuedAt: Date | null;
    leaseUntil: Date | null;
    errorCode: string | null;
    createdAt: Date;
  };
  deletions: {
    verificationId: string;
    epoch: number;
    tenantId: string;
    periodId: string | null;
    keyUnlinkedAt: Date;
    artefacts: Json<readonly DeletionArtefact[]>;
    finishedAt: Date | null;
  };
  deletionReceipts: {
    verificationId: string;
    epoch: number;
    version: number;
    tenantId: string;
    jws: string;
    createdAt: Date;
  };
  auditEntries: {
    verificationId: string;
    seq: number;
    tenantId: string;
    at: Date;
    actor: string;
    action: string;
    detail: Json<Record<string, unknown>>;
    previousHash: string;
    hash: string;
  };
  progress: {
    id: Generated<number>;
    tenantId: string;
    verificationId: string;
    kind: 'status' | 'step';
    body: Json<Record<string, unknown>>;
  };
  idempotencyDays: { day: string; key: Uint8Array };
  idempotencyRecords: {
    tenantId: string;
    livemode: boolean;
    route: string;
    day: string;
    keyDigest: Uint8Array;
    bodyDigest: Uint8Array;
    resourceId: string | null;
    leaseUntil: Date | null;
    createdAt: Date;
  };
  sandboxClock: { singleton: Generated<boolean>; offsetMs: number };
}
