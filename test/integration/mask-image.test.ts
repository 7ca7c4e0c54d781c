import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import sharp from 'sharp';
import { makeAesGcmSealer } from '../../src/adapters/aes-gcm-sealer.js';
import { systemClock } from '../../src/adapters/clocks.js';
import { makeFsBlobStore } from '../../src/adapters/fs-blob-store.js';
import { makeImageMasker } from '../../src/adapters/images/masker.js';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import { migrate } from '../../src/adapters/postgres/database.js';
import { makePostgresStore } from '../../src/adapters/postgres/store.js';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import { attemptRef, makeAdvance } from '../../src/app/advance.js';
import { letGoBlob } from '../../src/app/let-go.js';
import { makeEraseBlob } from '../../src/app/erase-blob.js';
import { firstBrokenLink, makeJournal } from '../../src/app/journal.js';
import { makeMaskImage } from '../../src/app/mask-image.js';
import { makeMatchFace } from '../../src/app/match-face.js';
import { makePolicies } from '../../src/app/policies.js';
import type { BlobStore } from '../../src/app/ports/blob-store.js';
import type { DocumentReader, DocumentReading } from '../../src/app/ports/document-reader.js';
import type { FaceComparison, FaceEngine } from '../../src/app/ports/face-engine.js';
import type { PresenceEngine } from '../../src/app/ports/presence-engine.js';
import type { PrivateRegion } from '../../src/app/ports/image-masker.js';
import type { BlobRow, Store, TaskRow } from '../../src/app/ports/store.js';
import { makeReadDocument } from '../../src/app/read-document.js';
import { makeSettleAttempt } from '../../src/app/settle-attempt.js';
import { makeStartVerification } from '../../src/app/start-verification.js';
import { makeStoreImage } from '../../src/app/store-image.js';
import { makeSubmitCapture } from '../../src/app/submit-capture.js';
import { makeSweep } from '../../src/app/sweep.js';
import { makeVault } from '../../src/app/vault.js';
import type { Slot } from '../../src/domain/reasons.js';
import type { TaskKind } from '../../src/domain/tasks.js';
import { startPostgres } from '../../src/sandbox/embedded/postgres.js';
import { Killed, killedAt } from '../support/killed.js';
import { printedPage } from '../support/pictures.js';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'lethe-mask-'));
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let store: ReturnType<typeof makePostgresStore>;
let world: Awaited<ReturnType<typeof makeWorld>>;
let page: Buffer;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, onExit: () => undefined });
  store = makePostgresStore({ url: postgres.url, poolSize: 5, onConnectionError: () => undefined });
  await migrate(store.db);
  world = await makeWorld();
  page = await printedPage({ width: 400, height: 320, left: 20, top: 20, pageWidth: 360, pageHeight: 280 });
}, 180_000);
afterAll(async () => {
  await store.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** All that reading touches is real, but for the models: what a picture says is set by each test. */
async function makeWorld() {
  const clock = systemClock;
  const ids = makeIds();
  const keys = makeLocalKeyProvider({ directory: path.join(dataDir, 'keys') });
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
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const tenantId = ids.next('tenant');
  await store.read.tenants.insert({ id: tenantId, name: 'test', createdAt: clock.now() });
  const now = clock.now();
  await store.read.policies.insert({
    version: '1',
    effectiveAt: now,
    publishedAt: now,
    digest: '',
    document: {
      title: 'Policy',
      summary: '',
      purposes: [],
      collects: [],
      never_collects: [],
      processing_country: 'DE',
      contact: '',
    },
  });
  const start = makeStartVerification({ store, clock, ids, vault, journal, policies, settings });
  const masker = makeImageMasker();
  return { clock, ids, blobs, journal, settings, vault, advance, logger, tenantId, start, masker };
}

/** A number that stands nowhere else: what must not be written down. */
const CANARY = '44051401458';
const REGION: PrivateRegion = {
  kind: 'national_number',
  corners: [
    [0.3, 0.4],
    [0.6, 0.4],
    [0.6, 0.5],
    [0.3, 0.5],
  ],
};
const CARD_REGION: PrivateRegion = { ...REGION, kind: 'payment_card' };

const READING: DocumentReading = {
  outcome: 'accept',
  reasons: [],
  document_type: 'TD3',
  mrz: {
    lines: ['P<UTOERIKSSON<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<<', `L898902C36UTO7408122F3204159${CANARY}<<<<10`],
    valid: true,
    check_digits: { composite: true },
  },
  barcode: { personal_number: CANARY },
  fields: {
    surname: 'ERIKSSON',
    given_names: 'ANNA',
    date_of_birth: '1974-08-12',
    expires_on: '2032-04-15',
    document_number: CANARY,
  },
  confidence: { surname: 0.99, given_names: 0.99, date_of_birth: 0.99, expires_on: 0.99 },
  quality: { sharpness: 1 },
  private_regions: { front: [REGION] },
};
const CARD: DocumentReading = {
  ...READING,
  outcome: 'retry',
  reasons: ['payment_card_detected'],
  document_type: 'none',
  mrz: null,
  barcode: null,
  private_regions: { front: [CARD_REGION] },
};
const SAME_PERSON: FaceComparison = { score: 0.9, faces: [1, 1], faceHeights: [120, 120] };

function readerOf(reading: DocumentReading): DocumentReader & { readonly calls: () => number } {
  let calls = 0;
  return {
    read: () => Promise.resolve((calls++, reading)),
    close: () => Promise.resolve(),
    calls: () => calls,
  };
}

function facesOf(comparison: FaceComparison): FaceEngine & { readonly seen: Uint8Array[] } {
  const seen: Uint8Array[] = [];
  return {
    model: 'test',
    seen,
    detect: () => Promise.resolve([]),
    compare: (document) => {
      seen.push(Uint8Array.from(document));
      return Promise.resolve(comparison);
    },
    embed: () => Promise.resolve({ template: null, faces: 0 }),
    close: () => Promise.resolve(),
  };
}

interface Parts {
  readonly store?: Store;
  readonly blobs?: BlobStore;
}
function readDocumentWith(reading: DocumentReading, parts: Parts = {}, reader = readerOf(reading)) {
  const deps = { store, ...world, reader, ...parts };
  return makeReadDocument({ ...deps, settle: makeSettleAttempt(deps), maskImage: makeMaskImage(deps) });
}
/** Sees nothing that would be suspicious. */
const presence: PresenceEngine = {
  observe: () => Promise.resolve([]),
  look: () => Promise.resolve({ liveness: null, pattern: null }),
};
function matchFaceWith(faces: FaceEngine, parts: Parts = {}) {
  const deps = { store, ...world, faces, presence, ...parts };
  return makeMatchFace({ ...deps, settle: makeSettleAttempt(deps) });
}
const eraseBlob = (id: string) => makeEraseBlob({ store, blobs: world.blobs })(id);

async function keyOf(id: string): Promise<Uint8Array> {
  const v = (await store.read.verifications.findById(id))!;
  return (await world.vault.openDataKey(store.read, attemptRef(v)))!;
}

/** Stores a picture as an upload does, in the place of what the slot held. */
async function putImage(id: string, slot: Slot, bytes: Uint8Array): Promise<void> {
  const v = (await store.read.verifications.findById(id))!;
  const images = makeStoreImage({ store, ...world });
  const image = await images.put(v, await keyOf(id), slot, {
    bytes,
    source: 'camera',
    quality: { sharpness: 1 },
  });
  const { row, salt, digest, size } = image;
  const deleteAfter = new Date(world.clock.now().getTime() + 30 * 24 * 3_600_000);
  await store.transaction(async (tx) => {
    const replaced = (await tx.blobs.stored(id, 1)).find((blob) => blob.slot === slot);
    if (replaced) await letGoBlob(tx, world.ids, { hold: null }, replaced, world.clock.now());
    await tx.blobs.markStored(row.id, { salt, digest, size, deleteAfter });
  });
}

let learners = 0;
async function submitted(slots: readonly Slot[] = ['id_front', 'selfie']): Promise<string> {
  const { tenantId, start, clock } = world;
  const id = await start(
    { tenantId, livemode: false },
    'system',
    {
      learnerRef: `learner-${learners++}`,
      expected: { full_name: 'Anna Eriksson', date_of_birth: '1974-08-12' },
      courses: [],
      orderRef: null,
      minimumAge: null,
      returnUrl: null,
      locale: 'en',
      consent: null,
    },
    () => Promise.resolve(),
  );
  await store.read.consents.insert({
    id: world.ids.next('consent'),
    tenantId,
    verificationId: id,
    policyVersion: '1',
    textDigest: '',
    locale: 'en',
    biometrics: true,
    crossBorder: true,
    processingCountry: null,
    collectedBy: 'learner',
    givenAt: clock.now(),
    withdrawnAt: null,
  });
  for (const slot of slots) await putImage(id, slot, page);
  await submit(id);
  return id;
}
const submit = (id: string) => makeSubmitCapture({ store, ...world })(id);

/** Begins a task of the present attempt as a worker does; `null` where it has ended. */
async function begin(id: string, kind: TaskKind): Promise<TaskRow | null> {
  const v = (await store.read.verifications.findById(id))!;
  const tasks = await store.read.tasks.ofEpoch(id, 1);
  const task = tasks.find((row) => row.kind === kind && row.attempt === v.attempt);
  return task ? store.read.tasks.begin(task.id, 60_000) : null;
}

const rowsOf = (id: string) => store.read.blobs.all(id, 1);
const frontOf = async (id: string): Promise<BlobRow | undefined> =>
  (await store.read.blobs.stored(id, 1)).find((row) => row.slot === 'id_front');

async function open(id: string, row: BlobRow): Promise<Uint8Array> {
  const v = (await store.read.verifications.findById(id))!;
  const sealed = await world.blobs.get(row.objectKey);
  return world.vault.openBlob(await keyOf(id), attemptRef(v), row.slot, row.id, row.salt!, sealed!);
}

/** Difference between the darkest and the lightest value within the region. */
async function contrastInRegion(image: Uint8Array): Promise<number> {
  const { channels } = await sharp(image)
    .extract({ left: 124, top: 130, width: 112, height: 28 })
    .toBuffer()
    .then((crop) => sharp(crop).stats());
  return Math.max(...channels.map(({ min, max }) => max - min));
}

/** Every row of every table, as a dump shows it. */
async function dump(): Promise<string> {
  const tables = await sql<{
    tablename: string;
  }>`select tablename from pg_tables where schemaname = 'public'`.execute(store.db);
  const parts = await Promise.all(
    tables.rows.map(({ tablename }) =>
      sql<{ row: string }>`select to_json(t)::text as row from ${sql.table(tablename)} t`.execute(store.db),
    ),
  );
  return parts.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n');
}

const auditOf = async (id: string, action: string) =>
  (await store.read.audit.list(id)).filter((entry) => entry.action === action);

/** Every object in storage. */
async function keysInStorage(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of world.blobs.list('images/')) keys.push(key);
  return keys;
}

/** The sweep as it runs when leases have ended: rows without a future go, objects with them. */
async function sweepLater(): Promise<void> {
  const clock = { now: () => new Date(Date.now() + 60 * 60_000) };
  const unused = () => Promise.resolve();
  await makeSweep({
    store,
    ...world,
    clock,
    forget: unused,
    eraseBlob,
    settle: { complete: unused, fail: unused, stuck: unused },
    holds: { endOverdue: unused },
    destroyKey: unused,
    retention: { end: unused, endByAge: unused },
  }).run();
}

describe('a document with a private number', () => {
  it('is stored masked once it was read, and the original is gone', async () => {
    const id = await submitted();
    const before = (await frontOf(id))!;
    expect(await contrastInRegion(await open(id, before))).toBeGreaterThan(100);
    await readDocumentWith(READING)((await begin(id, 'read_document'))!);

    const after = (await frontOf(id))!;
    expect(after.id).not.toBe(before.id);
    expect(after).toMatchObject({
      source: 'camera',
      quality: { sharpness: 1 },
      deleteAfter: before.deleteAfter,
    });
    expect(await contrastInRegion(await open(id, after))).toBeLessThan(10);
    const old = (await store.read.blobs.find(before.id))!;
    expect(old).toMatchObject({ state: 'erasing', salt: null });
    const erasure = (await store.read.tasks.ofEpoch(id, 1)).find((task) => task.blobId === before.id);
    expect(erasure?.kind).toBe('erase_blob');
    await eraseBlob(before.id);
    expect(await world.blobs.isAbsent(before.objectKey)).toBe(true);
    expect((await rowsOf(id)).map((row) => row.slot).sort()).toEqual(['id_front', 'selfie']);
  });

  it('leaves counts by kind in the audit trail, and its number nowhere', async () => {
    const id = await submitted(['id_front', 'id_back', 'selfie']);
    const reading: DocumentReading = {
      ...READING,
      private_regions: { front: [REGION, CARD_REGION, REGION], back: [REGION] },
    };
    await readDocumentWith(reading)((await begin(id, 'read_document'))!);
    const masked = await auditOf(id, 'image.masked');
    expect(masked.map(({ detail, actor }) => [actor, detail['slot'], detail['regions']])).toEqual([
      ['engine', 'id_front', { national_number: 2, payment_card: 1 }],
      ['engine', 'id_back', { national_number: 1, payment_card: 0 }],
    ]);
    expect(firstBrokenLink(await store.read.audit.list(id))).toBeNull();
    const rows = await dump();
    expect(rows).toContain(id);
    expect(rows).not.toContain(CANARY);
    expect(rows).not.toContain('corners');
  });

  it('is left alone where there is nothing to mask', async () => {
    const id = await submitted();
    const before = await frontOf(id);
    await readDocumentWith({ ...READING, private_regions: {} })((await begin(id, 'read_document'))!);
    expect((await frontOf(id))?.id).toBe(before?.id);
    expect(await auditOf(id, 'image.masked')).toEqual([]);
  });

  it('is decided on as it was read', async () => {
    const id = await submitted();
    await readDocumentWith(READING)((await begin(id, 'read_document'))!);
    await matchFaceWith(facesOf(SAME_PERSON))((await begin(id, 'match_face'))!);
    expect((await store.read.verifications.findById(id))!.status).toBe('approved');
  });

  it('whose case ended meanwhile leaves no copy behind', async () => {
    const id = await submitted();
    const before = (await frontOf(id))!;
    const task = (await begin(id, 'read_document'))!;
    const objects = new Set(await keysInStorage());
    const reader = readerOf(READING);
    const canceling: DocumentReader = {
      ...reader,
      async read(images) {
        await store.transaction(async (tx) => {
          await world.advance(tx, (await tx.verifications.lock(id))!, 'cancel', { actor: 'learner' });
        });
        return reader.read(images);
      },
    };
    const deps = { store, ...world, reader: canceling };
    await makeReadDocument({ ...deps, settle: makeSettleAttempt(deps), maskImage: makeMaskImage(deps) })(
      task,
    );
    expect((await keysInStorage()).filter((key) => !objects.has(key))).toEqual([]);
    expect((await rowsOf(id)).filter((row) => row.state === 'reserved')).toEqual([]);
    expect((await frontOf(id))?.id).toBe(before.id);
  });

  it('read by a process that dies at any step ends masked, once, with nothing left over', async () => {
    const counted = await submitted();
    const counter = killedAt(-1, 'before');
    const parts = { store: counter.wrap<Store>(store), blobs: counter.wrap<BlobStore>(world.blobs) };
    await readDocumentWith(READING, parts)((await begin(counted, 'read_document'))!);
    const steps = counter.calls();
    expect(steps).toBeGreaterThan(15);

    for (const when of ['before', 'after'] as const)
      for (let step = 0; step < steps; step++) {
        const id = await submitted();
        const original = (await frontOf(id))!;
        const { wrap } = killedAt(step, when);
        const dying = { store: wrap<Store>(store), blobs: wrap<BlobStore>(world.blobs) };
        const task = (await begin(id, 'read_document'))!;
        await readDocumentWith(
          READING,
          dying,
        )(task).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        // Either the original or the masked copy is in place, whole, and never both.
        const [present, ...more] = (await store.read.blobs.stored(id, 1)).filter(
          (row) => row.slot === 'id_front',
        );
        expect(more).toEqual([]);
        const isMasked = present!.id !== original.id;
        expect((await contrastInRegion(await open(id, present!))) < 10).toBe(isMasked);

        await store.read.tasks.retry(task.id, task.tries, 'killed', world.clock.now());
        const again = await begin(id, 'read_document');
        expect(again === null).toBe(isMasked);
        if (again) await readDocumentWith(READING)(again);
        const front = (await frontOf(id))!;
        expect(await contrastInRegion(await open(id, front))).toBeLessThan(10);
        expect(await auditOf(id, 'image.masked')).toHaveLength(1);
        await sweepLater();
        expect((await rowsOf(id)).map((row) => row.slot).sort()).toEqual(['id_front', 'selfie']);
        expect(await world.blobs.isAbsent(original.objectKey)).toBe(true);
      }
    const known = await store.read.blobs.knownKeys(await keysInStorage());
    expect((await keysInStorage()).filter((key) => !known.has(key))).toEqual([]);
  }, 240_000);

  it('that stays for a second attempt keeps its reading, for what is masked cannot be read again', async () => {
    const id = await submitted();
    await readDocumentWith(READING)((await begin(id, 'read_document'))!);
    await matchFaceWith(facesOf({ score: null, faces: [1, 0], faceHeights: [120, 0] }))(
      (await begin(id, 'match_face'))!,
    );
    const asked = (await store.read.verifications.findById(id))!;
    expect([asked.status, asked.attempt, asked.reasons]).toEqual([
      'requires_input',
      2,
      [{ code: 'selfie_no_face' }],
    ]);

    await putImage(id, 'selfie', page);
    await submit(id);
    const reader = readerOf({ ...READING, outcome: 'retry', reasons: ['document_unreadable'] });
    await readDocumentWith(READING, {}, reader)((await begin(id, 'read_document'))!);
    expect(reader.calls()).toBe(0);
    await matchFaceWith(facesOf(SAME_PERSON))((await begin(id, 'match_face'))!);
    expect((await store.read.verifications.findById(id))!.status).toBe('approved');
  });

  it('that is replaced before a second attempt is read anew', async () => {
    const id = await submitted();
    await readDocumentWith(READING)((await begin(id, 'read_document'))!);
    await matchFaceWith(facesOf({ score: null, faces: [1, 0], faceHeights: [120, 0] }))(
      (await begin(id, 'match_face'))!,
    );
    await putImage(id, 'id_front', page);
    await putImage(id, 'selfie', page);
    await submit(id);
    const reader = readerOf(READING);
    await readDocumentWith(READING, {}, reader)((await begin(id, 'read_document'))!);
    expect(reader.calls()).toBe(1);
    expect(await contrastInRegion(await open(id, (await frontOf(id))!))).toBeLessThan(10);
  });
});

describe('a payment card', () => {
  it('is dropped with both its sides, nothing of it is kept, and another document is asked for', async () => {
    const id = await submitted(['id_front', 'id_back', 'selfie']);
    const before = await rowsOf(id);
    await matchFaceWith(facesOf(SAME_PERSON))((await begin(id, 'match_face'))!);
    await readDocumentWith(CARD)((await begin(id, 'read_document'))!);

    const v = (await store.read.verifications.findById(id))!;
    expect([v.status, v.attempt, v.reasons]).toEqual([
      'requires_input',
      2,
      [{ code: 'payment_card_detected' }],
    ]);
    expect((await store.read.blobs.stored(id, 1)).map((row) => row.slot)).toEqual(['selfie']);
    expect(await store.read.fields.find(id, 1, 'extracted')).toBeNull();
    expect((await auditOf(id, 'image.dropped')).map(({ detail }) => detail)).toEqual([
      { slot: 'id_front', reason: 'payment_card_detected' },
      { slot: 'id_back', reason: 'payment_card_detected' },
    ]);
    expect(await auditOf(id, 'image.masked')).toEqual([]);
    for (const row of before.filter(({ slot }) => slot !== 'selfie')) {
      expect((await store.read.blobs.find(row.id))?.salt).toBeNull();
      await eraseBlob(row.id);
      expect(await world.blobs.isAbsent(row.objectKey)).toBe(true);
    }
    await expect(submit(id)).rejects.toMatchObject({ code: 'document_missing' });
    await putImage(id, 'id_front', page);
    await submit(id);
    expect((await store.read.verifications.findById(id))!.status).toBe('processing');
  });

  it('is answered alike when no face was compared with it yet', async () => {
    const id = await submitted();
    const dropped = (await frontOf(id))!;
    await readDocumentWith(CARD)((await begin(id, 'read_document'))!);
    expect((await store.read.verifications.findById(id))!.status).toBe('processing');
    expect(await store.read.fields.find(id, 1, 'extracted')).not.toBeNull();
    const key = await keyOf(id);
    const ref = attemptRef((await store.read.verifications.findById(id))!);
    expect(await world.vault.getField(store.read, key, ref, 'extracted')).toEqual({
      fields: {},
      confidence: {},
    });
    await eraseBlob(dropped.id);

    const faces = facesOf(SAME_PERSON);
    await matchFaceWith(faces)((await begin(id, 'match_face'))!);
    expect(faces.seen).toEqual([]);
    const v = (await store.read.verifications.findById(id))!;
    expect([v.status, v.reasons]).toEqual(['requires_input', [{ code: 'payment_card_detected' }]]);
  });
});

describe('a face that is compared while the document is read', () => {
  /** Storage in which, between the look at the row and the opening of the object, the other task does all of its work. */
  function storageWithIn(id: string, work: () => Promise<void>): BlobStore {
    let isDone = false;
    return {
      ...world.blobs,
      async get(key) {
        if (!isDone && key === (await frontOf(id))?.objectKey) {
          isDone = true;
          await work();
        }
        return world.blobs.get(key);
      },
    };
  }

  it('is compared with the masked picture where that has come into place', async () => {
    const id = await submitted();
    const original = (await frontOf(id))!;
    const faces = facesOf(SAME_PERSON);
    const blobs = storageWithIn(id, async () => {
      await readDocumentWith(READING)((await begin(id, 'read_document'))!);
      await eraseBlob(original.id);
    });
    await matchFaceWith(faces, { blobs })((await begin(id, 'match_face'))!);
    expect(faces.seen).toHaveLength(1);
    expect(await contrastInRegion(faces.seen[0]!)).toBeLessThan(10);
    expect((await store.read.verifications.findById(id))!.status).toBe('approved');
  });

  it('is not compared with a card that was dropped meanwhile', async () => {
    const id = await submitted();
    const original = (await frontOf(id))!;
    const faces = facesOf(SAME_PERSON);
    const blobs = storageWithIn(id, async () => {
      await readDocumentWith(CARD)((await begin(id, 'read_document'))!);
      await eraseBlob(original.id);
    });
    await matchFaceWith(faces, { blobs })((await begin(id, 'match_face'))!);
    expect(faces.seen).toEqual([]);
    expect((await store.read.verifications.findById(id))!.reasons).toEqual([
      { code: 'payment_card_detected' },
    ]);
  });

  it('is not compared at all where the object of a row is lost', async () => {
    const id = await submitted();
    await world.blobs.erase((await frontOf(id))!.objectKey);
    const faces = facesOf(SAME_PERSON);
    const task = (await begin(id, 'match_face'))!;
    await expect(matchFaceWith(faces)(task)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(faces.seen).toEqual([]);
  });
});
