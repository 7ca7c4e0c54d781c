import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { cropFace, portraitOf, printedPage, table, type Photograph } from '../../test/support/pictures.js';

/** Files of a document and of a selfie. */
export interface FramePair {
  readonly document: string;
  readonly selfie: string;
}

const WIDTH = 1280;
const HEIGHT = 720;
const JPEG_QUALITY = 90;
/** Heights of the crop around a head in the frame: a head at arm's length fills most of it, one farther away half. */
const HEAD_HEIGHTS = [420, 560, 680] as const;

/** Persons that look at the camera. */
const SELFIES: readonly (readonly [Photograph, number])[] = [
  ['sample1', 0],
  ['sample6', 1],
  ['sample2', 1],
];

async function selfie(photograph: Photograph, person: number, height: number): Promise<Buffer> {
  const head = await sharp(await cropFace(photograph, person))
    .resize({ height })
    .toBuffer();
  return sharp(await table(WIDTH, HEIGHT))
    .composite([{ input: head, left: 380, top: Math.round((HEIGHT - height) / 2) }])
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

const documentOf = async (portrait: Buffer): Promise<Buffer> =>
  printedPage({
    width: WIDTH,
    height: HEIGHT,
    left: 60,
    top: 30,
    pageWidth: 1120,
    pageHeight: 650,
    portrait,
  });

/**
 * Draws pairs of a document and a selfie, as JPEGs of 1280 × 720, into a new folder: the demo photographs of `@vladmandic/face-api`
 * on a table, and their portraits on a page.
 */
export async function drawFrames(): Promise<{
  readonly folder: string;
  readonly pairs: readonly FramePair[];
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lethe-bench-faces-'));
  const save = async (name: string, image: Buffer) => {
    const file = path.join(folder, `${name}.jpg`);
    await writeFile(file, image);
    return file;
  };
  const pairs: FramePair[] = [];
  for (const portrait of ['sample3', 'sample6'] as const)
    for (const [i, height] of HEAD_HEIGHTS.entries()) {
      const [photograph, person] = SELFIES[i] ?? ['sample1', 0];
      pairs.push({
        document: await save(
          `document-${portrait}-${i}`,
          await documentOf(await portraitOf(portrait, 260 + 60 * i)),
        ),
        selfie: await save(`selfie-${portrait}-${i}`, await selfie(photograph, person, height)),
      });
    }
  return { folder, pairs };
}
