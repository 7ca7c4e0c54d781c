import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeKmsKeyProvider } from '../../src/adapters/kms-key-provider.js';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import { makeTransitKeyProvider } from '../../src/adapters/transit-key-provider.js';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import type { KeyBinding, KeyProvider } from '../../src/app/ports/key-provider.js';
import { KeyError, type FaultCode } from '../../src/domain/errors.js';
import { raceChildren, sourceUrl, startChild, WAIT_FOR_GO } from '../support/child.js';
import { startKmsServer } from '../support/kms-server.js';
import { startTransitServer } from '../support/transit-server.js';

const DAY = '2026-01-05';
const NEXT_DAY = '2026-01-06';
const HOLD = makeIds().next('legalHold');
const BINDING: KeyBinding = { tenantId: 'ten_a', verificationId: 'ver_a', epoch: 1 };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

async function expectKeyError(work: Promise<unknown>, code: FaultCode): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KeyError);
  expect(error).toMatchObject({ code, message: code });
}

interface Place {
  /** Another instance on the same keys, as another process would have it. */
  open(): KeyProvider;
  /** Lets the provider's own time go on. */
  pass?(ms: number): void;
}

/** What every key provider keeps to. `make` gives a place without keys. */
export function describeKeyProvider(name: string, make: () => Promise<Place>): void {
  describe(`key provider: ${name}`, () => {
    let place: Place;
    let keys: KeyProvider;
    beforeEach(async () => {
      place = await make();
      keys = place.open();
    });

    it('gives a 32-byte key that its wrapping gives again', async () => {
      const { key, wrapped } = await keys.generateDataKey(DAY, BINDING);
      expect(key).toHaveLength(32);
      expect(hex(await keys.unwrap(DAY, wrapped, BINDING))).toBe(hex(key));
    });

    it('never gives a key twice, nor shows one in its wrapping', async () => {
      const made = await Promise.all(Array.from({ length: 50 }, () => keys.generateDataKey(DAY, BINDING)));
      expect(new Set(made.map(({ key }) => hex(key))).size).toBe(50);
      expect(new Set(made.map(({ wrapped }) => hex(wrapped))).size).toBe(50);
      for (const { key, wrapped } of made) expect(hex(wrapped)).not.toContain(hex(key));
    });

    it('opens what another instance has wrapped', async () => {
      const { key, wrapped } = await keys.generateDataKey(DAY, BINDING);
      expect(hex(await place.open().unwrap(DAY, wrapped, BINDING))).toBe(hex(key));
    });

    it('has one key a period when many ask first at the same time', async () => {
      const made = await Promise.all(
        Array.from({ length: 24 }, () => place.open().generateDataKey(DAY, BINDING)),
      );
      for (const { key, wrapped } of made)
        expect(hex(await keys.unwrap(DAY, wrapped, BINDING))).toBe(hex(key));
    });

    it.each<[string, KeyBinding]>([
      ['tenant', { ...BINDING, tenantId: 'ten_b' }],
      ['verification', { ...BINDING, verificationId: 'ver_b' }],
      ['epoch', { ...BINDING, epoch: 2 }],
      ['tenant and verification run together', { ...BINDING, tenantId: 'ten_aver', verificationId: '_a' }],
      ['parts in each other’s place', { ...BINDING, tenantId: 'ver_a', verificationId: 'ten_a' }],
    ])('refuses another binding: %s', async (_, binding) => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      await expectKeyError(keys.unwrap(DAY, wrapped, binding), 'key_rejected');
    });

    it('refuses a wrapping of another period', async () => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      await keys.generateDataKey(NEXT_DAY, BINDING);
      await expectKeyError(keys.unwrap(NEXT_DAY, wrapped, BINDING), 'key_rejected');
    });

    it('refuses a wrapping in which any byte was changed', async () => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      for (const at of wrapped.keys()) {
        const changed = Uint8Array.from(wrapped);
        changed[at] = (changed[at] ?? 0) ^ 1;
        await expectKeyError(keys.unwrap(DAY, changed, BINDING), 'key_rejected');
      }
    });

    it('refuses a wrapping that is too short or too long', async () => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      for (let length = 0; length < wrapped.length; length++)
        await expectKeyError(keys.unwrap(DAY, wrapped.slice(0, length), BINDING), 'key_rejected');
      await expectKeyError(keys.unwrap(DAY, Uint8Array.from([...wrapped, 0]), BINDING), 'key_rejected');
    });

    it('says that a period without a key is destroyed', async () => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      await expectKeyError(keys.unwrap(NEXT_DAY, wrapped, BINDING), 'key_destroyed');
    });

    it('opens nothing of a destroyed period, in no instance, and still all of the next', async () => {
      const other = place.open();
      const gone = await keys.generateDataKey(DAY, BINDING);
      const kept = await keys.generateDataKey(NEXT_DAY, BINDING);
      await other.unwrap(DAY, gone.wrapped, BINDING);
      await keys.destroy(DAY);
      for (const provider of [keys, other, place.open()]) {
        await expectKeyError(provider.unwrap(DAY, gone.wrapped, BINDING), 'key_destroyed');
        expect(hex(await provider.unwrap(NEXT_DAY, kept.wrapped, BINDING))).toBe(hex(kept.key));
      }
    });

    it('destroys for good: a destroyed period gets no second key', async () => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      await keys.destroy(DAY);
      await expectKeyError(place.open().generateDataKey(DAY, BINDING), 'key_destroyed');
      await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
      expect(await keys.keyIds()).toEqual([]);
    });

    it('destroys what is destroyed already, or never was, without complaint', async () => {
      await keys.destroy(NEXT_DAY);
      await keys.generateDataKey(DAY, BINDING);
      await Promise.all([keys.destroy(DAY), place.open().destroy(DAY)]);
      await keys.destroy(DAY);
      expect(await keys.keyIds()).toEqual([]);
    });

    it('says destroyed, and never that the wrapping is wrong, to whoever reads during a destruction', async () => {
      for (let day = 1; day <= 28; day++) {
        const period = `2026-02-${String(day).padStart(2, '0')}`;
        const { key, wrapped } = await keys.generateDataKey(period, BINDING);
        const reading = Array.from({ length: 12 }, async () => {
          try {
            return hex(await place.open().unwrap(period, wrapped, BINDING));
          } catch (error) {
            return error instanceof KeyError ? error.code : 'other';
          }
        });
        await keys.destroy(period);
        for (const outcome of await Promise.all(reading))
          expect([hex(key), 'key_destroyed']).toContain(outcome);
      }
    });

    it('lists the periods that have a key, oldest first', async () => {
      expect(await keys.keyIds()).toEqual([]);
      for (const period of ['2026-03-01', '2025-12-31', '2026-01-15'])
        await keys.generateDataKey(period, BINDING);
      expect(await place.open().keyIds()).toEqual(['2025-12-31', '2026-01-15', '2026-03-01']);
      await keys.destroy('2026-01-15');
      expect(await place.open().keyIds()).toEqual(['2025-12-31', '2026-03-01']);
    });

    it.each(['', '..', '../2026-01-05', '2026-1-5', '2026-01-05/x', '2026-01-05\n', 'period'])(
      'refuses a period that is no day: %j',
      async (period) => {
        await expectKeyError(keys.generateDataKey(period, BINDING), 'key_rejected');
        await expectKeyError(keys.unwrap(period, new Uint8Array(60), BINDING), 'key_rejected');
        await expectKeyError(keys.destroy(period), 'key_rejected');
        await expectKeyError(keys.wrap(period, new Uint8Array(32), BINDING), 'key_rejected');
        await expectKeyError(keys.isDestroyed(period), 'key_rejected');
      },
    );

    it('wraps a data key anew under the key of a hold, which outlives that of the day', async () => {
      const { key, wrapped } = await keys.generateDataKey(DAY, BINDING);
      const again = await keys.wrap(HOLD, key, BINDING);
      expect(hex(again)).not.toBe(hex(wrapped));
      await keys.destroy(DAY);
      expect(hex(await place.open().unwrap(HOLD, again, BINDING))).toBe(hex(key));
      await expectKeyError(keys.unwrap(HOLD, wrapped, BINDING), 'key_rejected');
      expect(await keys.keyIds()).toEqual([HOLD]);
      await keys.destroy(HOLD);
      await expectKeyError(keys.unwrap(HOLD, again, BINDING), 'key_destroyed');
    });

    it('binds what it wraps anew as well', async () => {
      const { key } = await keys.generateDataKey(DAY, BINDING);
      const again = await keys.wrap(HOLD, key, BINDING);
      await expectKeyError(keys.unwrap(HOLD, again, { ...BINDING, epoch: 2 }), 'key_rejected');
    });

    it('wraps nothing more under a destroyed key, also when its waiting time is over', async () => {
      const { key } = await keys.generateDataKey(DAY, BINDING);
      await keys.destroy(DAY);
      for (const provider of [keys, place.open()])
        await expectKeyError(provider.wrap(DAY, key, BINDING), 'key_destroyed');
      place.pass?.(keys.destructionDelay);
      for (const provider of [keys, place.open()]) {
        await expectKeyError(provider.wrap(DAY, key, BINDING), 'key_destroyed');
        await expectKeyError(provider.generateDataKey(DAY, BINDING), 'key_destroyed');
      }
      expect(await keys.keyIds()).toEqual([]);
    });

    it('says that a key is destroyed when nobody can undo it, and not before', async () => {
      expect(await keys.isDestroyed(DAY)).toBe(true);
      await keys.generateDataKey(DAY, BINDING);
      expect(await keys.isDestroyed(DAY)).toBe(false);
      await keys.destroy(DAY);
      if (keys.destructionDelay > 0) {
        expect(await keys.isDestroyed(DAY)).toBe(false);
        place.pass?.(keys.destructionDelay - 24 * 3_600_000 - 1000);
        expect(await place.open().isDestroyed(DAY)).toBe(false);
        place.pass?.(24 * 3_600_000 + 1000);
      }
      for (const provider of [keys, place.open()]) expect(await provider.isDestroyed(DAY)).toBe(true);
    });

    it('answers when asked whether it does', async () => {
      await expect(keys.check()).resolves.toBeUndefined();
    });
  });
}

