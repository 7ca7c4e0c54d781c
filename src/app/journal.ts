import { createHash } from 'node:crypto';
import { presentReason } from '../domain/reasons.js';
import { eligibility, refund, type Verification } from '../domain/verification.js';
import type { VerificationEvent } from '../domain/webhooks.js';
import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';
import type { AuditEntry } from './ports/audit.js';
import type { Repositories } from './ports/store.js';

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

/** SHA-256 over the entry, the hash of the one before it among what it says, hex. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { subjectId, tenantId, seq, at, actor, action, detail, previousHash } = entry;
  const said = { subjectId, tenantId, seq, at: at.toISOString(), actor, action, detail, previousHash };
  return createHash('sha256').update(canonicalJson(said)).digest('hex');
}

/** Whether an entry is what its hash says, and follows the one before it in its chain (`null`: it is the first). */
export function followsInChain(
  entry: AuditEntry,
  before: Pick<AuditEntry, 'seq' | 'at' | 'hash'> | null,
): boolean {
  return (
    entry.seq === (before?.seq ?? 0) + 1 &&
    entry.previousHash === (before?.hash ?? GENESIS) &&
    (before === null || entry.at >= before.at) &&
    entry.hash === auditHash(entry)
  );
}

/** The first entry whose link or hash is wrong (its `seq`), or `null` when the chain of one subject holds. */
export function firstBrokenLink(entries: readonly AuditEntry[]): number | null {
  let before: AuditEntry | null = null;
  for (const entry of entries) {
    if (!followsInChain(entry, before)) return entry.seq;
    before = entry;
  }
  return null;
}

export type Journal = ReturnType<typeof makeJournal>;

/**
 * Writes what happened: the audit chain of a subject, the events for the outside, the progress for the learner's browser.
 * Call with the subject's row locked, or two entries could take the same place.
 */
export function makeJournal({ clock, ids }: { clock: Clock; ids: Ids }) {
  return {
    /** @param detail codes, ids, counts; never a name, a date of birth or text that was read */
    async audit(
      tx: Repositories,
      subject: { readonly id: string; readonly tenantId: string },
      actor: Actor,
      action: string,
      detail: Readonly<Record<string, unknown>> = {},
    ): Promise<void> {
      const last = await tx.audit.last(subject.id);
      const now = clock.now();
      const entry = {
        subjectId: subject.id,
        tenantId: subject.tenantId,
        seq: (last?.seq ?? 0) + 1,
        // Clocks of several machines differ a little; a chain never goes back in time.
        at: last && last.at > now ? last.at : now,
        actor,
        action,
        detail,
        previousHash: last?.hash ?? GENESIS,
      };
      await tx.audit.insert({ ...entry, hash: auditHash(entry) });
    },

    /** Emits `verification.<name>` and counts it. Returns the row with its new sequence. */
    async emit(tx: Repositories, verification: Verification, name: VerificationEvent): Promise<Verification> {
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
