/** One thing that was erased, as the receipt lists it. Carries no personal datum: kinds, digests of ciphertext, sizes, times. */
export interface DeletionArtefact {
  /** `image:<slot>` for an object, `field:<name>` for a sealed field. */
  readonly kind: string;
  /** SHA-256 of the ciphertext, hex. */
  readonly digest: string;
  /** Bytes of the ciphertext. */
  readonly size: number;
  /** Key of the object in storage; absent for a field. Random, says nothing of the person. */
  readonly objectKey?: string;
  /** When the object and all its versions were confirmed absent (RFC 3339); for a field, when its row was deleted. */
  readonly absentAt?: string;
}

/** `typ` of a receipt's JWS. */
export const RECEIPT_TYPE = 'lethe-deletion-receipt+jwt';
