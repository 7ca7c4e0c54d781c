import type { ComplianceReport } from '../app/compliance.js';
import type { ErasureView } from '../app/erasure-requests.js';
import type { HeldVerification } from '../app/export-person.js';
import type { HoldView } from '../app/legal-holds.js';
import type { PolicyVersion } from '../domain/policy.js';
import type { components } from './api-types.js';
import { presentConsent, presentRetention, presentVerification } from './present.js';

type Schemas = components['schemas'];

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentHold = ({ hold, targets }: HoldView): Schemas['LegalHold'] => ({
  id: hold.id,
  tenant: hold.tenantId,
  status: hold.status,
  verification_id: hold.verificationId,
  learner_ref: hold.learnerRef,
  authority: hold.authority,
  reference: hold.reference,
  notice: hold.notice,
  requested_by: hold.requestedBy,
  requested_at: hold.requestedAt.toISOString(),
  suspends_until: (hold.endedAt ?? hold.endsAt).toISOString(),
  expires_at: hold.expiresAt.toISOString(),
  approved_by: hold.approvedBy,
  approved_at: time(hold.approvedAt),
  ended_by: hold.endedBy,
  ended_at: time(hold.endedAt),
  items: targets.map(({ verificationId, content }) => ({ verification_id: verificationId, content })),
});

export const presentErasure = ({ request, status, items }: ErasureView): Schemas['ErasureRequest'] => ({
  id: request.id,
  tenant: request.tenantId,
  status,
  requested_at: request.requestedAt.toISOString(),
  deadline: request.deadline.toISOString(),
  items: items.map(({ verificationId, outcome }) => ({ verification_id: verificationId, outcome })),
});

/** Where an image stands in the zip. */
export const imageFile = (verificationId: string, slot: string): string =>
  `images/${verificationId}/${slot}.jpg`;

export function presentLearnerData(
  learnerRef: string,
  tenantId: string,
  found: readonly HeldVerification[],
  context: { readonly policy: PolicyVersion; readonly now: Date },
): Schemas['LearnerData'] {
  const { policy, now } = context;
  return {
    learner_ref: learnerRef,
    tenant: tenantId,
    generated_at: now.toISOString(),
    purposes: policy.document.purposes.map(({ code, text }) => ({ code, text })),
    retention: presentRetention(),
    verifications: found.map((each) => ({
      record: presentVerification(each, now),
      held: {
        ...(each.held.expected && { expected: definedMembers(each.held.expected) }),
        ...(each.held.extracted && { extracted: { ...each.held.extracted.fields } }),
        ...(each.held.reviewer_note && { reviewer_note: each.held.reviewer_note.text }),
        ...(each.held.appeal_statement && { appeal_statement: each.held.appeal_statement.text }),
      },
      images: each.images.map(({ slot, storedAt, source, bytes }) => ({
        slot,
        stored_at: storedAt.toISOString(),
        source,
        file: bytes ? imageFile(each.verification.id, slot) : null,
      })),
      consents: each.consents.map(presentConsent),
      disclosures: each.disclosures.map(({ recipient, kind, purpose, fields, at }) => ({
        recipient,
        kind,
        purpose,
        fields: [...fields],
        at: at.toISOString(),
      })),
      deletion_receipts: [...each.receipts],
      retention_ends: each.ends.map(({ kind, dueAt }) => ({ kind, due_at: dueAt.toISOString() })),
    })),
  };
}

const definedMembers = (expected: { full_name: string; date_of_birth?: string }): Record<string, string> => ({
  full_name: expected.full_name,
  ...(expected.date_of_birth === undefined ? {} : { date_of_birth: expected.date_of_birth }),
});

export const presentCompliance = (report: ComplianceReport): Schemas['Compliance'] => ({
  overdue: report.overdue.map(({ kind, id, dueAt }) => ({ kind, id, due_at: time(dueAt) })),
  orphans: [...report.orphans],
  audit: report.audit,
  oldest_open_case: report.oldestOpenCase && {
    verification_id: report.oldestOpenCase.verificationId,
    opened_at: report.oldestOpenCase.openedAt.toISOString(),
  },
  retention_schedule: presentRetention(),
});
