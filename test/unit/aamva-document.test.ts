import { parseAamva } from '../../src/domain/aamva.js';
import { LICENCE_ELEMENTS, writeAamva, type AamvaFile } from '../support/aamva-file.js';

const TODAY = '2026-11-24';
const read = (file: AamvaFile = {}) => parseAamva(writeAamva(file), TODAY);
const fieldsOf = (elements: NonNullable<AamvaFile['elements']>, rest: AamvaFile = {}) =>
  read({ ...rest, elements })?.fields;

describe('a licence of the current edition', () => {
  it('gives the fields in the forms of a machine-readable zone, and is valid', () => {
    expect(read({ own: 'ZCAY' })).toEqual({
      valid: true,
      faults: [],
      nameTruncated: false,
      fields: {
        surname: 'PUBLIC',
        given_names: 'JOHN QUINCY',
        date_of_birth: '1990-01-31',
        document_number: 'D1234562',
        expires_on: '2031-01-31',
        issuer: 'USA',
        sex: 'M',
      },
      barcode: {
        format: 'PDF417',
        version: '10',
        jurisdiction: 'CA',
        surname_truncation: 'N',
        first_name_truncation: 'N',
        middle_names_truncation: 'N',
      },
    });
  });

  it('reads an identity card alike', () => {
    expect(read({ type: 'ID' })).toMatchObject({ valid: true, fields: { surname: 'PUBLIC' } });
  });

  it('lets nothing out but the fields that are needed', () => {
    const needed = ['DAQ', 'DCS', 'DDE', 'DAC', 'DDF', 'DAD', 'DDG', 'DBA', 'DBB', 'DBC', 'DBD', 'DCG'];
    const others = Object.keys(LICENCE_ELEMENTS).filter((id) => !needed.includes(id));
    const elements = Object.fromEntries(others.map((id) => [id, `SECRET${id}`]));
    const document = read({ elements, own: 'ZCASECRET' });
    expect(document?.valid).toBe(true);
    expect(JSON.stringify(document)).not.toContain('SECRET');
    expect(document?.fields).not.toHaveProperty('nationality');
  });
});

describe('names', () => {
  it('are not mistaken for elements whose identifiers they contain', () => {
    const fields = fieldsOf({ DCS: 'DACOSTA', DAC: 'DADABHOY', DAD: 'DCSDBB' });
    expect(fields).toMatchObject({ surname: 'DACOSTA', given_names: 'DADABHOY DCSDBB' });
  });

  it('keep letters and signs at their ends', () => {
    expect(fieldsOf({ DCS: 'NOÉ', DAC: 'JOSÉ', DAD: 'ST.' })).toMatchObject({
      surname: 'NOÉ',
      given_names: 'JOSÉ ST.',
    });
  });

  it('take several middle names, and none', () => {
    expect(fieldsOf({ DAD: 'QUINCY,ADAMS' })?.given_names).toBe('JOHN QUINCY ADAMS');
    expect(fieldsOf({ DAD: 'NONE' })?.given_names).toBe('JOHN');
    expect(fieldsOf({ DAD: undefined })?.given_names).toBe('JOHN');
  });

  it('put a generational suffix behind the surname, and leave out what is none', () => {
    expect(fieldsOf({ DCU: 'JR' })?.surname).toBe('PUBLIC JR');
    expect(fieldsOf({ DCU: 'III' })?.surname).toBe('PUBLIC III');
    expect(fieldsOf({ DCU: 'MD' })?.surname).toBe('PUBLIC');
  });

  it('of one word only are no fault', () => {
    expect(read({ elements: { DAC: 'NONE', DAD: 'NONE' } })).toMatchObject({ valid: true });
    expect(fieldsOf({ DAC: 'NONE', DAD: 'NONE' })).not.toHaveProperty('given_names');
  });

  it('say whether they were cut', () => {
    const document = read({ elements: { DDF: 'T', DDG: 'U' } });
    expect(document?.nameTruncated).toBe(true);
    expect(document?.barcode).toMatchObject({
      surname_truncation: 'N',
      first_name_truncation: 'T',
      middle_names_truncation: 'U',
    });
  });

  it.each([
    ['02', { DAC: undefined, DAD: undefined, DCT: 'JOHN,QUINCY' }],
    ['03', { DAC: undefined, DAD: undefined, DCT: 'JOHN QUINCY' }],
    ['01', { DCS: undefined, DAB: 'PUBLIC' }],
    ['01', { DCS: undefined, DAC: undefined, DAD: undefined, DAA: 'PUBLIC,JOHN,QUINCY' }],
  ])('are found in the elements of edition %s', (version, elements) => {
    expect(fieldsOf(elements, { version })).toMatchObject({ surname: 'PUBLIC', given_names: 'JOHN QUINCY' });
  });

  it('of the first edition bear the suffix in the fourth place', () => {
    const elements = { DCS: undefined, DAC: undefined, DAD: undefined, DAA: 'PUBLIC,JOHN,,SR' };
    expect(fieldsOf(elements, { version: '01' })).toMatchObject({
      surname: 'PUBLIC SR',
      given_names: 'JOHN',
    });
  });
});

