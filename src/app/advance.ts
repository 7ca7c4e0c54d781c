import { AppError } from '../domain/errors.js';
import { slotOf, SLOTS, type Reason, type Slot } from '../domain/reasons.js';
import { endsOfRecord, FORGET_WITHIN } from '../domain/retention.js';
import { isOpen, transition, type EventKind } from '../domain/state-machine.js';
import { attemptsLeft, freshCapture, LIMITS, type Verification } from '../domain/verification.js';
import { letGoBlob, letGoField } from './let-go.js';
import type { Actor, Journal } from './journal.js';
import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';
import type { AttemptRef, Repositories } from './ports/store.js';

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

export const attemptRef = (v: Verification): AttemptRef => ({
  tenantId: v.tenantId,
  verificationId: v.id,
  epoch: v.epoch,
  attempt: v.attempt,
});

/** Slots that have to be photographed again for these reasons; a reason about no picture in particular asks for the document. */
function slotsToRetake(reasons: readonly Reason[]): ReadonlySet<Slot> {
  const slots = reasons.map((reason) => slotOf(reason)).filter((slot) => slot !== undefined);
  return new Set(slots.length > 0 ? slots : SLOTS.filter((slot) => slot === 'id_front'));
}

export type Advance = ReturnType<typeof makeAdvance>;

/**
 * The one function that changes a verification's status. Takes the row locked in `tx`, asks the state machine, and writes the row and all
 * that follows from it (tasks, review, attempt, audit entry, event, progress) into the same transaction.
 *
 * @returns the row as it now stands; unchanged where the machine says that nothing follows
 * @throws AppError `invalid_state` or `no_attempts_left` where the machine refuses
 */
export function makeAdvance({ clock, ids, journal }: { clock: Clock; ids: Ids; journal: Journal }) {
  return async function advance(
    tx: Repositories,
    verification: Verification,
    event: EventKind,
    context: { readonly actor: Actor; readonly reasons?: readonly Reason[]; readonly stated?: string },
  ): Promise<Verification> {
    const step = transition({ status: verification.status, attemptsLeft: attemptsLeft(verification) }, event);
    if (step.kind === 'refuse') throw new AppError(step.code);
    if (step.kind === 'stay') return verification;

    const now = clock.now();
    const ref = attemptRef(verification);
    const reasons = context.reasons ?? [];
    const patch: Mutable<Verification> = { status: step.to, reasons };

    for (const effect of step.effects) {
      switch (effect) {
        case 'run_engines':
          patch.submittedAt = now;
          await tx.attempts.open(ref, now);
          await addTask('read_document');
          if (verification.method === 'biometric') await addTask('match_face');
          break;
        case 'open_review':
          await tx.reviews.open({
            id: ids.next('review'),
            ...ref,
            livemode: verification.livemode,
            state: 'open',
            claimedBy: null,
            leaseUntil: null,
            openedAt: now,
            decision: null,
            decidedBy: null,
            decidedAt: null,
          });
          break;
        case 'close_review':
          await tx.reviews.closeOpen(verification.id);
          break;
        case 'close_attempt':
          await tx.attempts.close(
            ref,
            step.to === 'requires_input' ? 'resubmission_requested' : step.to,
            reasons,
          );
          break;
        case 'open_epoch':
          patch.epoch = verification.epoch + 1;
          patch.epochOpenedAt = now;
          patch.method = 'manual';
          patch.attempt = 1;
          patch.uploadsUsed = 0;
          Object.assign(patch, freshCapture(verification));
          patch.captureExpiresAt = new Date(now.getTime() + LIMITS.captureWindow);
          patch.submittedAt = null;
          patch.decidedAt = null;
          patch.redactionStatus = 'none';
          patch.redactionDueAt = null;
          patch.redactionDoneAt = null;
          await tx.retention.cancel(verification.id);
          break;
        case 'open_attempt':
          patch.attempt = verification.attempt + 1;
          patch.uploadsUsed = 0;
          patch.captureExpiresAt = new Date(now.getTime() + LIMITS.captureWindow);
          await dropAttemptData(slotsToRetake(reasons));
          break;
        case 'set_validity':
          patch.validUntil = new Date(now.getTime() + LIMITS.validity);
          break;
        case 'forget':
          if (verification.redactionStatus !== 'none') break;
          patch.redactionDueAt = new Date(now.getTime() + FORGET_WITHIN);
          patch.redactionStatus = verification.hold === null ? 'scheduled' : 'held';
          if (verification.hold === null) await addTask('forget');
          break;
      }
    }

    if (!isOpen(step.to)) {
      patch.decidedAt = verification.decidedAt ?? now;
      const validUntil = patch.validUntil ?? verification.validUntil;
      await tx.retention.schedule(verification.id, endsOfRecord({ validUntil }, patch.decidedAt));
    }

    await tx.verifications.update(verification.id, patch);
    await journal.audit(tx, verification, context.actor, `status.${step.to}`, {
      event,
      from: verification.status,
      attempt: verification.attempt,
      reasons: reasons.map((reason) => reason.code),
      ...(context.stated === undefined ? {} : { stated: context.stated }),
    });
    await tx.progress.append(verification.tenantId, verification.id, 'status', { status: step.to });
    const current = await tx.verifications.findById(verification.id);
    return journal.emit(tx, current ?? verification, step.to);

    function addTask(kind: 'read_document' | 'match_face' | 'forget', blobId: string | null = null) {
      return tx.tasks.insert({ id: ids.next('task'), ...ref, kind, blobId, runAfter: now, createdAt: now });
    }

    /** What the next attempt does not need goes at once: pictures to be taken again, what was read, what was measured. */
    async function dropAttemptData(slots: ReadonlySet<Slot>) {
      for (const blob of await tx.blobs.stored(verification.id, verification.epoch))
        if (slots.has(blob.slot)) await letGoBlob(tx, ids, verification, blob, now);
      // A document that stays was masked when it was read, and could not be read in full again: its reading stays with it.
      const reading =
        slots.has('id_front') || slots.has('id_back') ? null : await tx.evidence.get(ref, 'document');
      if (!reading) await letGoField(tx, verification, 'extracted');
      if (verification.hold === null) await tx.evidence.remove(verification.id, verification.epoch);
      if (reading) await tx.evidence.put({ ...ref, attempt: ref.attempt + 1 }, 'document', reading);
    }
  };
}
