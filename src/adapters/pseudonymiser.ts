import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Pseudonymiser } from '../app/ports/pseudonymiser.js';
import { readOrCreateKeyFile } from './key-files.js';

/** Keyed pseudonyms: HMAC-SHA-256 under a key of their own, `erased_` before it. */
export async function makePseudonymiser({ keyDir }: { readonly keyDir: string }): Promise<Pseudonymiser> {
  const key = await readOrCreateKeyFile(path.join(keyDir, 'pseudonym-v1.key'), () => randomBytes(32));
  return {
    pseudonym: (tenantId, learnerRef) =>
      `erased_${createHmac('sha256', key)
        .update(JSON.stringify(['lethe/pseudonym/v1', tenantId, learnerRef]))
        .digest('base64url')}`,
  };
}
