import type { Check, AttemptRow, ConsentRecord, Repositories } from './ports/store.js';
import type { Slot } from '../domain/reasons.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';

/** A verification with the rows that its representations need. */
export interface VerificationView {
  readonly verification: Verification;
  readonly courses: readonly string[];
  readonly attempts: readonly AttemptRow[];
  readonly received: readonly Slot[];
  readonly checks: readonly Check[];
  readonly consent: ConsentRecord | null;
}

export async function loadView(repos: Repositories, verification: Verification): Promise<VerificationView> {
  const ref = attemptRef(verification);
  const [courses, attempts, blobs, checks, consent] = await Promise.all([
    repos.courses.list(verification.id),
    repos.attempts.list(verification.id),
    repos.blobs.stored(verification.id, verification.epoch),
    latestChecks(repos, ref),
    repos.consents.latest(verification.id),
  ]);
  return { verification, courses, attempts, received: blobs.map((blob) => blob.slot), checks, consent };
}

/** Of the current attempt or, while that was not submitted, of the one before: what the learner is asked to mend. */
export async function latestChecks(repos: Repositories, ref: ReturnType<typeof attemptRef>) {
  const current = await repos.checks.list(ref);
  return current.length > 0 || ref.attempt === 1
    ? current
    : repos.checks.list({ ...ref, attempt: ref.attempt - 1 });
}
