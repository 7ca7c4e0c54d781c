/** What a wrapped data key is bound to; a wrapping opens only under the same binding. */
export interface KeyBinding {
  readonly tenantId: string;
  readonly verificationId: string;
  readonly epoch: number;
}

/**
 * Wraps data keys with keys that can be destroyed: one a day (`YYYY-MM-DD`), and one for each legal hold (its id, `hld_…`). Destroying a
 * key makes every copy of what it wrapped, also in write-ahead logs and backups, unreadable. A key that was destroyed never comes back:
 * its id wraps nothing again.
 *
 * Every method throws KeyError `keys_unavailable` where the provider does not answer, and `key_rejected` for an id of neither form.
 */
export interface KeyProvider {
  /**
   * Milliseconds between `destroy` and the moment when nobody can undo it: 0 where the key is gone at once, the waiting time of a key
   * management service otherwise. Published bounds have it added.
   */
  readonly destructionDelay: number;
  /** A new random 32-byte data key and its wrapping. Creates the wrapping key if need be. @throws KeyError `key_destroyed` */
  generateDataKey(keyId: string, binding: KeyBinding): Promise<{ key: Uint8Array; wrapped: Uint8Array }>;
  /** Wraps a data key anew, under another key. Creates the wrapping key if need be. @throws KeyError `key_destroyed` */
  wrap(keyId: string, key: Uint8Array, binding: KeyBinding): Promise<Uint8Array>;
  /** @throws KeyError `key_destroyed` when the wrapping key is gone, `key_rejected` when the wrapping or its binding is not right */
  unwrap(keyId: string, wrapped: Uint8Array, binding: KeyBinding): Promise<Uint8Array>;
  /** Has a wrapping key destroyed: it opens nothing from now on, and after `destructionDelay` for good. Fine where there is none. */
  destroy(keyId: string): Promise<void>;
  /** Whether the key is gone for good; also where there never was one. */
  isDestroyed(keyId: string): Promise<boolean>;
  /** Ids of the wrapping keys that still exist, in order. */
  keyIds(): Promise<readonly string[]>;
  /** Resolves when the provider answers. */
  check(): Promise<void>;
}
