import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { DrawingKit } from './document-art.js';
import { drawCardBack, drawCardFront } from './identity-card.js';
import { drawLandscape } from './landscape.js';
import { drawPassportPage } from './passport-page.js';
import { documentWidth, photographDocument } from './photograph.js';
import { makePortraitStudio } from './portraits.js';
import type { Raster } from './raster.js';
import { planSamples, type Drawing, type SampleEntry } from './sample-plan.js';
import { MANIFEST_FILE, SAMPLE_VERSION, type SampleManifest } from './sample-store.js';
import { loadTypefaces } from './type-setter.js';

export interface DrawSamplesOptions {
  /** `YYYY-MM-DD`; every date on the samples is counted from it. */
  readonly today: string;
  /** Path of an OCR-B OpenType font file. */
  readonly ocrbFont: string;
}

type DocumentDrawing = Exclude<Drawing, { kind: 'selfie' }>;

function drawDocument(drawing: DocumentDrawing, kit: DrawingKit): Promise<Raster> {
  const width = documentWidth(drawing.scene);
  switch (drawing.kind) {
    case 'passport':
      return drawPassportPage(drawing.data, width, kit);
    case 'card_front':
      return drawCardFront(drawing.data, width, kit);
    case 'card_back':
      return drawCardBack(drawing.data, width, kit);
    case 'landscape':
      return drawLandscape(width, kit);
  }
}

/** Draws one planned picture. @returns a JPEG */
export async function drawSample(drawing: Drawing, kit: DrawingKit): Promise<Uint8Array> {
  if (drawing.kind === 'selfie') return kit.studio.selfie(drawing);
  return photographDocument(await drawDocument(drawing, kit), drawing.scene);
}

/** Loads fonts and photographs for {@link drawSample}. @throws the error of the file system where the font file is missing */
export async function makeDrawingKit(ocrbFont: string): Promise<DrawingKit> {
  // Where uploads are decoded, only three formats may be loaded; here the only SVG is our own.
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  sharp.cache(false);
  return { typefaces: await loadTypefaces(ocrbFont), studio: makePortraitStudio() };
}

/**
 * Draws the sandbox's sample documents and selfies as JPEGs, with their manifest, and replaces what was in the folder. The folder
 * appears whole or not at all. It opens libvips' SVG loader for the whole process: call it in one that never sees an upload, as
 * `refreshSamples` does.
 */
export async function drawSamples(
  outDir: string,
  { today, ocrbFont }: DrawSamplesOptions,
): Promise<readonly SampleEntry[]> {
  const kit = await makeDrawingKit(ocrbFont);
  const parent = path.dirname(path.resolve(outDir));
  await mkdir(parent, { recursive: true });
  const fresh = await mkdtemp(path.join(parent, '.samples-'));
  try {
    const planned = planSamples(today);
    // One after the other: each holds some thirty megabytes while it is drawn.
    for (const { entry, drawing } of planned) {
      await writeFile(path.join(fresh, `${entry.name}.jpg`), await drawSample(drawing, kit));
    }
    const samples = planned.map(({ entry }) => entry);
    const manifest: SampleManifest = { version: SAMPLE_VERSION, drawn_on: today, samples };
    await writeFile(path.join(fresh, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    await rm(outDir, { recursive: true, force: true });
    await rename(fresh, outDir);
    return samples;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
