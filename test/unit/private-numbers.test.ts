import fc from 'fast-check';
import type { PrintedLine } from '../../src/domain/document-fields.js';
import {
  doubtfulNumbers,
  findPrivateNumbers,
  isPaymentCard,
  privateColumns,
} from '../../src/domain/private-numbers.js';
import { luhnHolds, mod1110Holds, verhoeffHolds } from '../../src/domain/private-numbers/check-digits.js';
import { NATIONAL_SCHEMES } from '../../src/domain/private-numbers/national-schemes.js';

/** Characters of print are half as wide as high here. */
const place = (text: string, left: number, middle: number, height = 20): PrintedLine => ({
  text,
  confidence: 0.95,
  left,
  right: left + text.length * height * 0.5,
  middle,
  height,
});
/** Lines below each other, far enough apart to be rows of their own. */
const page = (...texts: readonly string[]): PrintedLine[] =>
  texts.map((text, index) => place(text, 100, 100 + index * 45));

const covered = (lines: readonly PrintedLine[], context = {}): string[] =>
  findPrivateNumbers(lines, context).map(({ line, from, to }) => lines[line]?.text.slice(from, to) ?? '');
const kinds = (lines: readonly PrintedLine[]): string[] => findPrivateNumbers(lines).map(({ kind }) => kind);
const only = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

const grouped = (digits: string, sizes: readonly number[], sign = ' '): string => {
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) parts.push(digits.slice(at, (at += size)));
  return parts.join(sign);
};

/** Appends the one digit that makes a number hold. */
const withCheck = (body: string): string => {
  const digit = [...'0123456789'].find((last) => luhnHolds(body + last));
  return body + (digit ?? '');
};
const digitsOf = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((list) => list.join(''));
const sixteen = fc
  .constantFrom('4', '51', '55', '2221', '2720', '6011', '644', '65', '3528', '3589', '62', '67', '5018')
  .chain((prefix) => digitsOf(15 - prefix.length).map((rest) => withCheck(prefix + rest)));
const american = fc
  .constantFrom('34', '37')
  .chain((prefix) => digitsOf(12).map((rest) => withCheck(prefix + rest)));

describe('check digits', () => {
  it('hold for published examples and for no number with one digit changed', () => {
    const published: readonly (readonly [(digits: string) => boolean, string])[] = [
      [luhnHolds, '79927398713'],
      [mod1110Holds, '33392005961'],
      [verhoeffHolds, '2363'],
    ];
    for (const [holds, number] of published) {
      expect(holds(number)).toBe(true);
      for (let at = 0; at < number.length; at++)
        for (const digit of '0123456789')
          if (digit !== number[at])
            expect(holds(number.slice(0, at) + digit + number.slice(at + 1))).toBe(false);
    }
  });
});

