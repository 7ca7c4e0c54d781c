import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import { decodeGreedy, SYMBOLS, type SymbolScores } from '../../src/adapters/ocr/ctc.js';
import { judgeMrz } from '../../src/adapters/ocr/judge-reading.js';
import type { MrzLineRecogniser } from '../../src/adapters/ocr/line-recogniser.js';
import type { MrzCandidate } from '../../src/adapters/ocr/mrz-candidate.js';
import { rereadMrz } from '../../src/adapters/ocr/mrz-witness.js';
import { makeOcrBRecogniser } from '../../src/adapters/ocr/ocr-b-recogniser.js';
import { cropLine, type LineCrop, type TextBox } from '../../src/adapters/ocr/text-box.js';
import { editDistance } from '../../eval/documents/text-difference.js';
import { MRZ_FORMATS, mrzShape, type MrzField, type MrzFormat } from '../../src/domain/mrz.js';
import { projectRoot } from '../../src/project-root.js';
import { addNoise, digits, makeRandom, pick, type Random } from '../../src/sandbox/samples/random.js';
import { openTypeCase, setText, type Typefaces } from '../../src/sandbox/samples/type-setter.js';
import {
  drawLine,
  inventLine,
  inventZone,
  TREATMENTS,
  wholeBox,
  type TreatmentName,
} from '../support/line-drawings.js';

const WEIGHTS = path.join(projectRoot, 'training', 'weights');
const STEPS = { first: 4, second: 2 } as const;

let typefaces: Typefaces;
let first: MrzLineRecogniser;
let second: MrzLineRecogniser;
beforeAll(async () => {
  // Another suite of this process may have decoded uploads, for which drawings are closed.
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  const typeCase = await openTypeCase(process.env['LETHE_OCRB_FONT'] ?? '');
  typefaces = await typeCase('source-sans-3');
  [first, second] = await Promise.all([makeOcrBRecogniser('first'), makeOcrBRecogniser('second')]);
});
afterAll(() => Promise.all([first.close(), second.close()]));

describe('the error on lines that another renderer drew', () => {
  const EACH = 24;
  const NAMES = Object.keys(TREATMENTS) as TreatmentName[];
  interface Read {
    readonly name: TreatmentName;
    readonly text: string;
    readonly first: string;
    readonly second: string;
  }

  async function drawAndRead(name: TreatmentName): Promise<readonly Read[]> {
    const random = makeRandom(`lines ${name}`);
    const lines: Read[] = [];
    for (let number = 0; number < EACH; number++) {
      const { text, raster } = await drawLine(inventLine(random), typefaces.ocrB, name, random);
      const read = async (recogniser: MrzLineRecogniser) =>
        decodeGreedy(await recogniser.scoreLine(cropLine(raster, wholeBox(raster), recogniser)));
      lines.push({ name, text, first: await read(first), second: await read(second) });
    }
    return lines;
  }

  /** Drawn once, by the test that needs them first: no single step takes long, however slow the machine. */
  const drawn = new Map<TreatmentName, Promise<readonly Read[]>>();
  const linesOf = (name: TreatmentName): Promise<readonly Read[]> => {
    const lines = drawn.get(name) ?? drawAndRead(name);
    drawn.set(name, lines);
    return lines;
  };
  const allLines = async () => (await Promise.all(NAMES.map(linesOf))).flat();

  /** Characters that are wrong, missing or too many, a hundred characters. */
  const errorOf = (lines: readonly Read[], reader: 'first' | 'second'): number => {
    const errors = lines.reduce((sum, line) => sum + editDistance(line[reader], line.text), 0);
    return (100 * errors) / lines.reduce((sum, { text }) => sum + text.length, 0);
  };

  it.each(NAMES)('is small for both recognisers on lines that are %s', async (name) => {
    const lines = await linesOf(name);
    expect(errorOf(lines, 'first')).toBeLessThanOrEqual(1);
    expect(errorOf(lines, 'second')).toBeLessThanOrEqual(1);
  });

  // Measured on three seeds: 0.03 to 0.05 %, and 0.01 to 0.03 %.
  it.each(['first', 'second'] as const)(
    'is small for the %s overall, without any grammar',
    async (reader) => {
      const lines = await allLines();
      expect(lines.length).toBeGreaterThanOrEqual(300);
      expect(errorOf(lines, reader)).toBeLessThanOrEqual(0.2);
    },
  );

  it('is none where both read the same', async () => {
    const lines = await allLines();
    const agreed = lines.filter((line) => line.first === line.second);
    expect(agreed.length).toBeGreaterThan(0.95 * lines.length);
    expect(agreed.filter((line) => line.first !== line.text)).toEqual([]);
  });
});

interface Stack {
  readonly raster: RgbRaster;
  readonly boxes: readonly TextBox[];
}

