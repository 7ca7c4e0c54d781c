import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { DocumentReader } from '../../src/app/ports/document-reader.js';
import { makeDocumentReader } from '../../src/adapters/ocr/document-reader.js';
import { readFiles } from '../../src/cli/read.js';
import type { SpecimenData } from '../../src/sandbox/samples/document-art.js';
import { drawSample, makeDrawingKit } from '../../src/sandbox/samples/draw-samples.js';
import { spoilNumberCheckDigit, writeTd1, writeTd3 } from '../../src/sandbox/samples/mrz-writer.js';
import { GOOD_SCENE } from '../../src/sandbox/samples/photograph.js';
import { HOLDER } from '../support/document-holder.js';

const TODAY = '2026-11-24';
/** OCR-B, which the set-up fetches: a zone in any other font is none. */
const FONT = process.env['LETHE_OCRB_FONT'] ?? '';
const SCENE = {
  ...GOOD_SCENE,
  width: 1400,
  height: 1050,
  blur: 0.4,
  noise: 1,
  quality: 95,
  perspective: 0.005,
  rotation: 0.5,
  seed: 'reader',
};
const TD3 = writeTd3(HOLDER);
const TD1 = writeTd1(HOLDER);

let reader: DocumentReader;
let pictures: Readonly<Record<string, Uint8Array>>;
const picture = (name: string): Uint8Array => {
  const bytes = pictures[name];
  if (!bytes) throw new Error('no_such_picture');
  return bytes;
};

async function drawAll(): Promise<Record<string, Uint8Array>> {
  const kit = await makeDrawingKit(FONT);
  const data = (mrz: SpecimenData['mrz']): SpecimenData => ({
    ...HOLDER,
    person: 'maria',
    issuedOn: '2025-03-24',
    mrz,
  });
  const draw = (kind: 'passport' | 'card_front' | 'card_back', mrz: SpecimenData['mrz']) =>
    drawSample({ kind, data: data(mrz), scene: SCENE }, kit);
  return {
    passport: await draw('passport', TD3),
    spoilt: await draw('passport', spoilNumberCheckDigit(TD3)),
    otherName: await draw('passport', writeTd3({ ...HOLDER, surname: 'Brandt' })),
    withoutZone: await draw('passport', null),
    cardFront: await draw('card_front', TD1),
    cardBack: await draw('card_back', TD1),
    landscape: await drawSample({ kind: 'landscape', scene: SCENE }, kit),
  };
}

beforeAll(async () => {
  // Drawn before anything is decoded: from then on this process opens no vector drawing any more.
  pictures = await drawAll();
  reader = await makeDocumentReader();
}, 240_000);

afterAll(() => reader.close());

