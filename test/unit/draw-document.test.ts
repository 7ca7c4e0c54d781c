import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { parseAamva } from '../../src/domain/aamva.js';
import { fitsFormat, parseMrz, verifyCheckDigits } from '../../src/domain/mrz.js';
import { HARD_CONDITIONS, type Conditions } from '../../src/sandbox/samples/conditions.js';
import type { DrawingKit } from '../../src/sandbox/samples/document-art.js';
import {
  DOCUMENT_KINDS,
  drawDocument,
  type DocumentKind,
  type DrawDocumentOptions,
} from '../../src/sandbox/samples/draw-document.js';
import { ARCADIAN_LICENCE_BACK } from '../../src/sandbox/samples/driving-licence.js';
import { STANDING_DESIGN } from '../../src/sandbox/samples/design.js';
import { planSamples } from '../../src/sandbox/samples/sample-plan.js';
import { drawSheet } from '../../src/sandbox/samples/sheet.js';
import { makeDrawingKit } from '../../src/sandbox/samples/draw-samples.js';
import { drawHolder, type NameKind } from '../../src/sandbox/samples/holders.js';
import { labelOf, LANGUAGES, printedDate } from '../../src/sandbox/samples/labels.js';
import { makeRandom } from '../../src/sandbox/samples/random.js';
import { openTypeCase, textWidth } from '../../src/sandbox/samples/type-setter.js';

const TODAY = '2026-11-24';
const require = createRequire(import.meta.url);
/** Nobody reads the zones here, so any font with their letters will do. */
const FONT = require.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff');

let kit: DrawingKit;
beforeAll(async () => {
  kit = await makeDrawingKit(FONT);
});

/** Small, for it is quick. */
const draw = (kind: DocumentKind, seed: string, options: Partial<DrawDocumentOptions> = {}) =>
  drawDocument(kind, seed, { kit, today: TODAY, side: 480, ...options });

const luhnHolds = (number: string): boolean =>
  [...number]
    .reverse()
    .map((digit, i) => Number(digit) * (i % 2 === 0 ? 1 : 2))
    .reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) %
    10 ===
  0;

