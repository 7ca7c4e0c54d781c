import { KINDS_OF_PURPOSE, type Purpose } from '../domain/disclosure.js';
import { AppError } from '../domain/errors.js';
import { refusalOf, type RecipientKind } from '../domain/recipient.js';
import { KEPT } from '../domain/retention.js';
import type { AppDeps } from './deps.js';
import type { RecipientRow } from './ports/third-parties.js';
import type { Repositories } from './ports/store.js';
import type { Staff } from './review.js';

/** A recipient's clock may run this far ahead of ours (milliseconds); nobody attests today what will be true tomorrow. */
const CLOCK_SKEW = 5 * 60_000;

export interface RecipientTermsRequest {
  readonly agreementRef: string;
  readonly agreementExpiresAt: Date;
  readonly safeguardsAttestedAt: Date | null;
  readonly purposes: readonly Purpose[];
}

export interface RecipientRequest extends RecipientTermsRequest {
  readonly name: string;
  readonly kind: RecipientKind;
}

/**
 * The recipient that may be given something for `purpose`.
 *
 * @throws AppError `recipient_not_allowed` where it is not registered with that tenant, has lapsed, or not for that purpose
 */
export async function requireRecipient(
  repos: Repositories,
  tenantId: string,
  recipientId: string,
  purpose: Purpose,
  now: Date,
): Promise<RecipientRow> {
  const recipient = await repos.recipients.find(recipientId);
  const known = recipient?.tenantId === tenantId ? recipient : null;
  const refusal = known ? refusalOf(known, purpose, now) : 'not_registered';
  if (!known || refusal !== null)
    throw new AppError('recipient_not_allowed', {
      errors: [{ pointer: '/recipient_id', code: refusal ?? 'not_registered' }],
    });
  return known;
}

/** The third parties that a tenant has agreements with. */
export function makeRecipients({
  store,
  clock,
  ids,
  journal,
}: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'journal'>) {
  function check(
    kind: RecipientKind,
    { safeguardsAttestedAt, purposes }: Partial<RecipientTermsRequest>,
  ): void {
    const errors = (purposes ?? []).flatMap((purpose, index) =>
      KINDS_OF_PURPOSE[purpose].includes(kind)
        ? []
        : [{ pointer: `/purposes/${index}`, code: 'not_for_this_kind' }],
    );
    if (safeguardsAttestedAt && safeguardsAttestedAt.getTime() > clock.now().getTime() + CLOCK_SKEW)
      errors.push({ pointer: '/safeguards_attested_at', code: 'in_the_future' });
    if (errors.length > 0) throw new AppError('invalid_field', { errors });
  }

  return {
    /** @returns its id. @throws AppError `invalid_field` where a purpose is not for its kind, or an attestation lies in the future */
    async register(
      tenantId: string,
      staff: Staff,
      request: RecipientRequest,
      complete: (tx: Repositories, id: string) => Promise<void>,
    ): Promise<string> {
      check(request.kind, request);
      const row: RecipientRow = {
        ...request,
        id: ids.next('recipient'),
        tenantId,
        createdAt: clock.now(),
        endedAt: null,
        rowVersion: 1,
      };
      await store.transaction(async (tx) => {
        await tx.recipients.insert(row);
        await journal.audit(tx, row, `staff:${staff.id}`, 'recipient.registered', {
          kind: row.kind,
          purposes: row.purposes,
        });
        await complete(tx, row.id);
      });
      return row.id;
    },

    /** Of the tenants of `staff`. @throws AppError `not_found` */
    async get(staff: Staff, id: string): Promise<RecipientRow> {
      const row = await store.read.recipients.find(id);
      if (!row || !staff.tenants.includes(row.tenantId)) throw new AppError('not_found');
      return row;
    },

    /**
     * Renews an agreement, attests safeguards anew, changes purposes, or ends it for good.
     *
     * @throws AppError `not_found`, `stale_version`, `invalid_field`, `invalid_state` where it has ended
     */
    async change(
      staff: Staff,
      id: string,
      patch: Partial<RecipientTermsRequest> & { readonly ended?: true },
      ifMatch: number | undefined,
    ): Promise<void> {
      await store.transaction(async (tx) => {
        const row = await tx.recipients.lock(id);
        if (!row || !staff.tenants.includes(row.tenantId)) throw new AppError('not_found');
        if (ifMatch !== undefined && row.rowVersion !== ifMatch) throw new AppError('stale_version');
        if (row.endedAt) throw new AppError('invalid_state');
        check(row.kind, patch);
        const { ended, ...terms } = patch;
        const now = clock.now();
        await tx.recipients.update(id, { ...terms, ...(ended && { endedAt: now }) });
        if (ended) await tx.retention.schedule(id, { audit: new Date(now.getTime() + KEPT.registers) });
        await journal.audit(tx, row, `staff:${staff.id}`, ended ? 'recipient.ended' : 'recipient.changed', {
          members: Object.keys(patch).sort(),
          ...(terms.purposes && { purposes: terms.purposes }),
        });
      });
    },
  };
}
