import { CHECKPOINT_TYPE, type CheckpointClaims } from '../domain/audit-checkpoint.js';
import { AppError } from '../domain/errors.js';
import { EMPTY_RANGE } from '../domain/merkle.js';
import { KEPT } from '../domain/retention.js';
import { auditTree, hex, leafOf, openCheckpoint, packRange, rangeOf } from './audit-tree.js';
import type { AppDeps, Settings } from './deps.js';
import type { CoveredEntry } from './ports/audit.js';
import type { Repositories } from './ports/store.js';
import { newestHolds, verifyAudit, type AuditReport } from './verify-audit.js';

/** Entries that one checkpoint adds at most: what a proof of inclusion has to read. */
const BATCH = 1000;

export interface AuditStatus {
  /** Whether the newest checkpoint, what it added, and the newest chain hold. `verify` looks at everything. */
  readonly ok: boolean;
  /** Root of the newest checkpoint, hex; `null` where there is none yet. */
  readonly head: string | null;
  /** Entries that the log has ever had. */
  readonly length: number;
}

/** That an entry is in a checkpoint's tree (RFC 9162, 2.1.3). */
export interface InclusionProof {
  readonly size: number;
  /** Hashes beside the way from the leaf to the root, lowest first, hex. */
  readonly path: readonly string[];
}

export interface AuditPage {
  readonly entries: readonly (CoveredEntry & { readonly proof: InclusionProof | null })[];
  /** The checkpoints that cover them, as compact JWS, where proofs were asked for. */
  readonly checkpoints: readonly { readonly number: number; readonly jws: string }[];
  readonly hasMore: boolean;
}

export interface AuditQuery {
  /** Without it the entries of all subjects, in the order of the log. */
  readonly subject?: string;
  /** `seq` of the last entry of the page before or, without a subject, its place in the log. */
  readonly after?: number;
  readonly limit: number;
  readonly withProofs: boolean;
}

export type AuditLog = ReturnType<typeof makeAuditLog>;

/**
 * The log over all audit chains, in the way of RFC 9162: every entry gets the next place, and signed checkpoints say what the log was.
 * Whoever has kept a checkpoint can show that something before it was changed, taken out or put in.
 */
