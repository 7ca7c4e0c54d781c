import { transliterate } from './transliterate.js';

/**
 * Writes machine-readable zones (ICAO 9303-3 to -7). It shares nothing with the code that reads them, so that a test which reads
 * what was written here compares two independent implementations of the standard.
 */

export interface MrzHolder {
  readonly surname: string;
  /** Empty where the holder has one name only. */
  readonly givenNames: string;
  /** ICAO 9303-3, section 5: three letters. */
  readonly issuer: string;
  readonly nationality: string;
  /** Characters A–Z and 0–9: up to nine, on a card up to 18 (TD1) or 13 (TD2), see {@link writeMrz}. */
  readonly documentNumber: string;
  /** `YYYY-MM-DD`. */
  readonly dateOfBirth: string;
  readonly sex: 'F' | 'M' | 'X';
  /** `YYYY-MM-DD`. */
  readonly expiresOn: string;
  /** What the issuer chose to add, for example a personal number; A–Z, 0–9 and fillers. */
  readonly optionalData?: string;
}

/** ICAO 9303 part 5 (TD1), 6 (TD2), 4 (TD3) and 7 (visas). */
export type MrzFormat = 'TD1' | 'TD2' | 'TD3' | 'MRVA' | 'MRVB';

export type MrzLines = readonly string[];

const FILLER = '<';
const WEIGHTS = [7, 3, 1] as const;

function valueOf(character: string): number {
  if (character === FILLER) return 0;
  const value = parseInt(character, 36);
  if (Number.isNaN(value)) throw new RangeError('not_an_mrz_character');
  return value;
}

/** Check digit of a field: weights 7, 3, 1, modulus 10 (ICAO 9303-3, 4.9). */
export function checkDigit(field: string): string {
  let sum = 0;
  for (let i = 0; i < field.length; i++) {
    sum += valueOf(field.charAt(i)) * (WEIGHTS[i % WEIGHTS.length] ?? 0);
  }
  return String(sum % 10);
}

const pad = (text: string, length: number): string => text.padEnd(length, FILLER);

/**
 * Primary and secondary identifier in a field of fixed length (ICAO 9303-4 and -5, 4.2.2–4.2.3). Names that do not fit are cut from the
 * right; at least one letter of the given names stays, and the last place then bears a letter, which says that the name was cut.
 */
export function nameField(surname: string, givenNames: string, length: number): string {
  const primary = transliterate(surname);
  const secondary = transliterate(givenNames);
  const whole = secondary === '' ? primary : `${primary}${FILLER}${FILLER}${secondary}`;
  if (whole.length <= length) return pad(whole, length);
  if (secondary === '') return fillToLast(primary, length);
  const room = length - 3;
  const shortPrimary = primary.length > room ? fillToLast(primary, room).replace(/<$/, '') : primary;
  const left = length - shortPrimary.length - 2;
  return `${shortPrimary}${FILLER}${FILLER}${fillToLast(secondary, left)}`;
}

/**
 * Exactly `length` characters, the last one a letter: where the cut would fall on a filler, the first part of several letters before it gives
 * up its last one. Only if all parts before the cut are single letters does the filler stay.
 */
function fillToLast(text: string, length: number): string {
  const cut = text.slice(0, length);
  if (!cut.endsWith(FILLER)) return pad(cut, length);
  const shortened = cut.replace(/([A-Z])[A-Z]</, `$1${FILLER}`);
  if (shortened === cut) return cut;
  return fillToLast(shortened + text.slice(length), length);
}

const shortDate = (isoDate: string): string => isoDate.slice(2).replaceAll('-', '');
const sexCharacter = (sex: MrzHolder['sex']): string => (sex === 'X' ? FILLER : sex);
const withCheck = (field: string): string => field + checkDigit(field);

interface TwoLineForm {
  /** First letter of the document code; the second stays a filler. */
  readonly code: string;
  readonly length: number;
  /** Characters of the optional data. */
  readonly optional: number;
  /** Whether a check digit follows the optional data. */
  readonly optionalCheck: boolean;
  readonly composite: boolean;
  /** Whether a long document number may go on in the optional data. */
  readonly longNumber: boolean;
}

