import { makeForget } from '../../src/app/forget.js';
import { firstBrokenLink } from '../../src/app/journal.js';
import type { BlobStore } from '../../src/app/ports/blob-store.js';
import type { Store } from '../../src/app/ports/store.js';
import { RECEIPT_TYPE } from '../../src/domain/deletion.js';
import { makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';
import { Killed, killedAt } from '../support/killed.js';

let world: ForgettingWorld;
beforeAll(async () => {
  world = await makeForgettingWorld();
}, 180_000);
afterAll(() => world.dispose());

/** A verification with two stored images and sealed fields, canceled: all that is left is to forget it. */
async function canceled(): Promise<{ id: string; objectKeys: string[] }> {
  const begun = await world.begun();
  await world.happen(begun.id, 'cancel');
  return begun;
}

/** The world of a process that dies at one of its calls. */
function dying(at: number, when: 'before' | 'after') {
  const { wrap, calls } = killedAt(at, when);
  return {
    store: wrap<Store>(world.store),
    blobs: wrap<BlobStore>(world.blobs),
    queue: wrap(world.queue),
    signer: wrap(world.signer),
    calls,
  };
}

const forgetWith = (parts: Partial<ReturnType<typeof dying>>) => makeForget({ ...world, ...parts });

async function expectForgotten(id: string, objectKeys: readonly string[]) {
  const v = (await world.store.read.verifications.findById(id))!;
  expect(v.redactionStatus).toBe('done');
  expect(await world.store.read.dataKeys.find(id, 1)).toBeNull();
  expect(await world.store.read.fields.find(id, 1, 'expected')).toBeNull();
  expect(await world.store.read.blobs.all(id, 1)).toEqual([]);
  for (const key of objectKeys) expect(await world.blobs.isAbsent(key)).toBe(true);
  const receipts = await world.store.read.deletions.receipts([world.tenantId], id);
  expect(receipts).toHaveLength(1);
  const claims = await world.signer.verify(RECEIPT_TYPE, receipts[0]!);
  const artefacts = claims['artefacts'] as { kind: string; absent_at?: string }[];
  expect(artefacts.map(({ kind }) => kind).sort()).toEqual([
    'field:expected',
    'image:id_front',
    'image:selfie',
  ]);
  for (const { absent_at } of artefacts) expect(absent_at).toBeDefined();
  const trail = await world.store.read.audit.list(id);
  expect(firstBrokenLink(trail)).toBeNull();
  expect(trail.filter(({ action }) => action === 'key.unlinked')).toHaveLength(1);
  expect(trail.filter(({ action }) => action === 'forgotten')).toHaveLength(1);
}

describe('forgetting that is killed', () => {
  it('after or before every single step ends done at the next run, once', async () => {
    const whole = await canceled();
    const counter = dying(-1, 'before');
    await forgetWith(counter)(whole.id, 1);
    await expectForgotten(whole.id, whole.objectKeys);
    const steps = counter.calls();
    expect(steps).toBeGreaterThan(20);

    for (const when of ['before', 'after'] as const)
      for (let step = 0; step < steps; step++) {
        const { id, objectKeys } = await canceled();
        await forgetWith(dying(step, when))(id, 1).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        await forgetWith({})(id, 1);
        await expectForgotten(id, objectKeys);
      }
  }, 240_000);

  it('is found by the sweep when its task is lost as well', async () => {
    const { id, objectKeys } = await canceled();
    await world.store.read.tasks.removeOfEpoch(id, 1, ['forget']);
    world.pass(16 * 60_000);
    const report = await world.sweep.run();
    expect(report).toMatchObject({ forgotten: 1, failed: 0 });
    await expectForgotten(id, objectKeys);
  });

  it('run by several at once is done once', async () => {
    const { id, objectKeys } = await canceled();
    await Promise.allSettled(Array.from({ length: 5 }, () => forgetWith({})(id, 1)));
    await forgetWith({})(id, 1);
    await expectForgotten(id, objectKeys);
  });
});