/** Lines one below the other, as those of a zone stand. */
async function stack(pictures: readonly RgbRaster[]): Promise<Stack> {
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
  const background = { r: 216, g: 216, b: 210 };
  const tops = pictures.map((_, row) =>
    pictures.slice(0, row).reduce((sum, picture) => sum + picture.height, 0),
  );
  const data = await sharp({ create: { width, height, channels: 3, background } })
    .composite(
      pictures.map((picture, row) => ({
        input: Buffer.from(picture.data),
        raw: { width: picture.width, height: picture.height, channels: 3 as const },
        left: 0,
        top: tops[row] ?? 0,
      })),
    )
    .removeAlpha()
    .raw()
    .toBuffer();
  const boxes = pictures.map((picture, row) => ({
    ...wholeBox({ ...picture, width }),
    cy: (tops[row] ?? 0) + picture.height / 2,
  }));
  return { raster: { data, width, height }, boxes };
}

/** What the reader makes of a stack that is taken for a zone of a format, whatever the number of its characters. */
async function judgeAs(format: MrzFormat, { raster, boxes }: Stack) {
  const place: MrzCandidate = {
    format,
    boxes: boxes.slice(0, mrzShape(format).lineCount),
    fittedBoxes: null,
    lines: [],
    checks: {},
    valid: false,
    score: 0,
    confidences: [],
    weakest: 0,
    weakestUnchecked: 0,
    weakestIndistinct: 0,
    pitch: 0,
  };
  const [read, again] = [await rereadMrz(raster, place, first), await rereadMrz(raster, place, second)];
  if (!read) return { text: [], valid: false, outcome: 'retry' };
  const { outcome } = judgeMrz({
    finding: { ...read, votes: 1 },
    second: again,
    // The least that can be asked for: print that confirms whatever was read, and codes that exist.
    fields: { surname: 'ANY', given_names: 'ANY', issuer: 'UTO', nationality: 'UTO' },
    confirmed: new Set<MrzField>(['surname', 'given_names', 'date_of_birth', 'document_number']),
    contradicted: [],
  });
  return { text: read.lines, valid: read.valid, outcome };
}

const WORDS =
  'Nachname Surname Nom / Given names Prénoms Ort GEBURTSDATUM Signature du titulaire KÖLN 12.03.1984';

