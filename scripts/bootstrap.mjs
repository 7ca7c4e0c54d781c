/**
 * Entry of `npm start` and `npm test` on a machine that has only Node and npm: gets what is missing, then starts.
 *
 *   node scripts/bootstrap.mjs start [arguments of `lethe dev`]
 *   node scripts/bootstrap.mjs test  [arguments of jest]
 *   node scripts/bootstrap.mjs ensure
 *
 * No dependencies: it runs before there are any. Everything fetched lies in .cache/ and node_modules/ of the checkout; progress goes
 * to standard error.
 */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NEEDS, ensure } from './lib/ensure.mjs';
import { explain, say } from './lib/progress.mjs';

// Not import.meta.dirname: a Node too old for it has to get as far as being told so.
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(root, 'bin/lethe');

/**
 * npm runs scripts through a shell, and passes SIGTERM on to that shell, which ends without telling us. So when the shell is gone we take
 * it for a SIGTERM. (Only under npm: whoever starts us directly may end before us.)
 */
function endWithShell() {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const look = () => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  };
  const timer = setInterval(look, 250).unref();
}

/** In this same process, so that signals and the process number that a caller sees are the sandbox's own. */
async function start(args) {
  Object.assign(process.env, await ensure({ root, needs: NEEDS.sandbox }));
  process.argv = [process.execPath, bin, 'dev', ...args];
  return () => import(pathToFileURL(bin).href);
}

async function test(args) {
  const found = await ensure({ root, needs: NEEDS.test });
  const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules'].filter(Boolean).join(' ');
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [jest, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...found, NODE_OPTIONS: options },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]));
  });
}

async function ensureAll() {
  await ensure({ root, needs: NEEDS.test });
  say('everything is there');
}

const commands = { start, test, ensure: ensureAll };
const [name, ...args] = process.argv.slice(2);
if (Object.hasOwn(commands, name ?? '')) {
  endWithShell();
  const next = await commands[name](args).catch((error) => {
    explain(error);
    process.exitCode = 1;
  });
  // Outside the handler above: what the service throws is not a fault of the set-up.
  await next?.();
} else {
  say(`usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`);
  process.exitCode = 2;
}
