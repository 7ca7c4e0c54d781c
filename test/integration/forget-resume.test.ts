import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeAesGcmSealer } from '../../src/adapters/aes-gcm-sealer.js';
import { systemClock } from '../../src/adapters/clocks.js';
import { makeFsBlobStore } from '../../src/adapters/fs-blob-store.js';
import { makeJwsSigner } from '../../src/adapters/jws-signer.js';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import { migrate } from '../../src/adapters/postgres/database.js';
import { makePostgresStore } from '../../src/adapters/postgres/store.js';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import { makeAdvance } from '../../src/app/advance.js';
import { makeForget } from '../../src/app/forget.js';
import { firstBrokenLink, makeJournal } from '../../src/app/journal.js';
import { makePolicies } from '../../src/app/policies.js';
import type { BlobStore } from '../../src/app/ports/blob-store.js';
import type { Store } from '../../src/app/ports/store.js';
import { makeStartVerification } from '../../src/app/start-verification.js';
import { makeSweep } from '../../src/app/sweep.js';
import { makeVault } from '../../src/app/vault.js';
import { RECEIPT_TYPE } from '../../src/domain/deletion.js';
import { startPostgres } from '../../src/sandbox/embedded/postgres.js';
import { Killed, killedAt } from '../support/killed.js';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'lethe-forget-'));
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let store: ReturnType<typeof makePostgresStore>;
let world: Awaited<ReturnType<typeof makeWorld>>;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, onExit: () => undefined });
  store = makePostgresStore({ url: postgres.url, poolSize: 5, onConnectionError: () => undefined });
  await migrate(store.db);
  world = await makeWorld();
}, 180_000);
afterAll(async () => {
  await store.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The parts that forgetting touches, all of them real. */
async function makeWorld() {
  const clock = systemClock;
  const ids = makeIds();
  const keys = makeLocalKeyProvider({ directory: path.join(dataDir, 'keys') });
  const signer = await makeJwsSigner({ keyDir: path.join(dataDir, 'keys') });
  const blobs = makeFsBlobStore({ root: path.join(dataDir, 'blobs') });
  const journal = makeJournal({ clock, ids });
  const settings = { returnOrigins: [], publicBaseUrl: 'https://lethe.test', autoDecline: false };
  const vault = makeVault({ keys, sealer: makeAesGcmSealer(), ids, clock });
  const policies = makePolicies({ store, clock });
  const advance = makeAdvance({ clock, ids, journal });
  const tenantId = ids.next('tenant');
  await store.read.tenants.insert({ id: tenantId, name: 'test', createdAt: clock.now() });
  const start = makeStartVerification({ store, clock, ids, vault, journal, policies, settings });
  const queue = {
    add: () => Promise.resolve(),
    forget: () => Promise.resolve(),
    check: () => Promise.resolve(),
  };
  return { clock, ids, signer, blobs, journal, settings, vault, advance, tenantId, start, queue };
}

let learners = 0;

/** A verification with two stored images and sealed fields, canceled: all that is left is to forget it. */
async function canceled(): Promise<{ id: string; objectKeys: string[] }> {
  const { tenantId, start, vault, blobs, ids, clock, advance } = world;
  const scope = { tenantId, livemode: false };
  const id = await start(
    scope,
    'system',
    {
      learnerRef: `learner-${learners++}`,
      expected: { full_name: 'Anna Eriksson' },
      courses: [],
      orderRef: null,
      minimumAge: null,
      returnUrl: null,
      locale: 'en',
      consent: null,
    },
    () => Promise.resolve(),
  );
  const ref = { tenantId, verificationId: id, epoch: 1, attempt: 1 };
  const key = (await vault.openDataKey(store.read, ref))!;
  const objectKeys: string[] = [];
  for (const slot of ['id_front', 'selfie'] as const) {
    const blobId = ids.next('blob');
    const objectKey = `images/${ids.random()}`;
    const { salt, sealed } = vault.sealBlob(key, ref, slot, blobId, Buffer.from(`picture of ${slot}`));
    const deleteAfter = new Date(clock.now().getTime() + 60_000);
    await store.read.blobs.insert({
      ...ref,
      id: blobId,
      slot,
      objectKey,
      state: 'reserved',
      salt: null,
      digest: null,
      size: null,
      source: null,
      quality: null,
      deleteAfter,
      createdAt: clock.now(),
    });
    await blobs.put(objectKey, sealed);
    await store.read.blobs.markStored(blobId, {
      salt,
      digest: 'ab'.repeat(32),
      size: sealed.length,
      deleteAfter,
    });
    objectKeys.push(objectKey);
  }
  await store.transaction(async (tx) => {
    await advance(tx, (await tx.verifications.lock(id))!, 'cancel', { actor: 'system' });
  });
  return { id, objectKeys };
}

/** The world of a process that dies at one of its calls. */
function dying(at: number, when: 'before' | 'after') {
  const { wrap, calls } = killedAt(at, when);
  return {
    store: wrap<Store>(store),
    blobs: wrap<BlobStore>(world.blobs),
    queue: wrap(world.queue),
    signer: wrap(world.signer),
    calls,
  };
}

const forgetWith = (parts: Partial<ReturnType<typeof dying>>) => makeForget({ store, ...world, ...parts });

async function expectForgotten(id: string, objectKeys: readonly string[]) {
  const v = (await store.read.verifications.findById(id))!;
  expect(v.redactionStatus).toBe('done');
  expect(await store.read.dataKeys.find(id, 1)).toBeNull();
  expect(await store.read.fields.find(id, 1, 'expected')).toBeNull();
  expect(await store.read.blobs.all(id, 1)).toEqual([]);
  for (const key of objectKeys) expect(await world.blobs.isAbsent(key)).toBe(true);
  const receipts = await store.read.deletions.receipts(id);
  expect(receipts).toHaveLength(1);
  const claims = await world.signer.verify(RECEIPT_TYPE, receipts[0]!);
  const artefacts = claims['artefacts'] as { kind: string; absent_at?: string }[];
  expect(artefacts.map(({ kind }) => kind).sort()).toEqual([
    'field:expected',
    'image:id_front',
    'image:selfie',
  ]);
  for (const { absent_at } of artefacts) expect(absent_at).toBeDefined();
  const trail = await store.read.audit.list(id);
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
    await store.read.tasks.removeOfEpoch(id, 1, ['forget']);
    const later = { now: () => new Date(Date.now() + 16 * 60_000) };
    const forget = makeForget({ store, ...world, clock: later });
    const sweep = makeSweep({
      store,
      ...world,
      clock: later,
      forget,
      eraseBlob: () => Promise.resolve(),
      settle: {
        complete: () => Promise.resolve(),
        fail: () => Promise.resolve(),
        stuck: () => Promise.resolve(),
      },
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const report = await sweep.run();
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
