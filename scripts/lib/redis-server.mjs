import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { debianTree, fetchDebianTree, libraryPath } from './debian.mjs';
import { SetupError } from './progress.mjs';

const PACKAGES = ['redis-server'];

function onPath(name) {
  const places = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return places
    .map((place) => path.join(place, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const inTree = (tree) => {
  const binary = path.join(tree, 'usr/bin/redis-server');
  return existsSync(binary)
    ? { LETHE_REDIS_SERVER: binary, LETHE_REDIS_LIBRARY_PATH: libraryPath(tree) }
    : null;
};

/**
 * The environment by which the sandbox finds its Redis: one on PATH, else the REDIS_URL that is set anyway, else the unpacked one.
 * @returns {Record<string, string> | null} `null` where it has to be fetched first
 */
export function findRedis(cacheDir) {
  const installed = onPath('redis-server') ?? ['/usr/bin/redis-server'].find(existsSync);
  if (installed) return { LETHE_REDIS_SERVER: installed };
  if (process.env.REDIS_URL) return {};
  return inTree(debianTree(cacheDir, 'redis', PACKAGES));
}

/** @returns {Promise<Record<string, string>>} @throws SetupError */
export async function fetchRedis(cacheDir) {
  const found = inTree(await fetchDebianTree(cacheDir, 'redis', PACKAGES));
  if (found) return found;
  throw new SetupError('the Debian package held no redis-server', 'install a redis-server, or set REDIS_URL');
}
