import { makeDestroyKeys } from '../../src/app/destroy-keys.js';
import { makeForget } from '../../src/app/forget.js';
import { firstBrokenLink } from '../../src/app/journal.js';
import type { KeyProvider } from '../../src/app/ports/key-provider.js';
import type { Store } from '../../src/app/ports/store.js';
import { RECEIPT_TYPE } from '../../src/domain/deletion.js';
import { DAY_MS, makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';
import { Killed, killedAt } from '../support/killed.js';

let world: ForgettingWorld;
beforeAll(async () => {
  world = await makeForgettingWorld();
}, 180_000);
afterAll(() => world.dispose());

const record = async (id: string) => (await world.store.read.verifications.findById(id))!;
const dueKeys = () => world.store.read.wrappingKeys.due(world.clock.now(), 100);

async function claimsOf(id: string) {
  const receipts = await world.store.read.deletions.receipts([world.tenantId], id);
  return Promise.all(receipts.map((jws) => world.signer.verify(RECEIPT_TYPE, jws)));
}

/** A provider that takes its time, as a key management service does. */
function delayed(keys: KeyProvider, delay: number): KeyProvider {
  const requested = new Map<string, Date>();
  return {
    ...keys,
    destructionDelay: delay,
    async destroy(keyId) {
      requested.set(keyId, requested.get(keyId) ?? world.clock.now());
      await keys.destroy(keyId);
    },
    isDestroyed: (keyId) =>
      Promise.resolve(
        requested.has(keyId) && requested.get(keyId)!.getTime() + delay <= world.clock.now().getTime(),
      ),
  };
}

describe('the key of a period', () => {
  it('stays while its day can still be needed, and goes a day after thirty at the latest', async () => {
    const { id } = await world.begun();
    const { keyId } = (await world.store.read.dataKeys.find(id, 1))!;
    await world.happen(id, 'cancel');
    await world.forget(id, 1);
    const [first] = await claimsOf(id);
    world.pass(30 * DAY_MS - 1_000);
    await world.sweep.run();
    expect(await world.keys.isDestroyed(keyId)).toBe(false);
    expect(await claimsOf(id)).toHaveLength(1);
    world.pass(DAY_MS + 2_000);
    await world.sweep.run();
    expect(await world.keys.isDestroyed(keyId)).toBe(true);

    const [final, earlier] = await claimsOf(id);
    expect(earlier).toEqual(first);
    expect(final).toMatchObject({ ...first, iat: final!['iat'], audit: final!['audit'], receipt_version: 2 });
    const since = Date.parse(final!['unrecoverable_since'] as string);
    expect(since).toBeLessThanOrEqual(Date.parse(first!['period_key_destroy_not_after'] as string));
    expect(firstBrokenLink(await world.store.read.audit.list(id))).toBeNull();
    expect(await dueKeys()).toEqual([]);
  });

  it('expires and forgets what is still open, before it goes', async () => {
    const { id, objectKeys } = await world.begun();
    const { keyId } = (await world.store.read.dataKeys.find(id, 1))!;
    world.pass(33 * DAY_MS);
    await world.sweep.run();
    expect(await record(id)).toMatchObject({ status: 'expired', redactionStatus: 'done' });
    for (const key of objectKeys) expect(await world.blobs.isAbsent(key)).toBe(true);
    expect(await world.keys.isDestroyed(keyId)).toBe(true);
    expect((await claimsOf(id)).map((claims) => claims['receipt_version'])).toEqual([2, 1]);
  });

  it('is not destroyed while a person who hangs on it cannot be forgotten', async () => {
    const { id } = await world.begun();
    const { keyId } = (await world.store.read.dataKeys.find(id, 1))!;
    await world.happen(id, 'cancel');
    world.pass(33 * DAY_MS);
    const [key] = (await dueKeys()).filter((row) => row.id === keyId);
    const refusing = makeDestroyKeys({ ...world, forget: () => Promise.reject(new Error('storage away')) });
    await expect(refusing(key!)).rejects.toThrow();
    expect(await world.keys.isDestroyed(keyId)).toBe(false);
    await world.sweep.run();
    expect(await world.keys.isDestroyed(keyId)).toBe(true);
  });

  it('counts as destroyed, and is vouched for, only when nobody can undo it', async () => {
    const { id } = await world.begun();
    const keys = delayed(world.keys, 7 * DAY_MS);
    await world.happen(id, 'cancel');
    await makeForget({ ...world, keys })(id, 1);
    const [first] = await claimsOf(id);
    const destroyKey = makeDestroyKeys({ ...world, keys, forget: world.forget });
    world.pass(33 * DAY_MS);
    const before = (await dueKeys())[0]!;
    await destroyKey(before);
    expect(await claimsOf(id)).toHaveLength(1);
    world.pass(6 * DAY_MS);
    await destroyKey((await dueKeys())[0]!);
    expect(await claimsOf(id)).toHaveLength(1);
    world.pass(DAY_MS + 1_000);
    await destroyKey((await dueKeys())[0]!);
    const [final] = await claimsOf(id);
    expect(final).toMatchObject({ receipt_version: 2 });
    // The bound of the first receipt had the provider's time added.
    const bound = Date.parse(first!['period_key_destroy_not_after'] as string);
    const period = Date.parse(`${first!['period'] as string}T00:00:00Z`);
    expect(bound - period).toBe((1 + 30 + 1 + 7) * DAY_MS);
  });

  it('is destroyed once, and vouched for once, whatever step its sweep is killed at', async () => {
    const prepare = async () => {
      const people = [await world.begun(), await world.begun()];
      for (const { id } of people) await world.happen(id, 'cancel');
      await world.forget(people[0]!.id, 1);
      world.pass(33 * DAY_MS);
      return { people, key: (await dueKeys())[0]! };
    };
    const run = (at: number, when: 'before' | 'after') => {
      const { wrap, calls } = killedAt(at, when);
      const store = wrap<Store>(world.store);
      const parts = { ...world, store, keys: wrap<KeyProvider>(world.keys), signer: wrap(world.signer) };
      return { destroyKey: makeDestroyKeys({ ...parts, forget: makeForget(parts) }), calls };
    };
    const check = async ({ people, key }: Awaited<ReturnType<typeof prepare>>) => {
      expect(await world.keys.isDestroyed(key.id)).toBe(true);
      for (const { id } of people) {
        expect((await claimsOf(id)).map((claims) => claims['receipt_version'])).toEqual([2, 1]);
        const trail = await world.store.read.audit.list(id);
        expect(firstBrokenLink(trail)).toBeNull();
        expect(trail.filter(({ action }) => action === 'unrecoverable')).toHaveLength(1);
      }
    };
    const whole = await prepare();
    const counter = run(-1, 'before');
    await counter.destroyKey(whole.key);
    await check(whole);
    const steps = counter.calls();
    expect(steps).toBeGreaterThan(30);

    for (const when of ['before', 'after'] as const)
      for (let step = 0; step < steps; step += 3) {
        const prepared = await prepare();
        await run(step, when)
          .destroyKey(prepared.key)
          .catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
        // The next sweep.
        await world.sweep.run();
        await check(prepared);
      }
  }, 240_000);
});

describe('what outlives the person', () => {
  it('goes kind by kind when its time is over', async () => {
    const { id } = await world.begun();
    await world.happen(id, 'submit');
    const ref = { tenantId: world.tenantId, verificationId: id, epoch: 1, attempt: 1 };
    await world.store.read.checks.replace(ref, [{ name: 'face_match', outcome: 'pass', score: 0.7 }]);
    await world.happen(id, 'engines_pass');
    await world.forget(id, 1);
    const events = async () =>
      (await world.store.db.selectFrom('events').select('id').where('verificationId', '=', id).execute())
        .length;
    expect(await events()).toBeGreaterThan(0);

    world.pass(29 * DAY_MS);
    await world.sweep.run();
    expect(await world.store.read.checks.list(ref)).toHaveLength(1);
    world.pass(DAY_MS + 60_000);
    await world.sweep.run();
    expect(await world.store.read.checks.list(ref)).toEqual([]);
    expect(await events()).toBe(0);

    // Valid for a year, and kept for one more.
    world.pass((364 + 365 - 30) * DAY_MS);
    await world.sweep.run();
    expect(await record(id)).not.toBeNull();
    world.pass(2 * DAY_MS);
    await world.sweep.run();
    expect(await world.store.read.verifications.findById(id)).toBeNull();
    expect(await world.store.read.courses.list(id)).toEqual([]);

    expect(await claimsOf(id)).toHaveLength(2);
    await world.auditLog.checkpoint();
    world.pass((6 * 365 - 2 * 365) * DAY_MS);
    await world.sweep.run();
    await world.sweep.run();
    expect(await claimsOf(id)).toEqual([]);
    // Its last entries are younger than the outcome: they go six years after a checkpoint has covered them.
    expect(await world.store.read.audit.list(id)).not.toEqual([]);
    world.pass(2.1 * 365 * DAY_MS);
    await world.sweep.run();
    expect(await world.store.read.audit.list(id)).toEqual([]);
    expect(await world.store.read.retention.ofSubject(id)).toEqual([]);
  });
});

describe('an appeal', () => {
  const expected = { full_name: 'Anna Eriksson' };
  const appeal = (id: string) =>
    world.appeal(world.scope, id, { expected, statement: 'It is me.' }, { actor: 'system' }, () =>
      Promise.resolve(),
    );
  const declined = async () => {
    const begun = await world.begun();
    await world.happen(begun.id, 'submit', 'engines_unsure', 'review_decline');
    return begun;
  };

  it('opens a second epoch under a data key of its own, for a person to decide on', async () => {
    const { id } = await declined();
    await expect(appeal(id)).rejects.toMatchObject({ code: 'invalid_state' });
    await world.forget(id, 1);
    await appeal(id);
    expect(await record(id)).toMatchObject({
      status: 'requires_input',
      epoch: 2,
      attempt: 1,
      method: 'manual',
      redactionStatus: 'none',
      decidedAt: null,
    });
    expect(await world.store.read.dataKeys.find(id, 1)).toBeNull();
    expect(await world.store.read.dataKeys.find(id, 2)).not.toBeNull();
    await world.happen(id, 'cancel');
    await world.forget(id, 2);
    expect((await claimsOf(id)).map(({ epoch }) => epoch)).toEqual([2, 1]);
    world.pass(33 * DAY_MS);
    await world.sweep.run();
    expect((await claimsOf(id)).map((claims) => [claims['epoch'], claims['receipt_version']])).toEqual([
      [2, 2],
      [2, 1],
      [1, 2],
      [1, 1],
    ]);
  });

  it('is heard once', async () => {
    const { id } = await declined();
    await world.forget(id, 1);
    await appeal(id);
    await world.happen(id, 'submit', 'engines_unsure', 'review_decline');
    await world.forget(id, 2);
    await expect(appeal(id)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('comes within thirty days, and before a new verification is begun', async () => {
    const late = await declined();
    await world.forget(late.id, 1);
    world.pass(30 * DAY_MS + 1_000);
    await expect(appeal(late.id)).rejects.toMatchObject({ code: 'invalid_state' });

    const again = await declined();
    await world.forget(again.id, 1);
    const { id } = await world.begun(again.learnerRef);
    await expect(appeal(again.id)).rejects.toMatchObject({
      code: 'verification_exists',
      more: { members: { verification_id: id } },
    });
  });

  it('is for those who were declined, and not erased', async () => {
    const canceled = await world.begun();
    await world.happen(canceled.id, 'cancel');
    await world.forget(canceled.id, 1);
    await expect(appeal(canceled.id)).rejects.toMatchObject({ code: 'invalid_state' });
    const erased = await declined();
    await world.forget(erased.id, 1);
    await world.manage.redact(world.scope, erased.id, { actor: 'system' });
    await expect(appeal(erased.id)).rejects.toMatchObject({ code: 'erased' });
  });
});
