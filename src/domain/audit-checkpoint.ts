/** `typ` of a checkpoint's JWS. */
export const CHECKPOINT_TYPE = 'lethe-audit-checkpoint+jwt';

/** What a checkpoint says, signed. */
export interface CheckpointClaims {
  /** Where the service is reached; its keys are at `/.well-known/jwks.json`. */
  readonly iss: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** Leaves of the tree. */
  readonly size: number;
  /** Tree hash (RFC 9162, 2.1.1), hex. */
  readonly root: string;
  /** RFC 3339. Every entry of an earlier time that was committed when the checkpoint was made is in it or in one before it. */
  readonly at: string;
  /** SHA-256 of the JWS of the checkpoint before, hex; `null` for the first. */
  readonly previous: string | null;
}

const HASH = /^[0-9a-f]{64}$/;

/** The claims of a payload whose signature holds; `null` where it is none of ours. */
export function readCheckpoint(payload: Readonly<Record<string, unknown>>): CheckpointClaims | null {
  const { iss, number, size, root, at, previous } = payload;
  const valid =
    typeof iss === 'string' &&
    Number.isSafeInteger(number) &&
    Number.isSafeInteger(size) &&
    typeof root === 'string' &&
    HASH.test(root) &&
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    (previous === null || (typeof previous === 'string' && HASH.test(previous)));
  return valid ? { iss, number: number as number, size: size as number, root, at, previous } : null;
}