describe('numbers of payment cards', () => {
  it('are covered whole in every layout of sixteen digits', () => {
    const layouts = fc.constantFrom([4, 4, 4, 4], [8, 8], [4, 8, 4], [4, 4, 8], [12, 4], [16]);
    fc.assert(
      fc.property(sixteen, layouts, fc.constantFrom(' ', '-', '  '), (number, layout, sign) => {
        const text = grouped(number, layout, sign);
        expect(covered(page('EXAMPLE BANK', text)).map(only)).toEqual([number]);
      }),
    );
  });

  it('are covered whole in four-six-five', () => {
    fc.assert(
      fc.property(american, fc.constantFrom([4, 6, 5], [4, 11], [15]), (number, layout) => {
        expect(covered(page(grouped(number, layout))).map(only)).toEqual([number]);
      }),
    );
  });

  it('are covered in every box when spread over boxes of one row', () => {
    fc.assert(
      fc.property(sixteen, fc.double({ min: -4, max: 4, noNaN: true }), (number, wobble) => {
        const lines = [0, 1, 2, 3].map((group) =>
          place(number.slice(group * 4, group * 4 + 4), 100 + group * 60, 200 + (group % 2) * wobble),
        );
        expect(covered(lines).join('')).toBe(number);
      }),
    );
  });

  it('are covered when stacked in four rows', () => {
    const number = '4111111111111111';
    const lines = [0, 1, 2, 3].map((group) =>
      place(number.slice(group * 4, group * 4 + 4), 300, 200 + group * 30),
    );
    expect(covered(lines).join('')).toBe(number);
    expect(isPaymentCard(lines)).toBe(true);
  });

  it('are found in other shapes where the page says card', () => {
    const odd = '41 1111 1111 111111';
    expect(covered(page(odd))).toEqual([]);
    expect(covered(page('VISA DEBIT', odd))).toEqual([odd]);
  });

  it.each([
    ['4lll llll llll llll', 'small letters are not read as ones in words without digits', 0],
    ['4111 1111 11I1 1111', 'I for 1', 1],
    ['4O12 8888 8888 1881', 'O for 0', 1],
    ['4012 B888 8888 1881', 'B for 8', 1],
    ['4OOO OOOO OOOO OOO2', 'O for every 0', 0],
    ['5555 5555 5555 4444', 'nothing misread', 1],
    ['S555 5S55 5555 4444', 'S for 5', 1],
    ['VISA 4111 1111 1111 1111 VALID THRU 12/27', 'other words in the line', 1],
    ['4111111111111111  12/27', 'the month of expiry behind it', 1],
  ])('%s (%s)', (text, _why, found) => {
    expect(kinds(page(text))).toEqual(Array(found).fill('payment_card'));
  });

  it('are never found where the Luhn digit fails', () => {
    fc.assert(
      fc.property(digitsOf(16), fc.constantFrom([16], [4, 4, 4, 4], [8, 8]), (digits, layout) => {
        fc.pre(!luhnHolds(digits));
        expect(kinds(page(grouped(digits, layout)))).not.toContain('payment_card');
        expect(isPaymentCard(page(grouped(digits, layout)))).toBe(false);
      }),
    );
  });

  it('are never found outside the ranges of the networks', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom('1', '7', '9', '0', '20', '28', '31', '33', '59')
          .chain((prefix) => digitsOf(15 - prefix.length).map((rest) => withCheck(prefix + rest))),
        (number) => {
          expect(kinds(page('VISA', grouped(number, [4, 4, 4, 4])))).not.toContain('payment_card');
        },
      ),
    );
  });

  const NO_CARDS: readonly (readonly [string, readonly string[]])[] = [
    ['an IBAN in groups', ['IBAN', 'DE89 3704 0044 0532 0130 00']],
    ['an IBAN whose groups would be a card number', ['GB29 4111 1111 1111 1111 11']],
    ['an IBAN that ends like a card number', ['NL02 4111 1111 1111 1111']],
    ['an IBAN read as digits', ['SI56 4111 1111 1111 1111']],
    ['a longer number in groups of four', ['1234 4111 1111 1111 1111']],
    ['a longer run', ['41111111111111110000']],
    ['a telephone number', ['+49 4111 1111 1111 1111', 'TEL 4111111111111111']],
    ['a document number', ['PASSPORT NO 4111111111111111', 'DL NO. 4111111111111111', 'DD 4111111111111111']],
    [
      'a machine-readable zone',
      ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', '4111111111111111UTO7408122F1204159ZE184226B<<<<<10'],
    ],
    ['a line of a zone without fillers', ['IDUTO41111111111111111234567890']],
    ['dates in a row', ['41 11 1111 11 11 1111']],
    ['the IMEI of a telephone', ['IMEI 356938035643809']],
    ['an ISBN', ['ISBN 9780306406157']],
    ['a number within a word', ['AB4111111111111111', '4111111111111111AB']],
    ['boxes of a row that are far apart', []],
  ];
  it.each(NO_CARDS)('are not seen in %s', (_what, texts) => {
    expect(kinds(page(...texts))).not.toContain('payment_card');
    expect(isPaymentCard(page(...texts))).toBe(false);
  });

  it('are not made of groups that stand far apart', () => {
    const lines = [0, 1, 2, 3].map((group) =>
      place('4111 1111 1111 1111'.split(' ')[group] ?? '', 100 + group * 300, 200),
    );
    expect(kinds(lines)).toEqual([]);
  });
});

