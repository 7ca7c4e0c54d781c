import { decodeRgb } from '../../src/adapters/images/decode.js';
import { rotateQuarter, type RgbRaster } from '../../src/adapters/images/raster.js';
import { makeLineFinder } from '../../src/adapters/ocr/line-finder.js';
import { findMrz } from '../../src/adapters/ocr/mrz-finder.js';
import { makeOcrBRecogniser } from '../../src/adapters/ocr/ocr-b-recogniser.js';
import { makePrintRecogniser, type PrintRecogniser } from '../../src/adapters/ocr/print-recogniser.js';
import { readPrint } from '../../src/adapters/ocr/printed-zone.js';
import { mergeCollinear } from '../../src/adapters/ocr/text-box.js';
import type { TextDetector } from '../../src/adapters/ocr/text-detector.js';
import type { MrzLineRecogniser } from '../../src/adapters/ocr/line-recogniser.js';
import { drawSample, makeDrawingKit } from '../../src/sandbox/samples/draw-samples.js';
import { writeTd1, writeTd3 } from '../../src/sandbox/samples/mrz-writer.js';
import { GOOD_SCENE } from '../../src/sandbox/samples/photograph.js';
import { HOLDER } from '../support/document-holder.js';

const TD3 = writeTd3(HOLDER);
const TD1 = writeTd1(HOLDER);
const SCENE = { ...GOOD_SCENE, width: 1400, height: 1050, blur: 0.4, noise: 1, quality: 95, seed: 'finder' };

/** How documents lie before the camera: degrees, and how far the corners are from a rectangle. */
const SCENES = {
  straight: { ...SCENE, rotation: 0.5, perspective: 0.005 },
  slanted: { ...SCENE, rotation: -7, perspective: 0.03 },
} as const;
/** A photograph may lie on its side besides. */
const VIEWS = ['straight', 'slanted', 'sideways'] as const;
type View = (typeof VIEWS)[number];

/** Side at which readers look first. */
const SIDE = 640;

let finder: TextDetector;
let print: PrintRecogniser;
let reader: MrzLineRecogniser;
const pictures = new Map<string, Uint8Array>();
const nameOf = (kind: string, view: View) => `${kind} ${view}`;

async function rasterOf(kind: string, view: View): Promise<RgbRaster> {
  const bytes = pictures.get(nameOf(kind, view === 'sideways' ? 'straight' : view));
  const raster = await decodeRgb(bytes ?? new Uint8Array(), { maxSide: 1600 });
  return view === 'sideways' ? rotateQuarter(raster) : raster;
}

const find = async (raster: RgbRaster) => mergeCollinear(await finder.detect(raster, SIDE));

beforeAll(async () => {
  // Drawn before anything is decoded: from then on this process opens no vector drawing any more.
  const kit = await makeDrawingKit(process.env['LETHE_OCRB_FONT'] ?? '');
  const data = { ...HOLDER, person: 'maria', issuedOn: '2025-03-24' } as const;
  for (const [name, scene] of Object.entries(SCENES) as [
    keyof typeof SCENES,
    (typeof SCENES)[keyof typeof SCENES],
  ][]) {
    pictures.set(
      nameOf('passport', name),
      await drawSample({ kind: 'passport', data: { ...data, mrz: TD3 }, scene }, kit),
    );
    pictures.set(
      nameOf('card_back', name),
      await drawSample({ kind: 'card_back', data: { ...data, mrz: TD1 }, scene }, kit),
    );
  }
  [finder, print, reader] = await Promise.all([
    makeLineFinder(),
    makePrintRecogniser(),
    makeOcrBRecogniser('first'),
  ]);
}, 240_000);

afterAll(async () => {
  for (const engine of [finder, print, reader]) await engine.close();
});

/** What a passport prints, as the reader of print gives it: without marks. */
const PRINTED = ['NUNEZ', 'MARIA JOSE', 'UTOPIAN', '17 MAR 1994', 'NORDVIK', '24 MAR 2033', 'JP6013068'];
const squeezed = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');

describe('the finder of lines', () => {
  for (const view of VIEWS) {
    for (const [kind, zone] of [
      ['passport', TD3],
      ['card_back', TD1],
    ] as const)
      it(`finds the zone of a ${kind}, ${view}, so that it reads right`, async () => {
        const raster = await rasterOf(kind, view);
        const found = await findMrz(raster, await find(raster), reader);
        expect(found?.lines).toEqual(zone);
      });

    it(`finds the print of a passport, ${view}, so that it reads right`, async () => {
      const raster = await rasterOf('passport', view);
      const boxes = await find(raster);
      const zone = await findMrz(raster, boxes, reader);
      const lines = await readPrint(raster, boxes, zone?.boxes[0] ?? null, print);
      const read = lines.map(({ text }) => squeezed(text));
      const missing = PRINTED.filter((text) => !read.some((line) => line.includes(squeezed(text))));
      expect(missing.length).toBeLessThanOrEqual(1);
    });
  }

  it('sees no line where there is none', async () => {
    const grey = { data: new Uint8Array(3 * 400 * 300).fill(128), width: 400, height: 300 };
    expect(await finder.detect(grey, SIDE)).toEqual([]);
  });
});
