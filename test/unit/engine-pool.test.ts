import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import {
  makeEnginePool,
  type EnginePool,
  type EnginePoolOptions,
} from '../../src/adapters/engines/engine-pool.js';
import { FACE_POLICY } from '../../src/domain/face-policy.js';
import { cropFace, photograph, printedPage } from '../support/pictures.js';

const LOADER = fileURLToPath(new URL('../support/ts-loader.mjs', import.meta.url));
const HOST = fileURLToPath(new URL('../../src/adapters/engines/engine-host.ts', import.meta.url));

const FAILING_HOST = fileURLToPath(new URL('../support/failing-host.mjs', import.meta.url));

const GENEROUS = 2 * 1024 ** 3;
const pools: EnginePool[] = [];

/** A pool whose hosts run the sources as they are. */
function makePool(options: Partial<EnginePoolOptions> = {}): EnginePool {
  const pool = makeEnginePool({
    size: 1,
    timeoutMs: 40_000,
    maxRssBytes: GENEROUS,
    recycleAfter: 1000,
    hostPath: HOST,
    hostArgv: ['--import', LOADER],
    ...options,
  });
  pools.push(pool);
  return pool;
}

const onlyPid = (pool: EnginePool): number => {
  const [host] = pool.stats().hosts;
  if (host === undefined) throw new Error('no host');
  return host.pid;
};

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const page = await printedPage();

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe('engine pool', () => {
  it('inspects, detects and compares in a host as the engines themselves do', async () => {
    const pool = makePool();
    const one = await cropFace('sample1', 0);
    const other = await cropFace('sample3', 0);
    const inspected = await pool.inspect(one, 'selfie', { faces: true });
    expect(inspected.outcome).toBe('accepted');
    expect((await sharp(inspected.image).metadata()).format).toBe('jpeg');
    expect(await pool.detect(one)).toHaveLength(1);
    expect((await pool.compare(one, other)).score).toBeGreaterThan(FACE_POLICY.pass);
    expect((await pool.embed(one)).template).toBeInstanceOf(Float32Array);
  });

  it('opens no face model for who refused biometrics, and for a selfie not even the runtime', async () => {
    const pool = makePool();
    await pool.inspect(await cropFace('sample1', 0), 'selfie', { faces: false });
    const maps = await readFile(`/proc/${onlyPid(pool)}/maps`, 'utf8');
    expect(maps).toContain('libvips');
    expect(maps).not.toContain('onnxruntime');
    await pool.inspect(page, 'id_front', { faces: false });
    expect(pool.loaded()).toEqual([]);
    expect(pool.stats().faceInferences).toBe(0);

    await pool.inspect(await cropFace('sample1', 0), 'selfie', { faces: true });
    // Who it is, is no question when a picture comes in: the template's network stays closed.
    expect(pool.loaded().toSorted()).toEqual(['face/detect', 'face/eye', 'face/landmark', 'face/pose']);
    expect(pool.stats().faceInferences).toBeGreaterThan(0);
    expect(await readFile(`/proc/${onlyPid(pool)}/maps`, 'utf8')).toContain('onnxruntime');
  });

  it('carries errors over as codes, without message or cause', async () => {
    const pool = makePool();
    const gif = Buffer.from('GIF89a secret');
    await expect(pool.inspect(gif, 'selfie', { faces: false })).rejects.toMatchObject({
      name: 'AppError',
      code: 'unsupported_media_type',
      message: 'unsupported_media_type',
    });
    const broken = page.subarray(0, page.length / 2);
    await expect(pool.embed(broken)).rejects.toMatchObject({
      name: 'EngineError',
      code: 'image_undecodable',
    });
  });

  it('kills a host that hangs, and serves the next request in a fresh one', async () => {
    const pool = makePool({ timeoutMs: 8000 });
    await pool.inspect(page, 'id_back', { faces: false });
    const pid = onlyPid(pool);
    process.kill(pid, 'SIGSTOP');
    await expect(pool.inspect(page, 'id_back', { faces: false })).rejects.toMatchObject({
      code: 'engine_timeout',
    });
    expect(isRunning(pid)).toBe(false);
    expect((await pool.inspect(page, 'id_back', { faces: false })).width).toBeGreaterThan(0);
    expect(onlyPid(pool)).not.toBe(pid);
    expect(pool.stats().ended.timeout).toBe(1);
  });

  it('fails only the request whose host crashes', async () => {
    const pool = makePool();
    await pool.inspect(page, 'id_back', { faces: false });
    const pid = onlyPid(pool);
    process.kill(pid, 'SIGSTOP');
    const hit = pool.inspect(page, 'id_back', { faces: false });
    const next = pool.inspect(page, 'id_back', { faces: false });
    process.kill(pid, 'SIGKILL');
    await expect(hit).rejects.toMatchObject({ name: 'EngineError', code: 'engine_crashed' });
    expect((await next).outcome).toBe('accepted');
  });

  it('gives no work to a host that died while idle', async () => {
    const pool = makePool();
    await pool.inspect(page, 'id_back', { faces: false });
    process.kill(onlyPid(pool), 'SIGKILL');
    await until(() => pool.stats().ended.exit === 1);
    expect((await pool.inspect(page, 'id_back', { faces: false })).outcome).toBe('accepted');
  });

  it('kills a host that takes more memory than allowed', async () => {
    const pool = makePool({ maxRssBytes: 40 * 1024 ** 2 });
    await expect(pool.inspect(page, 'id_back', { faces: false })).rejects.toMatchObject({
      code: 'engine_crashed',
    });
    await until(() => pool.stats().ended.memory === 1);
  });

  it('replaces a host that lives and fails again and again', async () => {
    const pool = makePool({ hostPath: FAILING_HOST, hostArgv: [] });
    await pool.warm();
    const first = onlyPid(pool);
    const fail = () => expect(pool.detect(page)).rejects.toMatchObject({ code: 'engine_failed' });
    await fail();
    expect(onlyPid(pool)).toBe(first);
    await fail();
    await until(() => onlyPid(pool) !== first);
    await until(() => !isRunning(first));
  });

  it('replaces a host after its share of requests, without a gap and without face models in the fresh one', async () => {
    const pool = makePool({ recycleAfter: 3 });
    const face = await cropFace('sample1', 0);
    const pids = new Set<number>();
    for (let i = 0; i < 3; i++) {
      await pool.inspect(face, 'selfie', { faces: true });
      pids.add(onlyPid(pool));
    }
    expect(pids.size).toBe(1);
    const inferences = pool.stats().faceInferences;
    await until(() => pool.stats().ended.stopped === 1);
    expect(pids.has(onlyPid(pool))).toBe(false);
    expect(pool.loaded().filter((model) => model.startsWith('face/'))).toEqual([]);
    expect(pool.stats().faceInferences).toBe(inferences);
    expect((await pool.inspect(face, 'selfie', { faces: true })).outcome).toBe('accepted');
  });

  it('turns requests away once its queue is full, and answers the ones it took in order', async () => {
    const pool = makePool({ maxQueue: 2 });
    const answered: number[] = [];
    const ask = async (n: number) => {
      await pool.inspect(page, 'id_back', { faces: false });
      answered.push(n);
    };
    const taken = [ask(0), ask(1), ask(2)];
    await expect(ask(3)).rejects.toMatchObject({ code: 'unavailable', more: { retryAfter: 1 } });
    await Promise.all(taken);
    expect(answered).toEqual([0, 1, 2]);
  });

  it('uses all of its hosts at once', async () => {
    const pool = makePool({ size: 2 });
    await Promise.all([1, 2].map(() => pool.inspect(page, 'id_back', { faces: false })));
    expect(new Set(pool.stats().hosts.map(({ pid }) => pid)).size).toBe(2);
    expect(pool.stats().hosts.map(({ served }) => served)).toEqual([1, 1]);
  });

  it('lets running requests end on close, turns the others away, and leaves no process', async () => {
    const pool = makePool();
    const run = pool.inspect(page, 'id_back', { faces: false });
    const waiting = pool.inspect(page, 'id_back', { faces: false });
    const pid = onlyPid(pool);
    const closed = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    expect((await run).outcome).toBe('accepted');
    await closed;
    expect(isRunning(pid)).toBe(false);
    await expect(pool.detect(page)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('host process', () => {
  it('gets no variable of the parent, no core dump, and no place to spill pixels to', async () => {
    const pool = makePool();
    await pool.inspect(page, 'id_back', { faces: false });
    const proc = `/proc/${onlyPid(pool)}`;
    const variables = (await readFile(`${proc}/environ`, 'utf8')).split('\0').filter((entry) => entry !== '');
    const names = variables.map((entry) => entry.split('=')[0]);
    const allowed = /^(VIPS_DISC_THRESHOLD|TMPDIR|MALLOC_.*|UV_THREADPOOL_SIZE|TZ|PATH|PWD|NODE_CHANNEL_.*)$/;
    expect(names.filter((name) => !allowed.test(name ?? ''))).toEqual([]);
    expect(variables).toEqual(expect.arrayContaining(['VIPS_DISC_THRESHOLD=1000g', 'TMPDIR=/dev/null']));
    const core = /^Max core file size\s+(\d+)\s+(\d+)/m.exec(await readFile(`${proc}/limits`, 'utf8'));
    expect(Number(core?.[1])).toBeLessThanOrEqual(1);
    expect(Number(core?.[2])).toBeLessThanOrEqual(1);
  });

  it('dies with a parent that is killed, even while it hangs', async () => {
    const script = `
      import { makeEnginePool } from ${JSON.stringify(fileURLToPath(new URL('../../src/adapters/engines/engine-pool.ts', import.meta.url)))};
      const pool = makeEnginePool({ size: 1, timeoutMs: 60000, maxRssBytes: ${GENEROUS}, recycleAfter: 9, hostPath: ${JSON.stringify(HOST)}, hostArgv: ['--import', ${JSON.stringify(LOADER)}] });
      await pool.detect(Buffer.alloc(0)).catch(() => {});
      process.stdout.write(pool.stats().hosts[0].pid + '\\n');`;
    const parent = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '-e', script], {
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, 'SIGSTOP');
    const hasDeathSignal = await promisify(execFile)('setpriv', ['--pdeathsig', 'KILL', 'true']).then(
      () => true,
      () => false,
    );
    parent.kill('SIGKILL');
    // Where the kernel cannot be asked, the host has to come back to itself to see that the channel is closed.
    if (!hasDeathSignal) process.kill(pid, 'SIGCONT');
    await until(() => !isRunning(pid));
    expect((await readdir('/proc')).includes(String(pid))).toBe(false);
  });

  it('reads the photographs that the tests take faces from', async () => {
    // Guards the material: an empty photograph would make the tests above pass for the wrong reason.
    expect((await sharp(await photograph('sample1')).metadata()).width).toBe(1920);
  });
});