describe('a drawn document', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await draw('passport', 'a'),
      await draw('passport', 'a'),
      await draw('passport', 'b'),
    ];
    expect(again).toEqual(first);
    expect(other.front.equals(first.front)).toBe(false);
    expect(other.truth.mrz).not.toEqual(first.truth.mrz);
  });

  it.each(DOCUMENT_KINDS)('of the kind %s is a JPEG, with its truth', async (kind) => {
    for (const seed of ['1', '2']) {
      const { front, back, truth } = await draw(kind, seed);
      expect(await sharp(front).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 360 });
      expect(back !== undefined).toBe(kind === 'card' || kind === 'licence');
      if (truth.mrz !== null) {
        const format = truth.format as 'TD3';
        expect(fitsFormat(format, truth.mrz)).toBe(true);
        expect(Object.values(verifyCheckDigits(format, truth.mrz))).not.toContain(false);
        const { surname, given_names, ...read } = parseMrz(format, truth.mrz, TODAY);
        expect(truth.machine).toMatchObject(read);
        expect(truth.machine?.surname?.startsWith(surname ?? '?')).toBe(true);
        expect(truth.machine?.given_names?.startsWith(given_names ?? '?')).toBe(true);
      }
      if (truth.barcode !== null) {
        const read = parseAamva(truth.barcode, TODAY);
        expect([read?.faults, read?.fields]).toEqual([[], { ...truth.machine, issuer: 'USA' }]);
      }
      expect(truth.mrz === null && truth.barcode === null).toBe(truth.machine === null);
    }
  });

  it('has the format of its kind', async () => {
    const formats = await Promise.all(
      DOCUMENT_KINDS.map(async (kind) => (await draw(kind, 'f')).truth.format),
    );
    expect(formats).toEqual(['TD3', 'TD1', 'TD2', 'MRVA', 'MRVB', 'none', 'none', 'AAMVA', 'none']);
  });

  it('says in zone and barcode what it is told to, and prints its holder', async () => {
    const machineSays = { surname: 'Hartwell', dateOfBirth: '1980-02-03' };
    for (const kind of ['passport', 'licence'] as const) {
      const { truth } = await draw(kind, 'x', { machineSays });
      expect(truth.machine).toMatchObject({ surname: 'HARTWELL', date_of_birth: '1980-02-03' });
      expect(truth.fields.surname).not.toBe('HARTWELL');
      expect(truth.fields.date_of_birth).not.toBe('1980-02-03');
      const read = truth.mrz
        ? parseMrz('TD3', truth.mrz, TODAY)
        : parseAamva(truth.barcode ?? '', TODAY)?.fields;
      expect(read).toMatchObject({ surname: 'HARTWELL', date_of_birth: '1980-02-03' });
    }
  });

  it('repeats a national number in the optional data of its zone', async () => {
    const { truth } = await draw('passport', 'n', { personalNumber: true });
    const number = truth.fields.national_number ?? '';
    expect(number).toMatch(/^\d{11}$/);
    expect(truth.machine?.national_number).toBe(number);
    expect(truth.mrz?.[1]?.slice(28, 42)).toBe(number.padEnd(14, '<'));
  });

  it('writes other scripts in Latin letters, and the only name of a holder as the surname', async () => {
    const cyrillic = await draw('passport', 'c', { names: 'cyrillic' });
    expect(cyrillic.truth.machine?.surname).toMatch(/^[A-Z ]+$/);
    const greek = await draw('card', 'g', { names: 'greek' });
    expect(greek.truth.mrz?.[2]).toMatch(/^[A-Z<]{30}$/);
    const mononym = await draw('td2_card', 'm', { names: 'mononym' });
    expect(mononym.truth.fields).not.toHaveProperty('given_names');
    expect(mononym.truth.mrz?.[0]).toMatch(/^I<UTO[A-Z]+<+$/);
    const long = await draw('card', 'l', { names: 'long' });
    expect(long.truth.mrz?.[2]).toMatch(/[A-Z]$/);
    expect(long.truth.machine?.surname?.length ?? 0).toBeGreaterThan(8);
  });

  it('expires before the day only where that is asked for', async () => {
    for (const seed of ['1', '2', '3']) {
      expect((await draw('plain_card', seed)).truth.fields.expires_on?.localeCompare(TODAY)).toBe(1);
      const { truth } = await draw('plain_card', seed, { expired: true });
      expect(truth.fields.expires_on?.localeCompare(TODAY)).toBe(-1);
    }
  });

  it('of payment bears a number that Luhn’s formula holds for, and of which nothing else is told', async () => {
    const numbers = new Set<string>();
    for (const seed of ['1', '2', '3', '4', '5', '6']) {
      const { truth } = await draw('payment_card', seed);
      expect(Object.keys(truth.fields)).toEqual(['payment_card_number']);
      expect(luhnHolds(truth.fields.payment_card_number ?? '1')).toBe(true);
      numbers.add(truth.fields.payment_card_number ?? '');
    }
    expect(numbers.size).toBeGreaterThan(2);
  });

  it('has a barcode that a decoder reads to the letter', async () => {
    const wasm = await readFile(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
    await prepareZXingModule({
      overrides: { wasmBinary: new Uint8Array(wasm).buffer },
      fireImmediately: true,
    });
    // Flat, as it is printed: what photographs do to it is the reader's matter.
    const planned = planSamples(TODAY).find(({ entry }) => entry.barcode !== null);
    if (planned?.drawing.kind !== 'licence_back') throw new Error('not_planned');
    const card = await drawSheet(ARCADIAN_LICENCE_BACK, planned.drawing.data, STANDING_DESIGN, 1400, kit);
    const { width, height, channels } = card;
    const png = await sharp(card.data, { raw: { width, height, channels } }).png().toBuffer();
    const found = await readBarcodes(new Uint8Array(png), { formats: ['PDF417'], textMode: 'Plain' });
    expect(found.map(({ text }) => text)).toEqual([planned.entry.barcode]);
  });
});

