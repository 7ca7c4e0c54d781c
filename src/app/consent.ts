import { AppError } from '../domain/errors.js';
import { isOpen } from '../domain/state-machine.js';
import type { PolicyVersion } from '../domain/policy.js';
import type { Verification } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import type { Ids } from './ports/ids.js';
import type { ConsentRecord } from './ports/store.js';
import { requireVersion } from './require-version.js';

export interface GivenConsent {
  readonly policyVersion: string;
  readonly biometrics: boolean;
  readonly crossBorder: boolean;
}

/** @throws AppError `invalid_field` where processing in the named country is not agreed to: nothing can be processed then. */
export function consentRecord(
  ids: Ids,
  verification: Pick<Verification, 'id' | 'tenantId' | 'locale'>,
  policy: PolicyVersion,
  given: GivenConsent,
  how: {
    readonly collectedBy: 'learner' | 'platform';
    readonly givenAt: Date;
    readonly processingCountry: string;
  },
): ConsentRecord {
  if (!given.crossBorder)
    throw new AppError('invalid_field', {
      detail: 'Without consent to processing in the named country nothing can be processed.',
      errors: [{ pointer: '/cross_border', code: 'consent_required' }],
    });
  return {
    id: ids.next('consent'),
    tenantId: verification.tenantId,
    verificationId: verification.id,
    policyVersion: policy.version,
    textDigest: policy.digest,
    locale: verification.locale,
    biometrics: given.biometrics,
    crossBorder: given.crossBorder,
    ...how,
    withdrawnAt: null,
  };
}

/** Gives and withdraws consent, by the learner. */
export function makeConsent(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'journal' | 'policies' | 'advance'>,
) {
  const { store, clock, ids, journal, policies, advance } = deps;
  return {
    /** Consent may be given anew while input is awaited; refusing biometrics makes the case manual. */
    async give(verificationId: string, given: GivenConsent, ifMatch?: number): Promise<void> {
      const before = await store.read.consents.latest(verificationId);
      // A policy that changed meanwhile does not bind backwards: whoever has agreed already may do so again.
      const policy =
        before?.policyVersion === given.policyVersion
          ? (await policies.bindingFor(before)).version
          : await policies.requireCurrent(given.policyVersion);
      await store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        if (!v) throw new AppError('not_found');
        requireVersion(v, ifMatch);
        await advance(tx, v, 'capture_changed', { actor: 'learner' });
        const record = consentRecord(ids, v, policy, given, {
          collectedBy: 'learner',
          givenAt: clock.now(),
          processingCountry: policy.document.processing_country,
        });
        await tx.consents.insert(record);
        // An appeal is for a person to decide on, whatever is agreed to.
        const isBiometric = given.biometrics && v.epoch === 1;
        await tx.verifications.update(v.id, { method: isBiometric ? 'biometric' : 'manual' });
        await journal.audit(tx, v, 'learner', 'consent.given', {
          policy_version: policy.version,
          biometrics: given.biometrics,
        });
      });
    },

    /** Ends an open verification and has everything erased; after a decision it changes nothing, for all is erased already. */
    async withdraw(verificationId: string, ifMatch?: number): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        if (!v) throw new AppError('not_found');
        requireVersion(v, ifMatch);
        const now = clock.now();
        if (isOpen(v.status)) {
          await tx.consents.withdraw(v.id, now);
          await journal.audit(tx, v, 'learner', 'consent.withdrawn');
        }
        await advance(tx, v, 'consent_withdrawn', {
          actor: 'learner',
          reasons: [{ code: 'consent_withdrawn' }],
        });
      });
    },
  };
}
