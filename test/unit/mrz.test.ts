import fc from 'fast-check';
import {
  calendarDate,
  checkDigit,
  fitsFormat,
  indistinctColumns,
  isStateCode,
  lowestPerField,
  mrzDate,
  MRZ_FORMATS,
  mrzShape,
  parseMrz,
  settleLookalike,
  significantColumns,
  verifyCheckDigits,
  type MrzFormat,
} from '../../src/domain/mrz.js';

const TODAY = '2026-11-24';

/** The specimens of ICAO 9303 parts 4 to 7, whose state is Utopia. */
const SPECIMENS: Readonly<Record<MrzFormat, readonly string[]>> = {
  TD3: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
  TD1: ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
  TD2: ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'],
  MRVA: ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<'],
  MRVB: ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<'],
};

const replaced = (lines: readonly string[], row: number, column: number, character: string) =>
  lines.map((line, index) =>
    index === row ? line.slice(0, column) + character + line.slice(column + 1) : line,
  );

describe.each(MRZ_FORMATS)('format %s', (format) => {
  const lines = SPECIMENS[format];

  it('holds for the specimen of ICAO 9303', () => {
    expect(fitsFormat(format, lines)).toBe(true);
    expect(Object.values(verifyCheckDigits(format, lines))).not.toContain(false);
  });

  it('is not satisfied by lines of another format', () => {
    for (const other of MRZ_FORMATS) if (other !== format) expect(fitsFormat(other, lines)).toBe(false);
  });

  it('gives the fields of the specimen', () => {
    const { surname, given_names, issuer, sex } = parseMrz(format, lines, TODAY);
    expect([surname, given_names, issuer, sex]).toEqual(['ERIKSSON', 'ANNA MARIA', 'UTO', 'F']);
  });

  it('has masks as long as its lines', () => {
    const { lineCount, lineLength, masks } = mrzShape(format);
    expect(masks.map((mask) => mask.length)).toEqual(new Array(lineCount).fill(lineLength));
    expect(lines.map((line) => line.length)).toEqual(masks.map((mask) => mask.length));
  });

  it('notices any one wrong digit of the date of birth', () => {
    const [row, column] = format === 'TD1' ? [1, 0] : [1, 13];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 9 }), (offset, digit) => {
        const at = column + offset;
        fc.pre(lines[row]?.charAt(at) !== String(digit));
        const changed = replaced(lines, row, at, String(digit));
        expect(verifyCheckDigits(format, changed).date_of_birth).toBe(false);
      }),
    );
  });
});

describe('check digits', () => {
  it('are those of the worked examples in ICAO 9303-3, 4.9', () => {
    expect(checkDigit('520727')).toBe('3');
    expect(checkDigit('AB2134<<<')).toBe('5');
  });

  it('of a visa are three, without a composite', () => {
    expect(Object.keys(verifyCheckDigits('MRVA', SPECIMENS.MRVA))).toEqual([
      'document_number',
      'date_of_birth',
      'expires_on',
    ]);
  });

  it('of an empty optional field may be a filler', () => {
    const line = 'L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<';
    const composite = checkDigit(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43));
    const lines = [SPECIMENS.TD3[0] ?? '', line + composite];
    expect(verifyCheckDigits('TD3', lines)).toMatchObject({ optional_data: true, composite: true });
  });

  it('do not cover names', () => {
    const changed = replaced(SPECIMENS.TD3, 0, 6, 'K');
    expect(Object.values(verifyCheckDigits('TD3', changed))).not.toContain(false);
  });
});

describe('a document number of more than nine characters', () => {
  // The example of ICAO 9303-5, 4.2.4: D23145890734, check digit 9.
  const lines = [
    'I<UTOD23145890<7349<<<<<<<<<<<',
    '3407127M9507122UTO<<<<<<<<<<<2',
    'STEVENSON<<PETER<JOHN<<<<<<<<<',
  ];

  it('goes on in the optional data, its check digit last', () => {
    expect(parseMrz('TD1', lines, TODAY).document_number).toBe('D23145890734');
    expect(verifyCheckDigits('TD1', lines)).toEqual({
      document_number: true,
      date_of_birth: true,
      expires_on: true,
      composite: true,
    });
  });

  it('is noticed when it is wrong', () => {
    expect(verifyCheckDigits('TD1', replaced(lines, 0, 16, '4')).document_number).toBe(false);
  });
});

