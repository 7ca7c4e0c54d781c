import path from 'node:path';
import { build, buildIsFresh } from './build-steps.mjs';
import { fetchChromium, findChromium } from './chromium.mjs';
import { withLock } from './lock.mjs';
import { installModules, modulesAreFresh } from './node-modules.mjs';
import { checkNode } from './node-version.mjs';
import { fetchFont, findFont } from './ocrb-font.mjs';
import { explain, step } from './progress.mjs';
import { fetchRedis, findRedis } from './redis-server.mjs';
import { fetchSwift, findSwift } from './swift.mjs';

/** Names a finished set-up to the processes started from it, which need not look again. Holds the parts that were looked at. */
const DONE = 'LETHE_SETUP_DONE';

/**
 * The parts of a set-up, in the order in which they are needed. `find` is cheap, has no effect and gives the environment by which the
 * part is found later, or `null` where `fetch` has to get it first. `optional`: the command runs without it; what needs it says so.
 */
const PARTS = {
  modules: {
    title: 'npm packages',
    find: ({ root }) => (modulesAreFresh(root) ? {} : null),
    fetch: async ({ root, cacheDir }) => {
      await installModules(root, cacheDir);
      return {};
    },
  },
  build: {
    title: 'build',
    find: ({ root }) => (buildIsFresh(root) ? {} : null),
    fetch: async ({ root }) => {
      await build(root);
      return {};
    },
  },
  redis: {
    title: 'Redis server (Debian package, unpacked)',
    find: ({ cacheDir }) => findRedis(cacheDir),
    fetch: ({ cacheDir }) => fetchRedis(cacheDir),
  },
  font: {
    title: 'OCR-B font (Debian package, unpacked)',
    optional: true,
    find: ({ cacheDir }) => (process.env.LETHE_OCRB_FONT ? {} : findFont(cacheDir)),
    fetch: ({ cacheDir }) => fetchFont(cacheDir),
  },
  chromium: {
    title: 'Chromium for the tests of the pages (Debian package, unpacked)',
    optional: true,
    find: ({ cacheDir }) => findChromium(cacheDir),
    fetch: ({ cacheDir }) => fetchChromium(cacheDir),
  },
  swift: {
    title: 'S3 server for the tests (OpenStack Swift, Debian packages, unpacked)',
    optional: true,
    find: ({ cacheDir }) => (findSwift(cacheDir) === null ? null : {}),
    fetch: async ({ cacheDir }) => {
      await fetchSwift(cacheDir);
      return {};
    },
  },
};

/** What each kind of command needs. */
export const NEEDS = {
  command: ['modules', 'build'],
  sandbox: ['modules', 'build', 'redis', 'font'],
  test: ['modules', 'build', 'redis', 'font', 'swift', 'chromium'],
};

async function fetchPart(name, place) {
  const part = PARTS[name];
  try {
    return await withLock(path.join(place.cacheDir, 'setup.lock'), async () => {
      // Somebody else may have got it while we waited for the lock.
      return part.find(place) ?? (await step(part.title, () => part.fetch(place)));
    });
  } catch (error) {
    if (!part.optional) throw error;
    explain(error);
    return {};
  }
}

/**
 * Makes sure that the parts are there, fetching what is missing. Costs some tens of milliseconds where nothing is.
 * @param {{ root: string, needs: readonly (keyof typeof PARTS)[] }} options `root`: the checkout
 * @returns {Promise<Record<string, string>>} environment for what is started next
 * @throws SetupError
 */
export async function ensure({ root, needs }) {
  checkNode(process.versions.node);
  const place = { root, cacheDir: path.join(root, '.cache') };
  const done = new Set((process.env[DONE] ?? '').split(' '));
  const env = {};
  for (const name of needs.filter((need) => !done.has(need))) {
    Object.assign(env, PARTS[name].find(place) ?? (await fetchPart(name, place)));
    done.add(name);
  }
  return { ...env, [DONE]: [...done].filter(Boolean).join(' ') };
}
