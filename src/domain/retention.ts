/** Every kind of data the service holds. A new kind does not compile without its rule below. */
export type DataKind =
  | 'image'
  | 'expected_identity'
  | 'extracted_fields'
  | 'reviewer_note'
  | 'face_template'
  | 'challenge_frame'
  | 'capture_evidence'
  | 'check'
  | 'record'
  | 'consent'
  | 'deletion_receipt'
  | 'audit'
  | 'progress'
  | 'idempotency'
  | 'access_log';

export interface RetentionRule {
  readonly keeps: string;
  readonly until: string;
}

/** Within this time of a terminal status everything that is no longer needed is gone (milliseconds). */
export const FORGET_WITHIN = 15 * 60_000;

/** What is kept and until when: served by `/v1/policy`, shown to learners, held by the sweeper. */
export const RETENTION: Readonly<Record<DataKind, RetentionRule>> = {
  image: {
    keeps: 'The photos of your ID and of your face, encrypted.',
    until: 'Erased within 15 minutes of the outcome, and 30 days after you began at the latest.',
  },
  expected_identity: {
    keeps: 'The name, and the date of birth if one was given, that the certificate is to bear, encrypted.',
    until: 'Erased within 15 minutes of the outcome, and 30 days after you began at the latest.',
  },
  extracted_fields: {
    keeps: 'The fields of your ID that are compared, encrypted.',
    until: 'Erased within 15 minutes of the outcome, and 30 days after you began at the latest.',
  },
  reviewer_note: {
    keeps: 'A note of the person who looked at your case, encrypted.',
    until: 'Erased within 15 minutes of the outcome.',
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
  deletion_receipt: { keeps: 'The signed proof that your data was erased.', until: 'Six years.' },
  audit: { keeps: 'What was done, by which role, without personal data.', until: 'Six years.' },
  progress: { keeps: 'Progress messages for your browser.', until: 'Erased with the photos.' },
  idempotency: { keeps: 'Keyed digests of requests, to recognise a repeated one.', until: '24 hours.' },
  access_log: {
    keeps: 'Route, status, time and a truncated address, under an id that stands nowhere else.',
    until: 'Seven days.',
  },
};
