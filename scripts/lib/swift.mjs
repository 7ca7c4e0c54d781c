import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { debianTree, fetchDebianTree, libraryPath } from './debian.mjs';
import { SetupError } from './progress.mjs';

const PACKAGES = ['python3-swift'];
const ACCESS_KEY = 'test:tester';
const START_MS = 60_000;

/** The tree with Swift in it, or `null` where it has to be fetched first. */
export function findSwift(cacheDir) {
  const tree = debianTree(cacheDir, 'swift', PACKAGES);
  return existsSync(tree) ? tree : null;
}

/** @returns {Promise<string>} @throws SetupError */
export const fetchSwift = (cacheDir) => fetchDebianTree(cacheDir, 'swift', PACKAGES);

/**
 * Debian's own Python, since the packages belong to its version: the system's, or where there is none the one that came along.
 * (A Python from elsewhere on PATH would not find them.)
 */
function python(tree) {
  if (existsSync('/usr/bin/python3')) return { command: '/usr/bin/python3', env: {} };
  const bin = path.join(tree, 'usr/bin');
  const name = existsSync(bin) && readdirSync(bin).find((file) => /^python3\.\d+$/.test(file));
  if (!name)
    throw new SetupError('no Python of Debian was found for Swift', 'install the Debian package python3');
  return { command: path.join(bin, name), env: { PYTHONHOME: path.join(tree, 'usr') } };
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    const fail = () =>
      reject(
        new SetupError(
          'Swift did not start',
          'run its server by hand to see why: scripts/lib/swift-server.py',
        ),
      );
    const timer = setTimeout(fail, START_MS);
    createInterface({ input: child.stdout }).once('line', resolve).once('close', fail);
    child.once('error', fail);
    child.once('exit', () => clearTimeout(timer));
  });
}

/**
 * Starts an S3 server (OpenStack Swift with s3api) on a free loopback port with an empty store.
 * @param {{ cacheDir: string }} options where {@link fetchSwift} has put it; the store lies there too, and not in the system's
 *   temporary folder, because Swift needs extended attributes, which a tmpfs may lack
 * @returns {Promise<{ endpoint: string, region: string, accessKeyId: string, secretAccessKey: string, stop(): Promise<void> }>}
 * @throws SetupError
 */
export async function startSwift({ cacheDir }) {
  const tree = findSwift(cacheDir) ?? (await fetchSwift(cacheDir));
  const { command, env } = python(tree);
  const stores = path.join(cacheDir, 'swift');
  mkdirSync(stores, { recursive: true });
  const home = mkdtempSync(path.join(stores, 'store-'));
  const secretAccessKey = 'testing';
  const server = path.join(import.meta.dirname, 'swift-server.py');
  const child = spawn(command, [server, home, ACCESS_KEY, secretAccessKey], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...env,
      PATH: '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: path.join(tree, 'usr/lib/python3/dist-packages'),
      LD_LIBRARY_PATH: libraryPath(tree),
    },
  });
  const exited = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    // It ends when its standard input closes, and so also when we are killed.
    child.stdin.destroy();
    child.kill('SIGKILL');
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const { port } = JSON.parse(await firstLine(child));
    child.stdin.on('error', () => {});
    return {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKeyId: ACCESS_KEY,
      secretAccessKey,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
