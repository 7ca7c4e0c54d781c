import { existsSync } from 'node:fs';
import path from 'node:path';
import { debianTree, fetchDebianTree } from './debian.mjs';
import { SetupError } from './progress.mjs';

const PACKAGES = ['fonts-ocr-b'];
const PLACE = 'usr/share/fonts/opentype/ocr-b/OCRB.otf';

const inTree = (tree) => {
  const file = path.join(tree, PLACE);
  return existsSync(file) ? { LETHE_OCRB_FONT: file } : null;
};

/** The font of machine-readable zones (ISO 1073-2), for drawing sample documents. `null` where it has to be fetched first. */
export const findFont = (cacheDir) => inTree('/') ?? inTree(debianTree(cacheDir, 'fonts', PACKAGES));

/** @returns {Promise<Record<string, string>>} @throws SetupError */
export async function fetchFont(cacheDir) {
  const found = inTree(await fetchDebianTree(cacheDir, 'fonts', PACKAGES));
  if (found) return found;
  throw new SetupError(
    'the Debian package held no OCR-B font',
    'set LETHE_OCRB_FONT to an OpenType font of OCR-B',
  );
}
