import { HOLD_LIMITS } from '../domain/legal-hold.js';
import { FORGET_WITHIN } from '../domain/retention.js';
import { periodKeyGoneBy } from '../domain/wrapping-keys.js';
import { isId } from '../domain/ids.js';
import type { AppDeps } from './deps.js';
import type { Tenants } from './ports/store.js';
import type { AuditLog, AuditStatus } from './audit-log.js';

const MOST = 100;
/** An end that the schedule names is overdue when the sweep has passed it by this long (milliseconds). */
const SWEEP_LATE = 24 * 3_600_000;

export const OVERDUE_KINDS = [
  'forgetting',
  'retention_end',
  'wrapping_key',
  'stuck_case',
  'hold_ends_soon',
] as const;
export type OverdueKind = (typeof OVERDUE_KINDS)[number];

export type Compliance = ReturnType<typeof makeCompliance>;

export interface ComplianceReport {
  /** Promises that are late, and holds that end soon: each by its kind and the id of what it is about. */
  readonly overdue: readonly {
    readonly kind: OverdueKind;
    readonly id: string;
    readonly dueAt: Date | null;
  }[];
  /** Objects in storage that no row knows of, by key: a random name, of which nobody can say whose it was. */
  readonly orphans: readonly string[];
  readonly audit: AuditStatus;
  readonly oldestOpenCase: { readonly verificationId: string; readonly openedAt: Date } | null;
}

/** Whether what is promised is kept, as far as the rows and the storage say. Lists are cut at a hundred. */
export function makeCompliance(
  deps: Pick<AppDeps, 'store' | 'clock' | 'keys' | 'blobs'> & {
    readonly auditLog: Pick<AuditLog, 'status'>;
    readonly findOrphans: (limit: number) => Promise<readonly string[]>;
  },
) {
  const { store, clock, keys, auditLog, findOrphans } = deps;

  /** Reads by due times; nothing of it grows with what is merely kept. */
  async function findOverdue(tenants: Tenants): Promise<ComplianceReport['overdue']> {
    const now = clock.now();
    const { read } = store;
    const overdue: ComplianceReport['overdue'][number][] = [];
    for (const v of await read.verifications.redactionDue(now, MOST, tenants))
      overdue.push({ kind: 'forgetting', id: v.id, dueAt: v.redactionDueAt });
    for (const id of await read.retention.overdue(new Date(now.getTime() - SWEEP_LATE), MOST, tenants))
      overdue.push({ kind: 'retention_end', id, dueAt: null });
    for (const key of await read.wrappingKeys.due(now, MOST, tenants)) {
      const by = isId('legalHold', key.id)
        ? new Date((key.dueAt ?? now).getTime() + FORGET_WITHIN + keys.destructionDelay)
        : periodKeyGoneBy(key.id, keys.destructionDelay);
      if (by < now) overdue.push({ kind: 'wrapping_key', id: key.id, dueAt: by });
    }
    for (const id of await read.tasks.stuck(MOST, tenants))
      overdue.push({ kind: 'stuck_case', id, dueAt: null });
    const soon = new Date(now.getTime() + HOLD_LIMITS.warning);
    for (const hold of await read.holds.endingBefore(tenants, soon, MOST))
      overdue.push({ kind: 'hold_ends_soon', id: hold.id, dueAt: hold.endsAt });
    return overdue;
  }

  return {
    findOverdue,
    async report(tenants: Tenants): Promise<ComplianceReport> {
      return {
        overdue: await findOverdue(tenants),
        orphans: await findOrphans(MOST),
        audit: await auditLog.status(),
        oldestOpenCase: await store.read.verifications.oldestOpen(tenants),
      };
    },
  };
}
