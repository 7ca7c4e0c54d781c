import { makeCompliance } from '../../src/app/compliance.js';
import { DAY_MS, makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';

let world: ForgettingWorld;
beforeAll(async () => {
  world = await makeForgettingWorld();
}, 180_000);
afterAll(() => world.dispose());

const compliance = () => makeCompliance({ ...world, findOrphans: (limit) => world.sweep.findOrphans(limit) });
const kindsOf = async (tenantIds: readonly string[] | 'all') =>
  new Set((await compliance().findOverdue(tenantIds)).map(({ kind }) => kind));

describe('the compliance report', () => {
  it('tells whoever is of the tenant of everything that is late, and nobody else of any of it', async () => {
    // Late on purpose: nothing sweeps here.
    const forgotten = await world.begun();
    await world.happen(forgotten.id, 'cancel');
    const stuck = await world.begun();
    await world.happen(stuck.id, 'submit');
    await world.store.read.tasks.removeOfEpoch(stuck.id, 1, ['read_document', 'match_face']);
    const held = await world.begun();
    const place = () =>
      world.legalHolds.place(world.staff('one'), world.tenantId, {
        verificationId: held.id,
        learnerRef: null,
        authority: 'A court',
        reference: 'K 1/26',
        expiresAt: new Date(world.clock.now().getTime() + 700 * DAY_MS),
        notice: 'allowed',
      });
    const ended = await place();
    await world.vault.rewrapDataKey(
      world.store,
      { tenantId: world.tenantId, verificationId: held.id, epoch: 1 },
      { id: ended, dueAt: null },
    );
    await world.legalHolds.release(world.staff('one'), ended);
    world.pass(40 * DAY_MS);
    const living = await place();

    const mine = await compliance().findOverdue([world.tenantId]);
    const seen = mine.map(({ kind, id }) => `${kind} ${id}`);
    for (const expected of [
      `forgetting ${forgotten.id}`,
      `stuck_case ${stuck.id}`,
      `retention_end ${forgotten.id}`,
      `wrapping_key ${ended}`,
      `hold_ends_soon ${living}`,
    ])
      expect(seen).toContain(expected);

    // The key of a day belongs to all; everything else names somebody's case.
    const others = await compliance().report(['ten_other']);
    expect(others.overdue.filter(({ id }) => !/^\d{4}-\d{2}-\d{2}$/.test(id))).toEqual([]);
    expect(others.oldestOpenCase).toBeNull();
    expect(await kindsOf([])).toEqual(new Set(['wrapping_key']));
    expect(await kindsOf('all')).toEqual(await kindsOf([world.tenantId]));
  });

  it('is not emptied by a tenant that has more late than the list is long', async () => {
    const crowd = world.ids.next('tenant');
    await world.store.read.tenants.insert({ id: crowd, name: 'crowd', createdAt: world.clock.now() });
    await world.store.db
      .insertInto('retentionSchedule')
      .values(
        Array.from({ length: 120 }, (_, index) => ({
          subjectId: `ver_crowd_${index}`,
          kind: 'check' as const,
          dueAt: new Date('2000-01-01T00:00:00Z'),
        })),
      )
      .execute();
    for (let index = 0; index < 120; index++)
      await world.store.transaction((tx) =>
        world.journal.audit(tx, { id: `ver_crowd_${index}`, tenantId: crowd }, 'system', 'created'),
      );
    const mine = await compliance().findOverdue([world.tenantId]);
    expect(mine.filter(({ kind }) => kind === 'retention_end').length).toBeGreaterThan(0);
    expect(mine.filter(({ id }) => id.startsWith('ver_crowd'))).toEqual([]);
  });
});
