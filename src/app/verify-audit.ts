import { EMPTY_RANGE, type CompactRange } from '../domain/merkle.js';
import { KEPT } from '../domain/retention.js';
import {
  AuditBroken,
  auditTree,
  digestOf,
  hex,
  leafOf,
  openCheckpoint,
  readSigned,
  type AuditFault,
} from './audit-tree.js';
import { firstBrokenLink, followsInChain } from './journal.js';
import type { CheckpointRow, LoggedEntry } from './ports/audit.js';
import type { Signer } from './ports/signer.js';
import type { Repositories } from './ports/store.js';

/** Rows in memory at a time. */
const PAGE = 1000;
/**
 * An entry that reaches the log later than this behind its own time claims a past that it has not had (milliseconds). No transaction of ours
 * lasts minutes, and machines' clocks agree better than that.
 */
const LATE = 3_600_000;

export interface AuditReport {
  readonly ok: boolean;
  readonly subjects: number;
  readonly entries: number;
  readonly checkpoints: number;
  /** Leaves under the newest checkpoint, and its root. */
  readonly length: number;
  readonly head: string | null;
  /** The first thing that is wrong. */
  readonly fault: AuditFault | null;
}

/** How far the log was followed. */
interface Position {
  readonly number: number;
  readonly digest: string | null;
  readonly at: Date | null;
  readonly range: CompactRange;
}
const START: Position = { number: 0, digest: null, at: null, range: EMPTY_RANGE };

interface Source {
  readonly read: Pick<Repositories, 'audit' | 'auditLog'>;
  readonly signer: Pick<Signer, 'verify'>;
}

/** Entries that a checkpoint before this time covers may have been deleted: they were kept as long as is promised. */
const keptSince = (now: Date) => new Date(now.getTime() - KEPT.registers);

/**
 * Goes through everything: each chain, each leaf, each checkpoint. Memory stays the same however much there is.
 *
 * @param known checkpoints (JWS) that somebody has kept outside: only they show that the end was cut off together with its checkpoints
 */
export async function verifyAudit(
  source: Source,
  now: Date,
  known: readonly string[] = [],
): Promise<AuditReport> {
  const counts = { subjects: 0, entries: 0 };
  let position = START;
  const report = (fault: AuditFault | null): AuditReport => ({
    ok: fault === null,
    ...counts,
    checkpoints: position.number,
    length: position.range.size,
    head: position.number === 0 ? null : hex(auditTree.root(position.range)),
    fault,
  });
  try {
    await verifyChains(source, counts);
    for (;;) {
      for (const row of await source.read.auditLog.checkpoints(position.number || null, PAGE))
        position = await follow(source, position, row, keptSince(now));
      const ends = await source.read.auditLog.ends();
      if (ends.checkpoint > position.number) continue;
      refuseTail(ends, position);
      break;
    }
    for (const jws of known) await recognise(source, jws);
    return report(null);
  } catch (error) {
    if (error instanceof AuditBroken) return report(error.fault);
    throw error;
  }
}

/** Whether the newest checkpoint, what it added, and the chain of the newest entry hold. Costs the same however long the log is. */
export async function newestHolds(source: Source, newest: CheckpointRow, now: Date): Promise<boolean> {
  const { audit, auditLog } = source.read;
  try {
    const previous = await auditLog.checkpoint(newest.number - 1);
    const { claims, range, digest } = previous
      ? await openCheckpoint(source.signer, previous)
      : { claims: null, range: START.range, digest: null };
    const before = {
      number: newest.number - 1,
      range,
      digest,
      at: claims && new Date(claims.at),
    };
    const position = await follow(source, before, newest, keptSince(now));
    const ends = await auditLog.ends();
    // Another may have been added meanwhile: that one was made over this.
    if (ends.checkpoint === position.number) refuseTail(ends, position);
    const [entry] = await auditLog.entries(newest.size - 1, 1);
    return entry === undefined || firstBrokenLink(await audit.list(entry.subjectId)) === null;
  } catch (error) {
    if (error instanceof AuditBroken) return false;
    throw error;
  }
}

