import { makeDisclose, type DisclosureRequest } from '../../src/app/disclose.js';
import type { BlobStore } from '../../src/app/ports/blob-store.js';
import type { Store } from '../../src/app/ports/store.js';
import { firstBrokenLink } from '../../src/app/journal.js';
import { makeRecipients } from '../../src/app/recipients.js';
import { KEPT } from '../../src/domain/retention.js';
import { AppError, StorageError } from '../../src/domain/errors.js';
import { DAY_MS, makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';
import { Killed, killedAt } from '../support/killed.js';

let world: ForgettingWorld;
let authority: string;
beforeAll(async () => {
  world = await makeForgettingWorld();
  authority = world.ids.next('recipient');
  const now = world.clock.now();
  await world.store.read.recipients.insert({
    id: authority,
    tenantId: world.tenantId,
    name: 'District Court',
    kind: 'authority',
    agreementRef: 'file 1',
    agreementExpiresAt: new Date(now.getTime() + 100 * DAY_MS),
    safeguardsAttestedAt: now,
    purposes: ['legal_process'],
    createdAt: now,
    endedAt: null,
    rowVersion: 1,
  });
}, 180_000);
afterAll(() => world.dispose());

const FIELDS = ['status', 'expected_name', 'image:id_front', 'image:selfie'];
const order = (verificationId: string, fields: readonly string[] = FIELDS): DisclosureRequest => ({
  verificationId,
  recipientId: authority,
  purpose: 'legal_process',
  fields,
  legalBasis: 'order 1',
  notifyLearner: undefined,
});

type Parts = Partial<{ store: Store; blobs: BlobStore }>;
const disclose = (request: DisclosureRequest, parts: Parts = {}) =>
  makeDisclose({ ...world, ...parts })(world.staff('officer'), request, () => Promise.resolve());

const registered = (verificationId: string) =>
  world.store.read.disclosures.list([world.tenantId], { verificationId }, { limit: 100 });
const audited = async (id: string) =>
  (await world.store.read.audit.list(id)).filter(({ action }) => action === 'disclosed');

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : String(error));

describe('a recipient that is ended', () => {
  it('leaves its trail for six years, and what is on record of it stays in the register', async () => {
    const recipients = makeRecipients(world);
    const staff = world.staff('officer');
    const request = {
      name: 'Example University',
      kind: 'member' as const,
      agreementRef: 'file 2',
      agreementExpiresAt: new Date(world.clock.now().getTime() + DAY_MS),
      safeguardsAttestedAt: null,
      purposes: ['certificate' as const],
    };
    const id = await recipients.register(world.tenantId, staff, request, () => Promise.resolve());
    await recipients.change(staff, id, { safeguardsAttestedAt: world.clock.now() }, undefined);
    await recipients.change(staff, id, { ended: true }, undefined);
    const trail = await world.store.read.audit.list(id);
    expect(firstBrokenLink(trail)).toBeNull();
    expect(trail.map(({ action }) => action)).toEqual([
      'recipient.registered',
      'recipient.changed',
      'recipient.ended',
    ]);
    const { endedAt } = await recipients.get(staff, id);
    expect(await world.store.read.retention.ofSubject(id)).toEqual([
      { kind: 'audit', dueAt: new Date(endedAt!.getTime() + KEPT.registers) },
    ]);
  });
});

describe('a disclosure', () => {
  it('that is killed at any step has given nothing that the register does not hold', async () => {
    const counter = killedAt(-1, 'before');
    const first = await world.begun();
    const parts = (kill: ReturnType<typeof killedAt>) => ({
      store: kill.wrap<Store>(world.store),
      blobs: kill.wrap<BlobStore>(world.blobs),
    });
    const whole = await disclose(order(first.id), parts(counter));
    expect(Object.keys(whole.values)).toEqual(FIELDS);
    const steps = counter.calls();
    expect(steps).toBeGreaterThan(10);

    for (const when of ['before', 'after'] as const)
      for (let step = 0; step < steps; step++) {
        const { id } = await world.begun();
        await expect(disclose(order(id), parts(killedAt(step, when)))).rejects.toThrow(Killed);
        // Only who dies after the commit has left a line; its values were never given.
        const lines = when === 'after' && step === 0 ? 1 : 0;
        expect(await registered(id)).toHaveLength(lines);
        expect(await audited(id)).toHaveLength(lines);
        await disclose(order(id));
        expect(await registered(id)).toHaveLength(lines + 1);
      }
  }, 120_000);

  it('comes before forgetting or after it, but not in between', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const { id } = await world.begun();
      const results = await Promise.allSettled([
        disclose(order(id)),
        world.happen(id, 'cancel').then(() => world.forget(id, 1)),
        disclose(order(id)),
        disclose(order(id)),
      ]);
      let given = 0;
      for (const [index, result] of results.entries()) {
        if (index === 1) continue;
        if (result.status === 'fulfilled') {
          const { values } = result.value as Awaited<ReturnType<typeof disclose>>;
          expect(values).toMatchObject({ expected_name: 'Anna Eriksson' });
          for (const slot of ['image:id_front', 'image:selfie'] as const) expect(values[slot]).not.toBeNull();
          given++;
          outcomes.add('given');
        } else outcomes.add(codeOf(result.reason));
      }
      expect(await registered(id)).toHaveLength(given);
      await expect(disclose(order(id))).rejects.toMatchObject({ code: 'erased' });
    }
    expect([...outcomes].sort()).toEqual(['erased', 'given']);
  }, 60_000);

  it('says field by field what is gone, where a part of it still is there', async () => {
    const { id, objectKeys } = await world.begun();
    await world.blobs.erase(objectKeys[0]!);
    const { values } = await disclose(order(id));
    expect(values).toMatchObject({ expected_name: 'Anna Eriksson', 'image:id_front': null });
    expect(values['image:selfie']).not.toBeNull();
    expect(await registered(id)).toMatchObject([{ fields: FIELDS, erased: ['image:id_front'] }]);
    await expect(disclose(order(id, ['image:id_front']))).rejects.toMatchObject({ code: 'erased' });
  });

  it('gives nothing of what was never asked for', async () => {
    const { id } = await world.begun();
    const { values } = await disclose(order(id, ['expected_name']));
    expect(values).toEqual({ expected_name: 'Anna Eriksson' });
  });

  it('is not made where storage does not answer', async () => {
    const { id } = await world.begun();
    const blobs = { ...world.blobs, get: () => Promise.reject(new StorageError('storage_unavailable')) };
    await expect(disclose(order(id), { blobs })).rejects.toThrow(StorageError);
    expect(await registered(id)).toEqual([]);
  });

  it('gives nothing any more from the moment in which a hold has ended', async () => {
    const { id } = await world.begun();
    const holdId = await world.legalHolds.place(world.staff('one'), world.tenantId, {
      verificationId: id,
      learnerRef: null,
      authority: 'District Court',
      reference: '1/26',
      expiresAt: new Date(world.clock.now().getTime() + 30 * DAY_MS),
      notice: 'allowed',
    });
    await world.legalHolds.approve(world.staff('two'), holdId);
    await world.happen(id, 'cancel');
    expect((await disclose(order(id))).values).toMatchObject({ expected_name: 'Anna Eriksson' });
    await world.legalHolds.release(world.staff('one'), holdId);
    await expect(disclose(order(id))).rejects.toMatchObject({ code: 'erased' });
  });
});
