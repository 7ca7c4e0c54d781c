import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, parseRecord, recordOf } from './embedded/process-record.js';
import { SandboxError } from './sandbox-error.js';

/**
 * Takes a data directory for this process. A lock whose holder is gone (or whose number another process got since) is taken over.
 * @returns how to give it back
 * @throws SandboxError `already_running`
 */
export function lockDataDir(dataDir: string): () => void {
  const file = path.join(dataDir, 'supervisor.lock');
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify({ ...recordOf(process.pid), id: randomUUID() }), { mode: 0o600 });
  try {
    // A lock that is stale is moved away, and then the name is free for one of those who try.
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(own, file)) return () => rmSync(file, { force: true });
      moveStaleAway(file);
    }
    throw new SandboxError('already_running');
  } finally {
    rmSync(own, { force: true });
  }
}

/** link(2) fails where the name exists: an atomic test-and-set. */
function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @throws SandboxError `already_running` when the holder lives */
function moveStaleAway(file: string): void {
  const seen = readIfThere(file);
  if (seen === null) return;
  const holder = parseRecord(seen);
  if (holder !== null && isRunning(holder)) throw new SandboxError('already_running');
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  // Somebody quicker may have moved the stale one away and locked: then this was his, and goes back.
  if (readIfThere(aside) !== seen) tryLink(aside, file);
  rmSync(aside, { force: true });
}
