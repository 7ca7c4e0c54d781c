import type { AppDeps } from '../../app/deps.js';
import type { Handlers } from '../operation.js';
import { presentPolicy } from '../present.js';

type PublicOperation = 'getPolicy' | 'getHealth' | 'getReadiness' | 'getJwks' | 'getOpenApi';

/** A part that does not answer within this time is not there (real milliseconds). */
const PART_TIMEOUT = 3_000;

export function makePublicRoutes(
  deps: Pick<AppDeps, 'store' | 'queue' | 'blobs' | 'keys' | 'signer' | 'policies'> & {
    readonly document: object;
  },
): Pick<Handlers, PublicOperation> {
  const { store, queue, blobs, keys, signer, policies, document } = deps;

  async function answers(part: { check(): Promise<void> }): Promise<'ok' | 'failing'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('timeout')), PART_TIMEOUT);
    });
    try {
      await Promise.race([part.check(), late]);
      return 'ok';
    } catch {
      return 'failing';
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    getPolicy: async () => {
      const { version, revisedNotice } = await policies.current();
      return { status: 200, body: presentPolicy(version, revisedNotice) };
    },
    getHealth: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
    getReadiness: async () => {
      const [postgres, redis, storage, keyProvider] = await Promise.all(
        [store, queue, blobs, keys].map((part) => answers(part)),
      );
      const parts = { postgres, redis, storage, keys: keyProvider };
      const ready = Object.values(parts).every((state) => state === 'ok');
      return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', parts } };
    },
    getJwks: async () => ({ status: 200, body: await signer.jwks() }),
    getOpenApi: () => Promise.resolve({ status: 200, body: document }),
  };
}
