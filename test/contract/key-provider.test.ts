import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import type { KeyBinding, KeyProvider } from '../../src/app/ports/key-provider.js';
import { KeyError, type FaultCode } from '../../src/domain/errors.js';
import { raceChildren, sourceUrl, startChild, WAIT_FOR_GO } from '../support/child.js';

const DAY = '2026-01-05';
const NEXT_DAY = '2026-01-06';
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
      await keys.destroyPeriod(DAY);
      for (const provider of [keys, other, place.open()]) {
        await expectKeyError(provider.unwrap(DAY, gone.wrapped, BINDING), 'key_destroyed');
        expect(hex(await provider.unwrap(NEXT_DAY, kept.wrapped, BINDING))).toBe(hex(kept.key));
      }
    });

    it('destroys for good: a destroyed period gets no second key', async () => {
      const { wrapped } = await keys.generateDataKey(DAY, BINDING);
      await keys.destroyPeriod(DAY);
      await expectKeyError(place.open().generateDataKey(DAY, BINDING), 'key_destroyed');
      await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
      expect(await keys.periods()).toEqual([]);
    });

    it('destroys what is destroyed already, or never was, without complaint', async () => {
      await keys.destroyPeriod(NEXT_DAY);
      await keys.generateDataKey(DAY, BINDING);
      await Promise.all([keys.destroyPeriod(DAY), place.open().destroyPeriod(DAY)]);
      await keys.destroyPeriod(DAY);
      expect(await keys.periods()).toEqual([]);
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
        await keys.destroyPeriod(period);
        for (const outcome of await Promise.all(reading))
          expect([hex(key), 'key_destroyed']).toContain(outcome);
      }
    });

    it('lists the periods that have a key, oldest first', async () => {
      expect(await keys.periods()).toEqual([]);
      for (const period of ['2026-03-01', '2025-12-31', '2026-01-15'])
        await keys.generateDataKey(period, BINDING);
      expect(await place.open().periods()).toEqual(['2025-12-31', '2026-01-15', '2026-03-01']);
      await keys.destroyPeriod('2026-01-15');
      expect(await place.open().periods()).toEqual(['2025-12-31', '2026-03-01']);
    });

    it.each(['', '..', '../2026-01-05', '2026-1-5', '2026-01-05/x', '2026-01-05\n', 'period'])(
      'refuses a period that is no day: %j',
      async (period) => {
        await expectKeyError(keys.generateDataKey(period, BINDING), 'key_rejected');
        await expectKeyError(keys.unwrap(period, new Uint8Array(60), BINDING), 'key_rejected');
        await expectKeyError(keys.destroyPeriod(period), 'key_rejected');
      },
    );

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
    expect(await readdir(path.join(directory, 'periods'))).toEqual([`period-${DAY}.key`]);
  });

  it('are gone for this process when another destroys them', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    await keys.unwrap(DAY, wrapped, BINDING);
    await startChild(`${providerIn(directory)} await keys.destroyPeriod('${DAY}');`).output;
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'key_destroyed');
  });

  it('belong to their owner alone, also under a lax umask', async () => {
    const directory = path.join(await freshFolder(), 'made', 'by', 'us');
    await startChild(`process.umask(0); ${providerIn(directory)}
      await keys.generateDataKey('${DAY}', ${JSON.stringify(BINDING)});
      await keys.generateDataKey('${NEXT_DAY}', ${JSON.stringify(BINDING)});
      await keys.destroyPeriod('${NEXT_DAY}');`).output;
    for (const folder of ['..', '.', 'periods'])
      expect(await modeOf(path.join(directory, folder))).toBe('700');
    const files = await readdir(path.join(directory, 'periods'));
    expect(files.sort()).toEqual([`period-${DAY}.key`, `period-${NEXT_DAY}.destroyed`]);
    for (const file of files) expect(await modeOf(path.join(directory, 'periods', file))).toBe('600');
  });

  it('are overwritten before they go, so that another name of the file holds no key', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    await keys.generateDataKey(DAY, BINDING);
    const file = path.join(directory, 'periods', `period-${DAY}.key`);
    const key = await readFile(file);
    await link(file, path.join(directory, 'left-by-a-crash'));
    await keys.destroyPeriod(DAY);
    expect((await readFile(path.join(directory, 'left-by-a-crash'))).includes(key.subarray(0, 4))).toBe(
      false,
    );
  });

  it('count as destroyed after a crash in the middle of it, and can be destroyed to the end', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    const file = path.join(directory, 'periods', `period-${DAY}.key`);
    await writeFile(file.replace(/key$/, 'destroyed'), '');
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await truncate(file, 0);
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'key_destroyed');
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'key_destroyed');
    expect(await keys.periods()).toEqual([DAY]);
    await keys.destroyPeriod(DAY);
    expect(await keys.periods()).toEqual([]);
  });

  it('wrap nothing when they are damaged', async () => {
    const directory = await freshFolder();
    const keys = makeLocalKeyProvider({ directory });
    const { wrapped } = await keys.generateDataKey(DAY, BINDING);
    await truncate(path.join(directory, 'periods', `period-${DAY}.key`), 31);
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'keys_unavailable');
    await expectKeyError(keys.unwrap(DAY, wrapped, BINDING), 'keys_unavailable');
  });

  it('say no more than that they cannot be had', async () => {
    const directory = await freshFolder();
    await writeFile(path.join(directory, 'periods'), 'a file where the folder should be');
    const keys = makeLocalKeyProvider({ directory });
    await expectKeyError(keys.generateDataKey(DAY, BINDING), 'keys_unavailable');
    await expectKeyError(keys.unwrap(DAY, new Uint8Array(60), BINDING), 'keys_unavailable');
    await expectKeyError(keys.destroyPeriod(DAY), 'keys_unavailable');
    await expectKeyError(keys.periods(), 'keys_unavailable');
    await expectKeyError(keys.check(), 'keys_unavailable');
  });

  it('take no other file for a key', async () => {
    const directory = await freshFolder();
    await mkdir(path.join(directory, 'periods'), { recursive: true });
    for (const name of ['period-2026-01-01.key.0a1b.new', 'period-2026-01-02.destroyed', 'notes.txt'])
      await writeFile(path.join(directory, 'periods', name), 'x');
    expect(await makeLocalKeyProvider({ directory }).periods()).toEqual([]);
  });
});
