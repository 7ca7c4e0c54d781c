import { Gender, NameSuffix, parse, Truncation } from 'aamva-parser';
import { openEnvelope, type Element, type Envelope } from './aamva/envelope.js';
import { jurisdictionOf, type Jurisdiction } from './aamva/jurisdictions.js';
import { calendarDate, type MrzField } from './mrz.js';

/** Why a file is not taken at its word. Codes only: never a value of the file. */
export type AamvaFault =
  /** Separators, file type, version or list of subfiles are not those of the standard. */
  | 'header'
  /** A subfile does not stand where the header says, or the holder's stands there twice. */
  | 'offsets'
  /** No jurisdiction has this number, or it lies in another country than the file says. */
  | 'issuer'
  /** Something that every edition asks for is missing. */
  | 'element_missing'
  /** One element stands there twice, and differs. */
  | 'element_ambiguous'
  /** Characters that a licence cannot bear: control or direction marks, other scripts; or a value that is too long. */
  | 'characters'
  /** A date does not exist, is written in another order than the country's, or the dates contradict each other or today. */
  | 'dates';

/** What a North American licence or identity card says in its PDF417 code; nothing beyond what a verification needs. */
export interface AamvaDocument {
  /** No fault was found: as far as can be told from its form, an issuer of the AAMVA wrote this. There is no signature to check. */
  readonly valid: boolean;
  readonly faults: readonly AamvaFault[];
  /**
   * Names in upper case as the file has them, a generational suffix behind the surname; dates `YYYY-MM-DD`; issuer as ICAO three-letter code;
   * sex `M`, `F` or `X`. There is no nationality: a licence says nothing of it. What cannot be read is absent.
   */
  readonly fields: Readonly<Partial<Record<MrzField, string>>>;
  /** Some name was cut to fit: what is missing cannot be told. */
  readonly nameTruncated: boolean;
  /** For `lethe read --json`: format, version, jurisdiction, and of each name `T` (cut), `N` (whole) or `U` (not said). */
  readonly barcode: Readonly<Record<string, string>>;
}

/**
 * The only elements that are looked at (AAMVA DL/ID Card Design Standard, table D.3, and its earlier editions). Address, height, eyes, donor
 * status and the like leave the function that splits the file for nowhere.
 */
const NEEDED = [
  'DAA', // whole name (2000)
  'DAB', // family name (2000)
  'DAC', // first name
  'DAD', // middle names
  'DAE', // suffix (2000)
  'DAQ', // number of the licence or card
  'DBA', // expiry
  'DBB', // birth
  'DBC', // sex
  'DBD', // issue
  'DCG', // country
  'DCS', // family name
  'DCT', // given names (2003, 2005)
  'DCU', // suffix
  'DDE', // family name cut?
  'DDF', // first name cut?
  'DDG', // middle names cut?
] as const;
type Needed = (typeof NEEDED)[number];
type Values = Readonly<Partial<Record<Needed, string>>>;

/** Longest value of a needed element: names of the editions of 2003 and 2005. */
const LONGEST_VALUE = 125;
/** What issuers write where there is nothing to write (D.12.3), or filled up. */
const PLACEHOLDERS = /^(NONE|UNAVL|UNAVAILABLE|N\/A|-*)$/;
/** Printable characters of ISO 8859-1, which the standard prescribes. */
const PRINTABLE = /^[\x20-\x7e\xa0-\xac\xae-\xff]*$/;

const isNeeded = (id: string): id is Needed => (NEEDED as readonly string[]).includes(id);

function readValues(elements: readonly Element[], faults: Set<AamvaFault>): Values {
  const values: Partial<Record<Needed, string>> = {};
  for (const { id, value } of elements) {
    if (!isNeeded(id)) continue;
    if (value.length > LONGEST_VALUE || !PRINTABLE.test(value)) {
      faults.add('characters');
      continue;
    }
    const tidy = value.replace(/\s+/g, ' ').trim().toUpperCase();
    const known = values[id];
    if (known !== undefined && known !== tidy) faults.add('element_ambiguous');
    values[id] ??= tidy;
  }
  for (const id of NEEDED) if (PLACEHOLDERS.test(values[id] ?? '-')) delete values[id];
  return values;
}

interface Codes {
  readonly sex: 'M' | 'F' | undefined;
  readonly hasSuffix: boolean;
  readonly truncation: readonly ['T' | 'N' | 'U', 'T' | 'N' | 'U', 'T' | 'N' | 'U'];
}

