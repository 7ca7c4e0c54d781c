import {
  confirmedByPrint,
  contradictedByPrint,
  printedDates,
  readPrintedFields,
  type PrintedLine,
} from '../../src/domain/document-fields.js';

const TODAY = '2026-11-24';

/** A line at a place of a page of 100 × 100; a character is one wide. */
const at = (left: number, middle: number, text: string, confidence = 0.97): PrintedLine => ({
  text,
  confidence,
  left,
  right: left + text.length,
  middle,
  height: 3,
});

const valuesOf = (lines: readonly PrintedLine[]) =>
  Object.fromEntries(
    Object.entries(readPrintedFields(lines, TODAY)).map(([name, { value }]) => [name, value]),
  );

describe('printed fields', () => {
  it('stand below their labels, in two languages', () => {
    expect(
      valuesOf([
        at(5, 10, 'Surname / Nom'),
        at(5, 13, 'NÚÑEZ'),
        at(5, 20, 'Given names/Prénoms'),
        at(5, 23, 'MARÍA JOSÉ'),
        at(5, 30, 'Date of birth / Date de naissance'),
        at(5, 33, '05 NOV 1998'),
        at(50, 30, 'Place of birth / Lieu de naissance'),
        at(50, 33, 'SAN ALBA'),
        at(50, 40, "Date of expiry / Date d'expiration"),
        at(50, 43, '24 MAR 2033'),
        at(5, 40, 'Date of issue / Date de délivrance'),
        at(5, 43, '24 MAR 2025'),
        at(50, 10, 'Passport No. / Passeport N°'),
        at(50, 13, 'KT5002267'),
        at(70, 20, 'Sex/Sexe'),
        at(70, 23, 'F'),
      ]),
    ).toEqual({
      surname: 'NÚÑEZ',
      given_names: 'MARÍA JOSÉ',
      date_of_birth: '1998-11-05',
      expires_on: '2033-03-24',
      document_number: 'KT5002267',
      sex: 'F',
    });
  });

  it('are found though the reader dropped spaces and misread letters of labels', () => {
    expect(
      valuesOf([
        at(5, 10, '01PRIMENI/SURNAMF/NOM'),
        at(5, 13, 'VZOROVA'),
        at(5, 20, 'DATEOFBRTH/DATEDENAISSANCE'),
        at(5, 23, '22.06.1969'),
      ]),
    ).toEqual({ surname: 'VZOROVA', date_of_birth: '1969-06-22' });
  });

  it('stand behind their labels on licences', () => {
    expect(
      valuesOf([
        at(5, 10, 'LN SAMPLE'),
        at(5, 14, 'FN JANET'),
        at(5, 18, 'DOB 08/31/1978'),
        at(5, 22, 'EXP08/31/2029'),
        at(5, 26, 'DLN D1234567'),
      ]),
    ).toEqual({
      surname: 'SAMPLE',
      given_names: 'JANET',
      date_of_birth: '1978-08-31',
      expires_on: '2029-08-31',
      document_number: 'D1234567',
    });
  });

  it('stand behind numbers on driving licences of ISO/IEC 18013', () => {
    expect(
      valuesOf([
        at(5, 10, '1. LINDQVIST'),
        at(5, 14, '2. CLARA SOFIE'),
        at(5, 18, '3. 17.03.1994 NORDVIK'),
        at(5, 22, '4a. 02.02.2020'),
        at(5, 26, '4b. 01.02.2030'),
        at(5, 30, '5. 99887766'),
      ]),
    ).toEqual({
      surname: 'LINDQVIST',
      given_names: 'CLARA SOFIE',
      date_of_birth: '1994-03-17',
      expires_on: '2030-02-01',
      document_number: '99887766',
    });
  });

  it('are not guessed from numbers that stand alone', () => {
    expect(valuesOf([at(5, 10, '1 LINDQVIST'), at(5, 20, '5 99887766')])).toEqual({});
  });

  it('are not taken from under another label', () => {
    expect(
      valuesOf([at(5, 10, 'Surname'), at(5, 15, 'Given names'), at(5, 18, 'CLARA'), at(60, 40, 'OTHER')]),
    ).toEqual({ given_names: 'CLARA' });
  });

  it('are left out where a date can be read in two ways', () => {
    expect(valuesOf([at(5, 10, 'Date of birth'), at(5, 13, '03/04/1990')])).toEqual({});
  });

  it('follow the order of days and months that another date of the page settles', () => {
    const lines = [at(5, 10, 'Date of birth'), at(5, 13, '03/04/1990'), at(60, 50, '25/12/2024')];
    expect(valuesOf(lines)).toEqual({ date_of_birth: '1990-04-03' });
  });

  it('carry the confidence and the place of the line they were read from', () => {
    const lines = [at(5, 10, 'Surname'), at(5, 13, 'LINDQVIST', 0.71)];
    expect(readPrintedFields(lines, TODAY).surname).toEqual({
      value: 'LINDQVIST',
      confidence: 0.71,
      line: 1,
    });
  });

  it.each(['L1NDQV15T', '12345', '<<<', ''])('are no names: %s', (text) => {
    expect(valuesOf([at(5, 10, 'Surname'), at(5, 13, text)])).toEqual({});
  });

  it('are less sure where a letter was mended, a label misread, or nothing but the order of dates tells', () => {
    const sure = readPrintedFields([at(5, 10, 'Surname'), at(5, 13, 'LINDQVIST')], TODAY).surname;
    const mended = readPrintedFields([at(5, 10, 'Surname'), at(5, 13, 'LIND0VIST')], TODAY).surname;
    const misread = readPrintedFields([at(5, 10, 'Surnume'), at(5, 13, 'LINDQVIST')], TODAY).surname;
    const dates = ['14.05.1985', '02.03.2022', '02.03.2032'].map((text, row) => at(5, 10 + 9 * row, text));
    const ordered = readPrintedFields(dates, TODAY).date_of_birth;
    expect(mended?.value).toBe('LINDOVIST');
    expect(ordered?.value).toBe('1985-05-14');
    const confidences = [sure, misread, mended, ordered].map((value) => value?.confidence ?? 0);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(new Set(confidences).size).toBe(4);
    expect(confidences[2]).toBeLessThan(0.7);
  });

  it('are not birth and expiry where their order makes no sense', () => {
    const lines = ['14.05.1985', '02.03.1995', '02.03.2032'].map((text, row) => at(5, 10 + 9 * row, text));
    expect(valuesOf(lines)).toEqual({});
  });

  it('are no date of birth to come, and none after the issue', () => {
    expect(valuesOf([at(5, 10, 'Date of birth'), at(5, 13, '17.03.2031')])).toEqual({});
    const swapped = [
      at(5, 10, 'Date of birth'),
      at(5, 13, '17.03.2021'),
      at(40, 10, 'Date of issue'),
      at(40, 13, '17.03.1994'),
    ];
    expect(readPrintedFields(swapped, TODAY).date_of_birth?.confidence ?? 0).toBeLessThan(0.7);
  });

  it('are a span of time, of which the end is meant', () => {
    const lines = [at(5, 10, 'Valabilitate/Validité/Validity'), at(5, 13, '17.10.21-30.06.2031')];
    expect(valuesOf(lines)).toEqual({ expires_on: '2031-06-30' });
  });

  it('are left out where a year was cut off', () => {
    const lines = [at(5, 10, 'Date of expiry'), at(5, 13, '01 MAR 20'), at(5, 30, '01 MAR 2014')];
    expect(valuesOf(lines)['expires_on']).toBeUndefined();
  });

  it('are two for two labels that were taken for one line', () => {
    const lines = [
      at(5, 10, 'DATEOFISSUE/DATEDEDELIVRANCEDATEOFEXPIRY/DATEDEXPIRATION'),
      at(7, 13, '29.07.2016'),
      at(34, 13, '29.07.2026'),
    ];
    expect(valuesOf(lines)).toEqual({ expires_on: '2026-07-29' });
  });

  it('share a line with others', () => {
    const lines = [
      at(5, 10, 'Nationality'),
      at(30, 10, 'Date of birth'),
      at(5, 13, 'MAGYAR/HUNGARIAN22FEB/FEB78'),
    ];
    expect(valuesOf(lines)).toEqual({ nationality: 'HUN', date_of_birth: '1978-02-22' });
  });

  it.each([
    ['M', 'M'],
    ['K/F', 'F'],
    ['N/F', 'F'],
    ['MOT./F', 'F'],
    ['X', 'X'],
    ['MM', 'M'],
    ['Female', 'F'],
    ['W', undefined],
    ['FM', undefined],
  ])('say by %s the sex %s', (text, sex) => {
    expect(valuesOf([at(5, 10, 'Sex/Sexe'), at(5, 13, text)])['sex']).toBe(sex);
  });

  it('do not take the Lithuanian woman for a man', () => {
    expect(
      valuesOf([at(5, 10, 'Pavardė/Surname'), at(60, 10, 'Lytis/Sex'), at(60, 13, 'M')])['sex'],
    ).toBeUndefined();
  });

  it.each([
    ['DEUTSCH', 'D'],
    ['BRITISH CITIZEN', 'GBR'],
    ['Française', 'FRA'],
    ['POLSKIE/POLISH', 'POL'],
    ['CESKAREPUBLIKA/CZECHREPUBLIC', 'CZE'],
    ['REPUBLIC OF CHINA', 'TWN'],
    ["PEOPLE'S REPUBLIC OF CHINA", 'CHN'],
    ['NIGERIAN', 'NGA'],
    ['LITHUANIAM', 'LTU'],
    ['GBR', 'GBR'],
    ['POLSKIE/CZECH', undefined],
    ['MARTIAN', undefined],
  ])('say by %s the nationality %s', (text, code) => {
    expect(valuesOf([at(5, 10, 'Nationality'), at(5, 13, text)])['nationality']).toBe(code);
  });

  it.each([
    ['BUNDESREPUBLIK DEUTSCHLAND', 'D'],
    ['ROMANIA', 'ROU'],
    ['SLOVENSKÁ REPUBLIKA', 'SVK'],
    ['REPUBLIKA SLOVENIJA', 'SVN'],
    ['GEORGIA DRIVER LICENSE', 'USA'],
    ['ONTARIO DRIVER LICENCE', 'CAN'],
  ])('say by the title %s the issuer %s', (title, code) => {
    expect(valuesOf([at(5, 1, title), at(5, 60, 'Surname'), at(5, 63, 'SMITH')])['issuer']).toBe(code);
  });
});

