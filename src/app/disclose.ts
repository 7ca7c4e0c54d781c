import {
  isIdentityField,
  isPurpose,
  mayDisclose,
  noticeUnder,
  slotOfField,
  type DisclosureField,
  type IdentityField,
  type Purpose,
  type RecordField,
} from '../domain/disclosure.js';
import { AppError } from '../domain/errors.js';
import { presentReason } from '../domain/reasons.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { Repositories } from './ports/store.js';
import { requireRecipient } from './recipients.js';
import type { Staff } from './review.js';
import { latestChecks } from './view.js';

export interface DisclosureRequest {
  readonly verificationId: string;
  readonly recipientId: string;
  readonly purpose: string;
  readonly fields: readonly string[];
  readonly legalBasis: string | null;
  /** What the officer holds to be due; `undefined` leaves it to the rule. */
  readonly notifyLearner: boolean | undefined;
}

/** A picture, opened for one answer. */
export interface DisclosedImage {
  readonly type: 'image/jpeg';
  readonly bytes: Uint8Array;
}

export type DisclosedValue =
  | string
  | null
  | readonly string[]
  | readonly Readonly<Record<string, string>>[]
  | Readonly<Record<string, string | boolean | null>>
  | DisclosedImage;

export type DisclosedValues = Readonly<Partial<Record<DisclosureField, DisclosedValue>>>;

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

/** How each field of the record reads outside. Reasons as the learner is told them; checks without their scores. */
const READ_RECORD: Readonly<
  Record<RecordField, (tx: Repositories, v: Verification) => DisclosedValue | Promise<DisclosedValue>>
> = {
  status: (_tx, v) => v.status,
  learner_ref: (_tx, v) => v.learnerRef,
  order_ref: (_tx, v) => v.orderRef,
  courses: (tx, v) => tx.courses.list(v.id),
  submitted_at: (_tx, v) => time(v.submittedAt),
  decided_at: (_tx, v) => time(v.decidedAt),
  valid_until: (_tx, v) => time(v.validUntil),
  reasons: (_tx, v) => [...new Set(v.reasons.map((reason) => presentReason(reason, 'learner').code))],
  checks: async (tx, v) =>
    (await latestChecks(tx, attemptRef(v))).map(({ name, outcome }) => ({ name, outcome })),
  consent: async (tx, v) => {
    const consent = await tx.consents.latest(v.id);
    return (
      consent && {
        policy_version: consent.policyVersion,
        given_at: consent.givenAt.toISOString(),
        biometrics: consent.biometrics,
        cross_border: consent.crossBorder,
        processing_country: consent.processingCountry,
        collected_by: consent.collectedBy,
        withdrawn_at: time(consent.withdrawnAt),
      }
    );
  },
};

export type Disclose = ReturnType<typeof makeDisclose>;

