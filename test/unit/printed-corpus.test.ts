import { crossCheckZones, readPrintedFields, type PrintedLine } from '../../src/domain/document-fields.js';
import { MRZ_FIELDS, type MrzField } from '../../src/domain/mrz.js';
import { transliterate } from '../../src/domain/transliteration.js';
import fc from 'fast-check';
import { PRINTED_LAYOUTS, type PrintedLayout } from '../support/printed-layouts.js';
import { withNoise, type Noise } from '../support/printed-noise.js';

const TODAY = '2026-11-24';
/** From here on a value is relied upon. */
const RELIED_UPON = 0.7;

/** Spaces and diacritics are the recogniser's, not the parser's. */
const squeezed = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

interface Tally {
  right: number;
  wrong: number;
  there: number;
}

function count(
  tallies: Record<MrzField, Tally>,
  lines: readonly PrintedLine[],
  truth: PrintedLayout['truth'],
): void {
  const read = readPrintedFields(lines, TODAY);
  for (const field of MRZ_FIELDS) {
    const [value, wanted] = [read[field], truth[field]];
    if (wanted !== undefined) tallies[field].there++;
    if (!value || value.confidence < RELIED_UPON) continue;
    if (wanted !== undefined && squeezed(value.value) === squeezed(wanted)) tallies[field].right++;
    else tallies[field].wrong++;
  }
}

const newTallies = (): Record<MrzField, Tally> =>
  Object.fromEntries(MRZ_FIELDS.map((field) => [field, { right: 0, wrong: 0, there: 0 }])) as Record<
    MrzField,
    Tally
  >;

const precision = ({ right, wrong }: Tally): number => right / (right + wrong);
const recall = ({ right, there }: Tally): number => right / there;

/** Pages times seeds that fast-check draws; the same every time. */
function tallyUnder(noise: Noise): Record<MrzField, Tally> {
  const tallies = newTallies();
  const draws = fc.sample(fc.tuple(fc.constantFrom(...PRINTED_LAYOUTS), fc.nat()), {
    numRuns: 1_200,
    seed: 94_305,
  });
  for (const [layout, seed] of draws) count(tallies, withNoise(layout, noise, seed), layout.truth);
  return tallies;
}

const ORDINARY: Noise = { spaces: 0.5, marks: 0.7, letters: 0.04, digits: 0.03, rows: 0.15, lines: 0.03 };
const HEAVY: Noise = { spaces: 0.8, marks: 0.95, letters: 0.12, digits: 0.08, rows: 0.3, lines: 0.1 };

describe('pages of many countries', () => {
  it.each(PRINTED_LAYOUTS.map((layout) => [layout.name, layout] as const))(
    '%s',
    (_name, { lines, truth }) => {
      const read = readPrintedFields(lines, TODAY);
      const values = Object.fromEntries(
        Object.entries(read).map(([field, { value }]) => [field, squeezed(value)]),
      );
      expect(values).toEqual(
        Object.fromEntries(Object.entries(truth).map(([field, value]) => [field, squeezed(value)])),
      );
    },
  );

  it('keep the diacritics that the recogniser gave', () => {
    const poland = PRINTED_LAYOUTS.find(({ name }) => name === 'Poland, passport');
    expect(readPrintedFields(poland?.lines ?? [], TODAY).surname?.value).toBe('WIŚNIEWSKA-ŻAK');
  });

  it.each([
    ['as recognisers read on the whole', ORDINARY, 0.99, 0.85],
    ['as they read a bad picture', HEAVY, 0.97, 0.5],
  ])('are relied upon rightly %s', (_name, noise, leastPrecision, leastRecall) => {
    const tallies = tallyUnder(noise);
    // The title, which gives the issuer, is but one line and often lost.
    const least = { precision: leastPrecision, recall: leastRecall };
    for (const field of MRZ_FIELDS) {
      expect({ field, precision: precision(tallies[field]) >= least.precision }).toEqual({
        field,
        precision: true,
      });
      if (field !== 'issuer')
        expect({ field, recall: recall(tallies[field]) >= least.recall }).toEqual({ field, recall: true });
    }
    const all = Object.values(tallies).reduce((sum, { right, wrong, there }) => ({
      right: sum.right + right,
      wrong: sum.wrong + wrong,
      there: sum.there + there,
    }));
    expect(precision(all)).toBeGreaterThanOrEqual(least.precision);
  });
});

