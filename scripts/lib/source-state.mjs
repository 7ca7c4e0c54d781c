import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Files below some places, relative to `root`, sorted. A place that does not exist is skipped.
 * @param {string} root
 * @param {readonly string[]} places
 * @param {(relative: string) => boolean} [keep] asked for files and folders alike
 * @returns {string[]}
 */
export function filesUnder(root, places, keep = () => true) {
  const found = [];
  const visit = (relative) => {
    const stat = statSync(path.join(root, relative), { throwIfNoEntry: false });
    if (!stat || !keep(relative)) return;
    if (stat.isFile()) found.push(relative);
    else if (stat.isDirectory()) {
      for (const name of readdirSync(path.join(root, relative))) visit(path.join(relative, name));
    }
  };
  for (const place of places) visit(place);
  return found.sort();
}

/**
 * One value that changes when a file is added, removed or written. By size and time, not by content: it runs at every start.
 * @param {string} root
 * @param {readonly string[]} files
 */
export function fingerprint(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
