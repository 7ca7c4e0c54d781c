import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeAesGcmSealer } from '../../src/adapters/aes-gcm-sealer.js';
import { makeFsBlobStore } from '../../src/adapters/fs-blob-store.js';
import { makeJwsSigner } from '../../src/adapters/jws-signer.js';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import { migrate } from '../../src/adapters/postgres/database.js';
import { makePostgresStore } from '../../src/adapters/postgres/store.js';
import { makePseudonymiser } from '../../src/adapters/pseudonymiser.js';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import { makeAdvance } from '../../src/app/advance.js';
import { makeAuditLog } from '../../src/app/audit-log.js';
import { makeAppeal } from '../../src/app/appeal.js';
import { makeDestroyKeys } from '../../src/app/destroy-keys.js';
import { makeEndRetention } from '../../src/app/end-retention.js';
import { makeEraseBlob } from '../../src/app/erase-blob.js';
import { makeErasePerson } from '../../src/app/erase-person.js';
import { makeErasureRequests } from '../../src/app/erasure-requests.js';
import { makeForget } from '../../src/app/forget.js';
import { makeJournal } from '../../src/app/journal.js';
import { makeLegalHolds } from '../../src/app/legal-holds.js';
import { makeManageVerification } from '../../src/app/manage-verification.js';
import { makePolicies } from '../../src/app/policies.js';
import type { Staff } from '../../src/app/review.js';
import { makeStartVerification } from '../../src/app/start-verification.js';
import { makeSweep } from '../../src/app/sweep.js';
import { makeVault } from '../../src/app/vault.js';
import type { EventKind } from '../../src/domain/state-machine.js';
import type { Slot } from '../../src/domain/reasons.js';
import { startPostgres } from '../../src/sandbox/embedded/postgres.js';

export type ForgettingWorld = Awaited<ReturnType<typeof makeForgettingWorld>>;

export const DAY_MS = 24 * 3_600_000;

/** The parts that forgetting touches, all of them real, on an embedded Postgres of its own and with a clock that can be moved. */
export async function makeForgettingWorld() {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'lethe-forget-'));
  const postgres = await startPostgres({ dataDir, onExit: () => undefined });
  const store = makePostgresStore({ url: postgres.url, poolSize: 5, onConnectionError: () => undefined });
  await migrate(store.db);

  let offset = 0;
  const clock = { now: () => new Date(Date.now() + offset) };
  const ids = makeIds();
  const keyDir = path.join(dataDir, 'keys');
  const keys = makeLocalKeyProvider({ directory: keyDir });
  const signer = await makeJwsSigner({ keyDir });
  const pseudonymiser = await makePseudonymiser({ keyDir });
  const blobs = makeFsBlobStore({ root: path.join(dataDir, 'blobs') });
  const journal = makeJournal({ clock, ids });
  const settings = {
    returnOrigins: [],
    publicBaseUrl: 'https://lethe.test',
    autoDecline: false,
    confirmDecisions: [],
  };
  const vault = makeVault({ keys, sealer: makeAesGcmSealer(), ids, clock });
  const policies = makePolicies({ store, clock, ids });
  const advance = makeAdvance({ clock, ids, journal });
  const tenantId = ids.next('tenant');
  await store.read.tenants.insert({ id: tenantId, name: 'test', createdAt: clock.now() });
  const queue = {
    add: () => Promise.resolve(),
    forget: () => Promise.resolve(),
    check: () => Promise.resolve(),
  };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const deps = {
    store,
    clock,
    ids,
    keys,
    signer,
    pseudonymiser,
    blobs,
    journal,
    settings,
    vault,
    policies,
    advance,
    queue,
    logger,
  };
  const scope = { tenantId, livemode: false };
  const staff = (id: string): Staff => ({ id, roles: ['privacy_officer'], tenants: [tenantId] });

  const forget = makeForget(deps);
  const eraseBlob = makeEraseBlob(deps);
  const erasePerson = makeErasePerson(deps);
  const legalHolds = makeLegalHolds(deps);
  const destroyKey = makeDestroyKeys({ ...deps, forget });
  const auditLog = makeAuditLog(deps);
  const retention = makeEndRetention({ ...deps, auditLog });
  const start = makeStartVerification(deps);
  const sweep = makeSweep({
    ...deps,
    forget,
    eraseBlob,
    settle: {
      complete: () => Promise.resolve(),
      fail: () => Promise.resolve(),
      stuck: () => Promise.resolve(),
    },
    holds: legalHolds,
    destroyKey,
    retention,
  });

  let learners = 0;

  /** Puts a sealed picture into a slot, as an upload does. */
  async function storeImage(id: string, slot: Slot, text = `picture of ${slot}`): Promise<string> {
    const v = (await store.read.verifications.findById(id))!;
    const ref = { tenantId, verificationId: id, epoch: v.epoch, attempt: v.attempt };
    const key = (await vault.openDataKey(store.read, ref))!;
    const blobId = ids.next('blob');
    const objectKey = `images/${ids.random()}`;
    const { salt, sealed } = vault.sealBlob(key, ref, slot, blobId, Buffer.from(text));
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
    return objectKey;
  }

  return {
    ...deps,
    dataDir,
    databaseUrl: postgres.url,
    keyDir,
    tenantId,
    scope,
    staff,
    forget,
    erasePerson,
    legalHolds,
    destroyKey,
    retention,
    auditLog,
    sweep,
    start,
    storeImage,
    appeal: makeAppeal(deps),
    manage: makeManageVerification({ ...deps, erasePerson }),
    erasureRequests: makeErasureRequests({ ...deps, erasePerson }),

    /** Moves the clock on, never back. */
    pass(ms: number): void {
      offset += ms;
    },

    /** A verification with two stored images and sealed fields. */
    async begun(
      learnerRef = `learner-${learners++}`,
    ): Promise<{ id: string; learnerRef: string; objectKeys: string[] }> {
      const id = await start(
        scope,
        'system',
        {
          learnerRef,
          expected: { full_name: 'Anna Eriksson' },
          courses: ['course-a'],
          orderRef: null,
          minimumAge: null,
          returnUrl: null,
          locale: 'en',
          consent: null,
        },
        () => Promise.resolve(),
      );
      return {
        id,
        learnerRef,
        objectKeys: [await storeImage(id, 'id_front'), await storeImage(id, 'selfie')],
      };
    },

    /** What happens to it, through the one function that changes a status. */
    async happen(id: string, ...events: readonly EventKind[]): Promise<void> {
      for (const event of events)
        await store.transaction(async (tx) => {
          await advance(tx, (await tx.verifications.lock(id))!, event, { actor: 'system' });
        });
    },

    async dispose(): Promise<void> {
      await store.close();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
