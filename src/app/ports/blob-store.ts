/** What a store says of one object. */
export interface BlobStat {
  readonly size: number;
}

/**
 * Opaque bytes under opaque keys (`[a-z0-9/_-]+`). Knows nothing of encryption: what it is given is already sealed.
 * Every method may throw StorageError (`storage_unavailable`).
 */
export interface BlobStore {
  /** Durable once resolved. Overwrites. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or `null` where there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
  stat(key: string): Promise<BlobStat | null>;
  /** Removes the object and every version and delete marker of it; fine where there is none. */
  erase(key: string): Promise<void>;
  /** Confirms that neither the object nor any version of it is left. */
  isAbsent(key: string): Promise<boolean>;
  /** Keys under a prefix with their age's origin, in pages, for finding orphans. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly modifiedAt: Date }>;
  /** Resolves when the store answers; throws StorageError otherwise. */
  check(): Promise<void>;
}
