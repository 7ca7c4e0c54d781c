import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SampleEntry } from './sample-plan.js';

/** Raised with every change of what is drawn, so that older pictures are drawn anew. */
export const SAMPLE_VERSION = 7;

export const MANIFEST_FILE = 'manifest.json';

/** Days after which samples are drawn anew, so that no date on them grows stale. */
const FRESH_DAYS = 30;
const DAY_MS = 86_400_000;

export interface SampleManifest {
  readonly version: number;
  /** `YYYY-MM-DD`; every date in the samples is counted from it. */
  readonly drawn_on: string;
  readonly samples: readonly SampleEntry[];
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readManifest(dir: string): Promise<SampleManifest | null> {
  const bytes = await readIfThere(path.join(dir, MANIFEST_FILE));
  return bytes === null ? null : (JSON.parse(bytes.toString('utf8')) as SampleManifest);
}

/** Whether samples have to be drawn: there are none, they are of another version, or older than 30 days (or from the future). */
export async function samplesAreStale(dir: string, today: string): Promise<boolean> {
  const manifest = await readManifest(dir);
  if (manifest === null || manifest.version !== SAMPLE_VERSION) return true;
  const age = (Date.parse(today) - Date.parse(manifest.drawn_on)) / DAY_MS;
  return !(age >= 0 && age <= FRESH_DAYS);
}

/** The samples that were drawn into a folder, `[]` where there are none. */
export async function listSamples(dir: string): Promise<readonly SampleEntry[]> {
  return (await readManifest(dir))?.samples ?? [];
}

const SAMPLE_NAME = /^[a-z0-9_]{1,64}$/;

/**
 * The JPEG of a sample, or `null` where there is none of that name. A name is letters, digits and underscores only: it cannot leave the
 * folder, whatever a caller sends.
 */
export async function readSample(dir: string, name: string): Promise<Uint8Array | null> {
  if (!SAMPLE_NAME.test(name)) return null;
  return readIfThere(path.join(dir, `${name}.jpg`));
}