/** A code of the standard: a letter or digit, or a suffix such as III or 2ND. */
const SHORT_CODE = /^[A-Z0-9]{1,4}$/;

/**
 * Codes by `aamva-parser`. It gets these elements only, a line each, and is asked for nothing else: it looks for an identifier anywhere in the
 * text, so that the surname DACOSTA yields the first name OSTA; ends a value at its last ASCII letter, so that JOSÉ becomes JOS; reads all
 * dates in the order of the United States, and 31 February as 3 March; takes the customer number of the first edition for that of the licence.
 */
function readCodes(values: Values, version: number): Codes {
  const suffix = values.DCU ?? values.DAE ?? '';
  const lines = (
    [
      ['DBC', values.DBC],
      ['DDE', values.DDE],
      ['DDF', values.DDF],
      ['DDG', values.DDG],
      ['DCU', suffix.replace(/\.$/, '')],
    ] as const
  )
    .filter(([, code]) => code !== undefined && SHORT_CODE.test(code))
    .map(([id, code]) => `${id}${code}`);
  const edition = String(version).padStart(2, '0');
  const found = parse(['@', `ANSI 636000${edition}0001DL`, ...lines].join('\n'));
  const letter = (truncation: Truncation | undefined) =>
    truncation === Truncation.Truncated ? 'T' : truncation === Truncation.None ? 'N' : 'U';
  const sexes: Partial<Record<Gender, 'M' | 'F'>> = { [Gender.Male]: 'M', [Gender.Female]: 'F' };
  return {
    sex: found.gender && sexes[found.gender],
    hasSuffix: found.suffix !== undefined && found.suffix !== NameSuffix.Unknown,
    truncation: [
      letter(found.lastNameTruncation),
      letter(found.firstNameTruncation),
      letter(found.middleNameTruncation),
    ],
  };
}

/** Sex: 1 and 2 are male and female, 9 is unspecified (since 2013); the first edition has letters as well. */
function sexOf(code: string | undefined, known: 'M' | 'F' | undefined): string | undefined {
  if (known) return known;
  if (code === '9') return 'X';
  return code === 'M' || code === 'F' || code === 'X' ? code : undefined;
}

/** Middle names are parted by commas, where there are several. */
const spaced = (...names: readonly (string | undefined)[]): string | undefined =>
  names
    .join(' ')
    .replace(/[,\s]+/g, ' ')
    .trim() || undefined;

/** Names by their own elements, or from the whole name of the first edition: family, first, middle, suffix. */
function readNames(
  values: Values,
  hasSuffix: boolean,
): Pick<AamvaDocument['fields'], 'surname' | 'given_names'> {
  const [family, first, middle, last] = (values.DAA ?? '').split(/[,@$]/);
  const surname = values.DCS ?? values.DAB ?? spaced(family);
  const given =
    spaced(values.DAC, values.DAC === undefined ? values.DCT : undefined, values.DAD) ??
    spaced(first, middle);
  const suffix = hasSuffix ? (values.DCU ?? values.DAE) : last;
  // Where there is one name only, issuers differ on which element it stands in.
  return {
    ...(surname !== undefined && { surname: spaced(surname, suffix) ?? surname }),
    ...(given !== undefined && { given_names: given }),
  };
}

/** Year, month and day by position: MMDDCCYY in the United States, CCYYMMDD in Canada and Mexico. */
const ORDERS = {
  USA: { year: 4, month: 0, day: 2 },
  OTHER: { year: 0, month: 4, day: 6 },
} as const;
const [FIRST_YEAR, LAST_YEAR] = [1880, 2120];

function inOrder(digits: string, { year, month, day }: { year: number; month: number; day: number }) {
  const at = (start: number, length: number) => Number(digits.slice(start, start + length));
  const years = at(year, 4);
  return years >= FIRST_YEAR && years <= LAST_YEAR
    ? calendarDate(years, at(month, 2), at(day, 2))
    : undefined;
}

/** Editions from this on keep to the country's order; the first had the other one, and issuers followed either. */
const ORDERED_EDITION = 2;

interface DateContext {
  readonly country: Jurisdiction['country'] | undefined;
  readonly version: number;
  readonly faults: Set<AamvaFault>;
}

