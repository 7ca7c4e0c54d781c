import type { DecisiveField } from './decision.js';
import type { HoldNotice } from './legal-hold.js';
import type { RecipientKind } from './recipient.js';
import { SLOTS, type Slot } from './reasons.js';

/** What a third party may want to know for. Each is a row of {@link DISCLOSURES}. */
export const PURPOSES = [
  'authenticate',
  'support',
  'certificate',
  'refund',
  'honor_code',
  'legal_process',
  'research',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export const isPurpose = (value: string): value is Purpose => (PURPOSES as readonly string[]).includes(value);

/** What outlives the person's data: see `record` and `consent` in the retention table. */
export type RecordField =
  | 'status'
  | 'learner_ref'
  | 'order_ref'
  | 'courses'
  | 'submitted_at'
  | 'decided_at'
  | 'valid_until'
  | 'reasons'
  | 'checks'
  | 'consent';

/** What is sealed, and erased with the outcome unless a legal hold keeps it. */
export type IdentityField =
  'expected_name' | 'expected_date_of_birth' | `document:${DecisiveField}` | `image:${Slot}`;

export type DisclosureField = RecordField | IdentityField;

type Cells = Readonly<Record<DisclosureField, boolean>>;

const NO_IDENTITY = {
  expected_name: false,
  expected_date_of_birth: false,
  'document:surname': false,
  'document:given_names': false,
  'document:date_of_birth': false,
  'document:expires_on': false,
  'image:id_front': false,
  'image:id_back': false,
  'image:selfie': false,
} as const satisfies Readonly<Record<IdentityField, false>>;

const NO_RECORD = {
  status: false,
  learner_ref: false,
  order_ref: false,
  courses: false,
  submitted_at: false,
  decided_at: false,
  valid_until: false,
  reasons: false,
  checks: false,
  consent: false,
} as const satisfies Readonly<Record<RecordField, false>>;

/**
 * Which field may go to a third party for which purpose: served by `/v1/policy`, asked by every disclosure. A new field or purpose does not
 * compile without its cells, and what has no cell is denied.
 */
export const DISCLOSURES: Readonly<Record<Purpose, Cells>> = {
  // Whoever compares documents on the operator's behalf needs what is compared; whose account it is, and what was bought, they do not.
  authenticate: {
    ...NO_RECORD,
    expected_name: true,
    expected_date_of_birth: true,
    'document:surname': true,
    'document:given_names': true,
    'document:date_of_birth': true,
    'document:expires_on': true,
    'image:id_front': true,
    'image:id_back': true,
    'image:selfie': true,
  },
  // A help desk answers “why is it taking so long”, and needs nothing of the document for it.
  support: {
    ...NO_RECORD,
    ...NO_IDENTITY,
    status: true,
    learner_ref: true,
    submitted_at: true,
    decided_at: true,
    valid_until: true,
    reasons: true,
  },
  // The course provider learns whether somebody is verified, not why not.
  certificate: {
    ...NO_RECORD,
    ...NO_IDENTITY,
    status: true,
    learner_ref: true,
    submitted_at: true,
    decided_at: true,
    valid_until: true,
  },
  // A payment is found by its order. Who paid is known to whoever took the payment.
  refund: { ...NO_RECORD, ...NO_IDENTITY, status: true, order_ref: true },
  // Whoever follows up a breach names the person already, and learns no more of them than how the verification stands.
  honor_code: { ...NO_RECORD, ...NO_IDENTITY, status: true, courses: true, reasons: true },
  // What a lawful order can name, as long as it is held. Scores of models are opinions about a person and no fact that is held of them:
  // `checks` are outcomes only, for every purpose.
  legal_process: {
    status: true,
    learner_ref: true,
    order_ref: true,
    courses: true,
    submitted_at: true,
    decided_at: true,
    valid_until: true,
    reasons: true,
    checks: true,
    consent: true,
    expected_name: true,
    expected_date_of_birth: true,
    'document:surname': true,
    'document:given_names': true,
    'document:date_of_birth': true,
    'document:expires_on': true,
    'image:id_front': true,
    'image:id_back': true,
    'image:selfie': true,
  },
  // Nothing about a person, under a pseudonym either: research has the public statistics.
  research: { ...NO_RECORD, ...NO_IDENTITY },
};

/** What a learner reads about each purpose, beside its row. */
export const PURPOSE_TEXTS: Readonly<Record<Purpose, string>> = {
  authenticate: 'A contractor compares your ID with your face on our behalf.',
  support: 'A help desk on our behalf answers your questions about a verification.',
  certificate: 'The course provider learns whether you are verified, and since when.',
  refund: 'A contractor pays an order back.',
  honor_code: 'A course provider follows up a breach of the honor code.',
  legal_process: 'An authority has a lawful order.',
  research: 'Research gets aggregate statistics and nothing about a person.',
};

/** Which kind of recipient may be registered for which purpose. */
export const KINDS_OF_PURPOSE: Readonly<Record<Purpose, readonly RecipientKind[]>> = {
  authenticate: ['processor'],
  support: ['processor'],
  certificate: ['member'],
  refund: ['processor'],
  honor_code: ['member', 'processor'],
  legal_process: ['authority'],
  research: ['member', 'processor'],
};

export const DISCLOSURE_FIELDS = [
  ...Object.keys(NO_RECORD),
  ...Object.keys(NO_IDENTITY),
] as readonly DisclosureField[];

/** Default deny: also for a field that nobody has heard of. */
export const mayDisclose = (purpose: Purpose, field: string): field is DisclosureField =>
  Object.hasOwn(DISCLOSURES[purpose], field) && DISCLOSURES[purpose][field as DisclosureField];

export const fieldsFor = (purpose: Purpose): readonly DisclosureField[] =>
  DISCLOSURE_FIELDS.filter((field) => mayDisclose(purpose, field));

/** What a Member's reading of outcomes gives of each person. */
export const OUTCOME_FIELDS = [
  'learner_ref',
  'status',
  'submitted_at',
  'decided_at',
  'valid_until',
] as const satisfies readonly RecordField[];

export const isIdentityField = (field: DisclosureField): field is IdentityField =>
  Object.hasOwn(NO_IDENTITY, field);

/** The slot of `image:<slot>`, else `null`. */
export const slotOfField = (field: DisclosureField): Slot | null =>
  SLOTS.find((slot) => field === `image:${slot}`) ?? null;

/** `withheld`: while a hold that forbids notice lives; the learner is told when it has ended. */
export type LearnerNotice = 'given' | 'withheld';

export const noticeUnder = (hold: HoldNotice | null): LearnerNotice =>
  hold === 'forbidden' ? 'withheld' : 'given';
