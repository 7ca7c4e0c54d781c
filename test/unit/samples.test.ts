import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { ageOn } from '../../src/domain/dates.js';
import { FACE_POLICY } from '../../src/domain/face-policy.js';
import { parseAamva } from '../../src/domain/aamva.js';
import { parseMrz, verifyCheckDigits, type MrzFormat } from '../../src/domain/mrz.js';
import { addDays, addYears } from '../../src/sandbox/samples/calendar.js';
import { drawSample, drawSamples, makeDrawingKit } from '../../src/sandbox/samples/draw-samples.js';
import { planSamples, type SampleEntry } from '../../src/sandbox/samples/sample-plan.js';
import { listSamples, readSample, samplesAreStale } from '../../src/sandbox/samples/sample-store.js';

const TODAY = '2026-11-24';
/** Any font with the letters of a zone will do where nobody reads it; OCR-B comes with the set-up. */
const FONT = createRequire(import.meta.url).resolve(
  '@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff',
);

const REFUSED_SELFIES = ['selfie_no_face', 'selfie_multiple_faces', 'selfie_blurry'];
const VARIANTS = [
  'approve',
  'approve_low_resolution',
  'approve_td1',
  'name_mismatch',
  'expired',
  'blurry',
  'glare',
  'cut_off',
  'too_small',
  'face_mismatch',
  'under_age',
  'date_of_birth_mismatch',
  'inconsistent',
  'no_mrz',
  'not_a_document',
];

/** More kinds of documents and harder photographs: each goes with a selfie of the variants above. */
const FURTHER = [
  'approve_personal_number',
  'approve_mononym',
  'approve_cyrillic',
  'approve_tilted',
  'sideways',
  'upside_down',
  'approve_curled',
  'screen_photograph',
  'inconsistent_name',
  'inconsistent_date',
  'glare_on_zone',
  'approve_td2',
  'approve_long_name',
  'approve_licence',
  'inconsistent_barcode',
  'licence_without_barcode',
  'no_mrz_german',
  'no_mrz_spanish',
  'visa',
  'visa_small',
  'payment_card',
];
const BACKS = [
  'approve_td1_back',
  'approve_long_name_back',
  'approve_licence_back',
  'inconsistent_barcode_back',
];

let parent: string;
let dir: string;

async function readDrawn(name: string): Promise<Uint8Array> {
  const bytes = await readSample(dir, name);
  if (bytes === null) throw new Error('no_such_sample');
  return bytes;
}

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'samples-'));
  dir = path.join(parent, 'drawn');
  await mkdir(dir);
  await writeFile(path.join(dir, 'left_over.jpg'), 'an older sample');
  await drawSamples(dir, { today: TODAY, ocrbFont: FONT });
}, 180_000);

afterAll(() => rm(parent, { recursive: true }));

describe('drawing', () => {
  it('draws a document for each variant, a back for cards and licences, and selfies', async () => {
    const samples = await listSamples(dir);
    const named = (slot: SampleEntry['slot']) => samples.filter((s) => s.slot === slot).map((s) => s.name);
    expect(named('id_front')).toEqual([...VARIANTS, ...FURTHER]);
    expect(named('id_back')).toEqual(BACKS);
    expect(named('selfie')).toEqual([...VARIANTS.map((name) => `${name}_selfie`), ...REFUSED_SELFIES]);
  });

  it('writes a JPEG for each entry, and leaves nothing else behind', async () => {
    const names = (await listSamples(dir)).map((sample) => sample.name);
    expect((await readdir(dir)).sort()).toEqual(
      [...names.map((name) => `${name}.jpg`), 'manifest.json'].sort(),
    );
    expect(await readdir(parent)).toEqual(['drawn']);
    for (const name of names) {
      const { format, width, height } = await sharp(await readDrawn(name)).metadata();
      expect(format).toBe('jpeg');
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(320);
    }
  });

  it('draws the same picture again from the same plan', async () => {
    const kit = await makeDrawingKit(FONT);
    for (const name of ['approve_low_resolution', 'face_mismatch_selfie', 'approve_curled', 'payment_card']) {
      const planned = planSamples(TODAY).find(({ entry }) => entry.name === name);
      if (planned === undefined) throw new Error('not_planned');
      expect(Buffer.from(await drawSample(planned.drawing, kit))).toEqual(Buffer.from(await readDrawn(name)));
    }
  });

  it('spoils what is to be refused: less detail where blurred, white where light reflects', async () => {
    const measure = async (name: string) => {
      const image = sharp(await readDrawn(name)).greyscale();
      // Reduced, so that the sensor's noise does not count as detail.
      const { sharpness } = await sharp(await image.clone().resize({ width: 400 }).png().toBuffer()).stats();
      const pixels = await image.raw().toBuffer();
      const white = pixels.reduce((count, value) => count + (value >= 252 ? 1 : 0), 0) / pixels.length;
      return { sharpness, white };
    };
    const good = await measure('approve');
    expect((await measure('blurry')).sharpness).toBeLessThan(good.sharpness * 0.7);
    expect((await measure('glare')).white).toBeGreaterThan(good.white + 0.05);
    expect((await measure('glare_on_zone')).white).toBeGreaterThan(good.white + 0.05);
    expect((await measure('selfie_blurry')).sharpness).toBeLessThan(
      (await measure('approve_selfie')).sharpness * 0.7,
    );
  });
});

