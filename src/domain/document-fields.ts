import { isCalendarDate } from './dates.js';
import { calendarDate, isStateCode, mrzDate, type MrzField } from './mrz.js';
import { transliterationForms, wordsOf } from './transliteration.js';

/** A line of print, in a frame in which the text runs from left to right; lengths in any one unit. */
export interface PrintedLine {
  readonly text: string;
  /** 0–1 */
  readonly confidence: number;
  readonly left: number;
  readonly right: number;
  /** Of the line's middle, from the top. */
  readonly middle: number;
  readonly height: number;
}

export interface PrintedValue {
  readonly value: string;
  readonly confidence: number;
  /** The line that holds it: index into the lines given. */
  readonly line: number;
}

export type PrintedFields = Readonly<Partial<Record<MrzField, PrintedValue>>>;

/** What a label announces; the last three are read only so that their values are not taken for another field's. */
type Labelled = MrzField | 'issued_on' | 'place' | 'other';

/**
 * Labels without spaces, upper case, without diacritics: recognisers lose both. English and French as ICAO 9303-3, 3.2
 * asks for, then other languages that are frequent on documents, then the abbreviations of AAMVA DL/ID-2020, annex A.
 */
const LABELS: Readonly<Record<Labelled, readonly string[]>> = {
  surname: [
    'SURNAME',
    'SURNAMES',
    'LASTNAME',
    'FAMILYNAME',
    'NOM',
    'NAME',
    'NACHNAME',
    'FAMILIENNAME',
    'APELLIDOS',
    'APELLIDO',
    'PRIMERAPELLIDO',
    'COGNOME',
    'APELIDO',
    'APELIDOS',
    'NAZWISKO',
    'PRIJMENI',
    'PREZIME',
    'ACHTERNAAM',
    'EFTERNAVN',
    'EFTERNAMN',
    'LN',
  ],
  given_names: [
    'GIVENNAMES',
    'GIVENNAME',
    'FORENAMES',
    'FORENAME',
    'FIRSTNAME',
    'FIRSTNAMES',
    'PRENOMS',
    'PRENOM',
    'VORNAMEN',
    'VORNAME',
    'NOMBRES',
    'NOMBRE',
    'NOME',
    'IMIONA',
    'JMENO',
    'IME',
    'VOORNAMEN',
    'FORNAVN',
    'FORNAMN',
    'FN',
  ],
  date_of_birth: [
    'DATEOFBIRTH',
    'BIRTHDATE',
    'DATEDENAISSANCE',
    'GEBURTSDATUM',
    'GEBURTSTAG',
    'FECHADENACIMIENTO',
    'DATADINASCITA',
    'DATADENASCIMENTO',
    'DATAURODZENIA',
    'DATUMNAROZENI',
    'DATUMRODENJA',
    'GEBOORTEDATUM',
    'DOB',
  ],
  expires_on: [
    'DATEOFEXPIRY',
    'DATEOFEXPIRATION',
    'EXPIRYDATE',
    'EXPIRATIONDATE',
    'EXPIRATION',
    'EXPIRY',
    'EXPIRES',
    'DATEDEXPIRATION',
    'VALIDUNTIL',
    'GULTIGBIS',
    'GUELTIGBIS',
    'FECHADECADUCIDAD',
    'FECHADEVENCIMIENTO',
    'DATADISCADENZA',
    'DATADEVALIDADE',
    'DATAWAZNOSCI',
    'PLATNOSTDO',
    'VRIJEDIDO',
    'GELDIGTOT',
    'EXP',
  ],
  document_number: [
    'PASSPORTNO',
    'PASSPORTNUMBER',
    'PASSEPORTNO',
    'NODUPASSEPORT',
    'DOCUMENTNO',
    'DOCUMENTNUMBER',
    'NODUDOCUMENT',
    'CARDNO',
    'CARDNUMBER',
    'IDENTITYCARDNO',
    'LICENCENO',
    'LICENSENO',
    'LICENCENUMBER',
    'LICENSENUMBER',
    'PASSNR',
    'AUSWEISNUMMER',
    'PASAPORTENO',
    'NUMERODEDOCUMENTO',
    'DLN',
    'DL',
  ],
  sex: ['SEX', 'SEXE', 'SEXO', 'SESSO', 'GESCHLECHT', 'PLEC', 'SPOL', 'GENDER'],
  nationality: ['NATIONALITY', 'NATIONALITE', 'STAATSANGEHORIGKEIT', 'NACIONALIDAD', 'CITTADINANZA'],
  issuer: ['CODE', 'ISSUINGSTATE', 'COUNTRYCODE', 'CODEOFISSUINGSTATE'],
  issued_on: [
    'DATEOFISSUE',
    'ISSUEDATE',
    'ISSUED',
    'DATEDEDELIVRANCE',
    'AUSSTELLUNGSDATUM',
    'FECHADEEXPEDICION',
    'ISS',
  ],
  place: ['PLACEOFBIRTH', 'LIEUDENAISSANCE', 'GEBURTSORT', 'LUGARDENACIMIENTO'],
  other: [
    'AUTHORITY',
    'AUTORITE',
    'TYPE',
    'SIGNATURE',
    'HEIGHT',
    'TAILLE',
    'ADDRESS',
    'RESIDENCE',
    'PERSONALNO',
  ],
};

