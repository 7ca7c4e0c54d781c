import fc from 'fast-check';
import { parseAamva } from '../../src/domain/aamva.js';
import { isCalendarDate } from '../../src/domain/dates.js';
import { MRZ_FIELDS } from '../../src/domain/mrz.js';
import { writeAamva } from '../support/aamva-file.js';

const TODAY = '2026-11-24';

/** Whatever a reader may be handed: noise, control and direction marks, and pieces that have a meaning here. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      '@',
      '\n',
      '\r',
      '\x1e',
      'ANSI ',
      'AAMVA',
      '636014',
      '10',
      '01',
      'DL',
      'ID',
      'DCS',
      'DBB',
      '\u202e',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  ),
  { maxLength: 200 },
);

/** A true file of which some stretches were exchanged. */
const damaged = fc
  .array(fc.tuple(fc.nat(400), fc.nat(12), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 6 })
  .map((cuts) =>
    cuts.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), writeAamva()),
  );

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4000 }),
  pieces.map((parts) => parts.join('')),
  pieces.map((parts) => `@\n\x1e\rANSI 636014100001DL00310300DL${parts.join('')}`),
  damaged,
);

const name = fc
  .stringMatching(/^[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ' -]{0,30}[A-ZÀ-ÖØ-Þ]$/)
  .filter((text) => !/\s\s|^NONE$|^UNAVL$|^N\/A$|^UNAVAILABLE$/.test(text));
const day = fc.date({ min: new Date('1930-01-01'), max: new Date('2008-12-31'), noInvalidDate: true });

describe('any text', () => {
  it('is read without a fault of ours, into known fields of known forms', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const document = parseAamva(text, TODAY);
        if (document === null) return;
        expect(document.valid).toBe(document.faults.length === 0);
        for (const [field, value] of Object.entries(document.fields)) {
          expect(MRZ_FIELDS as readonly string[]).toContain(field);
          expect(value).toMatch(/^[\x20-\x7e\u00a0-\u0178\u0386-\u03ff]{1,130}$/);
        }
        for (const date of ['date_of_birth', 'expires_on'] as const) {
          const value = document.fields[date];
          if (value !== undefined) expect(isCalendarDate(value)).toBe(true);
        }
        for (const value of Object.values(document.barcode)) expect(value).toMatch(/^[A-Za-z0-9]{1,7}$/);
      }),
      { numRuns: 400 },
    );
  });

  it('that repeats what the parser looks for costs no more than its length', () => {
    for (const piece of ['DCS', 'DAC\n', '@\n\x1e\r', 'DL', 'ANSI 636014', ' ', ','])
      expect(() =>
        parseAamva(`@\n\x1e\rANSI 636014100001DL00310300DL${piece.repeat(600)}`, TODAY),
      ).not.toThrow();
  });
});

describe('a true file', () => {
  it('gives back the names and the date of birth that were written', () => {
    fc.assert(
      fc.property(name, name, day, fc.boolean(), (surname, given, birth, canada) => {
        const [year = '', month = '', date = ''] = birth.toISOString().slice(0, 10).split('-');
        const order = (y: string, m: string, d: string) => (canada ? y + m + d : m + d + y);
        const elements = {
          DCS: surname,
          DAC: given,
          DAD: 'NONE',
          DBB: order(year, month, date),
          DBD: order('2023', '08', '24'),
          DBA: order('2031', '01', '31'),
          DCG: canada ? 'CAN' : 'USA',
        };
        const document = parseAamva(writeAamva({ iin: canada ? '636012' : '636014', elements }), TODAY);
        expect(document?.faults).toEqual([]);
        expect(document?.fields).toMatchObject({
          surname,
          given_names: given,
          date_of_birth: `${year}-${month}-${date}`,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('with any element exchanged by any text never gives an address or another element away', () => {
    const others = ['DAG', 'DAI', 'DAK', 'DAU', 'DAY', 'DCF', 'DCK', 'DBK', 'DCI', 'DBN'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...others), fc.stringMatching(/^[A-Z0-9]{12,30}$/), (id, secret) => {
        expect(JSON.stringify(parseAamva(writeAamva({ elements: { [id]: secret } }), TODAY))).not.toContain(
          secret,
        );
      }),
    );
  });
});