let scratch: string;
const freshFolder = () => mkdtemp(path.join(scratch, 'keys-'));
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'lethe-keys-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describeKeyProvider('local files', async () => {
  const directory = await freshFolder();
  return { open: () => makeLocalKeyProvider({ directory }) };
});

describe('local key files', () => {
  const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
  const providerIn = (directory: string) => `
    const { makeLocalKeyProvider } = await import(${JSON.stringify(sourceUrl('adapters/local-key-provider.ts'))});
    const keys = makeLocalKeyProvider({ directory: ${JSON.stringify(directory)} });
  `;

  it('have one key a period though several processes make it at once', async () => {
    const directory = await freshFolder();
    const make = `${providerIn(directory)} ${WAIT_FOR_GO}
      const { key, wrapped } = await keys.generateDataKey('${DAY}', ${JSON.stringify(BINDING)});
      console.log(JSON.stringify([key.toString('hex'), wrapped.toString('hex')]));`;
    const made = (await raceChildren([make, make, make])).map((line) => JSON.parse(line) as [string, string]);
    const keys = makeLocalKeyProvider({ directory });
    for (const [key, wrapped] of made)
      expect(hex(await keys.unwrap(DAY, Buffer.from(wrapped, 'hex'), BINDING))).toBe(key);
    expect(await readdir(path.join(directory, 'wrapping-keys'))).toEqual([`${DAY}.key`]);
  });

  it('are gone for this process when another destroys them', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    await keys.unwrap(DAY, wrapped, BINDING);
    await startChild(`${providerIn(directory)} await keys.destroy('${DAY}');`).output;
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'key_destroyed');
  });

  it('belong to their owner alone, also under a lax umask', async () => {
    const directory = path.join(await freshFolder(), 'made', 'by', 'us');
    await startChild(`process.umask(0); ${providerIn(directory)}
      await keys.generateDataKey('${DAY}', ${JSON.stringify(BINDING)});
      await keys.generateDataKey('${NEXT_DAY}', ${JSON.stringify(BINDING)});
      await keys.destroy('${NEXT_DAY}');`).output;
    for (const folder of ['..', '.', 'wrapping-keys'])
      expect(await modeOf(path.join(directory, folder))).toBe('700');
    const files = await readdir(path.join(directory, 'wrapping-keys'));
    expect(files.sort()).toEqual([`${DAY}.key`, `${NEXT_DAY}.destroyed`]);
    for (const file of files) expect(await modeOf(path.join(directory, 'wrapping-keys', file))).toBe('600');
  });

  it('are overwritten before they go, so that another name of the file holds no key', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    await keys.generateDataKey(DAY, BINDING);
    const file = path.join(directory, 'wrapping-keys', `${DAY}.key`);
    const key = await readFile(file);
    await link(file, path.join(directory, 'left-by-a-crash'));
    await keys.destroy(DAY);
    expect((await readFile(path.join(directory, 'left-by-a-crash'))).includes(key.subarray(0, 4))).toBe(
      false,
    );
  });

  it('count as destroyed after a crash in the middle of it, and can be destroyed to the end', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    const file = path.join(directory, 'wrapping-keys', `${DAY}.key`);
    await writeFile(file.replace(/key$/, 'destroyed'), '');
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await truncate(file, 0);
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'key_destroyed');
    expect(await keys.keyIds()).toEqual([DAY]);
    await keys.destroy(DAY);
    expect(await keys.keyIds()).toEqual([]);
  });

  it('wrap nothing when they are damaged', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    await truncate(path.join(directory, 'wrapping-keys', `${DAY}.key`), 31);
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'keys_unavailable');
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'keys_unavailable');
  });

  it('say no more than that they cannot be had', async () => {
    const directory = await freshFolder();
    await writeFile(path.join(directory, 'wrapping-keys'), 'a file where the folder should be');
    const keys = makeLocalKeyProvider({ directory });
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'keys_unavailable');
    await expectKeyError(keys.unwrap(DAY, new Uint8Array(60), BINDING), 'keys_unavailable');
    await expectKeyError(keys.destroy(DAY), 'keys_unavailable');
    await expectKeyError(keys.keyIds(), 'keys_unavailable');
    await expectKeyError(keys.check(), 'keys_unavailable');
  });

  it('take no other file for a key', async () => {
    const directory = await freshFolder();
    await mkdir(path.join(directory, 'wrapping-keys'), { recursive: true });
    for (const name of ['period-2026-01-01.key.0a1b.new', 'period-2026-01-02.destroyed', 'notes.txt'])
      await writeFile(path.join(directory, 'wrapping-keys', name), 'x');
    expect(await makeLocalKeyProvider({ directory }).keyIds()).toEqual([]);
  });
});

