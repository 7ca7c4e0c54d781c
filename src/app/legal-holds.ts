import { AppError } from '../domain/errors.js';
import {
  combinedNotice,
  HOLD_LIMITS,
  LIVE_HOLDS,
  type HoldNotice,
  type HoldStatus,
} from '../domain/legal-hold.js';
import { KEPT } from '../domain/retention.js';
import { isOpen } from '../domain/state-machine.js';
import type { Verification } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import { scheduleForgetting } from './erase-person.js';
import type { Actor } from './journal.js';
import { letGoBlob } from './let-go.js';
import type { HoldTarget, LegalHoldRow } from './ports/forgetting.js';
import type { Page, Repositories } from './ports/store.js';
import { requireVersion } from './require-version.js';
import type { Staff } from './review.js';

export interface HoldRequest {
  /** One of the two. */
  readonly verificationId: string | null;
  readonly learnerRef: string | null;
  readonly authority: string;
  readonly reference: string;
  readonly expiresAt: Date;
  readonly notice: HoldNotice;
}

export interface HoldView {
  readonly hold: LegalHoldRow;
  readonly targets: readonly HoldTarget[];
}

const isLive = (status: HoldStatus) => (LIVE_HOLDS as readonly HoldStatus[]).includes(status);

/** A learner under a hold who begins anew: that verification is under the hold as well. Call with the learner locked. */
export async function protectByHolds(tx: Repositories, v: Verification): Promise<void> {
  const holds = await tx.holds.onLearner(v.tenantId, [v.learnerRef]);
  for (const hold of holds) await addTarget(tx, hold, v, 'preserved');
  if (holds.length > 0) await tx.holds.mark(v.id, combinedNotice(holds.map(({ notice }) => notice)));
}

const addTarget = (tx: Repositories, hold: LegalHoldRow, v: Verification, content: HoldTarget['content']) =>
  tx.holds.addTarget({ holdId: hold.id, verificationId: v.id, learnerRef: v.learnerRef, content });

/**
 * Legal holds: from the moment one is asked for, nothing that it covers is deleted, by whatever way. Without a second person's approval it
 * lapses. When it ends, what it kept is deleted as it would have been, and its key with it (`destroy-keys.ts`).
 */
