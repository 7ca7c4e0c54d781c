/**
 * Writes the text of the barcode on the back of North American driving licences (AAMVA DL/ID Card Design Standard 2020, annex D). It shares
 * nothing with the code that reads barcodes.
 */

export interface LicenceHolder {
  readonly surname: string;
  /** The first one, and whatever follows it. */
  readonly givenNames: string;
  readonly documentNumber: string;
  /** Dates as `YYYY-MM-DD`. */
  readonly dateOfBirth: string;
  readonly issuedOn: string;
  readonly expiresOn: string;
  readonly sex: 'F' | 'M' | 'X';
  readonly licence: LicenceDetails;
}

export interface LicenceDetails {
  readonly street: string;
  readonly city: string;
  /** Five digits. */
  readonly postalCode: string;
  readonly heightInches: number;
  /** Three letters of ANSI D-20. */
  readonly eyes: 'BRO' | 'BLU' | 'GRN' | 'HAZ' | 'GRY';
  readonly vehicleClass: string;
  /** Tells this card from others of the same holder. */
  readonly discriminator: string;
}

/**
 * An invented state. The number is that of the example in the standard's annex D: a reader that knows who issues licences
 * takes an invented number for a forgery, as it should.
 */
export const ARCADIA = { issuerNumber: '636000', letters: 'ZZ', country: 'USA' } as const;

const STANDARD_VERSION = '10';
const JURISDICTION_VERSION = '01';
const LINE = '\n';
const RECORD = '\u001e';
const SEGMENT = '\r';
const DESIGNATOR_LENGTH = 10;

/** `MMDDCCYY`, the form of the United States. */
const barcodeDate = (isoDate: string): string => isoDate.slice(5, 7) + isoDate.slice(8) + isoDate.slice(0, 4);

const SEXES = { M: '1', F: '2', X: '9' } as const;

/** Base letters only: what card printers of the standard have to be able to write. */
export const plainCapitals = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^\p{L}' -]/gu, '')
    .toUpperCase();

/** Data elements in the order of annex D, table D.3, each with its identifier; all are mandatory. */
function dataElements(holder: LicenceHolder): readonly string[] {
  const { licence } = holder;
  const [firstName = '', ...middleNames] = plainCapitals(holder.givenNames).split(' ');
  return [
    `DAQ${holder.documentNumber}`,
    `DCS${plainCapitals(holder.surname)}`,
    'DDEN',
    `DAC${firstName}`,
    'DDFN',
    `DAD${middleNames.join(' ') || 'NONE'}`,
    'DDGN',
    `DCA${licence.vehicleClass}`,
    'DCBNONE',
    'DCDNONE',
    `DBD${barcodeDate(holder.issuedOn)}`,
    `DBB${barcodeDate(holder.dateOfBirth)}`,
    `DBA${barcodeDate(holder.expiresOn)}`,
    `DBC${SEXES[holder.sex]}`,
    `DAU${String(licence.heightInches).padStart(3, '0')} in`,
    `DAY${licence.eyes}`,
    `DAG${licence.street.toUpperCase()}`,
    `DAI${licence.city.toUpperCase()}`,
    `DAJ${ARCADIA.letters}`,
    `DAK${licence.postalCode.padEnd(9, '0')}  `,
    `DCF${licence.discriminator}`,
    `DCG${ARCADIA.country}`,
  ];
}

/**
 * The text of a licence's PDF417 symbol: a header, one subfile of type `DL`.
 *
 * @returns ASCII, with the separators LF, RS and CR
 */
export function writeAamva(holder: LicenceHolder): string {
  const subfile = `DL${dataElements(holder).join(LINE)}${LINE}${SEGMENT}`;
  const opening =
    `@${LINE}${RECORD}${SEGMENT}ANSI ${ARCADIA.issuerNumber}${STANDARD_VERSION}${JURISDICTION_VERSION}` +
    '01';
  const four = (value: number): string => String(value).padStart(4, '0');
  return `${opening}DL${four(opening.length + DESIGNATOR_LENGTH)}${four(subfile.length)}${subfile}`;
}