/** Numbers that stand for labels on driving licences (ISO/IEC 18013-1, 5.3). */
const NUMBERED: Readonly<Record<string, Labelled>> = {
  '1': 'surname',
  '2': 'given_names',
  '3': 'date_of_birth',
  '4A': 'issued_on',
  '4B': 'expires_on',
  '5': 'document_number',
};
/** Fewer numbered lines than this are no driving licence. */
const LEAST_NUMBERED = 3;

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
const squeezed = (text: string): string => plain(text).replace(/[^A-Z0-9]/g, '');
const lettersOnly = (text: string): string => plain(text).replace(/[^A-Z]/g, '');

/** Levenshtein distance, no more than `most` + 1. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? most + 1;
}

/** Wrong letters that a label of that length may bear: print that small is read badly, but short words must not melt together. */
const tolerance = (length: number): number => (length < 6 ? 0 : length < 10 ? 1 : 2);

const ALL_LABELS: readonly (readonly [Labelled, string])[] = (
  Object.entries(LABELS) as [Labelled, readonly string[]][]
).flatMap(([field, labels]) => labels.map((label) => [field, label] as const));

function fieldOfLabel(text: string): Labelled | undefined {
  const letters = lettersOnly(text);
  if (letters.length < 2) return undefined;
  let found: Labelled | undefined;
  let least = Infinity;
  for (const [field, label] of ALL_LABELS) {
    const most = tolerance(label.length);
    const wrong = distance(letters, label, most);
    if (wrong <= most && wrong < least) {
      found = field;
      least = wrong;
    }
  }
  return found;
}

interface LabelLine {
  readonly fields: ReadonlySet<Labelled>;
  /** What follows the label on the same line, or an empty text. */
  readonly rest: string;
}

/** A value right behind its label, the two parted by at least a sign, a space or the change from letters to digits. */
function labelBeforeValue(segment: string): { field: Labelled; rest: string } | undefined {
  const words = segment.trim().split(/\s+/);
  for (let count = Math.min(4, words.length - 1); count > 0; count--) {
    const field = fieldOfLabel(words.slice(0, count).join(''));
    if (field) return { field, rest: words.slice(count).join(' ') };
  }
  const [, letters, rest] = /^\W*([A-Za-zÀ-ÿ. ]+?)[.:\s]*(\d.*)$/.exec(segment) ?? [];
  const field = letters === undefined ? undefined : fieldOfLabel(letters);
  return field && rest !== undefined ? { field, rest } : undefined;
}

function asLabel(text: string): LabelLine | null {
  // A slash parts languages, but also the numbers of a date.
  const segments = text.split(/(?<!\d)\/|\/(?!\d)|[|·•:;]/);
  const fields = new Set<Labelled>();
  let rest = '';
  for (const segment of segments) {
    // Numbers may stand before a label; behind it they are its value.
    const whole = /\p{L}.*\d/u.test(segment) ? undefined : fieldOfLabel(segment);
    if (whole) fields.add(whole);
    const glued = whole ? undefined : labelBeforeValue(segment);
    if (glued) fields.add(glued.field);
    if (glued) rest = glued.rest;
    else if (!whole && fields.size > 0) rest = segment.trim();
  }
  return fields.size === 0 ? null : { fields, rest };
}

