import { AppError } from '../domain/errors.js';
import { isOpen } from '../domain/state-machine.js';
import { eligibility, LIMITS, type Verification } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import { protectByHolds } from './legal-holds.js';
import { consentRecord, type GivenConsent } from './consent.js';
import type { Actor } from './journal.js';
import type { Repositories, Scope } from './ports/store.js';

export interface StartRequest {
  readonly learnerRef: string;
  readonly expected: { readonly full_name: string; readonly date_of_birth?: string };
  readonly courses: readonly string[];
  readonly orderRef: string | null;
  readonly minimumAge: number | null;
  readonly returnUrl: string | null;
  readonly locale: string;
  readonly consent: (GivenConsent & { readonly givenAt: Date; readonly processingCountry?: string }) | null;
}

/** References are opaque: an e-mail address would make every record personal for good. */
export function requireOpaque(learnerRef: string): void {
  if (learnerRef.includes('@'))
    throw new AppError('learner_ref_not_opaque', {
      errors: [{ pointer: '/learner_ref', code: 'learner_ref_not_opaque' }],
    });
}

/** Opens a verification for a learner: one at a time, none while an approval is valid. Returns its id. */
export function makeStartVerification(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'vault' | 'journal' | 'policies' | 'settings'>,
) {
  const { store, clock, ids, vault, journal, policies, settings } = deps;

  return async function startVerification(
    scope: Scope,
    actor: Actor,
    request: StartRequest,
    complete: (tx: Repositories, id: string) => Promise<void>,
  ): Promise<string> {
    requireOpaque(request.learnerRef);
    if (request.returnUrl !== null && !settings.returnOrigins.includes(originOf(request.returnUrl)))
      throw new AppError('return_url_not_allowed', {
        errors: [{ pointer: '/return_url', code: 'return_url_not_allowed' }],
      });
    const { consent } = request;
    const policy = consent ? await policies.requireCurrent(consent.policyVersion) : null;

    const now = clock.now();
    const id = ids.next('verification');
    const ref = { tenantId: scope.tenantId, verificationId: id, epoch: 1 };
    const { key, ...wrapping } = await vault.newDataKey(ref);

    try {
      await store.transaction(async (tx) => {
        await tx.verifications.lockLearner(scope, request.learnerRef);
        const existing = (await tx.verifications.ofLearner(scope, request.learnerRef)).find(
          (earlier) => isOpen(earlier.status) || eligibility(earlier, now).eligible,
        );
        if (existing)
          throw new AppError('verification_exists', { members: { verification_id: existing.id } });

        const row: Verification = {
          id,
          ...scope,
          learnerRef: request.learnerRef,
          orderRef: request.orderRef,
          status: 'requires_input',
          method: consent && !consent.biometrics ? 'manual' : 'biometric',
          attempt: 1,
          maxAttempts: LIMITS.attempts,
          uploadsUsed: 0,
          minimumAge: request.minimumAge,
          returnUrl: request.returnUrl,
          locale: request.locale,
          reasons: [],
          epoch: 1,
          epochOpenedAt: now,
          captureGeneration: 1,
          handoverGeneration: null,
          handoverExpiresAt: null,
          readerGeneration: null,
          captureExpiresAt: new Date(now.getTime() + LIMITS.captureWindow),
          createdAt: now,
          submittedAt: null,
          decidedAt: null,
          validUntil: null,
          erasedAt: null,
          redactionStatus: 'none',
          redactionDueAt: null,
          redactionDoneAt: null,
          hold: null,
          sequence: 0,
          rowVersion: 1,
        };
        if (!(await tx.verifications.insert(row))) throw new AppError('verification_exists');
        await vault.linkDataKey(tx, ref, wrapping);
        await protectByHolds(tx, row);
        await vault.putField(tx, key, ref, 'expected', request.expected);
        for (const course of request.courses) await tx.courses.add(scope.tenantId, id, course, now);
        if (consent && policy)
          await tx.consents.insert(
            consentRecord(ids, row, policy, consent, {
              collectedBy: 'platform',
              givenAt: consent.givenAt,
              processingCountry: consent.processingCountry ?? policy.document.processing_country,
            }),
          );
        await journal.audit(tx, row, actor, 'created', {
          courses: request.courses.length,
          consent: consent !== null,
        });
        const created = await journal.emit(tx, row, 'created');
        await journal.emit(tx, created, 'requires_input');
        await tx.progress.append(scope.tenantId, id, 'status', { status: 'requires_input' });
        await complete(tx, id);
      });
    } finally {
      key.fill(0);
    }
    return id;
  };
}

function originOf(url: string): string {
  try {
    const { origin, protocol } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? origin : '';
  } catch {
    return '';
  }
}