describe('printed dates', () => {
  it.each([
    ['17 MAR 1994', '1994-03-17'],
    ['17MAR1994', '1994-03-17'],
    ['17 MAR/MARS 94', '1994-03-17'],
    ['05 AOÛT 2003', '2003-08-05'],
    ['1.12.2001', '2001-12-01'],
    ['1994-03-17', '1994-03-17'],
    ['17 03 1994', '1994-03-17'],
    ['Date 31.10.1988 X', '1988-10-31'],
    ['17 de marzo de 1994', '1994-03-17'],
    ['March 17, 1994', '1994-03-17'],
    ['12AUG/AOUT74', '1974-08-12'],
    ['22 FEBFEB78', '1978-02-22'],
    ['12 MEI/JUN 1990', '1990-06-12'],
    ['03 stycznia 2001', '2001-01-03'],
    ['14 MÁJ/MAY 85', '1985-05-14'],
    ['3.11.03.1976', '1976-03-11'],
  ])('%s is %s', (text, date) => {
    expect(printedDates(text, 'birth', TODAY, 'day-first')).toEqual([date]);
  });

  it.each([
    '31 FEB 1994',
    '17 XYZ 1994',
    '12345678',
    '99.99.1999',
    'MAR 1994',
    '17 MARIA 94',
    '12 LIS 1999',
    'l8.06.1989',
    '21 08 19B6',
    '1997.11.3O',
  ])('%s is none', (text) => {
    expect(printedDates(text, 'birth', TODAY)).toEqual([]);
  });

  it('gives both readings where the order is unknown', () => {
    expect([...printedDates('03/04/1990', 'birth', TODAY)].sort()).toEqual(['1990-03-04', '1990-04-03']);
  });
});

