import { accessSync, constants, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { debianTree, fetchDebianTree, libraryPath } from './debian.mjs';
import { SetupError } from './progress.mjs';

/** The shell without a window system has a third of the dependencies; a page needs some font to be laid out at all. */
const PACKAGES = ['chromium-headless-shell', 'fonts-dejavu-core'];
const SHELL = 'usr/lib/chromium/chromium-headless-shell';
const NAMES = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome'];

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function onPath() {
  const places = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return NAMES.flatMap((name) => places.map((place) => path.join(place, name))).find(isExecutable);
}

/**
 * Fontconfig looks where the system's fonts are, and there may be none: this adds those of the unpacked tree. Written again at each
 * look, for a checkout may have been moved.
 */
function fontConfig(cacheDir, tree) {
  const folder = path.join(cacheDir, 'chromium');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'fonts.conf');
  const part = `${file}.${process.pid}.part`;
  writeFileSync(
    part,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${path.join(tree, 'usr/share/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, 'fonts')}</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>DejaVu Sans</string></edit></match>
</fontconfig>
`,
  );
  renameSync(part, file);
  return file;
}

/** PulseAudio keeps the library that its client needs in a folder of its own, which the loader does not search. */
function browserLibraries(tree) {
  const library = libraryPath(tree);
  return [library, ...library.split(':').map((folder) => path.join(folder, 'pulseaudio'))].join(':');
}

const inTree = (cacheDir, tree) => {
  const binary = path.join(tree, SHELL);
  if (!existsSync(binary)) return null;
  return {
    CHROMIUM: binary,
    CHROMIUM_LIBRARY_PATH: browserLibraries(tree),
    CHROMIUM_FONTCONFIG: fontConfig(cacheDir, tree),
  };
};

/**
 * The environment by which the tests of the pages find their browser: the one that CHROMIUM names, else one on PATH, else the unpacked
 * one.
 * @returns {Record<string, string> | null} `null` where it has to be fetched first
 */
export function findChromium(cacheDir) {
  if (process.env.CHROMIUM) return {};
  const installed = onPath();
  if (installed) return { CHROMIUM: installed };
  return inTree(cacheDir, debianTree(cacheDir, 'chromium', PACKAGES));
}

/** @returns {Promise<Record<string, string>>} @throws SetupError */
export async function fetchChromium(cacheDir) {
  const found = inTree(cacheDir, await fetchDebianTree(cacheDir, 'chromium', PACKAGES));
  if (found) return found;
  throw new SetupError(
    'the Debian package held no Chromium',
    'install Chromium, or set CHROMIUM to its program',
  );
}