describe('whether the document itself is a payment card', () => {
  const CARD = ['EXAMPLE BANK', '5555 5555 5555 4444', 'VALID THRU 12/27', 'ANNA ERIKSSON', 'mastercard'];
  it('is seen by number and layout', () => {
    expect(isPaymentCard(page(...CARD))).toBe(true);
    expect(isPaymentCard(page('5555 5555 5555 4444'))).toBe(true);
    expect(isPaymentCard(page('3782 822463 10005', 'AMERICAN EXPRESS'))).toBe(true);
    expect(isPaymentCard(page('5555555555554444', 'DEBIT'))).toBe(true);
  });

  it('takes more than an unbroken number alone', () => {
    expect(isPaymentCard(page('5555555555554444'))).toBe(false);
    expect(isPaymentCard(page('5555555555554444', 'EMPLOYEE'))).toBe(false);
  });

  it('survives one misread digit where two other signs of a card are in view', () => {
    expect(isPaymentCard(page('5555 5555 5555 4445', 'MASTERCARD', 'VALID THRU 12/27'))).toBe(true);
    expect(isPaymentCard(page('5555 5555 5555 4445', 'MASTERCARD'))).toBe(false);
    expect(isPaymentCard(page('1234 5555 5555 4445', 'MASTERCARD', 'VALID THRU 12/27'))).toBe(false);
  });

  it('is denied where a card only lies beside an identity document, and its number is masked all the same', () => {
    const beside = page('PASSPORT', 'Surname', 'ERIKSSON', 'Date of birth', '12 AUG 1974', ...CARD);
    expect(isPaymentCard(beside)).toBe(false);
    expect(covered(beside)).toEqual(['5555 5555 5555 4444']);
    const zone = page(...CARD, 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<');
    expect(isPaymentCard(zone)).toBe(false);
    expect(covered(zone)).toEqual(['5555 5555 5555 4444']);
  });

  it('is denied for identity documents that share words with cards', () => {
    expect(
      isPaymentCard(
        page('UTOPIA', 'IDENTITY CARD', 'Date of birth 12.08.1974', 'VALID UNTIL 12/27', 'D23145890'),
      ),
    ).toBe(false);
    expect(isPaymentCard(page('MASTERCARD', 'VISA', 'VALID THRU 12/27', 'DEBIT'))).toBe(false);
    expect(isPaymentCard([])).toBe(false);
  });
});

/** Numbers that states or their registers have published as examples; in the layout in which they are printed. */
const PUBLISHED: readonly (readonly [label: string, number: string, alone: boolean, state: string | null])[] =
  [
    ['PESEL', '44051401458', true, null],
    ['CNP', '1800101221144', true, null],
    ['Rodné číslo', '710319/2745', true, null],
    ['Personnummer', '811228-9874', true, null],
    ['Personnummer', '19811228-9874', true, null],
    ['Personnummer', '198112289874', true, null],
    ['Henkilötunnus', '131052-308T', true, null],
    ['BSN', '111222333', false, 'NLD'],
    ['Registre national', '85.07.30-033.28', true, null],
    ['NISS', '85073003328', true, null],
    ['Codice fiscale', 'RSSMRA85T10A562S', true, null],
    ['EGN', '7523169263', true, null],
    ['OIB', '33392005961', false, 'HRV'],
    ['JMBG', '0101006500006', true, null],
    ['Isikukood', '37605030299', true, null],
    ['Asmens kodas', '38703181745', true, null],
    ['Personas kods', '161175-19997', true, null],
    ['T.C. Kimlik No', '10000000146', true, null],
    ['CPF', '390.533.447-05', true, null],
    ['RRN', '971013-9019902', true, null],
    ['SSN', '536-90-4399', false, 'USA'],
    ['Aadhaar', '2341 2341 2346', true, null],
    ['Steuer-ID', '36 574 261 809', false, 'D'],
    ['AMKA', '01013099997', true, null],
    ['DNI', '54362315K', false, 'ESP'],
    ['NIE', 'X-2482300-W', true, null],
    ['NIR', '2 95 10 99 126 111 93', true, null],
    ['AHV-Nr.', '756.9217.0769.85', true, null],
    ['HKID', 'A123456(3)', true, null],
    ['CURP', 'BOXW310820HNERXN09', true, null],
    ['Fødselsnummer', '151086 95088', true, null],
    ['Kennitala', '120174-3399', true, null],
    ['Citizen ID number', '11010519491231002X', true, null],
    ['SA ID No', '8001015009087', true, null],
  ];

describe('national numbers', () => {
  it.each(PUBLISHED)('under the label %s: %s', (label, number) => {
    for (const lines of [
      page(`${label} ${number}`),
      page(`${label}: ${number}`),
      page(label, number),
      page(`${label} / Other words`, number),
      [place(label, 100, 100), place(number, 300, 102)],
    ])
      expect(covered(lines)).toEqual([number]);
  });

  it.each(PUBLISHED)('without a label, %s: %s', (_label, number, alone, state) => {
    const lines = page('ERIKSSON', number, 'UTO');
    expect(covered(lines)).toEqual(alone ? [number] : []);
    if (state !== null) expect(covered(lines, { states: [state] })).toEqual([number]);
  });

  it('are covered whole under their label, whatever their grouping', () => {
    const digits = digitsOf(11);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 5 });
    fc.assert(
      fc.property(digits, cuts, fc.constantFrom(' ', '-', '.', '/', ' - '), (number, at, sign) => {
        const bounds = [0, ...at.toSorted((a, b) => a - b), 11];
        const text = bounds
          .slice(1)
          .map((to, index) => number.slice(bounds[index], to))
          .join(sign);
        const lines = page('Name', `PESEL ${text}`, 'WARSZAWA');
        const spans = covered(lines);
        expect(spans.map(only).join('')).toBe(number);
      }),
    );
  });

  /** Numbers of a scheme that is made of digits alone: a date somewhere in the beginning, and an end that fits. */
  function valid({ holds }: (typeof NATIONAL_SCHEMES)[number], length: number, count: number): string[] {
    const found: string[] = [];
    for (let seed = 1; found.length < count && seed < 2000; seed++) {
      const start = ['', '19', '756', '1'][seed % 4] ?? '';
      const random = start + String(Math.imul(seed, 2654435761) >>> 0).repeat(2);
      const date = [1 + (seed % 9), 10 + (seed % 3)].map((part) => String(part).padStart(2, '0')).join('');
      const at = start.length === 3 ? 3 : start.length + (seed % 5);
      const body = (random.slice(0, at) + date + random.slice(at + 4)).slice(0, length - 3);
      const number = Array.from({ length: 1000 }, (_, end) => body + String(end).padStart(3, '0')).find(
        holds,
      );
      if (number !== undefined) found.push(number);
    }
    return found;
  }

  const DIGITS_ONLY = NATIONAL_SCHEMES.filter(({ isWeak }) => !isWeak).flatMap((scheme) =>
    scheme.layouts
      .filter((layout) => /^9+$/.test(layout))
      .map((layout) => [scheme.labels[0] ?? '', valid(scheme, layout.length, 6)] as const),
  );

  it.each(DIGITS_ONLY)(
    'of the scheme %s are found by layout and check digits wherever they stand',
    (_, numbers) => {
      for (const [index, number] of numbers.entries()) {
        const texts = ['ANNA MARIA', 'UTO', 'F'];
        texts.splice(index % 4, 0, number);
        expect(covered(page(...texts))).toEqual([number]);
      }
    },
  );

  it.each([
    ['PESEL440514O1458', '440514O1458', 'glued to its label, O for 0'],
    ['PESEL 4405140I458', '4405140I458', 'I for 1'],
    ['PersonalNo.811228-9874', '811228-9874', 'glued'],
    ['Personal No/Numéro personnel 811228-9874', '811228-9874', 'two languages'],
    ['PERS0NAL N0 811228-9874', '811228-9874', 'a label with digits for letters'],
    ['Persona1 numbor 811228-9874', '811228-9874', 'a label with a wrong letter'],
    ['Rodne cislo 7103192745', '7103192745', 'no slash'],
    ['N.I.S.S. 85073003328', '85073003328', 'a label with full stops'],
    ['BSN 1112.22.333 Geldig tot 01.01.2030', '1112.22.333', 'other words behind'],
    ['PESEL 85010112345 01.01.2030', '85010112345', 'a date behind'],
    ['DNI 12345678 Z', '12345678 Z', 'a letter apart'],
    ['4405140 1458', '4405140 1458', 'a space that is not there, without a label'],
    ['４４０５１４０１４５８', '４４０５１４０１４５８', 'full width digits'],
    ['Pesnal No/Npero 45911231023', '45911231023', 'a label with two letters lost'],
    ['MASTERCARD5555 5555 5555 4444', '5555 5555 5555 4444', 'a card number glued to a word'],
    ['DEBIT CARD NO. 5555 5555 5555 4444', '5555 5555 5555 4444', 'the number of a card'],
  ])('%s → %s (%s)', (text, number) => {
    expect(covered(page(text))).toEqual([number]);
  });

  it('below a label are taken from its own column, and dates are none', () => {
    const row = [place('Sex', 100, 100), place('Personal No', 200, 100), place('Date of birth', 500, 100)];
    const values = [place('F', 100, 130), place('811228-9874', 200, 130), place('28.12.1981', 500, 130)];
    expect(covered([...row, ...values])).toEqual(['811228-9874']);
    const melted = [...row, place('F        811228-9874                  28.12.1981', 100, 130)];
    expect(covered(melted)).toEqual(['811228-9874']);
    expect(covered([...row, values[0]!, values[2]!])).toEqual([]);
    expect(
      covered([
        place('Personal No', 100, 100),
        place('Date of birth', 100, 130),
        place('28 DEC 1981', 100, 160),
      ]),
    ).toEqual([]);
  });

  it('are masked though they are the document’s own number where the label says what they are', () => {
    expect(covered(page('DNI NÚM.', '54362315K'), { document_number: '54362315K', states: ['ESP'] })).toEqual(
      ['54362315K'],
    );
    expect(covered(page('44051401458'), { document_number: '44051401458' })).toEqual([]);
  });

  it('in field 4d of a European driving licence are covered, the licence’s own number is not', () => {
    const european = page(
      '1. ERIKSSON',
      '2. ANNA',
      '3. 12.08.1974 UTOPIA',
      '4a. 01.02.2020 4b. 01.02.2030',
      '4d. 740812-1234',
      '5. 123456789',
    );
    expect(covered(european)).toEqual(['740812-1234']);
    const american = page(
      '4d DLN 99 999 999',
      '4a ISS 01/02/2020',
      '4b EXP 01/02/2028',
      '5 DD 12345678901234',
    );
    expect(covered(american)).toEqual([]);
  });

  const NONE: readonly (readonly [string, readonly string[]])[] = [
    [
      'numbers of passports and cards',
      ['Passport No', 'L898902C3', 'Document number AB1234567', 'Identity Card No D23145890', 'T22000129'],
    ],
    ['dates', ['12 AUG/AOUT 1974', '12.08.1974', '1974-08-12', '12081974', '19740812']],
    ['telephone numbers', ['+48 601 123 456', 'TEL 44051401458', '+46 8 1122 8987']],
    ['an IBAN', ['PL61 1090 1014 0000 0712 1981 2874']],
    [
      'zones',
      [
        'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
        'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
        '44051401458<<<<<<<<<<<<<<<<<<<',
      ],
    ],
    [
      'words that begin like a label',
      ['NATIONAL IDENTITY CARD', 'T22000129', 'PERSONAL', 'T22000129', 'IDENTIFICATION', 'T22000129'],
    ],
    ['words that were read with a digit', ['KOD OSOBNI', 'Rodne cislo', '01PRMENE/SURNAME']],
    ['labels without a number', ['Nationality', 'UTOPIAN', 'Personal No', 'ERIKSSON', 'PESEL']],
    ['words that hold short labels', ['BIRTHPLACE 1234567890', 'ARCTIC 7103192745A', 'SSNAKE 536904399']],
    ['the nationality’s neighbours', ['Nationality / Nationalité', 'UTO 12345678']],
    ['sizes and codes', ['HEIGHT 180 cm', 'CLASS B', 'RESTR 01.06', 'CODE 95(15.03.25)', '6 1234 5678']],
    [
      'a number with a wrong check digit',
      ['44051401459', '131052-308U', 'RSSMRA85T10A562T', '756.9217.0769.84', '390.533.447-06'],
    ],
    [
      'a number that is part of a longer one',
      ['144051401458', '44051401458-1', '1-44051401458', 'A44051401458'],
    ],
  ];
  it.each(NONE)('are not seen in %s', (_what, texts) => {
    expect(covered(page(...texts))).toEqual([]);
  });

  it('are found among random numbers of eleven digits seldom', () => {
    let found = 0;
    for (let n = 0; n < 4000; n++) {
      const digits = String(Math.imul(n + 1, 2654435761) >>> 0).padStart(10, '7') + String((n * 7) % 10);
      found += covered(page(digits)).length;
    }
    expect(found / 4000).toBeLessThan(0.06);
  });
});

