import type { AuditLog, AuditPage } from '../../app/audit-log.js';
import { AppError } from '../../domain/errors.js';
import type { Handlers } from '../operation.js';
import { encodeCursor } from '../cursor.js';

/** The position of the last entry of the page before: its `seq`, or its place in the log. */
function decodePosition(cursor: string | undefined): { after?: number } {
  if (cursor === undefined) return {};
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^\d{1,15}$/.test(position))
    throw new AppError('invalid_field', { errors: [{ pointer: 'cursor', code: 'invalid_cursor' }] });
  return { after: Number(position) };
}

const presentEntry = (entry: AuditPage['entries'][number], withProof: boolean) => ({
  subject: entry.subjectId,
  tenant: entry.tenantId,
  seq: entry.seq,
  at: entry.at.toISOString(),
  actor: entry.actor,
  action: entry.action,
  detail: entry.detail,
  hash: entry.hash,
  previous_hash: entry.previousHash,
  log_index: entry.logIndex,
  checkpoint: entry.checkpoint,
  ...(withProof ? { proof: entry.proof } : {}),
});

export function makeAuditRoutes({ auditLog }: { readonly auditLog: AuditLog }): Pick<Handlers, 'listAudit'> {
  return {
    listAudit: async ({ query, principal }) => {
      if (principal.kind !== 'operatorJwt') throw new AppError('forbidden');
      const { subject, limit = 20, proof: withProofs = false } = query;
      const { entries, checkpoints, hasMore } = await auditLog.list(principal.staff.tenants, {
        ...(subject === undefined ? {} : { subject }),
        ...decodePosition(query.cursor),
        limit,
        withProofs,
      });
      const last = hasMore ? entries.at(-1) : undefined;
      const position = subject === undefined ? last?.logIndex : last?.seq;
      return {
        status: 200,
        body: {
          data: entries.map((entry) => presentEntry(entry, withProofs)),
          next_cursor: typeof position === 'number' ? encodeCursor(String(position)) : null,
          ...(withProofs ? { checkpoints } : {}),
        },
      };
    },
  };
}
