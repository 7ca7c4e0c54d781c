import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { User } from './launch.js';

/** `sun_path` of unix(7) has 108 bytes with the closing zero, 104 on the BSDs. */
const MAX_PATH_BYTES = 103;

export interface SocketDirOptions {
  /** Where the socket would best lie. */
  readonly preferred: string;
  readonly socketName: string;
  /** File that remembers a fallback, so that the address stays the same when the server is started again. */
  readonly memo: string;
  /** Who runs the server, where that is not us. */
  readonly owner?: User | undefined;
}

/**
 * A folder for a Unix socket that nobody but its owner (and root) can enter. In the data directory where the path is short enough for
 * the kernel, else in the system's temporary folder.
 */
export function ensureSocketDir({ preferred, socketName, memo, owner }: SocketDirOptions): string {
  if (Buffer.byteLength(path.join(preferred, socketName)) <= MAX_PATH_BYTES) {
    mkdirSync(preferred, { recursive: true, mode: 0o700 });
    return claim(preferred, owner);
  }
  const remembered = readMemo(memo);
  if (remembered !== null && isOurs(remembered, owner)) return remembered;
  // The name is random and the folder new: in a folder that all can write to, a name that can be guessed can be taken first.
  const made = claim(mkdtempSync(path.join(shortTemporary(socketName), 'lethe-')), owner);
  writeFileSync(memo, made, { mode: 0o600 });
  return made;
}

/** Removes a fallback folder after an orderly stop. */
export function removeSocketDir(memo: string): void {
  const remembered = readMemo(memo);
  if (remembered !== null) rmSync(remembered, { recursive: true, force: true });
  rmSync(memo, { force: true });
}

function claim(directory: string, owner: User | undefined): string {
  if (owner) chownSync(directory, owner.uid, owner.gid);
  chmodSync(directory, 0o700);
  return directory;
}

function shortTemporary(socketName: string): string {
  const usual = os.tmpdir();
  const probe = path.join(usual, 'lethe-XXXXXX', socketName);
  return Buffer.byteLength(probe) <= MAX_PATH_BYTES ? usual : '/tmp';
}

function readMemo(memo: string): string | null {
  try {
    return readFileSync(memo, 'utf8');
  } catch {
    return null;
  }
}

function isOurs(directory: string, owner: User | undefined): boolean {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  const uid = owner?.uid ?? process.getuid?.();
  return stat !== undefined && stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0;
}
