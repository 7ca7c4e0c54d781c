import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import path from 'node:path';
import type { CaptureClaim, CaptureTokens } from '../app/ports/capture-tokens.js';
import { isId } from '../domain/ids.js';
import { readOrCreateKeyFile } from './key-files.js';

const KEY = 32;
/** Names the key and what its HMAC is for, so that no other use of a key can make a token. */
const PURPOSE = 'lethe/capture-token/v1';
/** `lct_` version, live or test, the ULID of the verification, its generation in as many digits as a 32-bit integer takes, the MAC. */
const FORM = /^lct_1([lt])([0-9a-hjkmnp-tv-z]{26})_(\d{10})_[A-Za-z0-9_-]{43}$/;
const GENERATION_DIGITS = 10;

/** Capture tokens: an HMAC-SHA-256 under a key of their own. Nothing of them is stored; the row's generation revokes them. */
export async function makeCaptureTokens({ keyDir }: { readonly keyDir: string }): Promise<CaptureTokens> {
  const key = await readOrCreateKeyFile(path.join(keyDir, 'capture-token-v1.key'), () => randomBytes(KEY));
  const mac = ({ verificationId, livemode, generation }: CaptureClaim) =>
    createHmac('sha256', key)
      .update(JSON.stringify([PURPOSE, livemode, verificationId, generation]))
      .digest();

  const issue = (claim: CaptureClaim): string => {
    const id = claim.verificationId.slice('ver_'.length);
    const generation = String(claim.generation).padStart(GENERATION_DIGITS, '0');
    return `lct_1${claim.livemode ? 'l' : 't'}${id}_${generation}_${mac(claim).toString('base64url')}`;
  };

  return {
    issue,
    verify(token) {
      const [, mode, id = '', generation = ''] = FORM.exec(token) ?? [];
      if (mode === undefined) return null;
      const claim = { verificationId: `ver_${id}`, livemode: mode === 'l', generation: Number(generation) };
      if (!isId('verification', claim.verificationId)) return null;
      // The whole text and not the decoded MAC: its last character has two bits to spare, and one claim must have one token.
      return timingSafeEqual(Buffer.from(issue(claim)), Buffer.from(token)) ? claim : null;
    },
  };
}