describe('dates of two-digit years', () => {
  it.each([
    ['740812', 'birth', '1974-08-12'],
    ['261124', 'birth', '2026-11-24'],
    ['261125', 'birth', '1926-11-25'],
    ['260101', 'expiry', '2026-01-01'],
    ['760101', 'expiry', '2076-01-01'],
    ['770101', 'expiry', '1977-01-01'],
    ['980104', 'expiry', '1998-01-04'],
    ['000229', 'birth', '2000-02-29'],
  ] as const)('%s as %s is %s', (digits, kind, date) => {
    expect(mrzDate(digits, kind, TODAY)).toBe(date);
  });

  it.each(['990230', '741312', '74<<<<', '7408', '000000'])('%s is no day', (digits) => {
    expect(mrzDate(digits, 'birth', TODAY)).toBeUndefined();
  });

  it('a birth is never in the future, an expiry at most fifty years ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), (year) => {
        const digits = `${String(year).padStart(2, '0')}0615`;
        expect((mrzDate(digits, 'birth', TODAY) ?? '') <= TODAY).toBe(true);
        expect((mrzDate(digits, 'expiry', TODAY) ?? '') <= '2076-12-31').toBe(true);
      }),
    );
  });

  it('a field with a date that does not exist is absent', () => {
    const fields = parseMrz('TD2', replaced(SPECIMENS.TD2, 1, 15, '9'), TODAY);
    expect(fields.date_of_birth).toBeUndefined();
    expect(fields.expires_on).toBe('2012-04-15');
  });
});

describe('calendar', () => {
  it.each([
    [2024, 2, 29, '2024-02-29'],
    [2100, 2, 29, undefined],
    [1999, 4, 31, undefined],
    [NaN, 4, 1, undefined],
    [94, 4, 1, undefined],
  ])('%s-%s-%s is %s', (year, month, day, date) => {
    expect(calendarDate(year, month, day)).toBe(date);
  });
});

describe('names and codes', () => {
  it('a sole name is a surname', () => {
    const lines = ['P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<', SPECIMENS.TD3[1] ?? ''];
    const fields = parseMrz('TD3', lines, TODAY);
    expect(fields.surname).toBe('ARKFREITH');
    expect(fields).not.toHaveProperty('given_names');
  });

  it('a filler as sex is unspecified, X in print', () => {
    expect(parseMrz('TD2', replaced(SPECIMENS.TD2, 1, 20, '<'), TODAY).sex).toBe('X');
  });

  it('codes of fewer than three letters lose their fillers', () => {
    const lines = ['P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<', SPECIMENS.TD3[1] ?? ''];
    expect(parseMrz('TD3', lines, TODAY).issuer).toBe('D');
  });

  it.each(['UTO', 'D', 'FRA', 'XXA', 'EUE', 'RKS'])('%s is a code of a state or organisation', (code) => {
    expect(isStateCode(code)).toBe(true);
  });

  it.each(['OTO', 'UT', '', '132', 'constructor'])('%s is none', (code) => {
    expect(isStateCode(code)).toBe(false);
  });
});

describe('the layout of names', () => {
  const named = (names: string) => [('P<UTO' + names).padEnd(44, '<'), SPECIMENS.TD3[1] ?? ''];

  it.each([
    'ARKFREITH',
    'VAN<DER<MUELLEN<<HILDE',
    'PAPANDROPOULOUS<<JONATHON<ALEXANDER<T',
    'NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K',
  ])('admits %s', (names) => {
    expect(fitsFormat('TD3', named(names))).toBe(true);
  });

  it.each([
    ['a mark among the fillers', 'ERIKSSON<<ANNA<MARIA<<<<<<<<R'],
    ['a third part', 'ERIKSSON<<ANNA<<MARIA'],
    ['three fillers between words', 'ERIKSSON<<<ANNA'],
    ['a filler before the first word', '<ERIKSSON<<ANNA'],
    ['no name', ''],
  ])('does not admit %s', (_, names) => {
    expect(fitsFormat('TD3', named(names))).toBe(false);
  });
});

