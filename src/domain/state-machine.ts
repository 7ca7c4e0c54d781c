import type { ProblemCode } from './errors.js';

export const STATUSES = [
  'requires_input',
  'processing',
  'in_review',
  'approved',
  'declined',
  'canceled',
  'expired',
  'revoked',
] as const;
export type Status = (typeof STATUSES)[number];

export const OPEN_STATUSES = [
  'requires_input',
  'processing',
  'in_review',
] as const satisfies readonly Status[];
export const isOpen = (status: Status): boolean => (OPEN_STATUSES as readonly Status[]).includes(status);

/** What a reviewer decides. */
export const REVIEW_OUTCOMES = ['approve', 'decline', 'request_resubmission'] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];

/** Everything that can happen to a verification. The table of CONTRACT, "Status × event", row by row. */
export type EventKind =
  | 'capture_changed'
  | 'submit'
  | 'engines_pass'
  | 'engines_ask_again'
  | 'engines_unsure'
  | 'engines_decline'
  | 'review_approve'
  | 'review_decline'
  | 'review_ask_again'
  | 'cancel'
  | 'consent_withdrawn'
  | 'capture_lapsed'
  | 'age_limit_reached'
  | 'erasure_requested'
  | 'revoke'
  | 'appeal'
  | 'token_renewed'
  | 'course_added';

/**
 * What a transition asks of whoever carries it out, in the same transaction:
 * `open_epoch` a fresh start under a data key of its own, which a person decides on; `open_attempt` a fresh capture window and the next attempt; `run_engines` tasks for reading and comparing; `open_review`,
 * `close_review`; `set_validity` from now; `forget` everything that is no longer needed.
 */
export type Effect =
  | 'open_epoch'
  | 'open_attempt'
  | 'run_engines'
  | 'open_review'
  | 'close_review'
  | 'set_validity'
  | 'close_attempt'
  | 'forget';

export type Transition =
  | { readonly kind: 'move'; readonly to: Status; readonly effects: readonly Effect[] }
  /** Allowed, or merely too late, and without consequence for the status. */
  | { readonly kind: 'stay' }
  | { readonly kind: 'refuse'; readonly code: ProblemCode };

export interface MachineState {
  readonly status: Status;
  readonly attemptsLeft: number;
}

const stay: Transition = { kind: 'stay' };
const refuse = (code: ProblemCode = 'invalid_state'): Transition => ({ kind: 'refuse', code });
const move = (to: Status, ...effects: Effect[]): Transition => ({ kind: 'move', to, effects });

const end = (status: Status, to: Status): Transition =>
  move(to, ...(status === 'in_review' ? (['close_review'] as const) : []), 'close_attempt', 'forget');

const askAgain = (status: Status): Transition =>
  move(
    'requires_input',
    ...(status === 'in_review' ? (['close_review'] as const) : []),
    'close_attempt',
    'open_attempt',
  );

/**
 * The state machine of a verification: pure, total, and the only place that knows the table.
 * Engine results for a status other than `processing` come too late and change nothing; a person's call is refused instead.
 */
export function transition({ status, attemptsLeft }: MachineState, event: EventKind): Transition {
  switch (event) {
    case 'capture_changed':
    case 'token_renewed':
      return status === 'requires_input' ? stay : refuse();

    case 'submit':
      if (status === 'processing') return stay;
      return status === 'requires_input' ? move('processing', 'run_engines') : refuse();

    case 'engines_pass':
      return status === 'processing' ? move('approved', 'set_validity', 'close_attempt', 'forget') : stay;
    case 'engines_ask_again':
      if (status !== 'processing') return stay;
      return attemptsLeft > 0 ? askAgain(status) : move('in_review', 'open_review');
    case 'engines_unsure':
      return status === 'processing' ? move('in_review', 'open_review') : stay;
    case 'engines_decline':
      return status === 'processing' ? end(status, 'declined') : stay;

    case 'review_approve':
      return status === 'in_review'
        ? move('approved', 'close_review', 'set_validity', 'close_attempt', 'forget')
        : refuse();
    case 'review_decline':
      return status === 'in_review' ? end(status, 'declined') : refuse();
    case 'review_ask_again':
      if (status !== 'in_review') return refuse();
      return attemptsLeft > 0 ? askAgain(status) : refuse('no_attempts_left');

    case 'cancel':
      if (status === 'canceled') return stay;
      return isOpen(status) ? end(status, 'canceled') : refuse();
    case 'consent_withdrawn':
    case 'erasure_requested':
      return isOpen(status) ? end(status, 'canceled') : stay;
    case 'capture_lapsed':
      return status === 'requires_input' ? end(status, 'expired') : stay;
    case 'age_limit_reached':
      return isOpen(status) ? end(status, 'expired') : stay;

    case 'revoke':
      if (status === 'revoked') return stay;
      return status === 'approved' ? move('revoked', 'forget') : refuse();

    case 'appeal':
      // Whether it is the first one, in time, and all is forgotten is for the caller to check.
      return status === 'declined' ? move('requires_input', 'open_epoch') : refuse();

    case 'course_added':
      // Whether an approval is past its validity is for the caller to check: the machine has no clock.
      return status === 'approved' || isOpen(status) ? stay : refuse();
  }
}