describe('AWS KMS, as its documentation describes it', () => {
  let server: Awaited<ReturnType<typeof startKmsServer>>;
  let places = 0;
  beforeAll(async () => {
    server = await startKmsServer();
  });
  afterAll(() => server.close());
  afterEach(() => server.setFailing(false));

  async function makePlace(): Promise<Place & { prefix: string }> {
    const prefix = `lethe-test-${places++}`;
    const keyDir = await freshFolder();
    const open = () =>
      makeKmsKeyProvider({
        region: 'eu-test-1',
        endpoint: server.url,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        prefix,
        pendingDays: 7,
        keyDir,
        clock: { now: () => new Date(server.now()) },
      });
    return { prefix, open, pass: (ms) => server.advance(ms) };
  }
  describeKeyProvider('AWS KMS', makePlace);

  it('publishes bounds that hold a day more than the waiting time, as the service says', async () => {
    expect((await makePlace()).open().destructionDelay).toBe(8 * 24 * 3_600_000);
  });

  it('leaves no key behind that nothing will ever use, when several make one at once', async () => {
    const place = await makePlace();
    const before = server.count('Enabled');
    await Promise.all(Array.from({ length: 8 }, () => place.open().generateDataKey(DAY, BINDING)));
    expect(server.count('Enabled')).toBe(before + 1);
  });

  it('asks once for a key that many want at once, and then only to use it', async () => {
    const keys = (await makePlace()).open();
    server.calls.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => keys.generateDataKey(DAY, BINDING)));
    const count = (name: string) => server.calls.filter((call) => call === name).length;
    expect([count('DescribeKey'), count('CreateKey'), count('GenerateDataKey')]).toEqual([1, 1, 20]);
  });

  it('has its key no more from the order to delete it, though the mark was lost', async () => {
    const place = await makePlace();
    const { wrapped } = await place.open().generateDataKey(DAY, BINDING);
    await place.open().destroy(DAY);
    const elsewhere = makeKmsKeyProvider({
      region: 'eu-test-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      prefix: place.prefix,
      pendingDays: 7,
      keyDir: await freshFolder(),
      clock: { now: () => new Date(server.now()) },
    });
    await expectKeyError(elsewhere.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await expectKeyError(elsewhere.generateDataKey(DAY, BINDING), 'key_destroyed');
  });

  it('takes a key that was disabled by hand for out of reach, not for destroyed', async () => {
    const place = await makePlace();
    const keys = place.open();
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    server.disable(`alias/${place.prefix}-${DAY}`);
    for (const provider of [keys, place.open()]) {
      await expectKeyError(provider.unwrap(DAY, wrapped, BINDING), 'keys_unavailable');
      await expectKeyError(provider.generateDataKey(DAY, BINDING), 'keys_unavailable');
    }
    expect(await keys.isDestroyed(DAY)).toBe(false);
  });

  it('finds its keys among more aliases than a page holds', async () => {
    const other = (await makePlace()).open();
    const days = Array.from({ length: 130 }, (_, at) =>
      new Date(Date.UTC(2025, 0, 1 + at)).toISOString().slice(0, 10),
    );
    await Promise.all(days.map((day) => other.generateDataKey(day, BINDING)));
    const keys = (await makePlace()).open();
    await keys.generateDataKey(DAY, BINDING);
    expect(await keys.keyIds()).toEqual([DAY]);
    expect(await other.keyIds()).toEqual(days);
  });

  it('says no more than that it cannot be had', async () => {
    const keys = (await makePlace()).open();
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    server.setFailing(true);
    for (const work of [
      keys.generateDataKey(DAY, BINDING),
      keys.generateDataKey(NEXT_DAY, BINDING),
      keys.unwrap(DAY, wrapped, BINDING),
      keys.destroy(DAY),
      keys.isDestroyed(DAY),
      keys.keyIds(),
      keys.check(),
    ])
      await expectKeyError(work, 'keys_unavailable');
    server.setFailing(false);
    expect(await keys.unwrap(DAY, wrapped, BINDING)).toHaveLength(32);
  });
});

