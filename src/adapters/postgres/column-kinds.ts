import type { DataKind } from '../../domain/retention.js';
import type { Schema } from './schema.js';

/** `operation`: keeps the service running and says nothing about a learner. */
export type ColumnKind = DataKind | 'operation';

/** The kinds of data that a column holds: one, or several where rows of different kinds share it. */
type Kinds = ColumnKind | readonly ColumnKind[];

const SEALED = ['expected_identity', 'extracted_fields', 'reviewer_note', 'appeal_statement'] as const;

/**
 * Which kind of data every column holds, and so by which rule of `RETENTION` it goes. A table or column without its kind does not compile;
 * that the database has no other is for a test to see.
 */
export const COLUMN_KINDS: {
  readonly [Table in keyof Schema]: Kinds | { readonly [Column in keyof Schema[Table]]: Kinds };
} = {
  tenants: 'operation',
  apiKeys: 'operation',
  policyVersions: 'operation',
  sandboxClock: 'operation',
  verifications: 'record',
  verificationCourses: 'record',
  attempts: 'record',
  reviews: 'record',
  consents: 'consent',
  dataKeys: 'data_key',
  wrappingKeys: 'data_key',
  keyUses: 'data_key',
  sealedFields: SEALED,
  blobs: {
    id: 'image',
    tenantId: 'image',
    verificationId: 'image',
    epoch: 'image',
    attempt: 'image',
    slot: 'image',
    objectKey: 'image',
    state: 'image',
    salt: 'image',
    digest: 'image',
    size: 'image',
    source: 'capture_evidence',
    quality: 'capture_evidence',
    deleteAfter: 'image',
    createdAt: 'image',
  },
  evidence: 'capture_evidence',
  checks: 'check',
  events: 'event',
  tasks: 'work',
  progress: 'progress',
  deletions: 'deletion_receipt',
  deletionReceipts: 'deletion_receipt',
  auditEntries: 'audit',
  auditLeaves: 'audit',
  auditCheckpoints: 'audit',
  idempotencyDays: 'idempotency',
  idempotencyRecords: 'idempotency',
  retentionSchedule: 'record',
  legalHolds: 'legal_hold',
  holdTargets: 'legal_hold',
  erasureRequests: 'erasure_request',
  erasureItems: 'erasure_request',
  recipients: 'operation',
  disclosures: 'disclosure',
  publishedMonths: 'operation',
  webhookEndpoints: 'operation',
  webhookDeliveries: 'event',
};