/** Gives fields of one person to a third party, where the table of purposes and fields allows each of them, and writes that down. */
export function makeDisclose(deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'vault' | 'blobs' | 'journal'>) {
  const { store, clock, ids, vault, blobs, journal } = deps;

  /**
   * All under the verification's lock, the opening of pictures too: what is given is what is held at that moment, and a deletion comes
   * before or after it but not in between. The register's line commits before anything is answered.
   *
   * @throws AppError `not_found`, `recipient_not_allowed`, `field_not_allowed`, `notice_forbidden`, `invalid_field` where a lawful ground
   *   is missing, `erased`
   */
  return async function disclose(
    staff: Staff,
    request: DisclosureRequest,
    complete: (tx: Repositories, id: string) => Promise<void>,
  ): Promise<{ readonly id: string; readonly values: DisclosedValues }> {
    return store.transaction(async (tx) => {
      const v = await tx.verifications.lock(request.verificationId);
      if (!v || !staff.tenants.includes(v.tenantId)) throw new AppError('not_found');
      const now = clock.now();
      const purpose = requirePurpose(request.purpose);
      const recipient = await requireRecipient(tx, v.tenantId, request.recipientId, purpose, now);
      const fields = allowedFields(purpose, request.fields);
      const learnerNotice = noticeUnder(v.hold);
      if (request.notifyLearner === true && learnerNotice === 'withheld')
        throw new AppError('notice_forbidden', {
          errors: [{ pointer: '/notify_learner', code: 'notice_forbidden' }],
        });
      if (purpose === 'legal_process') await requireLegalGround(tx, v, request);

      const { values, erased } = await read(tx, v, fields);
      const id = ids.next('disclosure');
      await tx.disclosures.insert({
        id,
        tenantId: v.tenantId,
        livemode: v.livemode,
        recipientId: recipient.id,
        purpose,
        fields,
        erased,
        verificationId: v.id,
        courseId: null,
        people: 1,
        legalBasis: request.legalBasis,
        learnerNotice,
        disclosedBy: `staff:${staff.id}`,
        disclosedAt: now,
      });
      await journal.audit(tx, v, `staff:${staff.id}`, 'disclosed', {
        disclosure: id,
        recipient: recipient.id,
        purpose,
        fields,
        notice: learnerNotice,
      });
      await complete(tx, id);
      return { id, values };
    });
  };

  async function read(tx: Repositories, v: Verification, fields: readonly DisclosureField[]) {
    const asked = fields.filter(isIdentityField);
    const identity = await openIdentity(tx, v, asked);
    const erased = asked.filter((field) => !identity.has(field));
    if (erased.length > 0 && erased.length === asked.length)
      throw new AppError('erased', {
        errors: erased.map((field) => ({ pointer: `/fields/${fields.indexOf(field)}`, code: 'erased' })),
      });
    const values: Partial<Record<DisclosureField, DisclosedValue>> = {};
    for (const field of fields)
      values[field] = isIdentityField(field)
        ? (identity.get(field) ?? null)
        : await READ_RECORD[field](tx, v);
    return { values, erased };
  }

  /** What is held of each field, `null` where the person never gave it. A field that was erased has no entry. */
  async function openIdentity(
    tx: Repositories,
    v: Verification,
    asked: readonly IdentityField[],
  ): Promise<ReadonlyMap<IdentityField, DisclosedValue>> {
    const opened = new Map<IdentityField, DisclosedValue>();
    // Once erasure is due nothing is given any more, whether or not it has been carried out; under a hold it is not due.
    const isKept = v.redactionStatus === 'none' || v.hold !== null;
    const ref = attemptRef(v);
    const key = asked.length > 0 && isKept ? await vault.openDataKey(tx, ref) : null;
    if (!key) return opened;
    try {
      const expected = await vault.getField(tx, key, ref, 'expected');
      const document = (await vault.getField(tx, key, ref, 'extracted'))?.fields;
      const images = await tx.blobs.stored(v.id, v.epoch);
      for (const field of asked) {
        const slot = slotOfField(field);
        if (field === 'expected_name') opened.set(field, expected?.full_name ?? null);
        else if (field === 'expected_date_of_birth') opened.set(field, expected?.date_of_birth ?? null);
        else if (slot === null) opened.set(field, document?.[field.slice('document:'.length)] ?? null);
        else {
          const blob = images.find((stored) => stored.slot === slot);
          const sealed = blob && (await blobs.get(blob.objectKey));
          if (!blob) opened.set(field, null);
          else if (blob.salt && sealed)
            opened.set(field, {
              type: 'image/jpeg',
              bytes: vault.openBlob(key, ref, slot, blob.id, blob.salt, sealed),
            });
        }
      }
      return opened;
    } finally {
      key.fill(0);
    }
  }
}

/** Nobody can be registered for a purpose that does not exist. */
function requirePurpose(purpose: string): Purpose {
  if (isPurpose(purpose)) return purpose;
  throw new AppError('recipient_not_allowed', {
    errors: [{ pointer: '/purpose', code: 'purpose_not_registered' }],
  });
}

/** Each field has a cell that allows it, or the request is refused as a whole. */
function allowedFields(purpose: Purpose, fields: readonly string[]): readonly DisclosureField[] {
  const allowed: DisclosureField[] = [];
  const errors = [];
  for (const [index, field] of fields.entries()) {
    if (mayDisclose(purpose, field)) allowed.push(field);
    else errors.push({ pointer: `/fields/${index}`, code: 'field_not_allowed' });
  }
  if (errors.length > 0) throw new AppError('field_not_allowed', { errors });
  return allowed;
}

/** An authority gets nothing for the asking: a hold that two people stand for, or the order's own words. */
async function requireLegalGround(
  tx: Repositories,
  v: Verification,
  { legalBasis }: DisclosureRequest,
): Promise<void> {
  if (legalBasis !== null) return;
  const holds = await tx.holds.onVerification(v.id);
  if (holds.some(({ status }) => status === 'active')) return;
  throw new AppError('invalid_field', { errors: [{ pointer: '/legal_basis', code: 'required' }] });
}
