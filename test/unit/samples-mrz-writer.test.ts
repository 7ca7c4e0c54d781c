import fc from 'fast-check';
import { fitsFormat, parseMrz, verifyCheckDigits } from '../../src/domain/mrz.js';
import {
  checkDigit,
  nameField,
  spoilNumberCheckDigit,
  writeMrz,
  writeTd1,
  writeTd3,
  type MrzHolder,
} from '../../src/sandbox/samples/mrz-writer.js';
import { romanise, transliterate } from '../../src/sandbox/samples/transliterate.js';

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
    // ICAO 9303-3, table 6.B.
    ['Жаркова', 'ZHARKOVA'],
    ['Ксения', 'KSENIIA'],
    ['Щеглова-Цой', 'SHCHEGLOVA<TSOI'],
    ['Любовь', 'LIUBOV'],
    // ELOT 743: pairs of letters, and accents that vanish.
    ['Παπαδοπούλου', 'PAPADOPOULOU'],
    ['Ευαγγελίδη', 'EVANGELIDI'],
    ['Ευτυχία', 'EFTYCHIA'],
    ['Μπουμπουλίνα', 'BOUMPOULINA'],
    ['Ψαρρά', 'PSARRA'],
  ])('spells %s as %s', (name, spelled) => {
    expect(transliterate(name)).toBe(spelled);
  });

  it('gives one spelling whether marks are composed or not', () => {
    expect(transliterate('Müller'.normalize('NFD'))).toBe('MUELLER');
  });

  it('is written with capitals at the beginning of each part for people', () => {
    expect(romanise('Анна Игоревна')).toBe('Anna Igorevna');
  });

  it('refuses letters that it does not know', () => {
    expect(() => transliterate('ばば')).toThrow('name_not_transliterable');
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

/** The holder of the specimens in ICAO 9303-4 to -7, appendix A or B, and what their zones are. */
const ERIKSSON: MrzHolder = {
  surname: 'Eriksson',
  givenNames: 'Anna Maria',
  issuer: 'UTO',
  nationality: 'UTO',
  documentNumber: 'D23145890',
  dateOfBirth: '1974-08-12',
  sex: 'F',
  expiresOn: '2012-04-15',
};
const VISA_HOLDER: MrzHolder = {
  ...ERIKSSON,
  documentNumber: 'L8988901C',
  nationality: 'XXX',
  dateOfBirth: '1940-09-07',
  expiresOn: '1996-12-10',
};

describe('machine-readable zone', () => {
  it.each([
    [
      'TD3',
      { ...ERIKSSON, documentNumber: 'L898902C3', optionalData: 'ZE184226B' },
      ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
    ],
    [
      'TD1',
      ERIKSSON,
      ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
    ],
    ['TD2', ERIKSSON, ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6']],
    [
      'MRVA',
      { ...VISA_HOLDER, optionalData: '6ZE184226B' },
      ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<'],
    ],
    ['MRVB', VISA_HOLDER, ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<']],
  ] as const)('of a %s is that of the standard’s specimen', (format, specimen, lines) => {
    expect(writeMrz(format, specimen)).toEqual(lines);
  });

  it.each(['TD1', 'TD2'] as const)('of a %s carries a long document number over', (format) => {
    const lines = writeMrz(format, holder({ documentNumber: 'XK47110815AB' }));
    expect(fitsFormat(format, lines)).toBe(true);
    expect(Object.values(verifyCheckDigits(format, lines))).not.toContain(false);
    expect(parseMrz(format, lines, '2026-11-24').document_number).toBe('XK47110815AB');
  });

  it.each(['TD3', 'MRVA', 'MRVB'] as const)('of a %s has no place for a long one', (format) => {
    expect(() => writeMrz(format, holder({ documentNumber: 'XK47110815' }))).toThrow(
      'document_number_too_long',
    );
  });

  it('has no place for more optional data than the format', () => {
    expect(() => writeMrz('TD2', holder({ optionalData: '12345678' }))).toThrow('optional_data_too_long');
  });

  it.each([
    ['TD3', 3],
    ['TD1', 3],
    ['TD2', 3],
    ['MRVA', 3],
    ['MRVB', 3],
  ] as const)('of a %s holds for the reading side, whoever it is about', (format, least) => {
    const numbers = fc.stringMatching(/^[A-Z0-9]{1,9}$/);
    fc.assert(
      fc.property(names, names, numbers, (surname, givenNames, documentNumber) => {
        const lines = writeMrz(format, holder({ surname, givenNames, documentNumber }));
        expect(fitsFormat(format, lines)).toBe(true);
        const checks = Object.values(verifyCheckDigits(format, lines));
        expect(checks.length).toBeGreaterThanOrEqual(least);
        expect(checks).not.toContain(false);
      }),
    );
  });

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
