import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from './run.mjs';
import { SetupError } from './progress.mjs';

const STAMP = 'node_modules/.lethe-stamp';

/** Native modules differ by platform and by Node's ABI, so a node_modules carried elsewhere does not count as the same. */
function wantedStamp(root) {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const where = `${process.platform}-${process.arch}-${process.versions.modules}`;
  return `${createHash('sha256').update(lock).digest('hex')} ${where}`;
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Whether npm itself has left there what package-lock.json asks for (somebody ran `npm install` by hand). npm writes its own
 * record, node_modules/.package-lock.json, at the very end of an install.
 */
function matchesHiddenLock(root) {
  let wanted;
  let found;
  try {
    wanted = readJson(path.join(root, 'package-lock.json')).packages;
    found = readJson(path.join(root, 'node_modules/.package-lock.json')).packages;
  } catch {
    return false;
  }
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true;
    const installed = found[place];
    // What is for another platform is left out by npm.
    if (!installed) return entry.optional === true;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}

/** @returns {boolean} whether node_modules is what package-lock.json asks for */
export function modulesAreFresh(root) {
  const stamp = path.join(root, STAMP);
  const wanted = wantedStamp(root);
  if (existsSync(stamp)) {
    if (readFileSync(stamp, 'utf8') === wanted) return true;
  }
  if (!matchesHiddenLock(root)) return false;
  try {
    writeFileSync(stamp, wanted);
  } catch {
    // Another user's checkout: the comparison is then made at every start.
  }
  return true;
}

/** npm as a command: the one that runs us, else the one beside this Node, else the one on PATH. */
function npmCommand() {
  const candidates = [
    process.env.npm_execpath,
    path.resolve(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
  ];
  const cli = candidates.find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
  return cli ? [process.execPath, [cli]] : ['npm', []];
}

function isWritable(directory) {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** npm keeps its cache in the home directory, which a service user may not have: then it goes into the checkout's cache. */
function npmCache(cacheDir) {
  if (process.env.npm_config_cache) return {};
  const usual = path.join(os.homedir(), '.npm');
  const fits = existsSync(usual) ? isWritable(usual) : isWritable(os.homedir());
  return fits ? {} : { npm_config_cache: path.join(cacheDir, 'npm') };
}

/** Installs exactly what package-lock.json names. @throws SetupError */
export async function installModules(root, cacheDir) {
  // A set-up cut short must not look finished: both marks go first and come last.
  rmSync(path.join(root, STAMP), { force: true });
  rmSync(path.join(root, 'node_modules/.package-lock.json'), { force: true });
  const [command, first] = npmCommand();
  // NODE_ENV=production would leave out the build's own tools, hence --include=dev.
  const args = [
    ...first,
    'ci',
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--no-update-notifier',
  ];
  const env = {
    ...process.env,
    ...npmCache(cacheDir),
    // The CPU library is inside the package; its install script would fetch from a third host.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  };
  const attempt = () => run(command, [...args, '--loglevel=error'], { cwd: root, env, show: true });
  let { code } = await attempt();
  // A registry that drops one connection out of hundreds is common, and npm's cache makes the second try short.
  if (code !== 0 && code !== null) ({ code } = await attempt());
  if (code !== 0) {
    throw new SetupError(
      code === null ? 'npm could not be started' : `npm ci failed with code ${code}`,
      code === null
        ? 'install npm beside Node'
        : 'read the lines of npm above; is the npm registry reachable?',
    );
  }
  writeFileSync(path.join(root, STAMP), wantedStamp(root));
}