/** No eight digits make a date of these centuries in both orders, so that the right one can be told from the digits alone. */
function readDate(value: string | undefined, { country, version, faults }: DateContext): string | undefined {
  if (value === undefined) return undefined;
  const digits = value.replace(/[-/ ]/g, '');
  if (!/^\d{8}$/.test(digits)) {
    faults.add('dates');
    return undefined;
  }
  const [expected, other] = country === 'USA' ? [ORDERS.USA, ORDERS.OTHER] : [ORDERS.OTHER, ORDERS.USA];
  const date = inOrder(digits, expected);
  if (date !== undefined) return date;
  const swapped = inOrder(digits, other);
  if (swapped === undefined || (country !== undefined && version >= ORDERED_EDITION)) faults.add('dates');
  return swapped;
}

/** Oldest holder, and longest validity, that is believed. */
const [OLDEST, LONGEST_VALIDITY] = [125, 70];

const yearsLater = (date: string, years: number): string =>
  `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`;

/** Born before issued, issued by today, valid beyond that. Text order is date order. */
function datesHold(birth: string, issue: string, expiry: string, today: string): boolean {
  return (
    birth < issue &&
    issue <= today &&
    issue < expiry &&
    birth > yearsLater(today, -OLDEST) &&
    expiry <= yearsLater(issue, LONGEST_VALIDITY)
  );
}

const COUNTRIES: readonly string[] = ['USA', 'CAN', 'MEX'];

/** The country: by the issuer's number, which the file must not contradict; by the file alone where the number is unknown. */
function readIssuer(
  jurisdiction: Jurisdiction | undefined,
  said: string | undefined,
  faults: Set<AamvaFault>,
): Jurisdiction['country'] | undefined {
  if (jurisdiction === undefined || (said !== undefined && said !== jurisdiction.country))
    faults.add('issuer');
  if (jurisdiction) return jurisdiction.country;
  return said !== undefined && COUNTRIES.includes(said) ? (said as Jurisdiction['country']) : undefined;
}

const ASKED_FOR = ['surname', 'date_of_birth', 'document_number', 'expires_on', 'issuer'] as const;

function readFields(
  envelope: Envelope,
  values: Values,
  codes: Codes,
  today: string,
  faults: Set<AamvaFault>,
): AamvaDocument['fields'] {
  const { version, issuerNumber } = envelope;
  const country = readIssuer(jurisdictionOf(issuerNumber), values.DCG, faults);
  const context = { country, version, faults };
  const [birth, issue, expiry] = [values.DBB, values.DBD, values.DBA].map((value) =>
    readDate(value, context),
  );
  if (birth !== undefined && issue !== undefined && expiry !== undefined) {
    if (!datesHold(birth, issue, expiry, today)) faults.add('dates');
  } else faults.add('element_missing');
  const sex = sexOf(values.DBC, codes.sex);
  const fields = {
    ...readNames(values, codes.hasSuffix),
    ...(birth !== undefined && { date_of_birth: birth }),
    ...(values.DAQ !== undefined && { document_number: values.DAQ }),
    ...(expiry !== undefined && { expires_on: expiry }),
    ...(country !== undefined && { issuer: country }),
    ...(sex !== undefined && { sex }),
  };
  if (ASKED_FOR.some((name) => fields[name] === undefined)) faults.add('element_missing');
  return fields;
}

/**
 * Reads the text of the PDF417 code on a North American driving licence or identity card (AAMVA DL/ID Card Design Standard, annex D, all
 * editions since 2000). Takes any text: never throws, and its work grows with its length only.
 *
 * @param text as the code has it, control characters included
 * @param today `YYYY-MM-DD`
 * @returns `null` where the text is no such file; a document that is not `valid` where it is a damaged, a strange or a forged one
 */
export function parseAamva(text: string, today: string): AamvaDocument | null {
  const envelope = openEnvelope(text);
  if (envelope === null) return null;
  const faults = new Set<AamvaFault>();
  if (!envelope.headerHolds) faults.add('header');
  if (!envelope.offsetsHold) faults.add('offsets');
  const values = readValues(envelope.elements, faults);
  const codes = readCodes(values, envelope.version);
  const fields = readFields(envelope, values, codes, today, faults);
  const [surname, first, middle] = codes.truncation;
  return {
    valid: faults.size === 0,
    faults: [...faults],
    fields,
    nameTruncated: codes.truncation.includes('T'),
    barcode: {
      format: 'PDF417',
      version: String(envelope.version).padStart(2, '0'),
      jurisdiction: jurisdictionOf(envelope.issuerNumber)?.code ?? 'unknown',
      surname_truncation: surname,
      first_name_truncation: first,
      middle_names_truncation: middle,
    },
  };
}
