/** One thing that was done. Ids, codes and counts; never a personal datum. */
export interface AuditEntry {
  /** What it is about: a verification, a recipient, a hold, a request. Entries of one subject form a chain. */
  readonly subjectId: string;
  readonly tenantId: string;
  /** Place in the chain, from 1. */
  readonly seq: number;
  /** Never earlier than the entry before. */
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Hash of the entry before, hex; zeros for the first. */
  readonly previousHash: string;
  readonly hash: string;
}

export interface LoggedEntry extends AuditEntry {
  /** Place in the log over all chains, from 0; `null` until the sequencer has given it one. */
  readonly logIndex: number | null;
}

/** What the log keeps of an entry for good. */
export interface LeafRow {
  readonly logIndex: number;
  readonly hash: Uint8Array;
}

/** A signed state of the log. `jws` is what counts; the rest is there to be found and to go on from. */
export interface CheckpointRow {
  /** From 1. */
  readonly number: number;
  /** Leaves that it covers. */
  readonly size: number;
  /** Hashes of the perfect subtrees, one behind the other, largest first. */
  readonly frontier: Uint8Array;
  readonly jws: string;
}

/** The number of the first checkpoint that covers an entry; `null` while none does. */
export type CoveredEntry = LoggedEntry & { readonly checkpoint: number | null };

/** The chains of entries, and the log over all of them. Entries are written once and never changed; the log only grows. */
export interface AuditRepositories {
  readonly audit: {
    last(subjectId: string): Promise<Pick<AuditEntry, 'seq' | 'at' | 'hash'> | null>;
    insert(entry: AuditEntry): Promise<void>;
    /** A whole chain. */
    list(subjectId: string): Promise<readonly LoggedEntry[]>;
  };
  readonly auditLog: {
    /** Waits for another sequencer's transaction to end, and keeps others waiting until this one has. */
    lock(): Promise<void>;
    /** Committed entries without a place in the log, those of a chain in their order. Costs what it returns, not what there is. */
    unsequenced(limit: number): Promise<readonly AuditEntry[]>;
    /** Gives entries their places and keeps their leaves. Throws where one has a place already. */
    sequence(places: readonly (LeafRow & Pick<AuditEntry, 'subjectId' | 'seq'>)[]): Promise<void>;
    newestCheckpoint(): Promise<CheckpointRow | null>;
    checkpoint(number: number): Promise<CheckpointRow | null>;
    /** The first that covers a place. */
    covering(logIndex: number): Promise<CheckpointRow | null>;
    /** In their order; `null` for the very first on. */
    checkpoints(afterNumber: number | null, limit: number): Promise<readonly CheckpointRow[]>;
    addCheckpoint(row: CheckpointRow): Promise<void>;
    /** In their order, from an index on. */
    leaves(from: number, limit: number): Promise<readonly LeafRow[]>;
    /** Entries that have a place, in the order of the log, from an index on. */
    entries(from: number, limit: number): Promise<readonly LoggedEntry[]>;
    /** Entries in the order of their chains. */
    chains(
      after: Pick<AuditEntry, 'subjectId' | 'seq'> | null,
      limit: number,
    ): Promise<readonly LoggedEntry[]>;
    /** Of one moment: number of the newest checkpoint, and the end of leaves and of placed entries (highest index + 1). */
    ends(): Promise<{ checkpoint: number; leaves: number; entries: number }>;
    /** A subject's entries, if it belongs to one of the tenants. */
    ofSubject(
      subjectId: string,
      tenantIds: readonly string[],
      afterSeq: number,
      limit: number,
    ): Promise<readonly CoveredEntry[]>;
    /** Entries of tenants in the order of the log. */
    ofTenants(
      tenantIds: readonly string[],
      fromIndex: number,
      limit: number,
    ): Promise<readonly CoveredEntry[]>;
  };
}
