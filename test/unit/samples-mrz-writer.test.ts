import fc from 'fast-check';
import { fitsFormat, verifyCheckDigits } from '../../src/domain/mrz.js';
import {
  checkDigit,
  nameField,
  spoilNumberCheckDigit,
  transliterate,
  writeTd1,
  writeTd3,
  type MrzHolder,
} from '../../src/sandbox/samples/mrz-writer.js';

const holder = (changes: Partial<MrzHolder> = {}): MrzHolder => ({
  surname: 'Lindqvist',
  givenNames: 'Clara Sofie',
  issuer: 'UTO',
  nationality: 'UTO',
  documentNumber: 'XK4711',
  dateOfBirth: '1994-03-07',
  sex: 'F',
  expiresOn: '2031-12-31',
  ...changes,
});

/** Names of capital letters in several parts, as they are after transliteration. */
const names = fc
  .array(fc.stringMatching(/^[A-Z]{1,14}$/), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.join(' '));

describe('check digit', () => {
  it.each([
    // The fields of the specimen in ICAO 9303-4, appendix A.
    ['L898902C3', '6'],
    ['740812', '2'],
    ['120415', '9'],
    ['<<<<<<', '0'],
  ])('of %s is %s', (field, digit) => {
    expect(checkDigit(field)).toBe(digit);
  });

  it('is refused for a character that no zone has', () => {
    expect(() => checkDigit('AB-1')).toThrow('not_an_mrz_character');
  });
});

describe('transliteration', () => {
  it.each([
    ['Müller-Łoś', 'MUELLER<LOS'],
    ['María José', 'MARIA<JOSE'],
    ['Núñez', 'NUNEZ'],
    ['Weiß', 'WEISS'],
    ['Åsa Sørensen', 'AASA<SOERENSEN'],
    ["D'Souza", 'DSOUZA'],
    ['Þórður', 'THORDUR'],
    ['Æbelø', 'AEBELOE'],
  ])('spells %s as %s', (name, spelled) => {
    expect(transliterate(name)).toBe(spelled);
  });

  it('gives one spelling whether marks are composed or not', () => {
    expect(transliterate('Müller'.normalize('NFD'))).toBe('MUELLER');
  });

  it('refuses letters that it does not know', () => {
    expect(() => transliterate('Иванова')).toThrow('name_not_transliterable');
  });
});

describe('name field', () => {
  it('has two fillers between the identifiers and is filled up', () => {
    expect(nameField('Van der Berg', 'Ada', 20)).toBe('VAN<DER<BERG<<ADA<<<');
  });

  it('has the surname alone for a person of one name', () => {
    expect(nameField('Arkfreith', '', 12)).toBe('ARKFREITH<<<');
  });

  it('keeps a letter of the given name when the surname alone would fill it', () => {
    expect(nameField('Papandropoulous', 'Jonathon', 12)).toBe('PAPANDROP<<J');
  });

  it('ends on a letter when the cut would fall on a filler', () => {
    expect(nameField('Berg', 'Anna Maria', 11)).toBe('BERG<<ANN<M');
  });

  it('always has its length and two non-empty identifiers', () => {
    fc.assert(
      fc.property(names, names, fc.constantFrom(30, 39), (surname, givenNames, length) => {
        const field = nameField(surname, givenNames, length);
        expect(field).toMatch(/^[A-Z]+(<[A-Z]+)*<<[A-Z]+(<[A-Z]+)*<*$/);
        expect(field).toHaveLength(length);
      }),
    );
  });

  it('shows by a letter in its last place that a name was cut', () => {
    const long = fc.array(fc.stringMatching(/^[A-Z]{6,12}$/), { minLength: 4, maxLength: 6 });
    fc.assert(
      fc.property(long, names, (surnames, givenNames) => {
        expect(nameField(surnames.join(' '), givenNames, 24)).toMatch(/[A-Z]$/);
      }),
    );
  });
});

describe('machine-readable zone', () => {
  it('has the form of a passport, and every check digit holds for the reading side', () => {
    const lines = writeTd3(holder());
    expect(fitsFormat('TD3', lines)).toBe(true);
    expect(lines[0]).toBe('P<UTOLINDQVIST<<CLARA<SOFIE<<<<<<<<<<<<<<<<<');
    expect(Object.values(verifyCheckDigits('TD3', lines))).toEqual([true, true, true, true, true]);
  });

  it('has the form of an identity card, and every check digit holds for the reading side', () => {
    const lines = writeTd1(holder());
    expect(fitsFormat('TD1', lines)).toBe(true);
    expect(lines[2]).toBe('LINDQVIST<<CLARA<SOFIE<<<<<<<<');
    expect(Object.values(verifyCheckDigits('TD1', lines))).toEqual([true, true, true, true]);
  });

  it('marks an unspecified sex by a filler', () => {
    expect(writeTd3(holder({ sex: 'X' }))[1]?.charAt(20)).toBe('<');
  });

  it('is wrong in the one check digit that was spoilt, and only there', () => {
    const checks = verifyCheckDigits('TD3', spoilNumberCheckDigit(writeTd3(holder())));
    expect(checks).toEqual({
      document_number: false,
      date_of_birth: true,
      expires_on: true,
      optional_data: true,
      composite: true,
    });
  });
});