describe('print that confirms a zone', () => {
  const zone = {
    surname: 'MUELLER LOS',
    given_names: 'ZOE',
    date_of_birth: '1991-07-29',
    expires_on: '2033-03-24',
    document_number: 'RM2491217',
  };
  const confirmed = (...texts: string[]) =>
    [
      ...confirmedByPrint(
        zone,
        texts.map((text) => ({ text })),
        TODAY,
      ),
    ].sort();

  it('is found whatever the marks and the spaces', () => {
    expect(confirmed('MÜLLER-ŁOŚ', 'ZOË', '29 JUL 1991', '24MAR 2033', 'RM 2491217')).toEqual([
      'date_of_birth',
      'document_number',
      'expires_on',
      'given_names',
      'surname',
    ]);
  });

  it('may have lost the marks in reading', () => {
    expect(confirmed('MULLER-LOS')).toEqual(['surname']);
  });

  it('may follow its label', () => {
    expect(confirmed('Surname: MUELLER LOS', 'FN ZOE')).toEqual(['given_names', 'surname']);
  });

  it('may be spread over lines', () => {
    expect(confirmed('MÜLLER', 'ŁOŚ')).toEqual(['surname']);
  });

  it('is not a name of which the zone reads a part only', () => {
    expect(confirmed('MUELLER LOST', 'ZOEY', 'SUZOE')).toEqual([]);
  });

  it('is not another date', () => {
    expect(confirmed('29 JUL 1990', '24 MAR 2032')).toEqual([]);
  });
});

describe('print that contradicts a zone', () => {
  const zone = { surname: 'BRANDT', date_of_birth: '1994-03-17', expires_on: '2033-03-24' };
  const contradicted = (lines: readonly PrintedLine[]) =>
    contradictedByPrint(zone, readPrintedFields(lines, TODAY), confirmedByPrint(zone, lines, TODAY));

  it('is another surname under its label', () => {
    expect(contradicted([at(5, 10, 'Surname'), at(5, 13, 'LINDQVIST')])).toEqual(['surname']);
  });

  it('is another date of birth under its label', () => {
    expect(contradicted([at(5, 10, 'Date of birth'), at(5, 13, '18 MAR 1990')])).toEqual(['date_of_birth']);
  });

  it.each(['BRANDT', 'BRAMDT', 'BRAND', 'VON BRANDT'])('is not a misread or longer surname: %s', (name) => {
    expect(contradicted([at(5, 10, 'Surname'), at(5, 13, name)])).toEqual([]);
  });

  it('is not what was read without certainty', () => {
    expect(contradicted([at(5, 10, 'Surname'), at(5, 13, 'LINDQVIST', 0.8)])).toEqual([]);
  });

  it('is not a date while the right one stands elsewhere on the page', () => {
    const lines = [at(5, 10, 'Date of birth'), at(5, 13, '18 MAR 1990'), at(60, 50, '17 MAR 1994')];
    expect(contradicted(lines)).toEqual([]);
  });
});