describe('a passport', () => {
  it('is accepted, with its lines, fields and their confidence', async () => {
    const reading = await reader.read({ front: picture('passport'), today: TODAY });
    expect(reading).toMatchObject({
      outcome: 'accept',
      reasons: [],
      document_type: 'TD3',
      mrz: { lines: TD3, valid: true },
      barcode: null,
      fields: {
        surname: 'NUNEZ',
        given_names: 'MARIA JOSE',
        date_of_birth: '1994-03-17',
        document_number: 'JP6013068',
        expires_on: '2033-03-24',
        issuer: 'UTO',
        nationality: 'UTO',
        sex: 'F',
      },
    });
    expect(Object.keys(reading.confidence).sort()).toEqual(Object.keys(reading.fields).sort());
    for (const value of Object.values(reading.confidence)) {
      expect(value).toBeGreaterThan(0.5);
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  it('is read the same a second time', async () => {
    const first = await reader.read({ front: picture('passport'), today: TODAY });
    await reader.read({ front: picture('otherName'), today: TODAY });
    expect(await reader.read({ front: picture('passport'), today: TODAY })).toEqual(first);
  });

  it.each([90, 180, 270])('is read turned by %s degrees', async (degrees) => {
    const front = await sharp(picture('passport')).rotate(degrees).jpeg({ quality: 95 }).toBuffer();
    const { mrz } = await reader.read({ front, today: TODAY });
    expect(mrz).toMatchObject({ lines: TD3, valid: true });
  });

  it('with a wrong check digit goes to a person, and its lines are given as they are', async () => {
    const reading = await reader.read({ front: picture('spoilt'), today: TODAY });
    expect(reading).toMatchObject({
      outcome: 'review',
      reasons: ['document_inconsistent'],
      mrz: { lines: spoilNumberCheckDigit(TD3), valid: false, check_digits: { document_number: false } },
    });
  });

  it('whose print names somebody else is never accepted', async () => {
    // The zone was drawn for another surname than the print: as on a document that was tampered with.
    const front = await sharp(picture('otherName'))
      .composite([
        {
          input: await sharp(picture('passport'))
            .extract({ left: 0, top: 0, width: 1400, height: 760 })
            .toBuffer(),
          left: 0,
          top: 0,
        },
      ])
      .jpeg({ quality: 95 })
      .toBuffer();
    const reading = await reader.read({ front, today: TODAY });
    expect(reading.fields.surname).toBe('BRANDT');
    expect(reading.outcome).toBe('review');
  });

  it('too far away is asked for again', async () => {
    const front = await sharp(picture('passport')).resize({ width: 240 }).jpeg({ quality: 90 }).toBuffer();
    const { outcome } = await reader.read({ front, today: TODAY });
    expect(outcome).toBe('retry');
  });
});

describe('a card', () => {
  it('is read from its back where the front has no zone', async () => {
    const reading = await reader.read({
      front: picture('cardFront'),
      back: picture('cardBack'),
      today: TODAY,
    });
    expect(reading).toMatchObject({ document_type: 'TD1', mrz: { lines: TD1, valid: true } });
    expect(reading.quality['print_confirmed']).toBeGreaterThanOrEqual(3);
  });

  it('without its back gives what is printed, to a person', async () => {
    const reading = await reader.read({ front: picture('cardFront'), today: TODAY });
    expect(reading).toMatchObject({
      outcome: 'review',
      document_type: 'none',
      mrz: null,
      fields: { given_names: 'MARIA JOSE', date_of_birth: '1994-03-17', expires_on: '2033-03-24' },
    });
  });
});

describe('print alone', () => {
  it('goes to a person with the fields of its labels, in which two readers agree', async () => {
    const reading = await reader.read({ front: picture('withoutZone'), today: TODAY });
    expect(reading).toMatchObject({
      outcome: 'review',
      reasons: [],
      mrz: null,
      fields: { date_of_birth: '1994-03-17', document_number: 'JP6013068', expires_on: '2033-03-24' },
    });
    expect(reading.confidence.date_of_birth).toBeGreaterThan(0.95);
  });

  it('is not expected of a landscape', async () => {
    const reading = await reader.read({ front: picture('landscape'), today: TODAY });
    expect(reading).toMatchObject({ outcome: 'retry', fields: {}, mrz: null });
    expect(reading.reasons).toContain('document_unreadable');
  });
});

describe('bytes that are no picture', () => {
  it.each([
    ['text', Buffer.from('not a picture')],
    ['nothing', Buffer.alloc(0)],
    ['a PNG signature alone', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ])('are refused: %s', async (_, front) => {
    await expect(reader.read({ front, today: TODAY })).rejects.toMatchObject({ code: 'image_undecodable' });
  });
});

describe('the command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'read-'));
    await writeFile(path.join(folder, 'passport.jpg'), picture('passport'));
    await writeFile(path.join(folder, 'broken.jpg'), 'no picture');
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(names: readonly string[], json: boolean) {
    const out: string[] = [];
    const err: string[] = [];
    const code = await readFiles(
      names.map((name) => path.join(folder, name)),
      json,
      { reader, today: TODAY, print: (line) => out.push(line), warn: (line) => err.push(line) },
    );
    return { code, out, err };
  }

  it('prints one JSON object a file, with the members of the contract, and keeps nothing', async () => {
    const { code, out, err } = await run(['passport.jpg'], true);
    expect([code, out.length, err]).toEqual([0, 1, []]);
    const answer = JSON.parse(out[0] ?? '') as Record<string, unknown>;
    expect(Object.keys(answer).sort()).toEqual(
      [
        'file',
        'outcome',
        'reasons',
        'document_type',
        'mrz',
        'barcode',
        'fields',
        'confidence',
        'quality',
        'ms',
      ].sort(),
    );
    expect(answer).toMatchObject({ file: path.join(folder, 'passport.jpg'), outcome: 'accept' });
    expect((await readdir(folder)).sort()).toEqual(['broken.jpg', 'passport.jpg']);
  });

  it('goes on after a file that is no picture or missing, and then fails', async () => {
    const { code, out, err } = await run(['broken.jpg', 'missing.jpg', 'passport.jpg'], true);
    expect(code).toBe(1);
    expect(out.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual([
      'retry',
      'retry',
      'accept',
    ]);
    expect(err).toEqual(['2 of 3 files could not be read as a picture']);
  });

  it('says it in words otherwise', async () => {
    const { out } = await run(['passport.jpg'], false);
    expect(out[0]).toContain('accept (TD3');
    expect(out[0]).toContain('surname NUNEZ');
  });
});