describe('a condition', () => {
  const measure = async (conditions: Conditions) => {
    // One seed for all: the same document on the same table.
    const { front } = await draw('passport', 'conditions', { conditions, side: 640 });
    const { width = 0, height = 0 } = await sharp(front).metadata();
    // One colour: in grey the coloured bands of a screen cancel each other.
    const red = sharp(front).extractChannel('red');
    const { data, info } = await red.raw().toBuffer({ resolveWithObject: true });
    let steps = 0;
    for (let i = 1; i < data.length; i++)
      if (i % info.width !== 0) steps += Math.abs((data[i] ?? 0) - (data[i - 1] ?? 0));
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const white = data.filter((value) => value >= 250).length / data.length;
    return { width, height, mean, white, steps: steps / data.length, bytes: front.length };
  };
  let good: Awaited<ReturnType<typeof measure>>;
  beforeAll(async () => {
    good = await measure({});
  });

  it('of blur takes detail away, one of noise or of a screen adds some', async () => {
    expect((await measure(HARD_CONDITIONS.blurred)).steps).toBeLessThan(good.steps * 0.75);
    expect((await measure(HARD_CONDITIONS.noisy)).steps).toBeGreaterThan(good.steps * 1.3);
    expect((await measure({ moire: 1 })).steps).toBeGreaterThan(good.steps * 1.15);
  });

  it('of light brightens or darkens', async () => {
    expect((await measure({ glare: 'spot' })).white).toBeGreaterThan(good.white + 0.02);
    expect((await measure({ glare: 'strip' })).white).toBeGreaterThan(good.white + 0.02);
    expect((await measure({ shadow: 0.55 })).mean).toBeLessThan(good.mean * 0.93);
  });

  it('of size or compression makes it smaller', async () => {
    expect(await measure({ resolution: 400 })).toMatchObject({ width: 400, height: 300 });
    expect((await measure({ jpeg: 25 })).bytes).toBeLessThan(good.bytes * 0.6);
  });

  it('of turning takes a frame that holds the document', async () => {
    expect(await measure({ rotation: 90 })).toMatchObject({ width: 480, height: 640 });
    expect(await measure({ rotation: 180 })).toMatchObject({ width: 640, height: 480 });
  });

  it.each(Object.entries(HARD_CONDITIONS).filter(([name]) => name !== 'good'))(
    'of the kind %s changes the picture',
    async (_, conditions) => {
      const plain = await draw('passport', 'conditions');
      const { front, truth } = await draw('passport', 'conditions', { conditions });
      expect(front.equals(plain.front)).toBe(false);
      expect(truth).toEqual(plain.truth);
    },
  );
});

describe('type', () => {
  it('has every letter of every name and label in every family', async () => {
    const typeCase = await openTypeCase(FONT);
    const kinds: readonly NameKind[] = ['ordinary', 'long', 'cyrillic', 'greek'];
    const holders = kinds.flatMap((kind) =>
      Array.from({ length: 120 }, (_, i) => drawHolder(kind, makeRandom(`${kind}${i}`), TODAY, 20)),
    );
    const labels = LANGUAGES.flatMap((language) =>
      (
        ['surname', 'given_names', 'date_of_birth', 'expires_on', 'visa_number', 'sex', 'entries'] as const
      ).map((field) => labelOf(field, 'words', [language])),
    );
    for (const family of ['source-sans-3', 'arimo', 'tinos', 'cousine'] as const) {
      const { regular } = await typeCase(family);
      const texts = holders.flatMap(({ surname, givenNames, nationalNames, placeOfBirth }) => [
        ...[surname, givenNames, placeOfBirth, nationalNames?.surname ?? '', nationalNames?.givenNames ?? ''],
      ]);
      for (const text of [...texts, ...labels])
        expect(() => textWidth(text + text.toUpperCase(), { face: regular, size: 3 })).not.toThrow();
    }
  });

  it('dates documents in the forms of their states', () => {
    const forms = ['named', 'dots', 'slashes', 'spaces', 'iso', 'month_first'] as const;
    expect(forms.map((form) => printedDate('1994-03-07', form))).toEqual([
      '07 MAR 1994',
      '07.03.1994',
      '07/03/1994',
      '07 03 1994',
      '1994-03-07',
      '03/07/1994',
    ]);
  });
});
