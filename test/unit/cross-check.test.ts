import fc from 'fast-check';
import {
  contradictedByPrint,
  crossCheckZones,
  type PrintedFields,
  type ZoneFields,
} from '../../src/domain/document-fields.js';
import type { MrzField } from '../../src/domain/mrz.js';

const ZONE: ZoneFields = {
  surname: 'MUELLER',
  given_names: 'ANNA LENA',
  date_of_birth: '1994-03-17',
  expires_on: '2033-03-24',
  document_number: 'C01X4TK82',
  issuer: 'D',
  nationality: 'D',
  sex: 'F',
};

const printedAs = (fields: ZoneFields, confidence = 0.98): PrintedFields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, confidence, line: 0 }]));

const against = (changed: ZoneFields, confidence?: number) =>
  crossCheckZones({ mrz: ZONE, printed: printedAs({ ...ZONE, ...changed }, confidence) });

describe('zones that say the same', () => {
  it('confirm every field', () => {
    const { confirmed, contradicted } = crossCheckZones({ mrz: ZONE, printed: ZONE });
    expect([...confirmed].sort()).toEqual(Object.keys(ZONE).sort());
    expect(contradicted).toEqual([]);
  });

  it.each<[string, ZoneFields]>([
    ['its letters with signs', { surname: 'MÜLLER' }],
    ['signs that were lost in reading', { surname: 'MULLER' }],
    ['a particle', { surname: 'VON MÜLLER' }],
    ['a further surname', { surname: 'MÜLLER-LÜDENSCHEID' }],
    ['more given names', { given_names: 'ANNA LENA SOPHIE' }],
    ['given names without their space', { given_names: 'ANNALENA' }],
    ['a number with spaces', { document_number: 'C01 X4T K82' }],
  ])('are those where print has %s', (_what, changed) => {
    const [field] = Object.keys(changed) as MrzField[];
    const { confirmed, contradicted } = against(changed);
    expect(contradicted).toEqual([]);
    expect(confirmed.has(field ?? 'surname')).toBe(true);
  });

  it('are those of which one was cut off by its length', () => {
    const long = { surname: 'PAPANDREOPOULOU', given_names: 'ALEXANDRA KONST' };
    const printed = { surname: 'PAPANDREOPOULOU', given_names: 'ALEXANDRA KONSTANTINA' };
    const { confirmed, contradicted } = crossCheckZones({ mrz: long, printed });
    expect(contradicted).toEqual([]);
    expect([...confirmed].sort()).toEqual(['given_names', 'surname']);
  });
});

describe('zones that differ by what reading and custom explain', () => {
  it.each<[string, ZoneFields]>([
    ['one letter misread', { surname: 'MUELIER' }],
    ['one letter lost', { surname: 'MUELLE' }],
    ['fewer given names', { given_names: 'ANNA' }],
    ['a number of characters that look alike', { document_number: 'CO1X4TK8Z' }],
    ['the names the other way round', { surname: 'ANNA LENA', given_names: 'MÜLLER' }],
    ['a given name spelled by ear', { given_names: 'ANNE LENNA' }],
    ['an initial', { given_names: 'A' }],
    ['another number of another build', { document_number: '482913' }],
    ['a number that goes on', { document_number: 'C01X4TK8212' }],
    ['one letter for the sex', { sex: 'M' }],
    ['a state in its title', { issuer: 'AUT' }],
    ['another nationality', { nationality: 'AUT' }],
  ])('are not contradicted by %s', (_what, changed) => {
    const { confirmed, contradicted } = against(changed);
    expect(contradicted).toEqual([]);
    for (const field of Object.keys(changed) as MrzField[]) expect(confirmed.has(field)).toBe(false);
  });

  it('are not contradicted where a year of two digits may be of another century', () => {
    expect(
      crossCheckZones({ mrz: { date_of_birth: '2021-05-03' }, printed: { date_of_birth: '1921-05-03' } }),
    ).toEqual({
      confirmed: new Set(),
      contradicted: [],
    });
  });

  it('are not contradicted by day and month in the other order', () => {
    const [mrz, printed] = [{ date_of_birth: '1994-03-07' }, { date_of_birth: '1994-07-03' }];
    expect(crossCheckZones({ mrz, printed })).toEqual({ confirmed: new Set(), contradicted: [] });
  });

  it('are not contradicted by print that is not clear', () => {
    const changed = { surname: 'LINDQVIST', date_of_birth: '1988-01-02', document_number: 'K99A7ZZ31' };
    expect(against(changed, 0.85).contradicted).toEqual([]);
  });

  it('are not contradicted by one character unless print is very clear', () => {
    expect(against({ date_of_birth: '1994-03-18' }, 0.92).contradicted).toEqual([]);
    expect(against({ date_of_birth: '1994-03-18' }, 0.97).contradicted).toEqual(['date_of_birth']);
  });

  it('are not contradicted while the right value stands elsewhere on the page', () => {
    const printed = printedAs({ ...ZONE, surname: 'LINDQVIST', document_number: 'K99A7ZZ31' });
    const lines = [{ text: 'MÜLLER' }, { text: 'No CO1X4TK82' }];
    const { confirmed, contradicted } = crossCheckZones({ mrz: ZONE, printed, lines, today: '2026-11-24' });
    expect(contradicted).toEqual([]);
    expect(confirmed.has('surname')).toBe(true);
  });
});

