import type { JSONWebKeySet, JWTPayload } from 'jose';

/** Signs what outsiders verify: deletion receipts and eligibility tokens (JWS, EdDSA with Ed25519, RFC 8037). */
export interface Signer {
  /** Compact JWS with `kid`, and `typ` as given (for example `lethe-deletion-receipt+jwt`). Claims are signed as they are. */
  sign(typ: string, claims: JWTPayload): Promise<string>;
  /** The payload of a JWS that one of our keys signed with that `typ`. @throws KeyError `signature_invalid` */
  verify(typ: string, jws: string): Promise<JWTPayload>;
  /** Public keys, current first, retired ones kept. */
  jwks(): Promise<JSONWebKeySet>;
}