describe('numbers that were perhaps misread', () => {
  const doubtful = (lines: readonly PrintedLine[], context = {}, isSure = true): readonly number[] =>
    [...doubtfulNumbers(lines, context, () => isSure)].sort((a, b) => a - b);
  const forms = NATIONAL_SCHEMES.flatMap(({ layouts, states }) =>
    layouts.map((layout) => ({ layout, states })),
  );
  const inLayout = fc.constantFrom(...forms).chain(({ layout, states }) =>
    fc
      .tuple(
        ...[...layout].map((sign) =>
          sign === 'A' ? fc.constantFrom(...'BCEFHK') : fc.constantFrom(...'23456789'),
        ),
      )
      .map((characters) => ({
        states,
        text: [...layout]
          .map((sign, index) => (/[9AX]/.test(sign) ? characters[index] : sign === 'S' ? '-' : sign))
          .join(''),
      })),
  );

  it('are those that have the form of a known one, whatever their characters', () => {
    fc.assert(
      fc.property(inLayout, ({ text, states }) => {
        // Few digits are left of an Italian or a Mexican one in the worst case: then it is not seen that it is a number.
        fc.pre(only(text).replace(/\D/g, '').length * 2 >= only(text).length);
        fc.pre(text.split(/[ ./()+-]+/).every((word) => word === '' || /\d/.test(word)));
        expect(doubtful(page('SPECIMEN', text), { states })).toEqual([1]);
      }),
    );
  });

  it('may have lost a character, unless the line was read surely', () => {
    const lines = page('8501019876', 'NAME');
    expect(doubtful(lines, { states: ['POL'] }, false)).toEqual([0]);
    expect(doubtful(page('850101987'), {}, true)).toEqual([]);
    expect(doubtful(page('850101987'), {}, false)).toEqual([0]);
  });

  it('may stand in two lines side by side', () => {
    const [name, ...rest] = page('SPECIMEN', '850101', 'OTHER');
    const beside = place('98765', 175, rest[0]?.middle ?? 0);
    expect(doubtful([...(name ? [name] : []), ...rest, beside])).toEqual([1, 3]);
  });

  it('are no dates, years, numbers of the document, and nothing shorter', () => {
    const lines = page(
      '12 AUG/AOUT 1974',
      '22.06.1969',
      'PASSFACTORY 2004 200S',
      'REV. (02-2009)',
      '000O00000',
      '00000473',
    );
    expect(doubtful(lines, { document_number: '000000000', states: ['TWN'] })).toEqual([]);
  });

  it('of a payment card are among them', () => {
    expect(doubtful(page('4111 1111 1111 111'))).toEqual([0]);
  });
});