/** Passport 9303-4, card 9303-6, visas 9303-7, each 4.2.2. */
const TWO_LINE_FORMS: Readonly<Record<Exclude<MrzFormat, 'TD1'>, TwoLineForm>> = {
  TD3: { code: 'P', length: 44, optional: 14, optionalCheck: true, composite: true, longNumber: false },
  TD2: { code: 'I', length: 36, optional: 7, optionalCheck: false, composite: true, longNumber: true },
  MRVA: { code: 'V', length: 44, optional: 16, optionalCheck: false, composite: false, longNumber: false },
  MRVB: { code: 'V', length: 36, optional: 8, optionalCheck: false, composite: false, longNumber: false },
};

const NUMBER_LENGTH = 9;

/** A run of optional data. @throws RangeError `optional_data_too_long` */
function optionalField(text: string, length: number): string {
  if (text.length > length) throw new RangeError('optional_data_too_long');
  return pad(text, length);
}

/**
 * The number with its check digit, and what begins the optional data. A number of more than nine characters goes on there, followed by
 * its check digit and a filler; a filler then stands in the place of the check digit (ICAO 9303-5, 4.2.2.1, note j).
 *
 * @throws RangeError `document_number_too_long` where the format has no such provision
 */
function numberField(number: string, mayBeLong: boolean): { readonly field: string; readonly rest: string } {
  if (number.length <= NUMBER_LENGTH) return { field: withCheck(pad(number, NUMBER_LENGTH)), rest: '' };
  if (!mayBeLong) throw new RangeError('document_number_too_long');
  return {
    field: number.slice(0, NUMBER_LENGTH) + FILLER,
    rest: number.slice(NUMBER_LENGTH) + checkDigit(number) + FILLER,
  };
}

function writeTwoLines(form: TwoLineForm, holder: MrzHolder): MrzLines {
  const number = numberField(holder.documentNumber, form.longNumber);
  const birth = withCheck(shortDate(holder.dateOfBirth));
  const expiry = withCheck(shortDate(holder.expiresOn));
  const given = number.rest + (holder.optionalData ?? '');
  const data = optionalField(given, form.optional);
  // The check digit of an empty optional field may be a filler.
  const check = given === '' ? FILLER : checkDigit(data);
  const optional = form.optionalCheck ? data + check : data;
  const composite = form.composite ? checkDigit(number.field + birth + expiry + optional) : '';
  return [
    form.code + FILLER + holder.issuer + nameField(holder.surname, holder.givenNames, form.length - 5),
    number.field + holder.nationality + birth + sexCharacter(holder.sex) + expiry + optional + composite,
  ];
}

/** Three lines of 30 characters: identity card (ICAO 9303-5, 4.2.2). Optional data stand in the first line. */
function writeThreeLines(holder: MrzHolder): MrzLines {
  const number = numberField(holder.documentNumber, true);
  const birth = withCheck(shortDate(holder.dateOfBirth));
  const expiry = withCheck(shortDate(holder.expiresOn));
  const upperOptional = optionalField(number.rest + (holder.optionalData ?? ''), 15);
  const lowerOptional = pad('', 11);
  const composite = checkDigit(number.field + upperOptional + birth + expiry + lowerOptional);
  return [
    `I${FILLER}${holder.issuer}${number.field}${upperOptional}`,
    `${birth}${sexCharacter(holder.sex)}${expiry}${holder.nationality}${lowerOptional}${composite}`,
    nameField(holder.surname, holder.givenNames, 30),
  ];
}

/**
 * Writes a zone of any format, with every check digit that the format has.
 *
 * @returns 2 × 44 characters (TD3, MRVA), 2 × 36 (TD2, MRVB) or 3 × 30 (TD1)
 * @throws RangeError `document_number_too_long`, `optional_data_too_long`, `name_not_transliterable`
 */
export const writeMrz = (format: MrzFormat, holder: MrzHolder): MrzLines =>
  format === 'TD1' ? writeThreeLines(holder) : writeTwoLines(TWO_LINE_FORMS[format], holder);

export const writeTd3 = (holder: MrzHolder): MrzLines => writeMrz('TD3', holder);
export const writeTd1 = (holder: MrzHolder): MrzLines => writeMrz('TD1', holder);

/** The same passport lines with a wrong check digit behind the document number; the composite one is right for what is printed. */
export function spoilNumberCheckDigit(lines: MrzLines): MrzLines {
  const [names = '', data = ''] = lines;
  const wrong = String((Number(data.charAt(9)) + 1) % 10);
  const body = data.slice(0, 9) + wrong + data.slice(10, 43);
  return [names, body + checkDigit(body.slice(0, 10) + body.slice(13, 20) + body.slice(21, 43))];
}