async function drawPrint(random: Random): Promise<RgbRaster> {
  const height = 32;
  const face = pick(random, [typefaces.regular, typefaces.bold, typefaces.ocrB]);
  const word = () => (random.next() < 0.25 ? digits(random, 6) : pick(random, WORDS.split(' ')));
  // OCR-B has no letters with marks.
  const text = Array.from({ length: 7 }, word).join(' ').replace(/[ÖÉé]/g, 'e').slice(0, 44);
  const outlines = setText(text, random.between(4, 30), 24, { face, size: random.between(19, 25) });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="860" height="${height}">` +
    `<rect width="860" height="${height}" fill="#d8d8d2"/><path d="${outlines}" fill="#222"/></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function drawTexture(random: Random): Promise<RgbRaster> {
  const [width, height] = [860, 32];
  const [coarse, rows] = [Math.round(random.between(40, 860)), Math.round(random.between(4, 32))];
  const pixels = new Uint8ClampedArray(coarse * rows * 3).fill(random.between(60, 200));
  addNoise(pixels, coarse * 3, random.between(20, 90), random);
  const data = await sharp(pixels, { raw: { width: coarse, height: rows, channels: 3 } })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { data, width, height };
}

const zoneOf = async (format: MrzFormat, random: Random): Promise<RgbRaster[]> => {
  const drawn: RgbRaster[] = [];
  for (const text of inventZone(format, random))
    drawn.push((await drawLine(text, typefaces.ocrB, 'clean', random)).raster);
  return drawn;
};

async function upsideDown(picture: RgbRaster): Promise<RgbRaster> {
  const { width, height } = picture;
  const data = await sharp(picture.data, { raw: { width, height, channels: 3 } })
    .rotate(180)
    .raw()
    .toBuffer();
  return { ...picture, data };
}

const three = (draw: (random: Random) => Promise<RgbRaster>) => async (random: Random) => [
  await draw(random),
  await draw(random),
  await draw(random),
];

describe('what is no zone', () => {
  const STACKS = 3;
  const KINDS: Readonly<Record<string, (random: Random) => Promise<RgbRaster[]>>> = {
    'ordinary print': three(drawPrint),
    texture: three(drawTexture),
    'a zone upside down': async (random) =>
      Promise.all((await zoneOf('TD1', random)).map(upsideDown).reverse()),
    'lines of different zones': three(async (random) => {
      const [line] = await zoneOf(pick(random, MRZ_FORMATS), random);
      return line ?? drawPrint(random);
    }),
  };

  it.each(Object.keys(KINDS))('is never accepted, into whatever format it is forced: %s', async (kind) => {
    const random = makeRandom(kind);
    for (let number = 0; number < STACKS; number++) {
      const drawn = await stack((await KINDS[kind]?.(random)) ?? []);
      for (const format of MRZ_FORMATS) {
        const { outcome } = await judgeAs(format, drawn);
        expect({ format, number, outcome }).not.toMatchObject({ outcome: 'accept' });
      }
    }
  });

  it.each(MRZ_FORMATS)('is told from a zone by the same means: one of %s is accepted', async (format) => {
    const random = makeRandom(`zone ${format}`);
    for (let number = 0; number < 3; number++) {
      const { outcome, valid } = await judgeAs(format, await stack(await zoneOf(format, random)));
      expect({ outcome, valid }).toEqual({ outcome: 'accept', valid: true });
    }
  });
});

describe.each(['first', 'second'] as const)('what the %s recogniser takes and gives', (network) => {
  const recogniserOf = () => (network === 'first' ? first : second);
  /** Cut as the recogniser wants it from a picture of its height; values −1 to 1. */
  const cropOf = (width: number, value: (index: number) => number): LineCrop => {
    const height = recogniserOf().lineHeight;
    const luma = Uint8Array.from({ length: width * height }, (_, i) => (value(i) + 1) * 127.5);
    const raster = {
      data: Uint8Array.from({ length: luma.length * 3 }, (_, i) => luma[Math.floor(i / 3)] ?? 0),
      width,
      height,
    };
    return cropLine(raster, wholeBox(raster), recogniserOf());
  };
  const noise = makeRandom('noise');
  const PICTURES: Readonly<Record<string, (index: number) => number>> = {
    'a flat dark crop': () => -1,
    'a flat bright crop': () => 1,
    noise: () => noise.between(-1, 1),
    'one bright pixel': (index) => (index === 7 ? 1 : -1),
    stripes: (index) => (index % 2 === 0 ? 1 : -1),
  };

  /** Rivals below the floor count as the floor: 37 times 6e-6 at most. */
  const MOST_OFF = 5e-4;
  function expectProbabilities({ steps, logs }: SymbolScores): void {
    expect(logs.length).toBe(steps * SYMBOLS);
    const offSteps: number[] = [];
    for (let step = 0; step < steps; step++) {
      const row = logs.subarray(step * SYMBOLS, (step + 1) * SYMBOLS);
      const sum = row.reduce((total, log) => total + Math.exp(log), 0);
      if (!row.every((log) => log <= 0) || Math.abs(sum - 1) > MOST_OFF) offSteps.push(step);
    }
    expect(offSteps).toEqual([]);
  }

  it.each(Object.keys(PICTURES))('gives probabilities for %s', async (name) => {
    const value = PICTURES[name] ?? (() => 0);
    expectProbabilities(await recogniserOf().scoreLine(cropOf(400, value)));
  });

  it.each([1, 2, 3, 15, 16, 17, 31, 33, 399, 1601])('takes a crop of %i pixels', async (width) => {
    const scores = await recogniserOf().scoreLine(cropOf(width, () => noise.between(-1, 1)));
    // Very short ones are stretched: the network needs something to look at.
    const least = 32 / STEPS[network];
    expect(scores.steps).toBe(Math.max(least, Math.round(width / STEPS[network])));
    expectProbabilities(scores);
  });

  it('squeezes what is wider than any line, so that its time has a bound', async () => {
    const scores = await recogniserOf().scoreLine(cropOf(4000, () => 0));
    expect(scores.steps).toBe(3200 / STEPS[network]);
    expectProbabilities(scores);
  });

  it('reads nothing where nothing is', async () => {
    for (const value of [-1, 0, 1])
      expect(decodeGreedy(await recogniserOf().scoreLine(cropOf(600, () => value)))).toBe('');
  });

  it('gives the same each time', async () => {
    const crop = () => cropOf(333, (index) => Math.sin(index));
    const [once, again] = [await recogniserOf().scoreLine(crop()), await recogniserOf().scoreLine(crop())];
    expect(again).toEqual(once);
  });

  it('does not mind how bright a line is, or how strong its contrast', async () => {
    const random = makeRandom('contrast');
    const { text, raster } = await drawLine(inventLine(random), typefaces.ocrB, 'clean', random);
    const crop = cropLine(raster, wholeBox(raster), recogniserOf());
    for (const [contrast, brightness] of [
      [1, 0],
      [0.3, 0.6],
      [0.3, -0.6],
      [0.15, 0],
    ] as const) {
      const data = crop.data.map((value) => value * contrast + brightness);
      expect(decodeGreedy(await recogniserOf().scoreLine({ ...crop, data }))).toBe(text);
    }
  });
});

describe('the weights', () => {
  it('are those that their card describes, and no others lie beside them', async () => {
    const card = await readFile(path.join(WEIGHTS, 'README.md'), 'utf8');
    const listed = [...card.matchAll(/`([\w-]+\.onnx)`.*`([0-9a-f]{64})`/g)].map(([, file, hash]) => [
      file,
      hash,
    ]);
    const files = (await readdir(WEIGHTS)).filter((file) => file.endsWith('.onnx')).sort();
    const actual = await Promise.all(
      files.map(async (file) => [
        file,
        createHash('sha256')
          .update(await readFile(path.join(WEIGHTS, file)))
          .digest('hex'),
      ]),
    );
    expect(listed).toEqual(actual);
  });
});
