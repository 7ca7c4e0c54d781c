import type { AppDeps } from '../../src/app/deps.js';
import { whileCurrent } from '../../src/app/engine-task.js';
import type { TaskRow } from '../../src/app/ports/store.js';

const TASK = { verificationId: 'ver_1', epoch: 1, attempt: 1, kind: 'match_face' } as TaskRow;
const found = (status: string) => ({ id: 'ver_1', tenantId: 'ten_1', epoch: 1, attempt: 1, status });

/** A store in which the verification has the first status when it is looked for, and the second once it is locked. */
function world(looked: string, locked: string) {
  const done: string[] = [];
  const append = () => Promise.resolve(void done.push('append'));
  const work = () => Promise.resolve(void done.push('work'));
  const dataKey = Uint8Array.of(1, 2, 3);
  const tx = { verifications: { lock: () => Promise.resolve(found(locked)) }, progress: { append } };
  const deps = {
    store: {
      read: { verifications: { findById: () => Promise.resolve(found(looked)) } },
      transaction: (run: (within: typeof tx) => Promise<unknown>) => run(tx),
    },
    vault: { openDataKey: () => Promise.resolve(dataKey) },
  } as unknown as Pick<AppDeps, 'store' | 'vault'>;
  return { done, dataKey, run: () => whileCurrent(deps, TASK, 'match_face', work) };
}

describe('a task of an engine', () => {
  it('says that it begins, works, and wipes the key', async () => {
    const { done, dataKey, run } = world('processing', 'processing');
    await run();
    expect(done).toEqual(['append', 'work']);
    expect([...dataKey]).toEqual([0, 0, 0]);
  });

  it.each([
    ['before it begins', 'canceled', 'canceled'],
    ['while the key is opened', 'processing', 'canceled'],
  ])('leaves no trace of a verification that ends %s', async (_when, looked, locked) => {
    const { done, run } = world(looked, locked);
    await run();
    expect(done).toEqual([]);
  });
});