const MONTHS: readonly (readonly string[])[] = [
  ['JAN', 'GEN', 'ENE', 'STY'],
  ['FEB', 'FEV', 'LUT'],
  ['MAR', 'MRZ', 'MRT'],
  ['APR', 'AVR', 'ABR', 'KWI'],
  ['MAY', 'MAI', 'MAG', 'MAJ', 'MEI'],
  ['JUN', 'JUIN', 'GIU', 'CZE'],
  ['JUL', 'JUIL', 'LUG'],
  ['AUG', 'AOU', 'AGO', 'SIE'],
  ['SEP', 'SET', 'WRZ'],
  ['OCT', 'OKT', 'OTT', 'OUT', 'PAZ'],
  ['NOV'],
  ['DEC', 'DEZ', 'DIC', 'GRU'],
];

/** Month of a name in one of the languages known, by its first letters; 0 where it is none. */
function monthOf(name: string): number {
  const letters = lettersOnly(name);
  return MONTHS.findIndex((names) => names.some((start) => letters.startsWith(start))) + 1;
}

function yearOf(digits: string, month: number, day: number, kind: 'birth' | 'expiry', today: string): number {
  if (digits.length === 4) return Number(digits);
  const two = (value: number) => String(value).padStart(2, '0');
  return Number(mrzDate(`${digits}${two(month)}${two(day)}`, kind, today)?.slice(0, 4) ?? NaN);
}

/** Which of two leading numbers is the month, where both may be. */
export type DateOrder = 'day-first' | 'month-first' | 'unknown';

/**
 * Dates that a text may say: `17 MAR 1994`, `17MAR/MARS94`, `17.03.1994`, `1994-03-17`. Two where day and month cannot be told apart.
 *
 * @param kind settles the century of a year of two digits, together with `today` (`YYYY-MM-DD`)
 * @returns distinct dates, `YYYY-MM-DD`
 */
export function printedDates(
  text: string,
  kind: 'birth' | 'expiry',
  today: string,
  order: DateOrder = 'unknown',
): readonly string[] {
  const found = new Set<string>();
  const add = (year: string, month: number, day: number) => {
    const date = calendarDate(yearOf(year, month, day, kind, today), month, day);
    if (date !== undefined && isCalendarDate(date)) found.add(date);
  };
  const upper = plain(text);
  for (const [, day, name, year] of upper.matchAll(
    /(?<!\d)(\d{1,2})[\s.,/-]*([A-Z]{3,}(?:[\s./-]*[A-Z]{3,})?)[\s.,/-]*(\d{4}|\d{2})(?!\d)/g,
  ))
    add(year ?? '', monthOf(name ?? ''), Number(day));
  for (const [, year, month, day] of upper.matchAll(
    /(?<!\d)(\d{4})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{1,2})(?!\d)/g,
  ))
    add(year ?? '', Number(month), Number(day));
  for (const [, first, second, year] of upper.matchAll(
    /(?<!\d)(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{4}|\d{2})(?!\d)/g,
  )) {
    if (order !== 'month-first') add(year ?? '', Number(second), Number(first));
    if (order !== 'day-first') add(year ?? '', Number(first), Number(second));
  }
  return [...found];
}