describe('sex', () => {
  it.each([
    ['1', 'M'],
    ['2', 'F'],
    ['9', 'X'],
    ['M', 'M'],
    ['X', 'X'],
    ['0', undefined],
    ['7', undefined],
  ])('%s is %s', (code, sex) => {
    expect(fieldsOf({ DBC: code })?.sex).toBe(sex);
  });
});

describe('dates', () => {
  const canadian = { DBD: '20230824', DBB: '19900131', DBA: '20310131', DCG: 'CAN' };

  it('of Canada begin with the year', () => {
    expect(read({ iin: '636012', elements: canadian })).toMatchObject({
      valid: true,
      fields: { date_of_birth: '1990-01-31', expires_on: '2031-01-31', issuer: 'CAN' },
      barcode: { jurisdiction: 'ON' },
    });
  });

  it('in the order of the other country are read, but not believed', () => {
    const document = read({ elements: { ...canadian, DCG: 'USA' } });
    expect(document?.faults).toEqual(['dates']);
    expect(document?.fields.date_of_birth).toBe('1990-01-31');
  });

  it('of the first edition come in either order', () => {
    expect(read({ version: '01', elements: { ...canadian, DCG: 'USA' } })?.valid).toBe(true);
    expect(read({ version: '01', elements: { DBB: '01-31-1990' } })?.fields.date_of_birth).toBe('1990-01-31');
  });

  it.each([
    ['a day that does not exist', { DBB: '02311990' }],
    ['letters', { DBB: 'JAN311990' }],
    ['seven digits', { DBB: '1311990' }],
  ])('with %s are left out', (_, elements) => {
    const document = read({ elements });
    expect(document?.fields).not.toHaveProperty('date_of_birth');
    expect(document?.faults).toEqual(expect.arrayContaining(['dates', 'element_missing']));
  });

  it.each([
    ['birth after issue', { DBB: '08252023' }],
    ['issue in the future', { DBD: '11252026' }],
    ['expiry before issue', { DBA: '08232023' }],
    ['a holder of 140 years', { DBB: '01311886' }],
    ['validity for a century', { DBA: '01312111' }],
  ])('that contradict each other are not believed: %s', (_, elements) => {
    expect(read({ elements })?.faults).toEqual(['dates']);
  });

  it('that have passed are no fault of the file', () => {
    expect(read({ elements: { DBA: '01312024' } })).toMatchObject({
      valid: true,
      fields: { expires_on: '2024-01-31' },
    });
  });
});

describe('issuer', () => {
  it('is known by its number', () => {
    expect(read({ iin: '636001' })?.barcode['jurisdiction']).toBe('NY');
    expect(fieldsOf({ DCG: undefined })?.issuer).toBe('USA');
  });

  it('with a number that nobody has is not believed', () => {
    expect(read({ iin: '123456' })).toMatchObject({ faults: ['issuer'], fields: { issuer: 'USA' } });
  });

  it('must be in the country that the file says', () => {
    expect(read({ elements: { DCG: 'CAN' } })).toMatchObject({
      faults: ['issuer'],
      fields: { issuer: 'USA' },
    });
  });
});

describe('the form of the file', () => {
  const text = writeAamva({ own: 'ZCAY' });

  it.each([
    '',
    'HELLO',
    'ANSI 636014',
    '@',
    '@\n\x1e\rANSI 6360',
    'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  ])('is not seen in %j', (other) => {
    expect(parseAamva(other, TODAY)).toBeNull();
  });

  it('must have the separators of the standard', () => {
    expect(parseAamva(text.replace('@\n\x1e\r', '@\n\x1c\r'), TODAY)?.faults).toEqual(['header']);
  });

  it('must have its subfiles where the header says', () => {
    const moved = parseAamva(text.replace('DL0041', 'DL0044'), TODAY);
    expect(moved?.faults).toEqual(['offsets']);
    expect(moved?.fields.surname).toBe('PUBLIC');
  });

  it('must not end before its subfiles do', () => {
    expect(parseAamva(text.slice(0, 200), TODAY)?.valid).toBe(false);
  });

  it('must not name the holder twice', () => {
    const twice = text.replace('02DL', '03DL').replace(/ZC\d{8}/, (designator) => `DL00410278${designator}`);
    expect(parseAamva(twice, TODAY)?.valid).toBe(false);
  });

  it('must not say one thing twice and differently', () => {
    const twice = writeAamva({ elements: { DDK: '1\nDCSSOMEBODY' } });
    expect(parseAamva(twice, TODAY)).toMatchObject({
      faults: ['element_ambiguous'],
      fields: { surname: 'PUBLIC' },
    });
  });

  it('must have what every edition asks for', () => {
    for (const id of ['DAQ', 'DCS', 'DBA', 'DBB', 'DBD'])
      expect(read({ elements: { [id]: undefined } })?.faults).toEqual(['element_missing']);
  });

  it.each(['PUB\u202eLIC', 'PUB\x00LIC', 'ПУБЛИК', 'P'.repeat(200)])('bears no such name: %j', (name) => {
    const document = read({ elements: { DCS: name } });
    expect(document?.faults).toEqual(['characters', 'element_missing']);
    expect(document?.fields).not.toHaveProperty('surname');
  });

  it('is no longer than a code can be', () => {
    expect(parseAamva(text + ' '.repeat(3000), TODAY)).toBeNull();
  });
});
