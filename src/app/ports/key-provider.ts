/** What a wrapped data key is bound to; a wrapping opens only under the same binding. */
export interface KeyBinding {
  readonly tenantId: string;
  readonly verificationId: string;
  readonly epoch: number;
}

/**
 * Wraps data keys with the key of a period (a day, `YYYY-MM-DD`). Destroying a period key makes every copy of what it wrapped,
 * also in write-ahead logs and backups, unreadable.
 */
export interface KeyProvider {
  /** A new random 32-byte data key and its wrapping. Creates the period key if need be. */
  generateDataKey(periodId: string, binding: KeyBinding): Promise<{ key: Uint8Array; wrapped: Uint8Array }>;
  /** @throws KeyError `key_destroyed` when the period key is gone, `key_rejected` when the wrapping or its binding is not right */
  unwrap(periodId: string, wrapped: Uint8Array, binding: KeyBinding): Promise<Uint8Array>;
  /** Destroys a period key for good; fine where there is none. */
  destroyPeriod(periodId: string): Promise<void>;
  /** Ids of the periods whose key still exists, oldest first. */
  periods(): Promise<readonly string[]>;
  /** Resolves when the provider answers; throws KeyError `keys_unavailable` otherwise. */
  check(): Promise<void>;
}