describe('a zone beside its print', () => {
  /** What the zone of an honest document says. */
  const zoneOf = ({ truth }: PrintedLayout) => ({
    ...truth,
    ...(truth.surname && { surname: transliterate(truth.surname)?.replace(/</g, ' ') ?? '' }),
    ...(truth.given_names && { given_names: transliterate(truth.given_names)?.replace(/</g, ' ') ?? '' }),
  });
  const checked = (mrz: PrintedLayout['truth'], lines: readonly PrintedLine[]) =>
    crossCheckZones({ mrz, printed: readPrintedFields(lines, TODAY), lines, today: TODAY });

  it('is not contradicted on an honest document, however badly print was read', () => {
    const draws = fc.sample(fc.tuple(fc.constantFrom(...PRINTED_LAYOUTS), fc.nat()), {
      numRuns: 150,
      seed: 41,
    });
    for (const [layout, seed] of draws)
      expect({ seed, found: checked(zoneOf(layout), withNoise(layout, HEAVY, seed)).contradicted }).toEqual({
        seed,
        found: [],
      });
  });

  const forged = { surname: 'QUIMBYSON', date_of_birth: '1963-07-26', document_number: 'X' } as const;

  it.each(['surname', 'date_of_birth', 'document_number'] as const)(
    'is contradicted where another %s was printed clearly',
    (field) => {
      const printedSurely = PRINTED_LAYOUTS.filter(
        ({ lines }) => (readPrintedFields(lines, TODAY)[field]?.confidence ?? 0) >= 0.95,
      );
      const found = printedSurely.filter((layout) => {
        const zone = zoneOf(layout);
        // A forged number is one of the same build, of which the last digit was changed.
        const other =
          field === 'document_number'
            ? (zone[field] ?? '').replace(/\d$|\d(?=\D*$)/, (digit) => String((Number(digit) + 4) % 10))
            : forged[field];
        return checked({ ...zone, [field]: other }, layout.lines).contradicted.includes(field);
      });
      expect(printedSurely.length).toBeGreaterThan(40);
      expect(found.length).toBe(printedSurely.length);
    },
  );
});

describe('any lines at all', () => {
  const line = fc.record({
    text: fc.oneof(
      fc.string({ maxLength: 60, unit: 'grapheme' }),
      fc.constantFrom('Surname', 'DATE OF BIRTH', '17.03.1994', '1.', '4b.', 'NAME', '/', '12/12/12'),
      fc.constantFrom(...PRINTED_LAYOUTS.flatMap(({ lines }) => lines.map(({ text }) => text))),
    ),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    left: fc.integer({ min: -50, max: 500 }),
    right: fc.integer({ min: -50, max: 500 }),
    middle: fc.integer({ min: -50, max: 500 }),
    height: fc.integer({ min: 1, max: 40 }),
  });

  it('give well-formed values, no surer than the lines, and no impossible date', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        for (const [field, { value, confidence, line: index }] of Object.entries(
          readPrintedFields(lines, TODAY),
        )) {
          expect(confidence).toBeLessThanOrEqual(lines[index]?.confidence ?? -1);
          if (field === 'date_of_birth' || field === 'expires_on')
            expect(new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10)).toBe(value);
          if (field === 'date_of_birth') expect(value <= TODAY).toBe(true);
          if (field === 'sex') expect(value).toMatch(/^[MFX]$/);
          if (field === 'document_number') expect(value).toMatch(/^[A-Z0-9]{5,20}$/);
          if (field === 'issuer' || field === 'nationality') expect(value).toMatch(/^(?:[A-Z]{3}|D)$/);
        }
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
