import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { STANDING_DESIGN, type Design } from './design.js';
import { makeGroundStore, type DrawingKit } from './document-art.js';
import { ARCADIAN_LICENCE_BACK, ARCADIAN_LICENCE_FRONT, NUMBERED_LICENCE } from './driving-licence.js';
import { CARD_BACK, CARD_FRONT, PLAIN_CARD, TD2_CARD } from './identity-card.js';
import { drawLandscape } from './landscape.js';
import { PASSPORT_PAGE } from './passport-page.js';
import { drawPaymentCard } from './payment-card.js';
import { documentWidth, photographDocument } from './photograph.js';
import { makePortraitStudio } from './portraits.js';
import type { Raster } from './raster.js';
import { planSamples, type Drawing, type SampleEntry, type SheetKind } from './sample-plan.js';
import { MANIFEST_FILE, SAMPLE_VERSION, type SampleManifest } from './sample-store.js';
import { drawSheet, type Sheet } from './sheet.js';
import { openTypeCase } from './type-setter.js';
import { VISA_A, VISA_B } from './visa-page.js';

export interface DrawSamplesOptions {
  /** `YYYY-MM-DD`; every date on the samples is counted from it. */
  readonly today: string;
  /** Path of an OCR-B OpenType font file. */
  readonly ocrbFont: string;
}

const SHEETS: Readonly<Record<SheetKind, Sheet>> = {
  passport: PASSPORT_PAGE,
  card_front: CARD_FRONT,
  card_back: CARD_BACK,
  td2_card: TD2_CARD,
  visa_a: VISA_A,
  visa_b: VISA_B,
  plain_card: PLAIN_CARD,
  numbered_licence: NUMBERED_LICENCE,
  licence_front: ARCADIAN_LICENCE_FRONT,
  licence_back: ARCADIAN_LICENCE_BACK,
};

/** North American licences put the month first; everything else is the sample's own. */
const designOf = (kind: SheetKind, design: Design): Design =>
  kind === 'licence_front' ? { ...design, dates: 'month_first' } : design;

function drawFlat(drawing: Exclude<Drawing, { kind: 'selfie' }>, kit: DrawingKit): Promise<Raster> {
  const width = documentWidth(drawing.scene);
  switch (drawing.kind) {
    case 'landscape':
      return drawLandscape(width);
    case 'payment_card':
      return drawPaymentCard(drawing.data, drawing.design ?? STANDING_DESIGN, width, kit);
    default: {
      const { kind, data, design = STANDING_DESIGN } = drawing;
      return drawSheet(SHEETS[kind], data, designOf(kind, design), width, kit);
    }
  }
}

/** Draws one planned picture. @returns a JPEG */
export async function drawSample(drawing: Drawing, kit: DrawingKit): Promise<Buffer> {
  if (drawing.kind === 'selfie') return kit.studio.selfie(drawing);
  return photographDocument(await drawFlat(drawing, kit), drawing.scene);
}

/** Loads fonts and photographs for {@link drawSample}. @throws the error of the file system where the font file is missing */
export async function makeDrawingKit(ocrbFont: string): Promise<DrawingKit> {
  // Where uploads are decoded, only three formats may be loaded; here the only SVG is our own.
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  sharp.cache(false);
  return { typeCase: await openTypeCase(ocrbFont), studio: makePortraitStudio(), grounds: makeGroundStore() };
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