describe('OpenBao’s transit engine, as its documentation and source describe it', () => {
  let server: Awaited<ReturnType<typeof startTransitServer>>;
  let places = 0;
  beforeAll(async () => {
    server = await startTransitServer({ token: 'right', mount: 'lethe/transit' });
  });
  afterAll(() => server.close());
  afterEach(() => {
    server.setFailing(false);
    server.setToken('right');
  });

  const providerWith = (more: Partial<Parameters<typeof makeTransitKeyProvider>[0]> = {}) =>
    makeTransitKeyProvider({
      url: server.url,
      mount: 'lethe/transit',
      prefix: `lethe-test-${places}`,
      token: { value: 'right' },
      ...more,
    });
  function makePlace(): Promise<Place> {
    places++;
    return Promise.resolve({ open: () => providerWith() });
  }
  const keyOf = (day: string) => server.keys.get(`lethe-test-${places}-${day}`);
  describeKeyProvider('transit', makePlace);

  it('keeps nothing of a destroyed key but its name', async () => {
    const keys = (await makePlace()).open();
    await keys.generateDataKey(DAY, BINDING);
    const material = keyOf(DAY)?.versions.get(1);
    await keys.destroy(DAY);
    const versions = [...(keyOf(DAY)?.versions.values() ?? [])];
    expect(versions).toHaveLength(1);
    expect(versions[0]?.equals(material!)).toBe(false);
  });

  it('ends a destruction that was cut off in the middle, and opens nothing meanwhile', async () => {
    const keys = (await makePlace()).open();
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    Object.assign(keyOf(DAY)!, { latest: 2, minDecryption: 2, minEncryption: 2 });
    keyOf(DAY)!.versions.set(2, Buffer.alloc(32));
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'key_destroyed');
    expect([await keys.isDestroyed(DAY), await keys.keyIds()]).toEqual([false, [DAY]]);
    await keys.destroy(DAY);
    expect([await keys.isDestroyed(DAY), await keys.keyIds()]).toEqual([true, []]);
  });

  it('wraps and opens as before when a key was only rotated', async () => {
    const keys = (await makePlace()).open();
    const { key, wrapped } = await keys.generateDataKey(DAY, BINDING);
    Object.assign(keyOf(DAY)!, { latest: 2 });
    keyOf(DAY)!.versions.set(2, Buffer.alloc(32));
    expect(hex(await keys.unwrap(DAY, wrapped, BINDING))).toBe(hex(key));
    const again = await keys.wrap(DAY, key, BINDING);
    expect(hex(await keys.unwrap(DAY, again, BINDING))).toBe(hex(key));
  });

  it.each(['exportable', 'allow_plaintext_backup'])(
    'refuses a key that can be taken out: %s',
    async (way) => {
      const keys = (await makePlace()).open();
      await fetch(`${server.url}/v1/lethe/transit/keys/lethe-test-${places}-${DAY}`, {
        method: 'POST',
        headers: { 'X-Vault-Token': 'right' },
        body: JSON.stringify({ type: 'aes256-gcm96', [way]: true }),
      });
      await expectKeyError(keys.generateDataKey(DAY, BINDING), 'keys_unavailable');
    },
  );

  it('takes a key that somebody has deleted for destroyed', async () => {
    const keys = (await makePlace()).open();
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    server.keys.delete(`lethe-test-${places}-${DAY}`);
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    expect(await keys.isDestroyed(DAY)).toBe(true);
  });

  it('reads its token anew where an agent keeps it', async () => {
    await makePlace();
    const file = path.join(await freshFolder(), 'token');
    await writeFile(file, 'right\n');
    const keys = providerWith({ token: { file } });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    server.setToken('renewed');
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'keys_unavailable');
    await writeFile(file, 'renewed\n');
    expect(await keys.unwrap(DAY, wrapped, BINDING)).toHaveLength(32);
  });

  it.each<[string, () => Promise<KeyProvider>]>([
    [
      'sealed',
      async () => {
        server.setFailing(true);
        return Promise.resolve(providerWith());
      },
    ],
    ['wrong token', () => Promise.resolve(providerWith({ token: { value: 'wrong' } }))],
    ['no token file', async () => providerWith({ token: { file: path.join(await freshFolder(), 'none') } })],
    ['no such mount', () => Promise.resolve(providerWith({ mount: 'elsewhere' }))],
    ['nobody there', () => Promise.resolve(providerWith({ url: 'http://127.0.0.1:1' }))],
  ])('says no more than that it cannot be had: %s', async (_, open) => {
    await makePlace();
    const { wrapped } = await providerWith().generateDataKey(DAY, BINDING);
    const keys = await open();
    for (const work of [
      () => keys.generateDataKey(DAY, BINDING),
      () => keys.unwrap(DAY, wrapped, BINDING),
      () => keys.destroy(DAY),
      () => keys.isDestroyed(DAY),
      () => keys.keyIds(),
      () => keys.check(),
    ])
      await expectKeyError(work(), 'keys_unavailable');
  });
});
