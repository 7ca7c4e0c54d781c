import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DrawSamplesOptions } from './draw-samples.js';
import { samplesAreStale } from './sample-store.js';

const DRAWING_PROGRAM = fileURLToPath(new URL('./draw-samples-main.js', import.meta.url));
/** Many times what it takes, for a machine that is busy with its first start. */
const TIME_LIMIT_MS = 180_000;

/**
 * Draws the samples if they are stale, in a process of its own: it needs an image loader that the service blocks, and its memory goes
 * back when it ends.
 *
 * @returns whether they were drawn
 * @throws Error `samples_not_drawn`, with the process' failure as its cause
 */
export async function refreshSamples(
  outDir: string,
  { today, ocrbFont }: DrawSamplesOptions,
): Promise<boolean> {
  if (!(await samplesAreStale(outDir, today))) return false;
  try {
    await promisify(execFile)(process.execPath, [DRAWING_PROGRAM, outDir, today, ocrbFont], {
      env: {},
      timeout: TIME_LIMIT_MS,
    });
  } catch (cause) {
    throw new Error('samples_not_drawn', { cause });
  }
  return true;
}