describe('places on paper', () => {
  it('lie within the line, cover the characters, and reach to its end where nothing else follows', () => {
    const lines = page('Personal No  811228-9874', 'X', '811228-9874 SWE');
    const spans = findPrivateNumbers(lines);
    expect(spans.map(({ line }) => line)).toEqual([0, 2]);
    const [behind, first] = spans;
    expect(behind?.end).toBe(1);
    expect(behind?.start).toBeGreaterThan(0.3);
    expect(behind?.start).toBeLessThan(13 / 24);
    expect(first?.start).toBe(0);
    expect(first?.end).toBeGreaterThan(11 / 15);
    expect(first?.end).toBeLessThan(1);
  });

  it('never say a number, and are the same however often they are asked for', () => {
    const lines = page('PESEL 44051401458', '4111 1111 1111 1111');
    const spans = findPrivateNumbers(lines);
    expect(JSON.stringify(spans)).not.toMatch(/44051401458|1111/);
    expect(findPrivateNumbers(lines)).toEqual(spans);
  });

  it('are found in any text without harm', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 8 }), (texts) => {
        const lines = page(...texts);
        for (const { line, from, to, start, end } of findPrivateNumbers(lines)) {
          const { text } = lines[line]!;
          expect(from).toBeLessThan(to);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(1);
          expect(start).toBeLessThan(end);
        }
        expect(typeof isPaymentCard(lines)).toBe('boolean');
      }),
    );
  });

  it('take no longer for long texts of an attacker than for a page', () => {
    for (const unit of ['1', '1 ', '1-', 'O0', 'PERSONAL ', '4111 ', '9.', 'A1', '<']) {
      const lines = page(unit.repeat(3000 / unit.length));
      expect(() => findPrivateNumbers(lines)).not.toThrow();
    }
  });
});

