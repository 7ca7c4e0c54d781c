import type { Verification } from './verification.js';

/** Every kind of data the service holds about a person. A new kind does not compile without its rule below. */
export type DataKind =
  | 'image'
  | 'expected_identity'
  | 'extracted_fields'
  | 'reviewer_note'
  | 'appeal_statement'
  | 'data_key'
  | 'face_template'
  | 'challenge_frame'
  | 'capture_evidence'
  | 'check'
  | 'record'
  | 'consent'
  | 'event'
  | 'work'
  | 'progress'
  | 'deletion_receipt'
  | 'audit'
  | 'disclosure'
  | 'legal_hold'
  | 'erasure_request'
  | 'idempotency'
  | 'access_log';

export interface RetentionRule {
  readonly keeps: string;
  readonly until: string;
}

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;
const YEAR = 365 * DAY;

/** Within this time of a terminal status everything that is no longer needed is gone (milliseconds). */
export const FORGET_WITHIN = 15 * MINUTE;

/** How long what outlives the person's data is kept (milliseconds). */
export const KEPT = {
  /** After the outcome. */
  checks: 30 * DAY,
  /** After the approval lapses or, without one, after the outcome. */
  record: YEAR,
  /** After the outcome, the end of a hold, the request, the disclosure. */
  registers: 6 * YEAR,
  /** After they happened. */
  events: 30 * DAY,
  /** After they were done. */
  work: DAY,
  accessLog: 7 * DAY,
} as const;

/** Kinds whose end is a day that is known in advance, and stands in the schedule that the sweep reads. */
export type ScheduledKind =
  'check' | 'record' | 'deletion_receipt' | 'audit' | 'legal_hold' | 'erasure_request';

/** The days on which what is left of an ended verification goes. */
export function endsOfRecord(
  v: Pick<Verification, 'validUntil'>,
  decidedAt: Date,
): Readonly<Record<'check' | 'record' | 'deletion_receipt' | 'audit', Date>> {
  const after = (start: Date, ms: number) => new Date(start.getTime() + ms);
  return {
    check: after(decidedAt, KEPT.checks),
    record: after(v.validUntil ?? decidedAt, KEPT.record),
    deletion_receipt: after(decidedAt, KEPT.registers),
    audit: after(decidedAt, KEPT.registers),
  };
}

const WITH_THE_OUTCOME =
  'Erased within 15 minutes of the outcome, and 30 days after you began at the latest.';

/** What is kept and until when: served by `/v1/policy`, shown to learners, held by the sweeper. */
export const RETENTION: Readonly<Record<DataKind, RetentionRule>> = {
  image: { keeps: 'The photos of your ID and of your face, encrypted.', until: WITH_THE_OUTCOME },
  expected_identity: {
    keeps: 'The name, and the date of birth if one was given, that the certificate is to bear, encrypted.',
    until: WITH_THE_OUTCOME,
  },
  extracted_fields: { keeps: 'The fields of your ID that are compared, encrypted.', until: WITH_THE_OUTCOME },
  reviewer_note: {
    keeps: 'A note of the person who looked at your case, encrypted.',
    until: 'Erased within 15 minutes of the outcome.',
  },
  appeal_statement: {
    keeps: 'What you wrote when you appealed, encrypted.',
    until: 'Erased within 15 minutes of the outcome of the appeal.',
  },
  data_key: {
    keeps: 'The key that opens your encrypted data, itself encrypted.',
    until:
      'Deleted with the outcome. The key that encrypts it is destroyed when 30 days have passed since the day you began: from then on no copy of your data, in backups either, can be opened.',
  },
  face_template: { keeps: 'A numeric description of a face.', until: 'Never stored.' },
  challenge_frame: { keeps: 'The pictures of your head as you turn it.', until: 'Never stored.' },
  capture_evidence: {
    keeps: 'What your photos were measured to be, and how your answer to a challenge was judged.',
    until: 'Erased with the photos.',
  },
  check: { keeps: 'Which checks passed, with a score.', until: '30 days after the outcome.' },
  record: {
    keeps:
      'References of learner, course and order, the address to send you back to, status, reason codes and dates.',
    until: 'One year after the approval lapses or, without one, after the outcome.',
  },
  consent: {
    keeps: 'Which policy version you agreed to, when, and in which language.',
    until: 'As the record.',
  },
  event: { keeps: 'Messages to the shop: status and reason codes under a random id.', until: '30 days.' },
  work: { keeps: 'Which step is to be taken next, under random ids.', until: 'One day after it was taken.' },
  progress: { keeps: 'Progress messages for your browser.', until: 'Erased with the photos.' },
  deletion_receipt: { keeps: 'The signed proof that your data was erased.', until: 'Six years.' },
  audit: { keeps: 'What was done, by which role, without personal data.', until: 'Six years.' },
  disclosure: {
    keeps: 'Who was given which fields, for which purpose and on what ground; not what stood in them.',
    until: 'Six years.',
  },
  legal_hold: {
    keeps: 'Which authority had the deletion suspended, under which reference and until when.',
    until: 'Six years after it ended.',
  },
  erasure_request: {
    keeps: 'That the erasure of a person was asked for, under a keyed pseudonym.',
    until: 'Six years.',
  },
  idempotency: { keeps: 'Keyed digests of requests, to recognise a repeated one.', until: '24 hours.' },
  access_log: {
    keeps: 'Route, status, time and a truncated address, under an id that stands nowhere else.',
    until: 'Seven days.',
  },
};
