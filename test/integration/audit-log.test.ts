import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { compactVerify, createLocalJWKSet } from 'jose';
import { makeJwsSigner } from '../../src/adapters/jws-signer.js';
import { migrate } from '../../src/adapters/postgres/database.js';
import { makePostgresStore } from '../../src/adapters/postgres/store.js';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import { makeAuditLog } from '../../src/app/audit-log.js';
import { leafOf } from '../../src/app/audit-tree.js';
import { auditHash, canonicalJson, makeJournal } from '../../src/app/journal.js';
import type { AuditEntry } from '../../src/app/ports/audit.js';
import { CHECKPOINT_TYPE } from '../../src/domain/audit-checkpoint.js';
import { KEPT } from '../../src/domain/retention.js';
import { startPostgres } from '../../src/sandbox/embedded/postgres.js';
import { rootByPath } from '../support/inclusion.js';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'lethe-audit-'));
const ids = makeIds();
const TENANT = ids.next('tenant');
const OTHER_TENANT = ids.next('tenant');
const settings = { publicBaseUrl: 'https://lethe.test' };
const NOW = Date.parse('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
let now = NOW;
const clock = { now: () => new Date(now) };
const journal = makeJournal({ clock, ids });

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let store: ReturnType<typeof openStore>;
let signer: Awaited<ReturnType<typeof makeJwsSigner>>;
let log: ReturnType<typeof makeAuditLog>;

const openStore = () =>
  makePostgresStore({ url: postgres.url, poolSize: 6, onConnectionError: () => undefined });
const run = async (statement: string) => {
  await sql.raw(statement).execute(store.db);
};

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, onExit: () => undefined });
  store = openStore();
  await migrate(store.db);
  signer = await makeJwsSigner({ keyDir: path.join(dataDir, 'keys') });
  log = makeAuditLog({ store, clock, signer, settings });
  for (const id of [TENANT, OTHER_TENANT])
    await store.read.tenants.insert({ id, name: id, createdAt: clock.now() });
}, 180_000);
afterAll(async () => {
  await store.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const TABLES = ['audit_entries', 'audit_leaves', 'audit_checkpoints'];
const empty = () => run(`truncate ${TABLES.join()}`);

const write = (subject: string, action: string, tenantId = TENANT, at = store) =>
  at.transaction(async (tx) => {
    // Stands for the lock on the subject's row, which the journal asks for.
    await tx.verifications.lockLearner({ tenantId, livemode: false }, subject);
    await journal.audit(tx, { id: subject, tenantId }, 'system', action, { attempt: 1, codes: ['a', 'b'] });
  });

/** Four subjects with five entries each, in four checkpoints, and one entry more that has no place yet. */
const SUBJECTS = ['hld_a', 'rcp_b', 'ver_c', 'ver_d'] as const;
async function buildLog(): Promise<void> {
  now = NOW;
  await empty();
  for (let round = 1; round <= 5; round++) {
    for (const subject of SUBJECTS) await write(subject, `action.${round}`);
    now += MINUTE;
    if (round !== 2) await log.checkpoint();
  }
  await write('ver_d', 'action.6');
}

describe('the audit log', () => {
  beforeAll(buildLog);
  beforeAll(async () => {
    for (const table of TABLES) await run(`create table saved_${table} as table ${table}`);
  });
  afterEach(async () => {
    await empty();
    for (const table of TABLES) await run(`insert into ${table} select * from saved_${table}`);
  });

  it('holds when nothing was touched', async () => {
    expect(await log.verify()).toEqual({
      ok: true,
      subjects: 4,
      entries: 21,
      checkpoints: 4,
      length: 20,
      head: (await log.status()).head,
      fault: null,
    });
    expect(await log.status()).toMatchObject({ ok: true, length: 20 });
  });

  it('has nothing to add where nothing is new, and adds what is', async () => {
    expect(await log.checkpoint()).toBe(1);
    expect(await log.checkpoint()).toBe(0);
    expect(await log.verify()).toMatchObject({ ok: true, checkpoints: 5, length: 21 });
  });

  const COLUMNS: readonly [string, string][] = [
    ['subject_id', `'ver_x'`],
    ['seq', '77'],
    ['tenant_id', `'${OTHER_TENANT}'`],
    ['at', `at + interval '1 millisecond'`],
    ['actor', `'learner'`],
    ['action', `'status.approved'`],
    ['detail', `detail || '{"more": true}'`],
    ['previous_hash', `repeat('f', 64)`],
    ['hash', `repeat('f', 64)`],
  ];
  const PLACES = [1, 3, 5] as const;
  it.each(COLUMNS)('finds a change of %s, wherever in a chain', async (column, value) => {
    for (const seq of PLACES) {
      await run(`update audit_entries set ${column} = ${value} where subject_id = 'ver_c' and seq = ${seq}`);
      const { ok, fault } = await log.verify();
      expect([ok, fault?.code]).toEqual([false, 'chain_broken']);
      if (column !== 'subject_id' && column !== 'seq') expect(fault).toMatchObject({ subject: 'ver_c', seq });
      await empty();
      for (const table of TABLES) await run(`insert into ${table} select * from saved_${table}`);
    }
  });

  it('finds a change of log_index', async () => {
    await run(`update audit_entries set log_index = null where log_index = 7`);
    expect((await log.verify()).fault).toMatchObject({ code: 'entry_missing', logIndex: 7, checkpoint: 2 });
  });

  /** What a forger can do who writes to the database but has no signing key. */
  async function rewriteChain(subject: string, from: number, change: Partial<AuditEntry>): Promise<void> {
    const chain = await store.read.audit.list(subject);
    let previousHash = chain[from - 2]?.hash ?? '0'.repeat(64);
    for (const { logIndex: _, ...entry } of chain.slice(from - 1)) {
      const forged = { ...entry, ...(entry.seq === from ? change : {}), previousHash };
      const hash = auditHash(forged);
      await sql`update audit_entries set actor = ${forged.actor}, previous_hash = ${previousHash}, hash = ${hash}
        where subject_id = ${subject} and seq = ${entry.seq}`.execute(store.db);
      previousHash = hash;
    }
  }

  it.each(PLACES)('finds entry %i changed, though the chain behind it was hashed anew', async (seq) => {
    await rewriteChain('ver_c', seq, { actor: 'learner' });
    expect((await log.verify()).fault).toEqual({ code: 'entry_changed', subject: 'ver_c', seq });
  });

  it('finds the same with the leaves made anew, by the root', async () => {
    await rewriteChain('ver_c', 3, { actor: 'learner' });
    for (const { logIndex, ...entry } of await store.read.audit.list('ver_c'))
      await sql`update audit_leaves set hash = ${leafOf(entry)} where log_index = ${logIndex}`.execute(
        store.db,
      );
    expect((await log.verify()).fault).toEqual({ code: 'root_wrong', checkpoint: 2 });
  });

  it.each(PLACES)('finds entry %i taken out', async (seq) => {
    await run(`delete from audit_entries where subject_id = 'ver_c' and seq = ${seq}`);
    const { fault } = await log.verify();
    if (seq === 5) expect(fault).toMatchObject({ code: 'entry_missing', checkpoint: 4 });
    else expect(fault).toEqual({ code: 'chain_broken', subject: 'ver_c', seq: seq + 1 });
  });

  it('finds a whole chain taken out, and all of them', async () => {
    await run(`delete from audit_entries where subject_id = 'rcp_b'`);
    expect((await log.verify()).fault).toEqual({ code: 'entry_missing', checkpoint: 1, logIndex: 1 });
    await run(`delete from audit_entries`);
    expect((await log.verify()).fault).toEqual({ code: 'entry_missing', checkpoint: 1, logIndex: 0 });
  });

  it('finds entries taken out together with their leaves', async () => {
    await run(`delete from audit_leaves where log_index in
      (select log_index from audit_entries where subject_id = 'rcp_b')`);
    await run(`delete from audit_entries where subject_id = 'rcp_b'`);
    expect((await log.verify()).fault).toEqual({ code: 'leaf_missing', checkpoint: 1, logIndex: 1 });
  });

  it('finds the end of the log taken out, entries and leaves', async () => {
    await run(`delete from audit_entries where log_index >= 18 or log_index is null`);
    await run(`delete from audit_leaves where log_index >= 18`);
    expect((await log.verify()).fault).toEqual({ code: 'leaf_missing', checkpoint: 4, logIndex: 18 });
  });

  it.each([
    ['within a chain', 'ver_c', 2, 'ver_c', 3],
    ['between chains', 'ver_c', 2, 'ver_d', 2],
  ])('finds two entries that changed places: %s', async (_, one, oneSeq, other, otherSeq) => {
    const place = (subject: string, seq: number) => `subject_id = '${subject}' and seq = ${seq}`;
    await run(`update audit_entries set subject_id = 'tmp' where ${place(one, oneSeq)}`);
    await run(
      `update audit_entries set subject_id = '${one}', seq = ${oneSeq} where ${place(other, otherSeq)}`,
    );
    await run(`update audit_entries set subject_id = '${other}', seq = ${otherSeq} where subject_id = 'tmp'`);
    expect((await log.verify()).fault?.code).toBe('chain_broken');
  });

  it('finds two entries that changed places in the log', async () => {
    await run(`update audit_entries set log_index = -1 where log_index = 4`);
    await run(`update audit_entries set log_index = 4 where log_index = 5`);
    await run(`update audit_entries set log_index = 5 where log_index = -1`);
    expect((await log.verify()).fault).toMatchObject({ code: 'entry_changed', seq: 2 });
    await run(`update audit_leaves set log_index = -1 where log_index = 4`);
    await run(`update audit_leaves set log_index = 4 where log_index = 5`);
    await run(`update audit_leaves set log_index = 5 where log_index = -1`);
    expect((await log.verify()).fault).toEqual({ code: 'root_wrong', checkpoint: 2 });
  });

  it('finds a checkpoint that another key has signed', async () => {
    const forger = await makeJwsSigner({ keyDir: path.join(dataDir, 'forger') });
    const row = (await store.read.auditLog.checkpoint(2))!;
    const jws = await forger.sign(CHECKPOINT_TYPE, await signer.verify(CHECKPOINT_TYPE, row.jws));
    await sql`update audit_checkpoints set jws = ${jws} where number = 2`.execute(store.db);
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_forged', checkpoint: 2 });
  });

  it('finds a signature of ours that was given for something else', async () => {
    const row = (await store.read.auditLog.checkpoint(2))!;
    const jws = await signer.sign('lethe-other+jwt', await signer.verify(CHECKPOINT_TYPE, row.jws));
    await sql`update audit_checkpoints set jws = ${jws} where number = 2`.execute(store.db);
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_forged', checkpoint: 2 });
  });

  it('finds an older checkpoint in the place of another', async () => {
    await run(
      `update audit_checkpoints set jws = (select jws from audit_checkpoints where number = 1) where number = 2`,
    );
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_forged', checkpoint: 2 });
  });

  it.each([
    ['size', 'size + 1'],
    ['frontier', `sha256(frontier) || substring(frontier from 33)`],
  ])('finds a change of a checkpoint’s %s', async (column, value) => {
    await run(`update audit_checkpoints set ${column} = ${value} where number = 3`);
    expect((await log.verify()).fault?.checkpoint).toBe(3);
  });

  it.each([1, 2, 3])('finds checkpoint %i taken out', async (number) => {
    await run(`delete from audit_checkpoints where number = ${number}`);
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_missing', checkpoint: number });
  });

  it('finds the newest checkpoint taken out', async () => {
    await run(`delete from audit_checkpoints where number = 4`);
    expect((await log.verify()).fault).toEqual({ code: 'log_extended', checkpoint: 3, logIndex: 16 });
    expect(await log.status()).toMatchObject({ ok: false, length: 16 });
  });

  it.each([0, -3])('finds a checkpoint put in before the first: %i', async (number) => {
    await run(
      `insert into audit_checkpoints select ${number}, 1000000, frontier, jws from audit_checkpoints where number = 4`,
    );
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_missing', checkpoint: 1 });
  });

  it('finds a checkpoint put in behind the newest', async () => {
    await run(
      'insert into audit_checkpoints select 9, 21, frontier, jws from audit_checkpoints where number = 4',
    );
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_forged', checkpoint: 9 });
    expect(await log.status()).toMatchObject({ ok: false });
  });

  it('finds checkpoints that were put in each other’s place', async () => {
    await run(`update audit_checkpoints set number = -1 where number = 2`);
    await run(`update audit_checkpoints set number = 2 where number = 3`);
    await run(`update audit_checkpoints set number = 3 where number = -1`);
    expect((await log.verify()).fault).toEqual({ code: 'checkpoint_forged', checkpoint: 2 });
  });

  it('finds an end that was cut off with its checkpoint, by a checkpoint that somebody has kept', async () => {
    const kept = (await store.read.auditLog.checkpoint(4))!.jws;
    expect(await log.verify([kept])).toMatchObject({ ok: true });
    await run(`delete from audit_entries where log_index >= 16 or log_index is null`);
    await run(`delete from audit_leaves where log_index >= 16`);
    await run(`delete from audit_checkpoints where number = 4`);
    expect(await log.verify()).toMatchObject({ ok: true, length: 16 });
    expect((await log.verify([kept])).fault).toEqual({ code: 'checkpoint_missing', checkpoint: 4 });
    await write('ver_c', 'action.other');
    await log.checkpoint();
    expect(await log.verify()).toMatchObject({ ok: true, checkpoints: 4 });
    expect((await log.verify([kept])).fault).toEqual({ code: 'checkpoint_forged', checkpoint: 4 });
  });

  /** An entry that follows its chain as it should, at a time of its choice. */
  async function append(subject: string, at: Date, logIndex: number | null): Promise<AuditEntry> {
    const last = (await store.read.audit.list(subject)).at(-1)!;
    const { tenantId, actor, detail } = last;
    const entry = {
      subjectId: subject,
      tenantId,
      actor,
      detail,
      seq: last.seq + 1,
      at,
      action: 'appended',
      previousHash: last.hash,
    };
    const whole = { ...entry, hash: auditHash(entry) };
    await store.read.audit.insert(whole);
    await sql`update audit_entries set log_index = ${logIndex}
      where subject_id = ${subject} and seq = ${entry.seq}`.execute(store.db);
    return whole;
  }

  it('finds an entry appended with a place that no checkpoint covers, with or without a leaf', async () => {
    const entry = await append('ver_c', clock.now(), 20);
    expect((await log.verify()).fault).toEqual({ code: 'log_extended', checkpoint: 4, logIndex: 20 });
    await sql`insert into audit_leaves values (20, ${leafOf(entry)})`.execute(store.db);
    expect((await log.verify()).fault).toEqual({ code: 'log_extended', checkpoint: 4, logIndex: 20 });
    expect(await log.status()).toMatchObject({ ok: false });
  });

  it('finds an entry that was given the place of another, or one before the first', async () => {
    const entry = await append('ver_c', clock.now(), -1);
    expect((await log.verify()).fault).toEqual({ code: 'entry_changed', subject: 'ver_c', seq: entry.seq });
    await run('drop index audit_entries_by_log');
    await run(`update audit_entries set log_index = 7 where subject_id = 'ver_c' and seq = ${entry.seq}`);
    expect((await log.verify()).fault).toEqual({ code: 'entry_changed', subject: 'ver_c', seq: entry.seq });
    await run(`delete from audit_entries where subject_id = 'ver_c' and seq = ${entry.seq}`);
    await run(
      'create unique index audit_entries_by_log on audit_entries (log_index) where log_index is not null',
    );
  });

  it('finds an entry appended to the past, before and after it got a place', async () => {
    // The subject was quiet for a day; meanwhile the log went on.
    now += 24 * 60 * MINUTE;
    await write('ver_c', 'action.next_day');
    await log.checkpoint();
    await append('rcp_b', new Date(NOW + 10 * MINUTE), null);
    expect((await log.verify()).fault).toEqual({ code: 'entry_backdated', subject: 'rcp_b', seq: 6 });
    await log.checkpoint();
    expect((await log.verify()).fault).toEqual({ code: 'entry_backdated', subject: 'rcp_b', seq: 6 });
    now = NOW + 5 * MINUTE;
  });

  it('takes no checkpoint that does not hold as ground for the next', async () => {
    await run(
      `update audit_checkpoints set frontier = sha256(frontier) || substring(frontier from 33) where number = 4`,
    );
    await expect(log.checkpoint()).rejects.toMatchObject({ name: 'AuditBroken' });
    expect(await store.read.auditLog.newestCheckpoint()).toMatchObject({ number: 4 });
    expect(await log.status()).toMatchObject({ ok: false });
  });

  it('says at small cost when its newest end is not what it was', async () => {
    await run(`update audit_entries set actor = 'learner' where log_index = 19`);
    expect(await log.status()).toMatchObject({ ok: false });
  });

  describe('as an outsider reads it', () => {
    const page = (query: Partial<Parameters<typeof log.list>[1]>, tenants: readonly string[] = [TENANT]) =>
      log.list(tenants, { limit: 100, withProofs: false, ...query });

    it('gives a subject’s entries page by page, and says which checkpoint covers each', async () => {
      const first = await page({ subject: 'ver_d', limit: 4 });
      expect(first.entries.map(({ seq, checkpoint }) => [seq, checkpoint])).toEqual([
        [1, 1],
        [2, 2],
        [3, 2],
        [4, 3],
      ]);
      expect(first.hasMore).toBe(true);
      const second = await page({ subject: 'ver_d', limit: 4, after: 4 });
      expect(second.entries.map(({ seq, checkpoint }) => [seq, checkpoint])).toEqual([
        [5, 4],
        [6, null],
      ]);
      expect(second.hasMore).toBe(false);
    });

    it('gives all entries that have a place, in the order of the log', async () => {
      const indexes = [];
      for (let after: number | undefined, more = true; more;) {
        const { entries, hasMore } = await page({ limit: 7, ...(after === undefined ? {} : { after }) });
        indexes.push(...entries.map(({ logIndex }) => logIndex));
        after = entries.at(-1)?.logIndex ?? undefined;
        more = hasMore;
      }
      expect(indexes).toEqual(Array.from({ length: 20 }, (_, index) => index));
    });

    it('has nothing of another tenant', async () => {
      await expect(page({ subject: 'ver_d' }, [OTHER_TENANT])).rejects.toMatchObject({ code: 'not_found' });
      await expect(page({ subject: 'ver_d' }, [])).rejects.toMatchObject({ code: 'not_found' });
      await expect(page({ subject: 'ver_none' })).rejects.toMatchObject({ code: 'not_found' });
      expect((await page({}, [OTHER_TENANT])).entries).toEqual([]);
    });

    it('proves each entry from published keys and what the page says, and nothing else', async () => {
      const keys = createLocalJWKSet(await signer.jwks());
      const { entries, checkpoints } = await page({ withProofs: true });
      expect(entries).toHaveLength(20);
      const roots = new Map<number, { size: number; root: string }>();
      for (const { number, jws } of checkpoints) {
        const { payload } = await compactVerify(jws, keys);
        roots.set(number, JSON.parse(new TextDecoder().decode(payload)) as { size: number; root: string });
      }
      for (const { subjectId, seq, hash, checkpoint, logIndex, proof } of entries) {
        const leaf = createHash('sha256')
          .update(Uint8Array.of(0))
          .update(canonicalJson({ subject: subjectId, seq, hash }))
          .digest();
        const { size, root } = roots.get(checkpoint!)!;
        expect(proof?.size).toBe(size);
        const path = proof!.path.map((text) => Buffer.from(text, 'hex'));
        expect(Buffer.from(rootByPath(leaf, logIndex!, size, path)!).toString('hex')).toBe(root);
      }
    });
  });
});

describe('the audit log of six years ago', () => {
  const purge = (subject: string) => store.transaction((tx) => log.purge(tx, subject));

  it('lets a chain go that is old enough and no other, and still holds', async () => {
    await buildLog();
    const after = await purge('ver_c');
    expect(after).toEqual(new Date(NOW + 5 * MINUTE + KEPT.registers));
    expect(await store.read.audit.list('ver_c')).toHaveLength(5);

    now = NOW + KEPT.registers - MINUTE;
    await write('hld_a', 'action.late');
    await log.checkpoint();
    now = after!.getTime();
    expect(await purge('ver_c')).toBeNull();
    expect(await purge('hld_a')).toEqual(new Date(NOW + KEPT.registers - MINUTE + KEPT.registers));
    expect(await purge('ver_unknown')).toBeNull();
    expect(await store.read.audit.list('ver_c')).toEqual([]);
    expect(await log.verify()).toMatchObject({ ok: true, subjects: 3, length: 22 });

    await run(`delete from audit_entries where subject_id = 'hld_a' and seq = 6`);
    expect((await log.verify()).fault).toMatchObject({ code: 'entry_missing', checkpoint: 5 });
  });
});

describe('several sequencers and writers at once', () => {
  it('give every entry exactly one place, also one that is committed late', async () => {
    now = NOW;
    await empty();
    const WRITERS = 6;
    const ROUNDS = 200;
    const stores = Array.from({ length: 3 }, openStore);
    const logs = stores.map((each) => makeAuditLog({ store: each, clock, signer, settings }));
    let writing = true;
    let letGo = () => undefined as void;
    const held = new Promise<void>((resolve) => (letGo = resolve));

    const late = stores[0]!.transaction(async (tx) => {
      await journal.audit(tx, { id: 'ver_late', tenantId: TENANT }, 'system', 'committed.late');
      await held;
    });
    const sequencing = logs.map(async (each) => {
      let placed = 0;
      while (writing) placed += await each.checkpoint();
      return placed;
    });
    const writers = await Promise.allSettled(
      Array.from({ length: WRITERS }, async (_, writer) => {
        const at = stores[writer % stores.length];
        for (let round = 0; round < ROUNDS; round++) {
          now += 1;
          // A subject of one's own, and one that all write to.
          await write(round % 10 === 0 ? 'ver_shared' : `ver_${writer}`, `action.${round}`, TENANT, at);
        }
      }),
    );
    writing = false;
    expect(writers.filter(({ status }) => status === 'rejected')).toEqual([]);
    const placed = await Promise.all(sequencing);
    letGo();
    await late;
    placed.push(await log.checkpoint());

    const total = WRITERS * ROUNDS + 1;
    expect(placed.reduce((sum, count) => sum + count, 0)).toBe(total);
    const { rows } = await sql<{ log_index: number }>`select log_index from audit_entries order by 1`.execute(
      store.db.withoutPlugins(),
    );
    expect(rows.map(({ log_index }) => log_index)).toEqual(Array.from({ length: total }, (_, at) => at));
    expect(await log.verify()).toMatchObject({ ok: true, entries: total, length: total });
    await Promise.all(stores.map((each) => each.close()));
  }, 120_000);

  it('take more entries than one checkpoint holds, in their order', async () => {
    now = NOW;
    await empty();
    await store.transaction(async (tx) => {
      for (let round = 0; round < 1050; round++) {
        now += 10_000;
        await journal.audit(tx, { id: `ver_${round % 50}`, tenantId: TENANT }, 'system', 'many');
      }
    });
    expect(await log.checkpoint()).toBe(1050);
    expect(await log.verify()).toMatchObject({ ok: true, checkpoints: 2, length: 1050 });
    const chain = await store.read.audit.list('ver_0');
    expect(chain.map(({ logIndex }) => logIndex)).toEqual(
      chain.map(({ logIndex }) => logIndex).sort((a, b) => Number(a) - Number(b)),
    );
  });
});