describe('zones that contradict each other', () => {
  it.each<[MrzField, string]>([
    ['surname', 'LINDQVIST'],
    ['given_names', 'MARTIN'],
    ['date_of_birth', '1988-03-17'],
    ['date_of_birth', '1994-03-19'],
    ['expires_on', '2035-03-24'],
    ['document_number', 'C01X4TK37'],
  ])('in print: %s', (field, value) => {
    const { confirmed, contradicted } = against({ [field]: value });
    expect(contradicted).toEqual([field]);
    expect(confirmed.has(field)).toBe(false);
  });

  it.each<[MrzField, string]>([
    ['surname', 'LINDQVIST'],
    ['date_of_birth', '1994-03-18'],
    ['document_number', 'C01X4TK83'],
    ['sex', 'M'],
    ['issuer', 'AUT'],
  ])('in the barcode: %s', (field, value) => {
    expect(crossCheckZones({ mrz: ZONE, barcode: { ...ZONE, [field]: value } }).contradicted).toEqual([
      field,
    ]);
    if (field !== 'sex' && field !== 'issuer')
      expect(
        crossCheckZones({ barcode: { ...ZONE, [field]: value }, printed: printedAs(ZONE) }).contradicted,
      ).toEqual([field]);
  });

  it('though two of three agree', () => {
    const { confirmed, contradicted } = crossCheckZones({
      mrz: ZONE,
      printed: printedAs(ZONE),
      barcode: { ...ZONE, date_of_birth: '1990-01-01' },
    });
    expect(contradicted).toEqual(['date_of_birth']);
    expect(confirmed.has('date_of_birth')).toBe(false);
  });

  it('whatever the order of the zones', () => {
    const field = fc.constantFrom<MrzField>(
      'surname',
      'given_names',
      'date_of_birth',
      'document_number',
      'sex',
    );
    const values: Readonly<Record<string, readonly string[]>> = {
      surname: ['MUELLER', 'MÜLLER', 'LINDQVIST', 'LI', 'VON DER LEYEN', 'LEYEN'],
      given_names: ['ANNA', 'ANNA LENA', 'ANA', 'JO', 'J', 'KARL-HEINZ'],
      date_of_birth: ['1994-03-17', '1994-03-18', '1894-03-17', '2001-12-12'],
      document_number: ['C01X4TK82', 'CO1X4TK82', '482913', 'C01X4TK83'],
      sex: ['M', 'F', 'X'],
    };
    fc.assert(
      fc.property(field, fc.nat(5), fc.nat(5), (name, i, j) => {
        const [a, b] = [i, j].map((at) => values[name]?.[at % (values[name]?.length ?? 1)] ?? '');
        const [one, two] = [{ [name]: a }, { [name]: b }] as [ZoneFields, ZoneFields];
        expect(crossCheckZones({ mrz: one, barcode: two })).toEqual(
          crossCheckZones({ mrz: two, barcode: one }),
        );
        expect(crossCheckZones({ mrz: one, barcode: one }).contradicted).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('say nothing of fields that one zone alone has', () => {
    expect(crossCheckZones({ mrz: ZONE, barcode: {} })).toEqual({ confirmed: new Set(), contradicted: [] });
    expect(crossCheckZones({ printed: ZONE })).toEqual({ confirmed: new Set(), contradicted: [] });
  });

  it('by print alike, for whoever has confirmed fields already', () => {
    const printed = printedAs({ ...ZONE, surname: 'LINDQVIST', given_names: 'KARL' });
    expect(contradictedByPrint(ZONE, printed, new Set(['given_names']))).toEqual(['surname']);
  });
});
