import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';
import { SetupError } from './progress.mjs';

const LISTS_MAX_AGE_MS = 12 * 3600 * 1000;

/**
 * apt with state of its own: works without root, and neither waits for nor disturbs the system's package manager (whose lock an
 * unattended upgrade can hold for minutes).
 */
function aptOptions(cacheDir) {
  const state = path.join(cacheDir, 'apt');
  mkdirSync(path.join(state, 'lists/partial'), { recursive: true });
  mkdirSync(path.join(state, 'archives/partial'), { recursive: true });
  const options = [
    ['Dir::State::lists', path.join(state, 'lists')],
    ['Dir::Cache', state],
    ['Acquire::Retries', '3'],
    ['Acquire::Languages', 'none'],
  ];
  // As root apt would drop to its own user, who cannot write into this folder.
  if (process.getuid?.() === 0) options.push(['APT::Sandbox::User', 'root']);
  return options.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function refreshLists(cacheDir, options) {
  const mark = path.join(cacheDir, 'apt/lists');
  const hasLists = readdirSync(mark).some((name) => name.endsWith('Packages') || /Packages\.\w+$/.test(name));
  if (hasLists && Date.now() - statSync(mark).mtimeMs < LISTS_MAX_AGE_MS) return;
  // One dead third-party source fails the whole update, though Debian's own lists have come: what counts is whether the packages
  // are found afterwards.
  await run('apt-get', ['-q', ...options, 'update'], { env: aptEnvironment() });
}

const aptEnvironment = () => ({ ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' });

/**
 * Which packages apt would add to this machine, in its own words: `Inst NAME (VERSION …)`, or `Inst NAME [OLD] (NEW …)` for one
 * that is there in an older version. The latter are left alone: unpacking a second libc beside the system's would break both.
 * @param {string} simulation output of `apt-get --simulate install`
 * @returns {string[]}
 */
export function packagesToAdd(simulation) {
  return [...simulation.matchAll(/^Inst (\S+) \(/gm)].map((match) => match[1]);
}

async function resolvePackages(packages, options) {
  const args = ['-q', ...options, '--simulate', '--no-install-recommends', 'install', ...packages];
  const { code, stdout } = await run('apt-get', args, { env: aptEnvironment() });
  if (code === null) throw noApt(packages);
  if (code !== 0) {
    throw new SetupError(
      `apt finds no way to get ${packages.join(', ')}`,
      'is the Debian mirror reachable, and is `apt-get check` content with this machine?',
    );
  }
  return packagesToAdd(stdout);
}

const noApt = (packages) =>
  new SetupError(
    `${packages.join(', ')} is missing, and there is no apt-get here to fetch it`,
    'use Debian or Ubuntu, or install it by this system’s own means',
  );

/** Folder name that changes with what is asked for and with the release it is for. */
function treeName(name, packages) {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const digest = createHash('sha256')
    .update([process.arch, release, ...packages].join('\n'))
    .digest('hex');
  return `${name}-${digest.slice(0, 12)}`;
}

/** Where such a tree is or would be. */
export const debianTree = (cacheDir, name, packages) =>
  path.join(cacheDir, 'debian', treeName(name, packages));

/**
 * Debian packages, with what they need and this machine lacks, unpacked into a folder. Nothing is installed; no package's script
 * runs; root is not needed.
 * @returns {Promise<string>} the folder, laid out like `/`
 * @throws SetupError
 */
export async function fetchDebianTree(cacheDir, name, packages) {
  const tree = debianTree(cacheDir, name, packages);
  if (existsSync(tree)) return tree;
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg')) throw noApt(packages);
  const options = aptOptions(cacheDir);
  await refreshLists(cacheDir, options);
  const wanted = await resolvePackages(packages, options);
  const work = `${tree}.${randomUUID()}.part`;
  try {
    const debs = path.join(work, 'debs');
    const root = path.join(work, 'root');
    mkdirSync(debs, { recursive: true });
    mkdirSync(root);
    if (wanted.length > 0) await download(wanted, debs, options, packages);
    for (const deb of readdirSync(debs)) await unpack(path.join(debs, deb), root, deb);
    // The rename is what makes it count: a set-up cut short leaves only a `.part` folder.
    renameSync(root, tree);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return tree;
}

async function download(wanted, debs, options, packages) {
  // One call: a call a package costs a second each.
  const { code } = await run('apt-get', ['-q', ...options, 'download', ...wanted], {
    cwd: debs,
    env: aptEnvironment(),
  });
  if (code !== 0) {
    throw new SetupError(
      `apt could not download ${packages.join(', ')}`,
      'is the Debian mirror reachable? Start again',
    );
  }
}

async function unpack(file, root, name) {
  const { code } = await run('dpkg', ['-x', file, root]);
  if (code !== 0) throw new SetupError(`dpkg could not unpack ${name}`, 'is there room on the disk?');
}

/**
 * Where shared libraries lie in an unpacked tree: one folder a platform (multiarch), below /usr/lib or, in packages older than the
 * merging of the two, /lib.
 */
export function libraryPath(tree) {
  const platforms = (library) =>
    existsSync(library) ? readdirSync(library).filter((name) => name.includes('-linux-gnu')) : [];
  return ['usr/lib', 'lib']
    .map((place) => path.join(tree, place))
    .flatMap((library) => platforms(library).map((name) => path.join(library, name)))
    .join(':');
}
