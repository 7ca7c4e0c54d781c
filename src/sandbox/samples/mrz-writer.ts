/**
 * Writes machine-readable zones (ICAO 9303-3, -4, -5). It shares nothing with the code that reads them, so that a test which reads
 * what was written here compares two independent implementations of the standard.
 */

export interface MrzHolder {
  readonly surname: string;
  /** Empty where the holder has one name only. */
  readonly givenNames: string;
  /** ICAO 9303-3, section 5: three letters. */
  readonly issuer: string;
  readonly nationality: string;
  /** Up to nine characters A–Z and 0–9. */
  readonly documentNumber: string;
  /** `YYYY-MM-DD`. */
  readonly dateOfBirth: string;
  readonly sex: 'F' | 'M' | 'X';
  /** `YYYY-MM-DD`. */
  readonly expiresOn: string;
}

export type MrzLines = readonly string[];

const FILLER = '<';
const WEIGHTS = [7, 3, 1] as const;

/**
 * Letters that do not come apart into a base letter and marks, or for which the standard recommends two letters (ICAO 9303-3, table 6.A).
 * Every other Latin letter loses its marks.
 */
const LATIN: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Å: 'AA',
  Æ: 'AE',
  Ö: 'OE',
  Ø: 'OE',
  Œ: 'OE',
  Ü: 'UE',
  ẞ: 'SS',
  Þ: 'TH',
  Ð: 'D',
  Đ: 'D',
  Ħ: 'H',
  Ł: 'L',
  Ŋ: 'N',
  Ŧ: 'T',
  Ĳ: 'IJ',
};

const COMBINING_MARKS = /\p{M}/gu;

const transliterateLetter = (letter: string): string =>
  LATIN[letter] ?? letter.normalize('NFD').replace(COMBINING_MARKS, '');

/**
 * A name as a machine-readable zone spells it: A–Z with single fillers between its parts. Apostrophes and full stops vanish,
 * hyphens and spaces become fillers (ICAO 9303-3, 4.6).
 *
 * @throws RangeError when a letter has no transliteration here
 */
export function transliterate(name: string): string {
  const upper = name.normalize('NFC').replace(/ß/g, 'ẞ').toUpperCase();
  const spelled = Array.from(upper, transliterateLetter)
    .join('')
    .replace(/['’.,]/g, '')
    .trim()
    .replace(/[\s-]+/g, FILLER);
  if (!/^[A-Z<]*$/.test(spelled)) {
    throw new RangeError('name_not_transliterable');
  }
  return spelled;
}

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

/** Two lines of 44 characters: machine-readable passport (ICAO 9303-4, 4.2.2). The optional data stay empty. */
export function writeTd3(holder: MrzHolder): MrzLines {
  const number = withCheck(pad(holder.documentNumber, 9));
  const birth = withCheck(shortDate(holder.dateOfBirth));
  const expiry = withCheck(shortDate(holder.expiresOn));
  // An empty optional field may bear a filler as its check digit.
  const optional = pad('', 15);
  const composite = checkDigit(number + birth + expiry + optional);
  return [
    `P${FILLER}${holder.issuer}${nameField(holder.surname, holder.givenNames, 39)}`,
    `${number}${holder.nationality}${birth}${sexCharacter(holder.sex)}${expiry}${optional}${composite}`,
  ];
}

/** Three lines of 30 characters: identity card (ICAO 9303-5, 4.2.2). The optional data stay empty. */
export function writeTd1(holder: MrzHolder): MrzLines {
  const number = withCheck(pad(holder.documentNumber, 9));
  const birth = withCheck(shortDate(holder.dateOfBirth));
  const expiry = withCheck(shortDate(holder.expiresOn));
  const upperOptional = pad('', 15);
  const lowerOptional = pad('', 11);
  const composite = checkDigit(number + upperOptional + birth + expiry + lowerOptional);
  return [
    `I${FILLER}${holder.issuer}${number}${upperOptional}`,
    `${birth}${sexCharacter(holder.sex)}${expiry}${holder.nationality}${lowerOptional}${composite}`,
    nameField(holder.surname, holder.givenNames, 30),
  ];
}

/** The same passport lines with a wrong check digit behind the document number; the composite one is right for what is printed. */
export function spoilNumberCheckDigit(lines: MrzLines): MrzLines {
  const [names = '', data = ''] = lines;
  const wrong = String((Number(data.charAt(9)) + 1) % 10);
  const body = data.slice(0, 9) + wrong + data.slice(10, 43);
  return [names, body + checkDigit(body.slice(0, 10) + body.slice(13, 20) + body.slice(21, 43))];
}
