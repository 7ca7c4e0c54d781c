import type { DisclosedValue, DisclosedValues } from '../app/disclose.js';
import type {
  DisclosureRow,
  LearnerDisclosure,
  OutcomeRow,
  PublishedMonth,
  RecipientRow,
} from '../app/ports/third-parties.js';
import { fieldsFor, KINDS_OF_PURPOSE, PURPOSE_TEXTS, PURPOSES } from '../domain/disclosure.js';
import { lapseOf, statusOf } from '../domain/recipient.js';
import type { components } from './api-types.js';

type Schemas = components['schemas'];

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentRecipient = (row: RecipientRow, now: Date): Schemas['Recipient'] => ({
  id: row.id,
  tenant: row.tenantId,
  name: row.name,
  kind: row.kind,
  agreement_ref: row.agreementRef,
  agreement_expires_at: row.agreementExpiresAt.toISOString(),
  safeguards_attested_at: time(row.safeguardsAttestedAt),
  purposes: [...row.purposes],
  status: statusOf(row, now),
  lapse: lapseOf(row, now),
  created_at: row.createdAt.toISOString(),
  ended_at: time(row.endedAt),
});

export const presentDisclosure = (row: DisclosureRow): Schemas['Disclosure'] => ({
  id: row.id,
  tenant: row.tenantId,
  livemode: row.livemode,
  recipient_id: row.recipientId,
  recipient: row.recipientName,
  kind: row.recipientKind,
  purpose: row.purpose,
  fields: [...row.fields],
  erased: [...row.erased],
  verification_id: row.verificationId,
  course_id: row.courseId,
  people: row.people,
  legal_basis: row.legalBasis,
  learner_notice: row.learnerNotice,
  disclosed_by: row.disclosedBy,
  at: row.disclosedAt.toISOString(),
});

/** What stood in the fields: for the one answer that gives it. */
export const presentDisclosedValues = (values: DisclosedValues): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, presentValue(value)]));

const presentValue = (value: DisclosedValue): unknown =>
  value !== null && typeof value === 'object' && 'bytes' in value && value.bytes instanceof Uint8Array
    ? { type: value.type, base64: Buffer.from(value.bytes).toString('base64') }
    : value;

export const presentLearnerDisclosure = (given: LearnerDisclosure): Schemas['LearnerDisclosure'] => ({
  recipient: given.recipient,
  kind: given.kind,
  purpose: given.purpose,
  fields: [...given.fields],
  at: given.at.toISOString(),
});

export const presentOutcome = (row: OutcomeRow): Schemas['Outcome'] => ({
  learner_ref: row.learnerRef,
  status: row.status,
  submitted_at: time(row.submittedAt),
  decided_at: time(row.decidedAt),
  valid_until: time(row.validUntil),
});

export const presentPublicMonth = ({
  month,
  publishedAt,
  cells,
}: PublishedMonth): Schemas['PublicMonth'] => ({
  month,
  published_at: publishedAt.toISOString(),
  ...cells,
});

/** The table of purposes and fields, as the policy shows it. */
export const presentDisclosureTable = (): Schemas['Policy']['disclosures'] =>
  PURPOSES.map((purpose) => ({
    purpose,
    text: PURPOSE_TEXTS[purpose],
    recipients: [...KINDS_OF_PURPOSE[purpose]],
    fields: [...fieldsFor(purpose)],
  }));