export function makeAuditLog(
  deps: Pick<AppDeps, 'store' | 'clock' | 'signer'> & { readonly settings: Pick<Settings, 'publicBaseUrl'> },
) {
  const { store, clock, signer, settings } = deps;
  const source = { read: store.read, signer };

  /** Places and checkpoint stand or fall together. @throws AuditBroken where the newest checkpoint does not hold: nothing is built on it */
  async function addCheckpoint(tx: Repositories): Promise<number> {
    await tx.auditLog.lock();
    const now = clock.now();
    const entries = await tx.auditLog.unsequenced(BATCH);
    const last = entries.at(-1);
    if (!last) return 0;
    const newest = await tx.auditLog.newestCheckpoint();
    const before = newest && (await openCheckpoint(signer, newest));
    const first = before?.range.size ?? 0;
    const places = entries.map(({ subjectId, seq, hash }, offset) => ({
      subjectId,
      seq,
      logIndex: first + offset,
      hash: leafOf({ subjectId, seq, hash }),
    }));
    const range = auditTree.append(
      before?.range ?? EMPTY_RANGE,
      places.map(({ hash }) => hash),
    );
    // A full batch may have left entries behind: those are not earlier than its last.
    const upTo = entries.length < BATCH ? now : last.at;
    const atLeast = before ? new Date(before.claims.at) : upTo;
    const claims: CheckpointClaims = {
      iss: settings.publicBaseUrl,
      number: (before?.claims.number ?? 0) + 1,
      size: range.size,
      root: hex(auditTree.root(range)),
      at: (upTo > atLeast ? upTo : atLeast).toISOString(),
      previous: before?.digest ?? null,
    };
    const jws = await signer.sign(CHECKPOINT_TYPE, { ...claims });
    await tx.auditLog.sequence(places);
    await tx.auditLog.addCheckpoint({
      number: claims.number,
      size: claims.size,
      frontier: packRange(range),
      jws,
    });
    return entries.length;
  }

  /** Reads each checkpoint once, and of the log only what the checkpoint added. */
  async function prove(entries: readonly CoveredEntry[]): Promise<Omit<AuditPage, 'hasMore'>> {
    const { auditLog } = store.read;
    const numbers = new Set(entries.map(({ checkpoint }) => checkpoint).filter((number) => number !== null));
    const checkpoints = [];
    const proofs = new Map<number, (index: number) => InclusionProof>();
    for (const number of numbers) {
      const row = await auditLog.checkpoint(number);
      if (!row) continue;
      const previous = number > 1 ? await auditLog.checkpoint(number - 1) : null;
      const range = previous ? (await openCheckpoint(signer, previous)).range : EMPTY_RANGE;
      const leaves = await auditLog.leaves(range.size, row.size - range.size);
      const pathOf = auditTree.prover(
        range,
        leaves.map(({ hash }) => hash),
      );
      proofs.set(number, (index) => ({ size: row.size, path: pathOf(index).map(hex) }));
      checkpoints.push({ number, jws: row.jws });
    }
    return {
      checkpoints,
      entries: entries.map((entry) => ({
        ...entry,
        proof:
          entry.checkpoint === null || entry.logIndex === null
            ? null
            : (proofs.get(entry.checkpoint)?.(entry.logIndex) ?? null),
      })),
    };
  }

  return {
    /**
     * Gives every committed entry that has none a place in the log, and signs. Several may run at once: each waits for the one before.
     *
     * @returns how many entries got a place
     * @throws AuditBroken where the newest checkpoint does not hold
     */
    async checkpoint(): Promise<number> {
      for (let placed = 0; ;) {
        const count = await store.transaction(addCheckpoint);
        placed += count;
        if (count < BATCH) return placed;
      }
    },

    /** Goes through everything. @param known checkpoints (JWS) that somebody has kept */
    verify: (known: readonly string[] = []): Promise<AuditReport> => verifyAudit(source, clock.now(), known),

    /** How the newest end of it is, at a cost that does not grow. */
    async status(): Promise<AuditStatus> {
      const newest = await store.read.auditLog.newestCheckpoint();
      if (!newest) return { ok: true, head: null, length: 0 };
      const ok = await newestHolds(source, newest, clock.now());
      return { ok, head: hex(auditTree.root(rangeOf(newest))), length: newest.size };
    },

    /** Entries of a subject of these tenants or, in the order of the log, of all their subjects. @throws AppError `not_found` */
    async list(tenantIds: readonly string[], query: AuditQuery): Promise<AuditPage> {
      const { auditLog } = store.read;
      const { subject, after, limit, withProofs } = query;
      if (tenantIds.length === 0) throw new AppError('not_found');
      const rows =
        subject === undefined
          ? await auditLog.ofTenants(tenantIds, after === undefined ? 0 : after + 1, limit + 1)
          : await auditLog.ofSubject(subject, tenantIds, after ?? 0, limit + 1);
      if (subject !== undefined && after === undefined && rows.length === 0) throw new AppError('not_found');
      const page = rows.slice(0, limit);
      const proved = withProofs
        ? await prove(page)
        : { checkpoints: [], entries: page.map((entry) => ({ ...entry, proof: null })) };
      return { ...proved, hasMore: rows.length > limit };
    },

    /**
     * Deletes the chain of a subject whose time is over; its leaves stay. Only what a checkpoint covered that long ago may go: a verifier
     * takes anything younger that is missing for removed.
     *
     * @returns when to come again where it is too early, `null` where it is done
     */
    async purge(tx: Repositories, subjectId: string): Promise<Date | null> {
      const newest = (await tx.audit.list(subjectId)).at(-1);
      if (!newest) return null;
      const row = newest.logIndex === null ? null : await tx.auditLog.covering(newest.logIndex);
      const covered = row ? new Date((await openCheckpoint(signer, row)).claims.at) : clock.now();
      const due = new Date(covered.getTime() + KEPT.registers);
      if (due > clock.now()) return due;
      await tx.retention.purgeAudit(subjectId);
      return null;
    },
  };
}
