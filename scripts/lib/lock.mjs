import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './progress.mjs';

const POLL_MS = 200;

/**
 * What tells one process from another that got the same number later: its start time (proc(5), field 22) and the boot it
 * belongs to. Empty where there is no /proc; then the number alone has to do.
 */
async function birthOf(pid) {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The second field, the program's name, may hold spaces and brackets: count from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    return `${boot.trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

async function isHeld(text) {
  let holder;
  try {
    holder = JSON.parse(text);
  } catch {
    return false;
  }
  if (!Number.isInteger(holder?.pid)) return false;
  if (holder.birth) return (await birthOf(holder.pid)) === holder.birth;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Moves a dead holder's lock away. Moving is atomic; should a live one's have been moved meanwhile, it is put back. */
async function breakStale(file, seen) {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

/**
 * Runs `work` while holding a lock that dies with its process, so that two set-ups at once do not undo each other's work.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  await mkdir(path.dirname(file), { recursive: true });
  const own = `${file}.${randomUUID()}`;
  await writeFile(
    own,
    JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid), id: randomUUID() }),
  );
  try {
    let told = false;
    for (;;) {
      try {
        // link() fails where the name exists: the one atomic test-and-set that also works on network file systems.
        await link(own, file);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const seen = await readFile(file, 'utf8').catch(() => null);
      if (seen === null) continue;
      if (!(await isHeld(seen))) {
        await breakStale(file, seen);
        continue;
      }
      if (!told) say('another set-up is running here; waiting for it');
      told = true;
      await sleep(POLL_MS);
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}