describe('letters that no check digit tells from their like', () => {
  const columnsOf = (format: MrzFormat, lines: readonly string[]) =>
    indistinctColumns(format, lines).map((list, row) => list.map((column) => lines[row]?.charAt(column)));

  it('are looked for in what check digits cover', () => {
    const lines = [
      'P<UTOFORTH<<JUSTY<<<<<<<<<<<<<<<<<<<<<<<<<<<',
      'PS98902C36UTO7408122F1204159ZK184226B<<<<<10',
    ];
    expect(columnsOf('TD3', lines)).toEqual([[], ['P', 'S', 'K']]);
    expect(columnsOf('TD1', SPECIMENS.TD1)).toEqual([[], [], []]);
    expect(columnsOf('MRVA', SPECIMENS.MRVA)).toEqual([[], ['L']]);
  });

  it.each(['FP', 'GQ', 'HR', 'JT', 'K<', 'L1', 'S8', 'U0', 'Y4'])('%s', (pair) => {
    const [letter = '', other = ''] = pair;
    expect(checkDigit(`12${letter}456`)).toBe(checkDigit(`12${other}456`));
    expect(checkDigit(`${letter}23`)).toBe(checkDigit(`${other}23`));
    expect(columnsOf('TD2', replaced(SPECIMENS.TD2, 1, 3, letter))).toEqual([[], [letter]]);
  });
});

describe('a letter that looks like a digit', () => {
  const withNumber = (number: string): readonly string[] => {
    const head = number + checkDigit(number) + 'UTO' + '7408122F1204159<<<<<<<';
    const composite = checkDigit(head.slice(0, 10) + head.slice(13, 20) + head.slice(21, 35));
    return [SPECIMENS.TD2[0] ?? '', head + composite];
  };

  it('is settled by the check digits', () => {
    const truth = withNumber('FO2749175');
    const read = replaced(truth, 1, 1, '0');
    expect(settleLookalike('TD2', read)).toEqual({ lines: truth, row: 1, column: 1 });
  });

  it('is left alone where all check digits hold', () => {
    expect(settleLookalike('TD2', withNumber('FO2749175'))).toBeNull();
  });

  it('does not mend a wrong check digit', () => {
    const truth = withNumber('KV4437169');
    const spoilt = replaced(truth, 1, 9, String((Number(truth[1]?.charAt(9)) + 3) % 10));
    expect(settleLookalike('TD2', spoilt)).toBeNull();
  });

  it('is not settled on a visa, whose number has one digit only', () => {
    const lines = replaced(SPECIMENS.MRVA, 1, 5, 'O');
    expect(verifyCheckDigits('MRVA', lines).document_number).toBe(false);
    expect(settleLookalike('MRVA', lines)).toBeNull();
  });
});

describe('what says something in a line', () => {
  it('leaves out padding but for the filler that ends a word, and keeps those that part names', () => {
    const columns = significantColumns('TD2', SPECIMENS.TD2);
    const kept = columns.map((list, row) =>
      list.map((column) => SPECIMENS.TD2[row]?.charAt(column)).join(''),
    );
    expect(kept).toEqual(['I<UTOERIKSSON<<ANNA<MARIA<', 'D231458907UTO7408122F1204159<6']);
  });

  it('gives each field its own lowest value', () => {
    const values = SPECIMENS.TD2.map((line) => [...line].map(() => 0.9));
    // ANNA starts at column 15, padding at 25, the check digit of the birth date stands at 19.
    for (const [row, column, value] of [
      [0, 15, 0.4],
      [0, 30, 0.01],
      [1, 14, 0.3],
      [1, 19, 0.02],
    ] as const)
      values[row]?.splice(column, 1, value);
    expect(lowestPerField('TD2', SPECIMENS.TD2, values)).toMatchObject({
      surname: 0.9,
      given_names: 0.4,
      date_of_birth: 0.3,
      expires_on: 0.9,
      document_number: 0.9,
    });
  });
});
