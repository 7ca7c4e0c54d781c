import { isDay, luhnHolds, mod1110Holds, numberAt, verhoeffHolds, weightedSum } from './check-digits.js';

/**
 * A scheme of national numbers. Layouts are written with `9` for a digit, `A` for a letter, `X` for either, `S` for a sign that tells the
 * century; every other character stands for itself (a hyphen for any dash).
 */
export interface NationalScheme {
  /** As labels print it, upper case, letters and digits only. */
  readonly labels: readonly string[];
  /** ICAO codes of the states that issue it. */
  readonly states: readonly string[];
  /** Letters and digits that a number has, the least and the most. */
  readonly lengths: readonly [number, number];
  /** Forms in which it is looked for where no label says what it is. Empty: under its label only. */
  readonly layouts: readonly string[];
  /** Whether such a number can be one, by its date and its check digits; letters and digits only, in upper case. */
  readonly holds: (number: string) => boolean;
  /** One in more than fifty random numbers passes: without a label it is believed only on a document of its own state. */
  readonly isWeak?: true;
}

const always = (): boolean => true;

/** Whether a date stands in a number: `YYMMDD` or `DDMMYY` at a place, with what some states add to month or day taken off. */
function hasDate(
  digits: string,
  order: 'ymd' | 'dmy',
  at: number,
  added: { readonly months?: readonly number[]; readonly days?: readonly number[] } = {},
): boolean {
  const month = numberAt(digits, at + 2, at + 4);
  const day = order === 'ymd' ? numberAt(digits, at + 4, at + 6) : numberAt(digits, at, at + 2);
  return [0, ...(added.months ?? [])].some((months) =>
    [0, ...(added.days ?? [])].some((days) => isDay(month - months, day - days)),
  );
}

const lastDigit = (digits: string): number => Number(digits.at(-1));

/** Ten digits by weights over the first nine (Bulgaria) or so, modulus 11, where ten counts as nought. */
const mod11Of = (digits: string, weights: readonly number[]): number =>
  (weightedSum(digits, weights) % 11) % 10;

/** Poland, PESEL (act of 24 September 2010 on the population register, art. 15–19). */
const pesel = (digits: string): boolean =>
  hasDate(digits, 'ymd', 0, { months: [20, 40, 60, 80] }) &&
  weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;

/** Romania, cod numeric personal. */
const cnp = (digits: string): boolean => {
  const rest = weightedSum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return digits[0] !== '0' && hasDate(digits, 'ymd', 1) && (rest === 10 ? 1 : rest) === lastDigit(digits);
};

/** Czech Republic and Slovakia, rodné číslo: divisible by 11, with a few of 1954 to 1985 whose rest of ten was written as nought. */
const rodneCislo = (digits: string): boolean => {
  if (!hasDate(digits, 'ymd', 0, { months: [20, 50, 70] })) return false;
  if (digits.length === 9) return true;
  return Number(digits) % 11 === 0 || (Number(digits.slice(0, 9)) % 11 === 10 && digits.endsWith('0'));
};

/** Sweden, personnummer and samordningsnummer (day plus 60), with or without century. */
const personnummer = (digits: string): boolean => {
  const short = digits.slice(-10);
  const century = digits.slice(0, -10);
  return (
    ['', '18', '19', '20'].includes(century) && hasDate(short, 'ymd', 0, { days: [60] }) && luhnHolds(short)
  );
};

/** Finland, henkilötunnus: the rest by 31 names the last character. */
const henkilotunnus = (number: string): boolean => {
  const digits = number.slice(0, 6) + number.slice(-4, -1);
  return (
    /^\d{9}$/.test(digits) &&
    hasDate(digits, 'dmy', 0) &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(digits) % 31) === number.at(-1)
  );
};

/** Netherlands, burgerservicenummer: the eleven-test. */
const bsn = (digits: string): boolean =>
  weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(digits) > 0;

/** Belgium, rijksregisternummer: 97 less the rest of the first nine, a 2 before them for births from 2000 on. */
const nationalRegister = (digits: string): boolean => {
  const [month, day] = [numberAt(digits, 2, 4) % 20, numberAt(digits, 4, 6)];
  const check = numberAt(digits, 9, 11);
  const first = digits.slice(0, 9);
  return month <= 12 && day <= 31 && [first, `2${first}`].some((body) => 97 - (Number(body) % 97) === check);
};

