import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseTruth } from '../../eval/documents/truth.js';
import { forkModule } from '../child-process.js';
import type { ReadOrder } from './reader-process.js';

/** Documents in two kinds, which cost a reader very differently. */
export interface Material {
  readonly mrz: readonly ReadOrder[];
  readonly printed: readonly ReadOrder[];
}

/** The pictures that a folder's `truth.json` lists. Without a zone, fields have to be listed, or nothing could be found right. */
export async function readMaterial(folder: string): Promise<Material> {
  const truths = parseTruth(await readFile(path.join(folder, 'truth.json'), 'utf8'));
  const orders = [...truths].map(([file, truth]) => ({ file: path.join(folder, file), truth }));
  return {
    mrz: orders.filter(({ truth }) => truth.lines.length > 0),
    printed: orders.filter(({ truth }) => truth.lines.length === 0 && truth.fields !== undefined),
  };
}

/**
 * Draws documents of invented persons into a folder.
 *
 * @param set `bench`: a few of each kind, as one photographs them; `conditions`: each kind under each hard condition
 * @param today `YYYY-MM-DD`, from which expiry and age are counted
 * @throws Error where no font of OCR-B is there, or drawing fails
 */
export async function drawMaterial(
  folder: string,
  set: 'bench' | 'conditions',
  today: string,
): Promise<void> {
  const font = process.env['LETHE_OCRB_FONT'];
  if (font === undefined) throw new Error('LETHE_OCRB_FONT names no OCR-B font to draw documents with');
  const url = new URL('./draw-material.js', import.meta.url);
  const child = forkModule(url, [folder, today, font, set], null);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('drawing_failed');
}