describe('faces', () => {
  const engine = makeFaceEngine();
  afterAll(() => engine.close());

  const compare = async (document: string) => {
    const selfie = (await listSamples(dir))
      .find(({ name }) => name === document)
      ?.pairs_with.find((name) => name.endsWith('_selfie'));
    const comparison = await engine.compare(await readDrawn(document), await readDrawn(selfie ?? ''));
    return comparison.score ?? -1;
  };

  it.each([
    'approve',
    'approve_td1',
    'approve_low_resolution',
    'name_mismatch',
    'under_age',
    'inconsistent',
    'approve_td2',
    'approve_licence',
    'approve_long_name',
    'approve_mononym',
    'approve_tilted',
    'approve_curled',
  ])('on document and selfie of %s are one person', async (name) => {
    expect(await compare(name)).toBeGreaterThan(FACE_POLICY.pass);
  });

  it('on document and selfie of face_mismatch are two persons', async () => {
    const score = await compare('face_mismatch');
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThan(FACE_POLICY.uncertain);
  });

  it('are one in a good selfie, none or two in the refused ones', async () => {
    const count = async (name: string) => (await engine.detect(await readDrawn(name))).length;
    expect(await count('approve_selfie')).toBe(1);
    expect(await count('selfie_no_face')).toBe(0);
    expect(await count('selfie_multiple_faces')).toBe(2);
  });
});

