import { createHash } from 'node:crypto';
import { CHECKPOINT_TYPE, readCheckpoint, type CheckpointClaims } from '../domain/audit-checkpoint.js';
import { isWhole, makeMerkleTree, type CompactRange } from '../domain/merkle.js';
import { canonicalJson } from './journal.js';
import type { AuditEntry, CheckpointRow } from './ports/audit.js';
import type { Signer } from './ports/signer.js';

const HASH = 32;

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The tree over all entries, with SHA-256. */
export const auditTree = makeMerkleTree(sha256);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The leaf of an entry: over its ids and its hash, which covers all the rest. */
export const leafOf = ({
  subjectId,
  seq,
  hash,
}: Pick<AuditEntry, 'subjectId' | 'seq' | 'hash'>): Uint8Array =>
  auditTree.leaf(Buffer.from(canonicalJson({ hash, seq, subject: subjectId })));

/** What the next checkpoint says of this one: SHA-256 of its JWS, hex. */
export const digestOf = (jws: string): string => hex(sha256(Buffer.from(jws)));

export const packRange = ({ roots }: CompactRange): Uint8Array => Buffer.concat(roots);
/** The tree as a checkpoint's row has it. */
export const rangeOf = ({ size, frontier }: Pick<CheckpointRow, 'size' | 'frontier'>): CompactRange => ({
  size,
  roots: Array.from({ length: frontier.length / HASH }, (_, at) =>
    frontier.subarray(at * HASH, (at + 1) * HASH),
  ),
});

/** What is wrong in the audit log, and where. */
export interface AuditFault {
  readonly code:
    | 'chain_broken'
    | 'entry_changed'
    | 'entry_missing'
    | 'entry_backdated'
    | 'leaf_missing'
    | 'log_extended'
    | 'checkpoint_forged'
    | 'checkpoint_missing'
    | 'root_wrong';
  readonly subject?: string;
  readonly seq?: number;
  readonly checkpoint?: number;
  readonly logIndex?: number;
}

/** The audit log is not what it was. */
export class AuditBroken extends Error {
  constructor(readonly fault: AuditFault) {
    super('audit_log_broken');
    this.name = 'AuditBroken';
  }
}

/** A checkpoint that was found genuine, and the tree as it stood then. */
export interface OpenCheckpoint {
  readonly claims: CheckpointClaims;
  readonly range: CompactRange;
  readonly digest: string;
}

/**
 * Reads a checkpoint: signature, and that the row beside it says the same.
 *
 * @throws AuditBroken `checkpoint_forged` or `root_wrong`; what the signer throws where there are no keys
 */
export async function openCheckpoint(
  signer: Pick<Signer, 'verify'>,
  row: CheckpointRow,
): Promise<OpenCheckpoint> {
  const claims = await readSigned(signer, row.jws, row.number);
  if (claims.number !== row.number || claims.size !== row.size)
    throw new AuditBroken({ code: 'checkpoint_forged', checkpoint: row.number });
  const range = rangeOf(row);
  if (!isWhole(range) || hex(auditTree.root(range)) !== claims.root)
    throw new AuditBroken({ code: 'root_wrong', checkpoint: row.number });
  return { claims, range, digest: digestOf(row.jws) };
}

/** The claims of a checkpoint's JWS. @throws AuditBroken `checkpoint_forged` */
export async function readSigned(
  signer: Pick<Signer, 'verify'>,
  jws: string,
  number?: number,
): Promise<CheckpointClaims> {
  const forged = new AuditBroken({
    code: 'checkpoint_forged',
    ...(number === undefined ? {} : { checkpoint: number }),
  });
  let payload;
  try {
    payload = await signer.verify(CHECKPOINT_TYPE, jws);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'keys_unavailable') throw error;
    throw forged;
  }
  const claims = readCheckpoint(payload);
  if (!claims) throw forged;
  return claims;
}
