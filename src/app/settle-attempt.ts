import {
  decide,
  DECISION_RULES,
  type DecisionEvidence,
  type DecisionRules,
  type DocumentEvidence,
  type FaceEvidence,
} from '../domain/decision.js';
import { documentName } from '../domain/document-name.js';
import type { FaultCode } from '../domain/errors.js';
import { suspicionsOfSelfie, type CaptureCues } from '../domain/capture-cues.js';
import { suspicionsOf } from '../domain/challenge.js';
import { FACE_POLICY } from '../domain/face-policy.js';
import { matchNames } from '../domain/names/match-names.js';
import type { EventKind } from '../domain/state-machine.js';
import { ENGINE_TASKS } from '../domain/tasks.js';
import { REQUIRED_SLOTS, type Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import { presenceOf } from './challenge-evidence.js';
import { isCurrent } from './engine-task.js';
import type { Repositories, TaskRow } from './ports/store.js';

const EVENTS = {
  approve: 'engines_pass',
  review: 'engines_unsure',
  resubmit: 'engines_ask_again',
  decline: 'engines_decline',
} as const satisfies Record<string, EventKind>;

export interface SettleAttempt {
  /** Ends an engine task with what it found; whoever ends the last one decides. Nothing is written where the case moved on. */
  complete(task: TaskRow, write: (tx: Repositories, current: Verification) => Promise<void>): Promise<void>;
  /** Ends an engine task that failed for good. */
  fail(task: TaskRow, code: string): Promise<void>;
  /** Decides on a case that is processing though nothing is left to run. */
  stuck(verificationId: string): Promise<void>;
}

/** Brings the evidence of an attempt together. Runs under the lock of the verification, so that exactly one caller sees the last task end. */
export function makeSettleAttempt(
  deps: Pick<AppDeps, 'store' | 'clock' | 'vault' | 'advance' | 'settings'>,
): SettleAttempt {
  const { store, clock, vault, advance, settings } = deps;

  const rules: DecisionRules = {
    ...DECISION_RULES,
    face: FACE_POLICY,
    // A passport bears all given names, a certificate often the first alone; with the date of birth there is no doubt left.
    omittedGivenNames: 'pass_with_date_of_birth',
    autoDecline: settings.autoDecline,
  };

  async function gather(tx: Repositories, v: Verification): Promise<DecisionEvidence> {
    const ref = attemptRef(v);
    const reading = await tx.evidence.get(ref, 'document');
    const face = await tx.evidence.get(ref, 'face');
    const stored = await tx.blobs.stored(v.id, v.epoch);
    const received = stored.map((blob) => blob.slot);
    const presence = presenceOf(await tx.evidence.get(ref, 'challenge'), stored);
    const key = await vault.openDataKey(tx, ref);
    try {
      const expected = key && (await vault.getField(tx, key, ref, 'expected'));
      const extracted = key && (await vault.getField(tx, key, ref, 'extracted'));
      const fields = extracted?.fields ?? {};
      const name = documentName(fields, {
        type: typeof reading?.['document_type'] === 'string' ? reading['document_type'] : null,
        mrzRead: typeof reading?.['mrz_valid'] === 'boolean',
      });
      // A payment card was received, and dropped as soon as it was read: no face is compared with it, and none is missed.
      const isCard =
        Array.isArray(reading?.['reasons']) && reading['reasons'].includes('payment_card_detected');
      const method = isCard ? 'manual' : v.method;
      const faults: FaultCode[] = [];
      if (!key || !expected) faults.push('key_destroyed');
      if (!reading || (method === 'biometric' && !face)) faults.push('engine_failed');
      return {
        method,
        slots: { required: REQUIRED_SLOTS, received: isCard ? [...received, 'id_front'] : received },
        document: reading && {
          outcome: reading['outcome'] as DocumentEvidence['outcome'],
          reasons: reading['reasons'] as DocumentEvidence['reasons'],
          document_type: reading['document_type'] as string,
          mrz: typeof reading['mrz_valid'] === 'boolean' ? { valid: reading['mrz_valid'] } : null,
          // Of the code itself nothing is kept; the type says that there was one.
          barcode: reading['document_type'] === 'AAMVA' ? {} : null,
          fields,
          confidence: extracted?.confidence ?? {},
        },
        zonesConsistent: null,
        name: expected && name ? matchNames(expected.full_name, name) : null,
        face: face && {
          score: face['score'] as FaceEvidence['score'],
          faces: face['faces'] as FaceEvidence['faces'],
        },
        presence: presence.outcome,
        suspicions: [
          ...suspicionsOf(presence.signs),
          ...(face?.['cues'] ? suspicionsOfSelfie(face['cues'] as CaptureCues) : []),
        ],
        faults,
        expectedDateOfBirth: expected?.date_of_birth ?? null,
        minimumAge: v.minimumAge,
        today: clock.now().toISOString().slice(0, 10),
      };
    } finally {
      key?.fill(0);
    }
  }

  async function decideNow(tx: Repositories, v: Verification): Promise<void> {
    await tx.progress.append(v.tenantId, v.id, 'step', { step: 'decide', progress: 0 });
    const decision = decide(await gather(tx, v), rules);
    await tx.checks.replace(
      attemptRef(v),
      decision.checks.map(({ name, outcome, score = null }) => ({ name, outcome, score })),
    );
    await tx.progress.append(v.tenantId, v.id, 'step', { step: 'decide', progress: 1 });
    await advance(tx, v, EVENTS[decision.verdict], { actor: 'engine', reasons: decision.reasons });
  }

  async function end(
    task: TaskRow,
    endTask: (tx: Repositories) => Promise<boolean>,
    write: (tx: Repositories, current: Verification) => Promise<void>,
  ): Promise<void> {
    await store.transaction(async (tx) => {
      const v = await tx.verifications.lock(task.verificationId);
      // Superseded: another run of this task has taken over, and what it finds counts.
      if (!(await endTask(tx)) || !isCurrent(v, task)) return;
      await write(tx, v);
      await tx.progress.append(v.tenantId, v.id, 'step', { step: task.kind, progress: 1 });
      if ((await tx.tasks.unfinished(attemptRef(v), ENGINE_TASKS)) === 0) await decideNow(tx, v);
    });
  }

  return {
    complete: (task, write) => end(task, (tx) => tx.tasks.finish(task.id, task.tries), write),
    fail: (task, code) =>
      end(
        task,
        (tx) => tx.tasks.bury(task.id, task.tries, code),
        () => Promise.resolve(),
      ),
    stuck: (verificationId) =>
      store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        if (v?.status === 'processing' && (await tx.tasks.unfinished(attemptRef(v), ENGINE_TASKS)) === 0)
          await decideNow(tx, v);
      }),
  };
}