describe('columns of a zone', () => {
  const line = (text: string, length: number) => text.padEnd(length, '<');
  it.each([
    ['TD3', [line('P<UTOERIKSSON<<ANNA', 44), 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'], [[1, 28, 37]]],
    ['TD3', [line('P<UTOERIKSSON<<ANNA', 44), 'L898902C36UTO7408122F1204159<<<<<<<<<<<<<<04'], []],
    ['TD3', [line('P<UTOERIKSSON<<ANNA', 44), 'L898902C36UTO7408122F12041598112289874<<<<10'], [[1, 28, 38]]],
    ['TD2', [line('I<UTOERIKSSON<<ANNA', 36), 'D231458907UTO7408122F1204159ZE184226'], [[1, 28, 35]]],
    ['TD2', [line('I<UTOERIKSSON<<ANNA', 36), 'D23145890<UTO7408122F120415973<<1236'], [[1, 32, 35]]],
    [
      'TD1',
      [
        'I<UTOD231458907' + line('44051401458', 15),
        '7408122F1204159UTO<<<<<<<<<<<6',
        line('ERIKSSON<<ANNA', 30),
      ],
      [[0, 15, 26]],
    ],
    [
      'TD1',
      ['I<UTOD231458907' + line('', 15), '7408122F1204159UTO850730033286', line('ERIKSSON<<ANNA', 30)],
      [[1, 18, 29]],
    ],
    [
      'TD1',
      ['I<UTOD23145890<' + line('7349', 15), '7408122F1204159UTO<<<<<<<<<<<6', line('ERIKSSON<<ANNA', 30)],
      [],
    ],
    [
      'MRVA',
      [line('V<UTOERIKSSON<<ANNA', 44), 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<'],
      [[1, 28, 38]],
    ],
    ['MRVB', [line('V<UTOERIKSSON<<ANNA', 36), 'L8988901C4XXX4009078F9612109<<<<<<<<'], []],
  ] as const)('%s %j', (format, lines, expected) => {
    expect(privateColumns(format, lines).map(({ line: row, from, to }) => [row, from, to])).toEqual(expected);
  });

  it('stay within the zone, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('TD1', 'TD2', 'TD3', 'MRVA', 'MRVB'),
        fc.array(fc.stringMatching(/^[A-Z0-9<]{0,44}$/), { maxLength: 3 }),
        (format, lines) => {
          for (const { line: row, from, to } of privateColumns(format, lines)) {
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(lines[row]?.length ?? 0);
          }
        },
      ),
    );
  });
});
