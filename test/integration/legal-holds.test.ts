import { RECEIPT_TYPE } from '../../src/domain/deletion.js';
import type { EventKind } from '../../src/domain/state-machine.js';
import { DAY_MS, makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

let world: ForgettingWorld;
beforeAll(async () => {
  world = await makeForgettingWorld();
}, 180_000);
afterAll(() => world.dispose());

const [officer, second] = [() => world.staff('officer'), () => world.staff('second')];

const place = async (on: { verificationId?: string; learnerRef?: string }, more: object = {}) => {
  const id = await world.legalHolds.place(officer(), world.tenantId, {
    verificationId: on.verificationId ?? null,
    learnerRef: on.learnerRef ?? null,
    authority: 'A court',
    reference: 'K 1/26',
    expiresAt: new Date(world.clock.now().getTime() + 90 * DAY_MS),
    notice: 'allowed',
    ...more,
  });
  return world.legalHolds.get(officer(), id);
};

const record = async (id: string) => (await world.store.read.verifications.findById(id))!;

/** Everything that opens the person is still there. */
async function expectKept(id: string, objectKeys: readonly string[]) {
  const v = await record(id);
  const ref = { tenantId: world.tenantId, verificationId: id, epoch: v.epoch };
  const key = await world.vault.openDataKey(world.store.read, ref);
  expect(key).not.toBeNull();
  for (const objectKey of objectKeys) {
    const blob = (await world.store.read.blobs.all(id, v.epoch)).find((row) => row.objectKey === objectKey)!;
    expect(blob.salt).not.toBeNull();
    const sealed = (await world.blobs.get(objectKey))!;
    const opened = world.vault.openBlob(key!, ref, blob.slot, blob.id, blob.salt!, sealed);
    expect(Buffer.from(opened).toString()).toContain('picture of');
  }
}

async function expectForgotten(id: string, objectKeys: readonly string[]) {
  const v = await record(id);
  expect(v.redactionStatus).toBe('done');
  expect(await world.store.read.dataKeys.find(id, v.epoch)).toBeNull();
  for (const objectKey of objectKeys) expect(await world.blobs.isAbsent(objectKey)).toBe(true);
}

describe('a legal hold', () => {
  it.each<[string, readonly EventKind[]]>([
    ['canceled', ['cancel']],
    ['withdrawn', ['consent_withdrawn']],
    ['lapsed', ['capture_lapsed']],
    ['too old', ['age_limit_reached']],
    ['approved', ['submit', 'engines_pass']],
    ['declined', ['submit', 'engines_unsure', 'review_decline']],
    ['approved and revoked', ['submit', 'engines_pass', 'revoke']],
  ])('keeps all of a verification that is %s, and lets it go when it ends', async (_, events) => {
    const { id, objectKeys } = await world.begun();
    const { hold } = await place({ verificationId: id });
    await world.legalHolds.approve(second(), hold.id);
    await world.happen(id, ...events);
    await world.forget(id, 1);
    await world.sweep.run();
    world.pass(16 * MINUTE);
    await world.sweep.run();
    expect((await record(id)).redactionStatus).toBe('held');
    await expectKept(id, objectKeys);

    await world.legalHolds.release(officer(), hold.id);
    world.pass(16 * MINUTE);
    await world.sweep.run();
    await expectForgotten(id, objectKeys);
  });

  it('comes in time for a deletion that is scheduled, and too late for one whose key is unlinked', async () => {
    const early = await world.begun();
    await world.happen(early.id, 'cancel');
    const kept = await place({ verificationId: early.id });
    expect(kept.targets).toMatchObject([{ verificationId: early.id, content: 'preserved' }]);
    await world.forget(early.id, 1);
    await expectKept(early.id, early.objectKeys);

    const late = await world.begun();
    await world.happen(late.id, 'cancel');
    await world.forget(late.id, 1);
    const none = await place({ verificationId: late.id });
    expect(none.targets).toMatchObject([{ verificationId: late.id, content: 'already_erased' }]);
    await expectForgotten(late.id, late.objectKeys);
  });

  it('sets aside what is replaced, taken back or read anew, and lets it go when it ends', async () => {
    const { id, objectKeys } = await world.begun();
    const { hold } = await place({ verificationId: id });
    await world.happen(id, 'submit', 'engines_ask_again');
    await world.manage.updateExpected(
      world.scope,
      id,
      { full_name: 'Anna Maria Eriksson' },
      { actor: 'system' },
    );
    const replacement = await world.storeImage(id, 'id_front', 'another picture of id_front');
    await expectKept(id, [...objectKeys, replacement]);
    const states = (await world.store.read.blobs.all(id, 1)).map(({ state }) => state);
    expect(states.sort()).toEqual(['retained', 'stored', 'stored']);
    const names = async () =>
      (
        await world.store.db
          .selectFrom('sealedFields')
          .select('name')
          .where('verificationId', '=', id)
          .execute()
      ).map(({ name }) => name.split('~')[0]);
    expect(await names()).toEqual(['expected', 'expected']);

    await world.legalHolds.release(officer(), hold.id);
    world.pass(16 * MINUTE);
    await world.sweep.run();
    expect(await names()).toEqual(['expected']);
    const left = await world.store.read.blobs.all(id, 1);
    expect(left.map(({ state }) => state)).toEqual(['stored', 'stored']);
    expect(await world.blobs.isAbsent(objectKeys[0]!)).toBe(true);
    await expectKept(id, [objectKeys[1]!, replacement]);
  });

  it('refuses the erasure of a person, unless it may not be told: then it looks done and waits', async () => {
    const open = await world.begun();
    await place({ verificationId: open.id });
    await expect(world.manage.redact(world.scope, open.id, { actor: 'system' })).rejects.toMatchObject({
      code: 'legal_hold',
    });
    expect((await record(open.id)).status).toBe('requires_input');

    const secret = await world.begun();
    const { hold } = await place({ verificationId: secret.id }, { notice: 'forbidden' });
    const version = (await record(secret.id)).rowVersion;
    await world.manage.redact(world.scope, secret.id, { actor: 'system' });
    const v = await record(secret.id);
    expect(v).toMatchObject({ status: 'canceled', redactionStatus: 'held', hold: 'forbidden' });
    expect(v.learnerRef).toMatch(/^erased_/);
    expect(v.rowVersion).toBeGreaterThan(version);
    // The hold still knows whom it is about.
    expect(await world.store.read.holds.targets(hold.id)).toMatchObject([{ learnerRef: secret.learnerRef }]);
    await expectKept(secret.id, secret.objectKeys);
    await world.legalHolds.release(second(), hold.id);
    expect(await world.store.read.holds.targets(hold.id)).toMatchObject([{ learnerRef: null }]);
    world.pass(16 * MINUTE);
    await world.sweep.run();
    await expectForgotten(secret.id, secret.objectKeys);
  });

  it('does not change the version that an ETag would tell', async () => {
    const { id } = await world.begun();
    const before = await record(id);
    const { hold } = await place({ verificationId: id }, { notice: 'forbidden' });
    await world.legalHolds.approve(second(), hold.id);
    const after = await record(id);
    expect(after).toEqual({ ...before, hold: 'forbidden' });
  });

  it('of a learner covers all that they have begun, and what they begin later', async () => {
    const learnerRef = 'learner-held';
    const first = await world.begun(learnerRef);
    await world.happen(first.id, 'cancel');
    const { hold, targets } = await place({ learnerRef });
    expect(targets.map(({ verificationId }) => verificationId)).toEqual([first.id]);
    const later = await world.begun(learnerRef);
    expect((await record(later.id)).hold).toBe('allowed');
    await world.happen(later.id, 'cancel');
    const requestId = await world.erasureRequests.create('staff:officer', world.tenantId, learnerRef);
    const request = await world.erasureRequests.get([world.tenantId], requestId);
    expect(request).toMatchObject({ status: 'held' });
    expect(request.items).toEqual([
      { verificationId: first.id, outcome: 'held' },
      { verificationId: later.id, outcome: 'held' },
    ]);
    await expectKept(first.id, first.objectKeys);
    await expectKept(later.id, later.objectKeys);
    await world.legalHolds.release(officer(), hold.id);
    world.pass(16 * MINUTE);
    await world.sweep.run();
    expect(await world.erasureRequests.get([world.tenantId], request.request.id)).toMatchObject({
      status: 'done',
    });
    await expectForgotten(first.id, first.objectKeys);
    await expectForgotten(later.id, later.objectKeys);
  });

  it('is approved by another person only, and lapses without that after 72 hours', async () => {
    const { id, objectKeys } = await world.begun();
    await world.happen(id, 'cancel');
    const { hold } = await place({ verificationId: id });
    await expect(world.legalHolds.approve(officer(), hold.id)).rejects.toMatchObject({
      code: 'second_person_required',
    });
    world.pass(71 * HOUR);
    await world.sweep.run();
    await expectKept(id, objectKeys);
    world.pass(2 * HOUR);
    await world.sweep.run();
    expect((await world.legalHolds.get(officer(), hold.id)).hold.status).toBe('lapsed');
    world.pass(16 * MINUTE);
    await world.sweep.run();
    await expectForgotten(id, objectKeys);
    await expect(world.legalHolds.approve(second(), hold.id)).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });

  it('ends at its own end', async () => {
    const { id, objectKeys } = await world.begun();
    await world.happen(id, 'cancel');
    const expiresAt = new Date(world.clock.now().getTime() + 10 * DAY_MS);
    const { hold } = await place({ verificationId: id }, { expiresAt });
    await world.legalHolds.approve(second(), hold.id);
    world.pass(9 * DAY_MS);
    await world.sweep.run();
    await expectKept(id, objectKeys);
    world.pass(2 * DAY_MS);
    await world.sweep.run();
    world.pass(16 * MINUTE);
    await world.sweep.run();
    expect((await world.legalHolds.get(officer(), hold.id)).hold.status).toBe('expired');
    await expectForgotten(id, objectKeys);
  });

  it('keeps what another hold keeps as well', async () => {
    const { id, objectKeys } = await world.begun();
    await world.happen(id, 'cancel');
    const first = await place({ verificationId: id }, { notice: 'forbidden' });
    const other = await place({ verificationId: id });
    expect((await record(id)).hold).toBe('forbidden');
    await world.legalHolds.release(officer(), first.hold.id);
    expect((await record(id)).hold).toBe('allowed');
    await world.forget(id, 1);
    await expectKept(id, objectKeys);
    await world.legalHolds.release(officer(), other.hold.id);
    world.pass(16 * MINUTE);
    await world.sweep.run();
    await expectForgotten(id, objectKeys);
  });

  it('outlives the key of its period under a key of its own, which goes when it ends', async () => {
    const { id, objectKeys } = await world.begun();
    const free = await world.begun();
    await world.happen(id, 'cancel');
    await world.happen(free.id, 'cancel');
    const { hold } = await place({ verificationId: id });
    await world.legalHolds.approve(second(), hold.id);
    const period = (await world.store.read.dataKeys.find(id, 1))!.keyId;
    world.pass(33 * DAY_MS);
    await world.sweep.run();
    expect(await world.keys.isDestroyed(period)).toBe(true);
    expect((await world.store.read.dataKeys.find(id, 1))!.keyId).toBe(hold.id);
    await expectKept(id, objectKeys);
    // Whoever was not held is beyond recovery, and has it in writing; who is held is not.
    const claimsOf = async (verificationId: string) =>
      Promise.all(
        (await world.store.read.deletions.receipts([world.tenantId], verificationId)).map((jws) =>
          world.signer.verify(RECEIPT_TYPE, jws),
        ),
      );
    expect((await claimsOf(free.id)).map((claims) => claims['receipt_version'])).toEqual([2, 1]);
    expect(await claimsOf(id)).toEqual([]);

    await world.legalHolds.release(officer(), hold.id);
    world.pass(16 * MINUTE);
    await world.sweep.run();
    await expectForgotten(id, objectKeys);
    expect(await world.keys.isDestroyed(hold.id)).toBe(true);
    const [final] = await claimsOf(id);
    expect(final).toMatchObject({ receipt_version: 2, wrapped_by: [period, hold.id] });
    expect(final!['keys_destroyed']).toMatchObject([{ key: period }, { key: hold.id }]);
    expect(final!['unrecoverable_since']).toBe((final!['keys_destroyed'] as { at: string }[])[1]!.at);
  });

  it('that ends while the case is open gives the data key back to a period', async () => {
    const { id, objectKeys } = await world.begun();
    const { hold } = await place({ verificationId: id });
    await world.legalHolds.approve(second(), hold.id);
    await world.vault.rewrapDataKey(
      world.store,
      { tenantId: world.tenantId, verificationId: id, epoch: 1 },
      { id: hold.id, dueAt: null },
    );
    await world.legalHolds.release(officer(), hold.id);
    await world.sweep.run();
    expect(await world.keys.isDestroyed(hold.id)).toBe(true);
    expect((await world.store.read.dataKeys.find(id, 1))!.keyId).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    await expectKept(id, objectKeys);
  });

  it('keeps the record, too, beyond the end of its retention', async () => {
    const { id } = await world.begun();
    await world.happen(id, 'cancel');
    await world.forget(id, 1);
    const { hold } = await place(
      { verificationId: id },
      { expiresAt: new Date(world.clock.now().getTime() + 700 * DAY_MS) },
    );
    await world.legalHolds.approve(second(), hold.id);
    world.pass(34 * DAY_MS);
    await world.sweep.run();
    world.pass(366 * DAY_MS);
    await world.sweep.run();
    expect(await world.store.read.verifications.findById(id)).not.toBeNull();
    await world.legalHolds.release(officer(), hold.id);
    world.pass(2 * DAY_MS);
    await world.sweep.run();
    expect(await world.store.read.verifications.findById(id)).toBeNull();
    // The proof and the trail outlive it.
    expect(await world.store.read.deletions.receipts([world.tenantId], id)).toHaveLength(2);
    expect((await world.store.read.audit.list(id)).length).toBeGreaterThan(3);
  });

  it.each([
    ['in the past', -1],
    ['more than two years away', 731 * DAY_MS],
  ])('is refused with an end %s', async (_, ahead) => {
    const { id } = await world.begun();
    const expiresAt = new Date(world.clock.now().getTime() + ahead);
    await expect(place({ verificationId: id }, { expiresAt })).rejects.toMatchObject({
      code: 'invalid_field',
    });
    expect((await record(id)).hold).toBeNull();
  });

  it('on nothing, or on another tenant’s verification, is not found', async () => {
    await expect(place({ learnerRef: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    const { id } = await world.begun();
    await expect(
      world.legalHolds.place(officer(), 'ten_other', {
        verificationId: id,
        learnerRef: null,
        authority: 'A court',
        reference: 'K 1/26',
        expiresAt: new Date(world.clock.now().getTime() + DAY_MS),
        notice: 'allowed',
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