describe('plan', () => {
  it.each(['2024-02-29', '2026-11-24', '2031-01-01'])('has dates that are right on %s', (today) => {
    for (const { entry, drawing } of planSamples(today)) {
      if (drawing.kind === 'payment_card') expect(drawing.data.expiresOn > addDays(today, 60)).toBe(true);
      if (!('data' in drawing) || drawing.kind === 'payment_card') continue;
      const { expiresOn, dateOfBirth, issuedOn } = drawing.data;
      if (entry.name === 'expired') expect(expiresOn < today).toBe(true);
      else expect(expiresOn > addDays(today, 60)).toBe(true);
      expect(issuedOn < today).toBe(true);
      // Also at the end of the thirty days for which samples are kept.
      const age = ageOn(dateOfBirth, addDays(today, 30));
      if (entry.minimum_age === null) expect(age).toBeGreaterThanOrEqual(25);
      else expect(age).toBeLessThan(entry.minimum_age);
    }
  });

  it('names only pictures that exist, and pairs them both ways within a variant', () => {
    const entries = new Map(planSamples(TODAY).map(({ entry }) => [entry.name, entry]));
    for (const entry of entries.values()) {
      for (const other of entry.pairs_with) {
        expect(entries.get(other)?.slot).not.toBe(entry.slot);
        // A refused selfie borrows a document, and a further document the selfie of its person.
        const borrows =
          REFUSED_SELFIES.includes(entry.name) ||
          (!entries.has(`${entry.name}_selfie`) && entries.get(other)?.slot === 'selfie');
        if (!borrows) expect(entries.get(other)?.pairs_with).toContain(entry.name);
      }
    }
  });

  it('pairs every document with a selfie of the person on it, but for the face mismatch', () => {
    const planned = new Map(planSamples(TODAY).map((sample) => [sample.entry.name, sample]));
    const others = [...planned.values()].flatMap(({ entry, drawing }) => {
      if (!('data' in drawing) || drawing.kind === 'payment_card') return [];
      const selfies = entry.pairs_with.map((name) => planned.get(name)?.drawing);
      const subjects = selfies.flatMap((selfie) => (selfie?.kind === 'selfie' ? [selfie.subject] : []));
      expect(subjects).toHaveLength(1);
      return subjects[0] === drawing.data.person ? [] : [entry.name];
    });
    expect(others).toEqual(['face_mismatch']);
  });

  it('asks for another name or date only where a mismatch is the point', () => {
    const asked = planSamples(TODAY).flatMap(({ entry, drawing }) => {
      if (!('data' in drawing) || drawing.kind === 'payment_card') return [];
      const { givenNames, surname, dateOfBirth } = drawing.data;
      const differs =
        entry.full_name !== `${givenNames} ${surname}`.trim() || entry.date_of_birth !== dateOfBirth;
      return differs ? [entry.name] : [];
    });
    expect(asked).toEqual(['name_mismatch', 'date_of_birth_mismatch']);
  });

  it('writes zones and barcodes that the reading side holds for right, unless they are spoilt on purpose', () => {
    for (const { entry } of planSamples(TODAY)) {
      if (entry.mrz !== null) {
        const checks = Object.values(verifyCheckDigits(entry.document_type as MrzFormat, entry.mrz));
        expect([entry.name, checks.includes(false)]).toEqual([entry.name, entry.name === 'inconsistent']);
      }
      if (entry.barcode !== null)
        expect([entry.name, parseAamva(entry.barcode, TODAY)?.faults]).toEqual([entry.name, []]);
    }
  });

  it('contradicts what is printed where that is the point, in zone and barcode', () => {
    const entries = new Map(planSamples(TODAY).map(({ entry }) => [entry.name, entry]));
    const zone = (name: string) => parseMrz('TD3', entries.get(name)?.mrz ?? [], TODAY);
    expect(zone('inconsistent_name').surname).toBe('BRANDT');
    expect(zone('inconsistent_date').date_of_birth).not.toBe(entries.get('inconsistent_date')?.date_of_birth);
    const barcode = parseAamva(entries.get('inconsistent_barcode_back')?.barcode ?? '', TODAY);
    expect(barcode?.fields).toMatchObject({ surname: 'HARTWELL', given_names: 'CLARA SOFIE' });
    expect(entries.get('inconsistent_barcode')?.full_name).toBe('Clara Sofie Lindqvist');
  });

  it('cuts the long name inside its last part, and has one name alone where the holder has', () => {
    const entries = new Map(planSamples(TODAY).map(({ entry }) => [entry.name, entry]));
    expect(entries.get('approve_long_name_back')?.mrz?.[2]).toBe('VAN<DER<MEULEN<<ANNELIESE<CATH');
    expect(entries.get('approve_mononym')?.mrz?.[0]).toBe('P<UTONIRMALA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<');
    expect(entries.get('approve_mononym')?.full_name).toBe('Nirmala');
  });

  it('counts years and days as the calendar does', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });
});

describe('store', () => {
  it.each([
    '../drawn/approve',
    'approve.jpg',
    '/etc/passwd',
    '..%2fapprove',
    'APPROVE',
    '',
    'approve\0',
    'no_such',
  ])('has nothing under the name %j', async (name) => {
    expect(await readSample(dir, name)).toBeNull();
  });

  it('lists nothing where nothing was drawn', async () => {
    expect(await listSamples(path.join(parent, 'nowhere'))).toEqual([]);
  });

  it('keeps samples for thirty days, and no longer', async () => {
    expect(await samplesAreStale(dir, TODAY)).toBe(false);
    expect(await samplesAreStale(dir, addDays(TODAY, 30))).toBe(false);
    expect(await samplesAreStale(dir, addDays(TODAY, 31))).toBe(true);
    expect(await samplesAreStale(dir, addDays(TODAY, -1))).toBe(true);
    expect(await samplesAreStale(path.join(parent, 'nowhere'), TODAY)).toBe(true);
  });

  it('has samples of another version drawn anew', async () => {
    const old = path.join(parent, 'old');
    await mkdir(old);
    await writeFile(
      path.join(old, 'manifest.json'),
      JSON.stringify({ version: 0, drawn_on: TODAY, samples: [] }),
    );
    expect(await samplesAreStale(old, TODAY)).toBe(true);
  });
});
