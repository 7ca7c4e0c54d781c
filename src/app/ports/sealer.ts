/** The place a sealed value belongs to: bound as associated data, so that storage cannot swap one for another. */
export interface SealContext {
  readonly tenantId: string;
  readonly verificationId: string;
  readonly epoch: number;
  /** `blob:<slot>` for an image, `field:<table>.<column>` for a field. */
  readonly purpose: string;
  /** Random id of the blob, or row id of the field. */
  readonly recordId: string;
}

/**
 * AES-256-GCM under a subkey of the data key: HKDF-SHA-256(dataKey, salt, info = version and context), one subkey an artefact.
 * The salt is random, kept apart from the ciphertext in the artefact's own row: deleting the row alone already makes that one artefact
 * unreadable for the live service while its siblings live on.
 */
export interface Sealer {
  seal(
    dataKey: Uint8Array,
    context: SealContext,
    plaintext: Uint8Array,
  ): { salt: Uint8Array; sealed: Uint8Array };
  /** @throws KeyError `seal_broken` when key, salt, context or bytes are not the ones sealed */
  open(dataKey: Uint8Array, context: SealContext, salt: Uint8Array, sealed: Uint8Array): Uint8Array;
}