const NAME = /^[\p{L}\p{M}][\p{L}\p{M}'’.\- ]*$/u;

/** The value of a field as it is written in a reading, or `undefined` where the text can be no such value. */
function asValue(field: MrzField, text: string, today: string, order: DateOrder): string | undefined {
  const trimmed = text.trim().replace(/^[\s.,:;/-]+|[\s.,:;/-]+$/g, '');
  switch (field) {
    case 'surname':
    case 'given_names':
      return NAME.test(trimmed) && lettersOnly(trimmed).length >= 2 ? trimmed.toUpperCase() : undefined;
    case 'date_of_birth':
    case 'expires_on': {
      const dates = printedDates(trimmed, field === 'date_of_birth' ? 'birth' : 'expiry', today, order);
      return dates.length === 1 ? dates[0] : undefined;
    }
    case 'document_number': {
      const characters = squeezed(trimmed);
      return /^[A-Z0-9]{5,20}$/.test(characters) && /\d{2}/.test(characters) ? characters : undefined;
    }
    case 'sex':
      return /^[MFX]$/.test(squeezed(trimmed)) ? squeezed(trimmed) : undefined;
    case 'nationality':
    case 'issuer':
      return /^[A-Z]{3}$/.test(trimmed) && isStateCode(trimmed) ? trimmed : undefined;
  }
}

const overlaps = (a: PrintedLine, b: PrintedLine): boolean => b.left < a.right && b.right > a.left - a.height;

/** Lines that may hold a label's value, nearest first: below it, else on its right. */
function placesOfValue(label: PrintedLine, lines: readonly PrintedLine[]): readonly number[] {
  const places: (readonly [index: number, cost: number])[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === label) continue;
    const down = line.middle - label.middle;
    const unit = Math.max(label.height, line.height);
    if (down > 0.4 * unit && down < 3 * unit && overlaps(label, line))
      places.push([index, down / unit + (0.5 * Math.abs(line.left - label.left)) / unit]);
    else if (Math.abs(down) <= 0.4 * unit && line.left >= label.right - unit)
      places.push([index, 1 + (line.left - label.right) / unit]);
  }
  return places.sort((a, b) => a[1] - b[1]).map(([index]) => index);
}

/** Which way round a page writes its dates: any date that can be read in one way only settles it for all. */
function dateOrder(lines: readonly PrintedLine[]): DateOrder {
  const text = lines.map((line) => line.text).join('\n');
  const pairs = [...text.matchAll(/(?<!\d)(\d{1,2})[-./ ](\d{1,2})[-./ ](?:\d{4})(?!\d)/g)];
  if (pairs.some(([, first]) => Number(first) > 12)) return 'day-first';
  if (pairs.some(([, , second]) => Number(second) > 12)) return 'month-first';
  return 'unknown';
}

const isRead = (field: Labelled): field is MrzField =>
  field !== 'issued_on' && field !== 'place' && field !== 'other';

function numberedLines(lines: readonly PrintedLine[]): readonly (readonly [Labelled, string, number])[] {
  const found: (readonly [Labelled, string, number])[] = [];
  for (const [index, { text }] of lines.entries()) {
    const [, number, rest] = /^\s*(4\s?[abAB]|[1235])[.,:]?\s*(\S.*)$/.exec(text) ?? [];
    const field = number === undefined ? undefined : NUMBERED[squeezed(number)];
    if (field && rest !== undefined) found.push([field, rest, index]);
  }
  return new Set(found.map(([field]) => field)).size >= LEAST_NUMBERED ? found : [];
}

/**
 * The fields that a page's labels announce. What stands without a label is not guessed at.
 *
 * @param today `YYYY-MM-DD`, for years of two digits
 */
export function readPrintedFields(lines: readonly PrintedLine[], today: string): PrintedFields {
  const order = dateOrder(lines);
  const fields: Partial<Record<MrzField, PrintedValue>> = {};
  const take = (field: Labelled, text: string, line: number): boolean => {
    if (!isRead(field) || fields[field]) return false;
    const value = asValue(field, text, today, order);
    if (value === undefined) return false;
    fields[field] = { value, confidence: lines[line]?.confidence ?? 0, line };
    return true;
  };
  const labels = lines.map((line) => asLabel(line.text));
  for (const [index, label] of labels.entries()) {
    const line = lines[index];
    if (!label || !line) continue;
    // Two labels side by side that were taken for one line: whose value is whose cannot be told.
    const announced = [...label.fields];
    const sole = announced.length === 1 || new Set(announced.filter((field) => field !== 'other')).size === 1;
    for (const field of announced) {
      if (!sole && (field === 'date_of_birth' || field === 'expires_on')) continue;
      if (label.rest !== '' && take(field, label.rest, index)) continue;
      for (const place of placesOfValue(line, lines)) {
        const other = labels[place];
        if (other?.rest === '') {
          // Below the next label stands that one's value; the same label in another language parts nothing.
          if ((lines[place]?.middle ?? 0) > line.middle + line.height / 2 && !other.fields.has(field)) break;
          continue;
        }
        if (take(field, lines[place]?.text ?? '', place)) break;
      }
    }
  }
  for (const [field, text, line] of numberedLines(lines)) take(field, text, line);
  return fields;
}

