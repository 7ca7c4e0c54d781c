import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureKeyDirectory, readKeyFile, readOrCreateKeyFile } from '../../src/adapters/key-files.js';
import { KeyError } from '../../src/domain/errors.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lethe-key-files-'));
  file = path.join(folder, 'some', 'where', 'secret.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('key files', () => {
  it('are made where there is none, and read where there is one', async () => {
    expect(await readKeyFile(file)).toBeNull();
    expect(await readOrCreateKeyFile(file, () => Buffer.from('first'))).toEqual(Buffer.from('first'));
    expect(await readOrCreateKeyFile(file, () => Buffer.from('second'))).toEqual(Buffer.from('first'));
    expect(await readKeyFile(file)).toEqual(Buffer.from('first'));
  });

  it('are not made a second time, nor is a second key even drawn', async () => {
    await readOrCreateKeyFile(file, () => Buffer.from('first'));
    let drawn = 0;
    await readOrCreateKeyFile(file, () => {
      drawn++;
      return Buffer.from('second');
    });
    expect(drawn).toBe(0);
  });

  it('are the same for all who ask at once, and leave nothing beside them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => readOrCreateKeyFile(file, () => Buffer.from(`key ${index}`))),
    );
    const kept = await readFile(file);
    for (const answer of answers) expect(answer).toEqual(kept);
    expect(await readdir(path.dirname(file))).toEqual(['secret.key']);
  });

  it('belong to their owner alone, and so do the folders made for them', async () => {
    await readOrCreateKeyFile(file, () => Buffer.from('key'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const made of [path.dirname(file), path.dirname(path.dirname(file))])
      expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it('leave nothing behind when no key can be drawn', async () => {
    await ensureKeyDirectory(path.dirname(file));
    const failed = new Error('no entropy');
    expect(await thrownBy(readOrCreateKeyFile(file, () => Promise.reject(failed)))).toBe(failed);
    expect(await readdir(path.dirname(file))).toEqual([]);
  });

  it('say no path when they cannot be had', async () => {
    await writeFile(path.join(folder, 'some'), 'a file where a folder should be');
    for (const work of [readKeyFile(file), readOrCreateKeyFile(file, () => Buffer.from('key'))]) {
      const error = await thrownBy(work);
      expect(error).toBeInstanceOf(KeyError);
      expect(error).toMatchObject({ code: 'keys_unavailable', message: 'keys_unavailable' });
    }
  });
});
