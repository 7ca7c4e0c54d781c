import { createHash } from 'node:crypto';
import { presentReason } from '../domain/reasons.js';
import { eligibility, refund, type Verification } from '../domain/verification.js';
import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';
import type { AuditEntry, Repositories } from './ports/store.js';

/** Who did something, in the audit trail: ids and roles, never a name. */
export type Actor = 'learner' | 'engine' | 'system' | `api_key:${string}` | `staff:${string}`;

const GENESIS = '0'.repeat(64);

/** JSON with sorted keys, so that the same entry always hashes the same. Plain JSON values only. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 over the entry and the hash before it, hex. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...entry, at: entry.at.toISOString() }))
    .digest('hex');
}

/** The first entry whose link or hash is wrong (its `seq`), or `null` when the chain of one verification holds. */
export function firstBrokenLink(entries: readonly AuditEntry[]): number | null {
  let previousHash = GENESIS;
  for (const [index, entry] of entries.entries()) {
    const { verificationId, seq, at, actor, action, detail } = entry;
    const hash = auditHash({ verificationId, seq, at, actor, action, detail, previousHash });
    if (seq !== index + 1 || entry.previousHash !== previousHash || entry.hash !== hash) return seq;
    previousHash = entry.hash;
  }
  return null;
}

export type Journal = ReturnType<typeof makeJournal>;

/**
 * Writes what happened: the audit chain of a verification, the events for the outside, the progress for the learner's browser.
 * Call with the verification's row locked, or two entries could take the same place.
 */
export function makeJournal({ clock, ids }: { clock: Clock; ids: Ids }) {
  return {
    /** @param detail codes, ids, counts; never a name, a date of birth or text that was read */
    async audit(
      tx: Repositories,
      verification: Pick<Verification, 'id' | 'tenantId'>,
      actor: Actor,
      action: string,
      detail: Readonly<Record<string, unknown>> = {},
    ): Promise<void> {
      const last = await tx.audit.last(verification.id);
      const entry = {
        verificationId: verification.id,
        seq: (last?.seq ?? 0) + 1,
        at: clock.now(),
        actor,
        action,
        detail,
        previousHash: last?.hash ?? GENESIS,
      };
      await tx.audit.insert(verification.tenantId, { ...entry, hash: auditHash(entry) });
    },

    /** Emits `verification.<name>` and counts it. Returns the row with its new sequence. */
    async emit(tx: Repositories, verification: Verification, name: string): Promise<Verification> {
      const counted = await tx.verifications.update(verification.id, { sequence: verification.sequence + 1 });
      const now = clock.now();
      await tx.events.insert({
        id: ids.next('event'),
        tenantId: counted.tenantId,
        livemode: counted.livemode,
        verificationId: counted.id,
        sequence: counted.sequence,
        type: `verification.${name}`,
        payload: {
          id: counted.id,
          sequence: counted.sequence,
          status: counted.status,
          reasons: counted.reasons.map((reason) => presentReason(reason, 'staff').code),
          purchase: { eligible: eligibility(counted, now).eligible, refund: refund(counted) },
        },
        createdAt: now,
      });
      return counted;
    },
  };
}