async function verifyChains(
  { read, signer }: Source,
  counts: { subjects: number; entries: number },
): Promise<void> {
  const newest = await read.auditLog.newestCheckpoint();
  const logged = newest && new Date((await openCheckpoint(signer, newest)).claims.at);
  let before: LoggedEntry | null = null;
  for (;;) {
    const page: readonly LoggedEntry[] = await read.auditLog.chains(before, PAGE);
    for (const entry of page) {
      const isFirst: boolean = before?.subjectId !== entry.subjectId;
      if (!followsInChain(entry, isFirst ? null : before)) throw brokenAt(entry, 'chain_broken');
      if (entry.logIndex === null && isLate(entry, logged)) throw brokenAt(entry, 'entry_backdated');
      // The log is read from its first place on.
      if (entry.logIndex !== null && entry.logIndex < 0) throw brokenAt(entry, 'entry_changed');
      if (isFirst) counts.subjects++;
      counts.entries++;
      before = entry;
    }
    if (page.length < PAGE) return;
  }
}

/** Goes on by one checkpoint. @throws AuditBroken */
async function follow(
  { read, signer }: Source,
  before: Position,
  row: CheckpointRow,
  kept: Date,
): Promise<Position> {
  const number = before.number + 1;
  if (row.number !== number) throw new AuditBroken({ code: 'checkpoint_missing', checkpoint: number });
  const { claims, digest } = await openCheckpoint(signer, row);
  const at = new Date(claims.at);
  if (claims.previous !== before.digest || claims.size <= before.range.size || (before.at && at < before.at))
    throw new AuditBroken({ code: 'checkpoint_forged', checkpoint: number });

  let { range } = before;
  while (range.size < claims.size) {
    const count = Math.min(PAGE, claims.size - range.size);
    const from = range.size;
    const leaves = await read.auditLog.leaves(from, count);
    const gap = leaves.findIndex(({ logIndex }, offset) => logIndex !== from + offset);
    if (gap >= 0 || leaves.length < count)
      throw new AuditBroken({
        code: 'leaf_missing',
        checkpoint: number,
        logIndex: from + (gap >= 0 ? gap : leaves.length),
      });
    const present = new Set<number>();
    for (const entry of await read.auditLog.entries(from, count)) {
      const leaf = leaves[(entry.logIndex ?? from) - from];
      if (!leaf) break;
      // Every entry is held against its leaf, so that none can stand where another has its place.
      if (hex(leafOf(entry)) !== hex(leaf.hash)) throw brokenAt(entry, 'entry_changed');
      if (isLate(entry, before.at)) throw brokenAt(entry, 'entry_backdated');
      present.add(leaf.logIndex);
    }
    const missing = leaves.find(({ logIndex }) => !present.has(logIndex));
    if (missing && at > kept)
      throw new AuditBroken({ code: 'entry_missing', checkpoint: number, logIndex: missing.logIndex });
    range = auditTree.append(
      range,
      leaves.map(({ hash }) => hash),
    );
  }
  if (hex(auditTree.root(range)) !== claims.root)
    throw new AuditBroken({ code: 'root_wrong', checkpoint: number });
  return { number, digest, at, range };
}

/** Places come with a checkpoint, in one transaction: nothing stands behind the newest. */
function refuseTail(ends: { leaves: number; entries: number }, { range, number }: Position): void {
  const end = Math.max(ends.leaves, ends.entries);
  if (end > range.size)
    throw new AuditBroken({ code: 'log_extended', checkpoint: number, logIndex: range.size });
}

/** A checkpoint from outside is one of ours, to the letter. */
async function recognise({ read, signer }: Source, jws: string): Promise<void> {
  const { number } = await readSigned(signer, jws);
  const row = await read.auditLog.checkpoint(number);
  if (!row) throw new AuditBroken({ code: 'checkpoint_missing', checkpoint: number });
  if (digestOf(row.jws) !== digestOf(jws))
    throw new AuditBroken({ code: 'checkpoint_forged', checkpoint: number });
}

/** Whether a checkpoint of that time should have had the entry. */
const isLate = ({ at }: LoggedEntry, checkpointAt: Date | null) =>
  checkpointAt !== null && at.getTime() < checkpointAt.getTime() - LATE;

const brokenAt = ({ subjectId, seq }: LoggedEntry, code: AuditFault['code']) =>
  new AuditBroken({ code, subject: subjectId, seq });