/** Values of characters in odd places of a codice fiscale, digits then letters (decree of 23 December 1976). */
const ODD_PLACES = [
  ...[1, 0, 5, 7, 9, 13, 15, 17, 19, 21],
  ...[1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23],
] as const;

const baseValue = (character: string): number => parseInt(character, 36);

/** Italy, codice fiscale. */
const codiceFiscale = (number: string): boolean => {
  const sum = [...number.slice(0, 15)].reduce((total, character, place) => {
    const value = baseValue(character);
    const even = value < 10 ? value : value - 10;
    return total + (place % 2 === 0 ? (ODD_PLACES[value] ?? 0) : even);
  }, 0);
  return /[ABCDEHLMPRST]/.test(number.charAt(8)) && baseValue(number.charAt(15)) - 10 === sum % 26;
};

/** Bulgaria, EGN. */
const egn = (digits: string): boolean =>
  hasDate(digits, 'ymd', 0, { months: [20, 40] }) &&
  mod11Of(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) === lastDigit(digits);

/** The states that came out of Yugoslavia, JMBG. */
const jmbg = (digits: string): boolean => {
  const check = 11 - (weightedSum(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (
    hasDate(digits, 'dmy', 0) &&
    /[09]/.test(digits.charAt(4)) &&
    (check > 9 ? 0 : check) === lastDigit(digits)
  );
};

/** Estonia and Lithuania: one set of weights, and a second where the first leaves ten. */
const balticCode = (digits: string): boolean => {
  const first = weightedSum(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first < 10 ? first : mod11Of(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]);
  return /^[1-8]/.test(digits) && hasDate(digits, 'ymd', 1) && check === lastDigit(digits);
};

/** Latvia, personas kods; those given since 2017 begin with 32 and bear no date. */
const personasKods = (digits: string): boolean =>
  digits.startsWith('32') ||
  (hasDate(digits, 'dmy', 0) &&
    ((1101 - weightedSum(digits, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 10 === lastDigit(digits));

/** Turkey, T.C. kimlik numarası. */
const kimlikNo = (digits: string): boolean => {
  const odd = weightedSum(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weightedSum(digits, [0, 1, 0, 1, 0, 1, 0, 1]);
  return (
    digits[0] !== '0' &&
    (((odd * 7 - even) % 10) + 10) % 10 === Number(digits[9]) &&
    weightedSum(digits, Array<number>(10).fill(1)) % 10 === lastDigit(digits)
  );
};

/** Brazil, CPF: two check digits; eleven times the same digit satisfies them and is none. */
const cpf = (digits: string): boolean => {
  const check = (length: number): number =>
    ((weightedSum(
      digits.slice(0, length),
      Array.from({ length }, (_, place) => length + 1 - place),
    ) *
      10) %
      11) %
    10;
  return !/^(\d)\1+$/.test(digits) && check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
};

/** Korea: numbers given since October 2020 bear no check digit, so that date and century are all there is. */
const residentRegistration = (digits: string): boolean =>
  hasDate(digits, 'ymd', 0) && /[0-9]/.test(digits.charAt(6)) && digits.length === 13;

/** Greece, AMKA. */
const amka = (digits: string): boolean => hasDate(digits, 'dmy', 0) && luhnHolds(digits);

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain, DNI and NIE (order of 7 February 1997 and royal decree 557/2011): the rest by 23 names the letter. */
const dni = (number: string): boolean => {
  const digits = number.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return /^\d+$/.test(digits) && DNI_LETTERS.charAt(Number(digits) % 23) === number.at(-1);
};

/** France, numéro d'inscription au répertoire, with its key. */
const nir = (digits: string): boolean =>
  /^[1278]/.test(digits) &&
  numberAt(digits, 3, 5) >= 1 &&
  97 - (Number(digits.slice(0, 13)) % 97) === numberAt(digits, 13, 15);

/** Switzerland, AHV number: a GS1 number under the prefix of the country. */
const ahv = (digits: string): boolean =>
  digits.startsWith('756') &&
  (10 - (weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === lastDigit(digits);

/** Hong Kong: one or two letters, six digits, a check digit in brackets. */
const hkid = (number: string): boolean => {
  const padded = number.length === 8 ? ` ${number}` : number;
  const sum = [...padded.slice(0, 8)].reduce(
    (total, character, place) => total + (character === ' ' ? 36 : baseValue(character)) * (9 - place),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return (check === 10 ? 'A' : String(check)) === padded.at(-1);
};

/** Mexico, CURP: a date and the sex after four letters. */
const curp = (number: string): boolean => hasDate(number, 'ymd', 4) && /[HMX]/.test(number.charAt(10));

/** Norway, fødselsnummer (D numbers: day plus 40), with two check digits. */
const fodselsnummer = (digits: string): boolean =>
  hasDate(digits, 'dmy', 0, { days: [40], months: [40, 65, 80] }) &&
  weightedSum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Denmark: the check digit has not been kept to since 2007. */
const cpr = (digits: string): boolean => hasDate(digits, 'dmy', 0);

/** Iceland, kennitala. */
const kennitala = (digits: string): boolean =>
  hasDate(digits, 'dmy', 0) && weightedSum(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** China, resident identity number (GB 11643): ISO/IEC 7064, MOD 11-2. */
const residentIdentity = (number: string): boolean => {
  const rest = weightedSum(number, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
  return hasDate(number, 'ymd', 8) && '10X98765432'.charAt(rest) === number.at(-1);
};

/** South Africa. */
const southAfrican = (digits: string): boolean => hasDate(digits, 'ymd', 0) && luhnHolds(digits);

/** Every scheme that is known. The first is for what labels call a national number without saying whose. */
export const NATIONAL_SCHEMES: readonly NationalScheme[] = [
  {
    labels: [
      ...[
        'PERSONALNO',
        'PERSONALNUMBER',
        'PERSONALNR',
        'PERSONALNUMMER',
        'PERSONALCODE',
        'PERSONALIDNO',
        'PERSNR',
      ],
      ...['PERSONALIDENTIFICATIONNUMBER', 'PERSONALIDENTIFICATIONNO', 'PERSONALIDENTIFICATIONCODE'],
      ...['PERSONALIDENTITYNUMBER', 'PERSONALIDENTITYCODE', 'PERSONALIDNUMBER', 'PERSONALIDENTITYNO'],
      ...['NATIONALIDNO', 'NATIONALIDNUMBER', 'NATIONALID', 'NATIONALIDENTITYNUMBER', 'NATIONALIDENTITYNO'],
      ...['NATIONALIDENTIFICATIONNUMBER', 'NATIONALNUMBER', 'NATIONALREGISTERNUMBER', 'NATIONALNO'],
      ...[
        'IDENTITYNUMBER',
        'IDENTITYNO',
        'IDENTIFICATIONNUMBER',
        'IDENTIFICATIONNO',
        'IDNUMBER',
        'IDNO',
        'IDNR',
      ],
      ...['CIVILIDNO', 'CIVILID', 'CITIZENSHIPNUMBER', 'UNIQUEIDENTIFICATIONNUMBER', 'UNIQUECITIZENNUMBER'],
      ...['NOPERSONNEL', 'NUMEROPERSONNEL', 'NUMERODIDENTIFICATIONPERSONNEL', 'NODIDENTIFICATIONPERSONNEL'],
      ...[
        'NUMERODIDENTITENATIONALE',
        'PERSONENNUMMER',
        'PERSONENKENNZAHL',
        'NUMEROPERSONAL',
        'NUMEROPERSONALE',
      ],
      ...['NUMERODEIDENTIFICACION', 'NUMERODEIDENTIDAD', 'CODICEPERSONALE', 'NUMERODIDENTIFICAZIONE'],
      ...['NUMERODEIDENTIFICACAO', 'NUMEROPESSOAL', 'OSOBNIBROJ', 'OSOBNOCISLO', 'NUMERIPERSONAL'],
      ...['SOCIALSECURITYNUMBER', 'SOCIALSECURITYNO', 'SOCIALINSURANCENUMBER', 'SOCIALINSURANCENO'],
      ...['TAXIDENTIFICATIONNUMBER', 'TAXPAYERIDENTIFICATIONNUMBER', 'TAXNUMBER', 'TAXID'],
      ...[
        'NATIONALINSURANCENUMBER',
        'NATIONALINSURANCENO',
        'NHSNUMBER',
        'NHSNO',
        'PPSNO',
        'PPSNUMBER',
        'PPSN',
      ],
    ],
    states: [],
    lengths: [5, 20],
    layouts: [],
    holds: always,
  },
  {
    labels: ['PESEL', 'NRPESEL', 'NUMERPESEL'],
    states: ['POL'],
    lengths: [11, 11],
    layouts: ['99999999999'],
    holds: pesel,
  },
  {
    labels: ['CNP', 'CODNUMERICPERSONAL'],
    states: ['ROU', 'MDA'],
    lengths: [13, 13],
    layouts: ['9999999999999'],
    holds: cnp,
  },
  {
    labels: ['RC', 'RODNECISLO', 'BIRTHNUMBER', 'RODC'],
    states: ['CZE', 'SVK'],
    lengths: [9, 10],
    layouts: ['999999/9999', '999999/999'],
    holds: rodneCislo,
  },
  {
    labels: ['PERSONNUMMER', 'PERSONNR', 'SAMORDNINGSNUMMER', 'SAMORDNINGSNR'],
    states: ['SWE', 'DNK', 'NOR'],
    lengths: [10, 12],
    layouts: ['999999-9999', '999999+9999', '99999999-9999', '999999999999'],
    holds: personnummer,
  },
  {
    labels: ['HENKILOTUNNUS', 'HETU', 'PERSONBETECKNING'],
    states: ['FIN'],
    lengths: [10, 11],
    layouts: ['999999S999X'],
    holds: henkilotunnus,
  },
  {
    labels: ['BSN', 'BURGERSERVICENUMMER', 'SOFINUMMER'],
    states: ['NLD'],
    lengths: [9, 9],
    layouts: ['999999999'],
    holds: bsn,
    isWeak: true,
  },
  {
    labels: [
      ...['NISS', 'INSZ', 'RIJKSREGISTERNUMMER', 'RIJKSREGISTERNR', 'REGISTRENATIONAL', 'NOREGISTRENATIONAL'],
      ...[
        'NUMERODEREGISTRENATIONAL',
        'NATIONALREGISTER',
        'IDENTIFICATIENUMMERVANHETRIJKSREGISTER',
        'NATIONALREGISTERNR',
      ],
      ...['IDENTIFICATIONNUMBEROFTHENATIONALREGISTER', 'NUMERODIDENTIFICATIONDUREGISTRENATIONAL'],
    ],
    states: ['BEL'],
    lengths: [11, 11],
    layouts: ['99.99.99-999.99', '999999-999.99', '99999999999'],
    holds: nationalRegister,
  },
  {
    labels: ['CODICEFISCALE', 'FISCALCODE', 'CODFISCALE', 'CODFISC'],
    states: ['ITA'],
    lengths: [16, 16],
    layouts: ['AAAAAAXXAXXAXXXA', 'AAA AAA XXAXX AXXXA'],
    holds: codiceFiscale,
  },
  { labels: ['EGN', 'ЕГН', 'ЛНЧ'], states: ['BGR'], lengths: [10, 10], layouts: ['9999999999'], holds: egn },
  {
    labels: ['OIB', 'OSOBNIIDENTIFIKACIJSKIBROJ'],
    states: ['HRV'],
    lengths: [11, 11],
    layouts: ['99999999999'],
    holds: mod1110Holds,
    isWeak: true,
  },
  {
    labels: [
      'JMBG',
      'ЈМБГ',
      'EMSO',
      'EMBG',
      'ЕМБГ',
      'MATICNIBROJ',
      'JEDINSTVENIMATICNIBROJ',
      'UNIQUEMASTERCITIZENNUMBER',
    ],
    states: ['SRB', 'SVN', 'BIH', 'MNE', 'MKD', 'HRV', 'RKS'],
    lengths: [13, 13],
    layouts: ['9999999999999'],
    holds: jmbg,
  },
  {
    labels: ['ISIKUKOOD', 'ASMENSKODAS', 'ASMKODAS'],
    states: ['EST', 'LTU'],
    lengths: [11, 11],
    layouts: ['99999999999'],
    holds: balticCode,
  },
  {
    labels: ['PERSONASKODS', 'PERSKODS'],
    states: ['LVA'],
    lengths: [11, 11],
    layouts: ['999999-99999'],
    holds: personasKods,
  },
  {
    labels: ['TCKIMLIKNO', 'TCKIMLIKNUMARASI', 'TRIDENTITYNO', 'TRIDNO', 'KIMLIKNO', 'TCKN', 'VATANDASLIKNO'],
    states: ['TUR'],
    lengths: [11, 11],
    layouts: ['99999999999'],
    holds: kimlikNo,
  },
  {
    labels: ['CPF', 'CPFNO', 'CADASTRODEPESSOASFISICAS'],
    states: ['BRA'],
    lengths: [11, 11],
    layouts: ['999.999.999-99', '999999999-99', '99999999999'],
    holds: cpf,
  },
  {
    labels: ['RRN', 'RESIDENTREGISTRATIONNUMBER', 'RESIDENTREGISTRATIONNO'],
    states: ['KOR'],
    lengths: [13, 13],
    layouts: ['999999-9999999'],
    holds: residentRegistration,
  },
  {
    labels: ['SSN', 'SSNO', 'SOCSECNO'],
    states: ['USA'],
    lengths: [9, 9],
    layouts: ['999-99-9999'],
    holds: always,
    isWeak: true,
  },
  {
    labels: ['AADHAAR', 'AADHAARNO', 'AADHAARNUMBER', 'UID', 'UIDAI'],
    states: ['IND'],
    lengths: [12, 16],
    layouts: ['9999 9999 9999'],
    holds: (digits) => /^[2-9]/.test(digits) && verhoeffHolds(digits),
  },
  {
    labels: [
      'STEUERID',
      'STEUERIDENTIFIKATIONSNUMMER',
      'STEUERLICHEIDENTIFIKATIONSNUMMER',
      'STEUERIDNR',
      'STEUERNUMMER',
    ],
    states: ['D'],
    lengths: [10, 13],
    layouts: ['99 999 999 999'],
    holds: mod1110Holds,
    isWeak: true,
  },
  { labels: ['AMKA', 'ΑΜΚΑ'], states: ['GRC'], lengths: [11, 11], layouts: ['99999999999'], holds: amka },
  {
    labels: ['DNI', 'NIF', 'NUMDNI', 'DNINUM', 'DNINO', 'NIFNO', 'CIF'],
    states: ['ESP'],
    lengths: [8, 9],
    layouts: ['99999999A', '99999999-A', '99.999.999-A'],
    holds: dni,
    isWeak: true,
  },
  {
    labels: ['NIE', 'NIENO', 'NUMERODEIDENTIDADDEEXTRANJERO'],
    states: ['ESP'],
    lengths: [8, 9],
    layouts: ['A9999999A', 'A-9999999-A', 'A9999999-A', 'A-9999999A'],
    holds: (number) => /^[XYZ]/.test(number) && dni(number),
  },
  {
    labels: ['NIR', 'NUMERODESECURITESOCIALE', 'NODESECURITESOCIALE', 'SECURITESOCIALE'],
    states: ['FRA'],
    lengths: [13, 15],
    layouts: ['9 99 99 99 999 999 99', '999999999999999', '9999999999999 99'],
    holds: nir,
  },
  {
    labels: ['AHVNR', 'AVSNR', 'NOAVS', 'AHVNUMMER', 'NUMEROAVS', 'AHV', 'AHVAVS'],
    states: ['CHE', 'LIE'],
    lengths: [13, 13],
    layouts: ['999.9999.9999.99', '9999999999999'],
    holds: ahv,
  },
  {
    labels: ['SVNR', 'SOZIALVERSICHERUNGSNUMMER', 'VERSICHERUNGSNUMMER', 'SVNUMMER'],
    states: ['AUT', 'D'],
    lengths: [10, 12],
    layouts: [],
    holds: always,
  },
  {
    labels: ['HKID', 'HKIDNO', 'HKIC', 'HKICNO'],
    states: ['HKG'],
    lengths: [8, 9],
    layouts: ['A999999(X)', 'AA999999(X)'],
    holds: hkid,
  },
  {
    labels: ['CURP', 'CLAVEUNICADEREGISTRODEPOBLACION'],
    states: ['MEX'],
    lengths: [18, 18],
    layouts: ['AAAA999999AAAAAAX9'],
    holds: curp,
  },
  {
    labels: ['FODSELSNUMMER', 'FODSELSNR', 'FODSELSOGPERSONNUMMER'],
    states: ['NOR'],
    lengths: [11, 11],
    layouts: ['99999999999', '999999 99999'],
    holds: fodselsnummer,
  },
  {
    labels: ['CPR', 'CPRNR', 'CPRNUMMER', 'CPRNO'],
    states: ['DNK', 'GRL', 'FRO'],
    lengths: [10, 10],
    layouts: ['999999-9999'],
    holds: cpr,
    isWeak: true,
  },
  {
    labels: ['KENNITALA', 'IDNOKENNITALA'],
    states: ['ISL'],
    lengths: [10, 10],
    layouts: ['999999-9999'],
    holds: kennitala,
  },
  {
    labels: [
      'CITIZENIDENTITYNUMBER',
      'CITIZENIDNUMBER',
      'RESIDENTIDENTITYNUMBER',
      '公民身份号码',
      '身份证号码',
    ],
    states: ['CHN'],
    lengths: [15, 18],
    layouts: ['99999999999999999X'],
    holds: residentIdentity,
  },
  {
    labels: ['SAIDNO', 'SAIDNUMBER', 'IDENTITEITSNOMMER'],
    states: ['ZAF'],
    lengths: [13, 13],
    layouts: ['9999999999999', '999999 9999 99 9'],
    holds: southAfrican,
  },
  {
    labels: ['SZEMELYIAZONOSITO', 'SZEMELYISZAM', 'PERSONALIDENTIFIER'],
    states: ['HUN'],
    lengths: [11, 11],
    layouts: [],
    holds: always,
  },
  {
    labels: ['CEDULA', 'CEDULADEIDENTIDAD', 'CEDULADECIUDADANIA', 'NUIP', 'NUMERODECEDULA'],
    states: ['COL', 'ECU', 'VEN', 'URY', 'BOL'],
    lengths: [6, 11],
    layouts: [],
    holds: always,
  },
  {
    labels: ['RUN', 'RUT', 'RUNNO'],
    states: ['CHL'],
    lengths: [8, 9],
    layouts: ['99.999.999-X'],
    holds: always,
  },
  {
    labels: ['NIK', 'MYKAD', 'NOKP', 'NOKADPENGENALAN', 'NRIC', 'NRICNO', 'ICNO'],
    states: ['IDN', 'MYS', 'SGP'],
    lengths: [8, 16],
    layouts: ['999999-99-9999'],
    holds: (digits) => digits.length !== 12 || hasDate(digits, 'ymd', 0),
  },
  {
    labels: ['CNIC', 'NICOP', 'CNICNO'],
    states: ['PAK'],
    lengths: [13, 13],
    layouts: ['99999-9999999-9'],
    holds: always,
  },
  {
    labels: ['EMIRATESIDNUMBER', 'EMIRATESID'],
    states: ['ARE'],
    lengths: [15, 15],
    layouts: ['999-9999-9999999-9'],
    holds: (digits) => digits.startsWith('784'),
  },
  { labels: ['IIN', 'ЖСН', 'ИИН'], states: ['KAZ'], lengths: [12, 12], layouts: [], holds: always },
  {
    labels: ['УНЗР', 'РНОКПП', 'RECORDNO', 'RECORDNOUNZR', 'UNZR'],
    states: ['UKR'],
    lengths: [10, 13],
    layouts: ['99999999-99999'],
    holds: (digits) => isDay(numberAt(digits, 4, 6), numberAt(digits, 6, 8)),
  },
];