/** Ways in which a machine-readable zone may write a piece of print, without fillers. */
function zoneForms(text: string): readonly string[] {
  const word = wordsOf(text).join('');
  return word.length === 0 || word.length > 40 ? [] : transliterationForms(word);
}

/** Two letters in a zone that may be one letter with a sign in print (ICAO 9303-3, section 6); recognisers often drop the sign. */
const DIGRAPHS = [
  ['AE', 'A'],
  ['OE', 'O'],
  ['UE', 'U'],
  ['AA', 'A'],
] as const;

/** Ways in which print may be read that a zone writes like this. */
function printForms(name: string): ReadonlySet<string> {
  const forms = new Set([name]);
  for (const [pair, letter] of DIGRAPHS)
    for (const form of [...forms]) forms.add(form.replaceAll(pair, letter));
  return forms;
}

const shares = (readings: readonly string[], forms: ReadonlySet<string>): boolean =>
  readings.some((reading) => forms.has(reading));

/** Whether the words of a name stand in a line of their own, or follow a label there. */
function saysName(line: string, words: readonly string[]): boolean {
  const name = printForms(words.join(''));
  const inLine = wordsOf(line).map(transliterationForms);
  if (shares(zoneForms(line), name)) return true;
  if (words.every((word) => inLine.some((printed) => shares(printed, printForms(word))))) return true;
  const rest = asLabel(line)?.rest;
  return rest !== undefined && rest !== '' && shares(zoneForms(rest), name);
}

const DATES = [
  ['date_of_birth', 'birth'],
  ['expires_on', 'expiry'],
] as const;

/**
 * The fields of a machine-readable zone that stand in print as well. Names must make up a line or whole words of it: a name that
 * lost a letter in reading would be part of the printed one, too.
 *
 * @param today `YYYY-MM-DD`
 */
export function confirmedByPrint(
  fields: Readonly<Partial<Record<MrzField, string>>>,
  lines: readonly Pick<PrintedLine, 'text'>[],
  today: string,
): ReadonlySet<MrzField> {
  const confirmed = new Set<MrzField>();
  for (const name of ['surname', 'given_names'] as const) {
    const words = wordsOf(fields[name] ?? '');
    if (words.length === 0) continue;
    const whole = lines.some(({ text }) => saysName(text, words));
    // Long given names are printed over several lines.
    const inParts = words.every((word) => lines.some(({ text }) => saysName(text, [word])));
    if (whole || inParts) confirmed.add(name);
  }
  for (const [name, kind] of DATES) {
    const date = fields[name];
    if (date !== undefined && lines.some(({ text }) => printedDates(text, kind, today).includes(date)))
      confirmed.add(name);
  }
  const number = squeezed(fields.document_number ?? '');
  if (number.length >= 5 && lines.some(({ text }) => squeezed(text).includes(number)))
    confirmed.add('document_number');
  return confirmed;
}

/** Print must be read this surely before it may contradict a zone whose check digits hold. */
const CONTRADICTION_CONFIDENCE = 0.9;

/**
 * Fields of which print says, clearly and under their label, something else than the machine-readable zone, while nothing on the page
 * says the same: a sign that one of the two was tampered with.
 */
export function contradictedByPrint(
  fields: Readonly<Partial<Record<MrzField, string>>>,
  printed: PrintedFields,
  confirmed: ReadonlySet<MrzField>,
): readonly MrzField[] {
  return (['surname', 'date_of_birth', 'expires_on'] as const).filter((name) => {
    const [zone, print] = [fields[name], printed[name]];
    if (zone === undefined || !print || confirmed.has(name) || print.confidence < CONTRADICTION_CONFIDENCE)
      return false;
    return name !== 'surname' || isAnotherName(zone, print.value);
  });
}

/** Whether two names differ by more than misreadings do. */
function isAnotherName(zone: string, print: string): boolean {
  const name = wordsOf(zone).join('');
  const most = Math.floor(name.length / 2);
  return zoneForms(print).every((form) => {
    const [shorter, longer] = form.length < name.length ? [form, name] : [name, form];
    return !longer.includes(shorter) && distance(form, name, most) > most;
  });
}