export function makeLegalHolds(deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'journal' | 'pseudonymiser'>) {
  const { store, clock, ids, journal, pseudonymiser } = deps;

  async function find(repos: Repositories, staff: Staff, id: string): Promise<LegalHoldRow> {
    const hold = await repos.holds.find(id);
    if (!hold || !staff.tenants.includes(hold.tenantId)) throw new AppError('not_found');
    return hold;
  }

  const view = async (repos: Repositories, hold: LegalHoldRow): Promise<HoldView> => ({
    hold,
    targets: await repos.holds.targets(hold.id),
  });

  /** Verifications that a hold covers, test and live alike; those of a person who was erased stand under the pseudonym. */
  async function covered(
    tx: Repositories,
    tenantId: string,
    request: HoldRequest,
  ): Promise<readonly string[]> {
    if (request.verificationId !== null) {
      const v = await tx.verifications.findById(request.verificationId);
      return v?.tenantId === tenantId ? [v.id] : [];
    }
    const learnerRef = request.learnerRef ?? '';
    const found: string[] = [];
    for (const livemode of [false, true]) {
      const scope = { tenantId, livemode };
      await tx.verifications.lockLearner(scope, learnerRef);
      for (const reference of [learnerRef, pseudonymiser.pseudonym(tenantId, learnerRef)])
        found.push(...(await tx.verifications.ofLearner(scope, reference)).map(({ id }) => id));
    }
    // Locks are taken in one order everywhere.
    return found.sort();
  }

  async function end(
    tx: Repositories,
    hold: LegalHoldRow,
    status: HoldStatus,
    actor: Actor,
  ): Promise<LegalHoldRow> {
    const now = clock.now();
    const ended = await tx.holds.update(hold.id, {
      status,
      endedBy: actor,
      endedAt: now,
    });
    for (const { verificationId } of await tx.holds.targets(hold.id)) {
      const v = await tx.verifications.lock(verificationId);
      if (!v) continue;
      const left = combinedNotice((await tx.holds.onVerification(v.id)).map(({ notice }) => notice));
      await tx.holds.mark(v.id, left);
      await journal.audit(tx, v, actor, `hold.${status}`, { hold: hold.id });
      if (left === null) await resume(tx, { ...v, hold: null });
    }
    await tx.holds.forgetLearner(hold.id);
    await tx.wrappingKeys.setDue(hold.id, now);
    await journal.audit(tx, hold, actor, `hold.${status}`);
    const kept = new Date(now.getTime() + KEPT.registers);
    await tx.retention.schedule(hold.id, { legal_hold: kept, audit: kept });
    return { ...ended, learnerRef: null };
  }

  /** Nothing holds it any more: what was kept aside goes, and a forgetting that was due goes on. */
  async function resume(tx: Repositories, v: Verification): Promise<void> {
    if (v.redactionStatus === 'held') return scheduleForgetting(tx, ids, v, clock.now());
    if (!isOpen(v.status)) return;
    for (const blob of await tx.blobs.all(v.id, v.epoch))
      if (blob.state === 'retained') await letGoBlob(tx, ids, v, blob, clock.now());
    await tx.fields.removeRetained(v.id, v.epoch);
  }

  return {
    /** @throws AppError `invalid_field` for an end that is past or too far away; `not_found` where there is nothing to hold */
    async place(
      staff: Staff,
      tenantId: string,
      request: HoldRequest,
      complete: (tx: Repositories, id: string) => Promise<void> = () => Promise.resolve(),
    ): Promise<string> {
      const now = clock.now();
      const ahead = request.expiresAt.getTime() - now.getTime();
      if (ahead <= 0 || ahead > HOLD_LIMITS.longest)
        throw new AppError('invalid_field', {
          detail: 'A hold ends in the future, and within two years.',
          errors: [{ pointer: '/expires_at', code: 'invalid_range' }],
        });
      const actor: Actor = `staff:${staff.id}`;
      const { expiresAt } = request;
      const pendingUntil = new Date(now.getTime() + HOLD_LIMITS.pending);
      return store.transaction(async (tx) => {
        const covers = await covered(tx, tenantId, request);
        if (covers.length === 0) throw new AppError('not_found');
        const hold: LegalHoldRow = {
          id: ids.next('legalHold'),
          tenantId,
          ...request,
          status: 'pending_approval',
          requestedBy: staff.id,
          requestedAt: now,
          endsAt: pendingUntil < expiresAt ? pendingUntil : expiresAt,
          approvedBy: null,
          approvedAt: null,
          endedBy: null,
          endedAt: null,
          rowVersion: 1,
        };
        await tx.holds.insert(hold);
        for (const id of covers) {
          const v = await tx.verifications.lock(id);
          if (!v) continue;
          const key = await tx.dataKeys.find(v.id, v.epoch);
          await addTarget(tx, hold, v, key ? 'preserved' : 'already_erased');
          const notices = (await tx.holds.onVerification(v.id)).map(({ notice }) => notice);
          await tx.holds.mark(v.id, combinedNotice(notices));
          await journal.audit(tx, v, actor, 'hold.requested', { hold: hold.id, notice: hold.notice });
        }
        await journal.audit(tx, hold, actor, 'hold.requested', {
          targets: covers.length,
          notice: hold.notice,
        });
        await complete(tx, hold.id);
        return hold.id;
      });
    },

    /** By another person than the one who asked. @throws AppError `second_person_required`, `invalid_state` */
    async approve(staff: Staff, id: string, ifMatch?: number): Promise<HoldView> {
      return store.transaction(async (tx) => {
        await find(tx, staff, id);
        const hold = await tx.holds.lock(id);
        if (!hold || hold.status !== 'pending_approval' || hold.endsAt <= clock.now())
          throw new AppError('invalid_state');
        requireVersion(hold, ifMatch);
        if (hold.requestedBy === staff.id) throw new AppError('second_person_required');
        const approved = await tx.holds.update(id, {
          status: 'active',
          approvedBy: staff.id,
          approvedAt: clock.now(),
          endsAt: hold.expiresAt,
        });
        await journal.audit(tx, hold, `staff:${staff.id}`, 'hold.approved');
        return view(tx, approved);
      });
    },

    async release(staff: Staff, id: string, ifMatch?: number): Promise<HoldView> {
      return store.transaction(async (tx) => {
        await find(tx, staff, id);
        const hold = await tx.holds.lock(id);
        if (!hold || !isLive(hold.status)) throw new AppError('invalid_state');
        requireVersion(hold, ifMatch);
        return view(tx, await end(tx, hold, 'released', `staff:${staff.id}`));
      });
    },

    async get(staff: Staff, id: string): Promise<HoldView> {
      return view(store.read, await find(store.read, staff, id));
    },

    async list(tenantIds: readonly string[], filter: { readonly live?: boolean }, page: Page) {
      if (tenantIds.length === 0) return [];
      const holds = await store.read.holds.list(tenantIds, filter, page);
      return Promise.all(holds.map((hold) => view(store.read, hold)));
    },

    /** Ends a hold whose time is over; nothing where somebody was quicker. */
    async endOverdue(id: string): Promise<void> {
      await store.transaction(async (tx) => {
        const hold = await tx.holds.lock(id);
        if (!hold || !isLive(hold.status) || hold.endsAt > clock.now()) return;
        await end(tx, hold, hold.status === 'active' ? 'expired' : 'lapsed', 'system');
      });
    },
  };
}
