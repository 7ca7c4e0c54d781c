/** Languages of printed labels. */
export const LANGUAGES = ['en', 'fr', 'de', 'es', 'it', 'pl', 'pt', 'nl', 'ru', 'el'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a place on a document is for. */
export type FieldName =
  | 'type'
  | 'code'
  | 'passport_number'
  | 'document_number'
  | 'visa_number'
  | 'surname'
  | 'given_names'
  | 'nationality'
  | 'nationality_code'
  | 'date_of_birth'
  | 'sex'
  | 'place_of_birth'
  | 'issued_on'
  | 'expires_on'
  | 'expiry'
  | 'authority'
  | 'personal_number'
  | 'valid_for'
  | 'entries'
  | LicenceField;

/** What only driving licences print, under numbers or abbreviations. */
export type LicenceField =
  | 'birth_date_and_place'
  | 'categories'
  | 'street'
  | 'city'
  | 'vehicle_class'
  | 'endorsements'
  | 'restrictions'
  | 'height'
  | 'eyes'
  | 'discriminator';

type Words = Readonly<Record<Exclude<FieldName, LicenceField>, string>>;

/** The terms that documents of these languages print; English and French as ICAO 9303 recommends them. */
const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    type: 'Type',
    code: 'Code',
    passport_number: 'Passport No.',
    document_number: 'Document No.',
    visa_number: 'Visa No.',
    surname: 'Surname',
    given_names: 'Given names',
    nationality: 'Nationality',
    nationality_code: 'Nationality',
    date_of_birth: 'Date of birth',
    sex: 'Sex',
    place_of_birth: 'Place of birth',
    issued_on: 'Date of issue',
    expires_on: 'Date of expiry',
    expiry: 'Expiry',
    authority: 'Authority',
    personal_number: 'Personal No.',
    valid_for: 'Valid for',
    entries: 'Number of entries',
  },
  fr: {
    type: 'Type',
    code: 'Code',
    passport_number: 'Passeport N°',
    document_number: 'N° du document',
    visa_number: 'N° du visa',
    surname: 'Nom',
    given_names: 'Prénoms',
    nationality: 'Nationalité',
    nationality_code: 'Nationalité',
    date_of_birth: 'Date de naissance',
    sex: 'Sexe',
    place_of_birth: 'Lieu de naissance',
    issued_on: 'Date de délivrance',
    expires_on: "Date d'expiration",
    expiry: 'Expiration',
    authority: 'Autorité',
    personal_number: 'N° personnel',
    valid_for: 'Valable pour',
    entries: "Nombre d'entrées",
  },
  de: {
    type: 'Typ',
    code: 'Kode',
    passport_number: 'Pass-Nr.',
    document_number: 'Ausweisnummer',
    visa_number: 'Visum-Nr.',
    surname: 'Nachname',
    given_names: 'Vornamen',
    nationality: 'Staatsangehörigkeit',
    nationality_code: 'Staatsangehörigkeit',
    date_of_birth: 'Geburtsdatum',
    sex: 'Geschlecht',
    place_of_birth: 'Geburtsort',
    issued_on: 'Ausstellungsdatum',
    expires_on: 'Gültig bis',
    expiry: 'Gültig bis',
    authority: 'Behörde',
    personal_number: 'Personennummer',
    valid_for: 'Gültig für',
    entries: 'Anzahl der Einreisen',
  },
  es: {
    type: 'Tipo',
    code: 'Código',
    passport_number: 'Pasaporte No.',
    document_number: 'Número de documento',
    visa_number: 'Número de visado',
    surname: 'Apellidos',
    given_names: 'Nombre',
    nationality: 'Nacionalidad',
    nationality_code: 'Nacionalidad',
    date_of_birth: 'Fecha de nacimiento',
    sex: 'Sexo',
    place_of_birth: 'Lugar de nacimiento',
    issued_on: 'Fecha de expedición',
    expires_on: 'Fecha de caducidad',
    expiry: 'Fecha de caducidad',
    authority: 'Autoridad',
    personal_number: 'Número personal',
    valid_for: 'Válido para',
    entries: 'Número de entradas',
  },
  it: {
    type: 'Tipo',
    code: 'Codice',
    passport_number: 'Passaporto N.',
    document_number: 'Numero di documento',
    visa_number: 'Numero di visto',
    surname: 'Cognome',
    given_names: 'Nome',
    nationality: 'Cittadinanza',
    nationality_code: 'Cittadinanza',
    date_of_birth: 'Data di nascita',
    sex: 'Sesso',
    place_of_birth: 'Luogo di nascita',
    issued_on: 'Data di rilascio',
    expires_on: 'Data di scadenza',
    expiry: 'Scadenza',
    authority: 'Autorità',
    personal_number: 'Numero personale',
    valid_for: 'Valido per',
    entries: 'Numero di ingressi',
  },
  pl: {
    type: 'Typ',
    code: 'Kod',
    passport_number: 'Nr paszportu',
    document_number: 'Numer dokumentu',
    visa_number: 'Numer wizy',
    surname: 'Nazwisko',
    given_names: 'Imiona',
    nationality: 'Obywatelstwo',
    nationality_code: 'Obywatelstwo',
    date_of_birth: 'Data urodzenia',
    sex: 'Płeć',
    place_of_birth: 'Miejsce urodzenia',
    issued_on: 'Data wydania',
    expires_on: 'Data ważności',
    expiry: 'Termin ważności',
    authority: 'Organ wydający',
    personal_number: 'Nr osobisty',
    valid_for: 'Ważna na',
    entries: 'Liczba wjazdów',
  },
  pt: {
    type: 'Tipo',
    code: 'Código',
    passport_number: 'Passaporte N.º',
    document_number: 'Número do documento',
    visa_number: 'Número do visto',
    surname: 'Apelidos',
    given_names: 'Nomes próprios',
    nationality: 'Nacionalidade',
    nationality_code: 'Nacionalidade',
    date_of_birth: 'Data de nascimento',
    sex: 'Sexo',
    place_of_birth: 'Local de nascimento',
    issued_on: 'Data de emissão',
    expires_on: 'Data de validade',
    expiry: 'Validade',
    authority: 'Autoridade',
    personal_number: 'Número pessoal',
    valid_for: 'Válido para',
    entries: 'Número de entradas',
  },
  nl: {
    type: 'Type',
    code: 'Code',
    passport_number: 'Paspoortnummer',
    document_number: 'Documentnummer',
    visa_number: 'Visumnummer',
    surname: 'Achternaam',
    given_names: 'Voornamen',
    nationality: 'Nationaliteit',
    nationality_code: 'Nationaliteit',
    date_of_birth: 'Geboortedatum',
    sex: 'Geslacht',
    place_of_birth: 'Geboorteplaats',
    issued_on: 'Datum van afgifte',
    expires_on: 'Geldig tot',
    expiry: 'Geldig tot',
    authority: 'Autoriteit',
    personal_number: 'Persoonsnummer',
    valid_for: 'Geldig voor',
    entries: 'Aantal binnenkomsten',
  },
  ru: {
    type: 'Тип',
    code: 'Код',
    passport_number: 'Номер паспорта',
    document_number: 'Номер документа',
    visa_number: 'Номер визы',
    surname: 'Фамилия',
    given_names: 'Имя',
    nationality: 'Гражданство',
    nationality_code: 'Гражданство',
    date_of_birth: 'Дата рождения',
    sex: 'Пол',
    place_of_birth: 'Место рождения',
    issued_on: 'Дата выдачи',
    expires_on: 'Дата окончания срока действия',
    expiry: 'Действителен до',
    authority: 'Орган',
    personal_number: 'Личный номер',
    valid_for: 'Действительна для',
    entries: 'Число въездов',
  },
  el: {
    type: 'Τύπος',
    code: 'Κωδικός',
    passport_number: 'Αρ. διαβατηρίου',
    document_number: 'Αριθμός εγγράφου',
    visa_number: 'Αριθμός θεώρησης',
    surname: 'Επώνυμο',
    given_names: 'Όνομα',
    nationality: 'Ιθαγένεια',
    nationality_code: 'Ιθαγένεια',
    date_of_birth: 'Ημερομηνία γέννησης',
    sex: 'Φύλο',
    place_of_birth: 'Τόπος γέννησης',
    issued_on: 'Ημερομηνία έκδοσης',
    expires_on: 'Ημερομηνία λήξης',
    expiry: 'Λήξη',
    authority: 'Αρχή',
    personal_number: 'Προσωπικός αριθμός',
    valid_for: 'Ισχύει για',
    entries: 'Αριθμός εισόδων',
  },
};

/** Field numbers of driving licences (ISO/IEC 18013-1, 5.3; Directive 2006/126/EC, annex I). */
const NUMBERS: Readonly<Partial<Record<FieldName, string>>> = {
  surname: '1.',
  given_names: '2.',
  birth_date_and_place: '3.',
  issued_on: '4a.',
  expires_on: '4b.',
  authority: '4c.',
  document_number: '5.',
  categories: '9.',
};

/** Abbreviations of AAMVA DL/ID-2020, annex A. */
const ABBREVIATIONS: Readonly<Partial<Record<FieldName, string>>> = {
  document_number: 'DL',
  expires_on: 'EXP',
  surname: 'LN',
  given_names: 'FN',
  date_of_birth: 'DOB',
  vehicle_class: 'CLASS',
  endorsements: 'END',
  restrictions: 'RSTR',
  sex: 'SEX',
  height: 'HGT',
  eyes: 'EYES',
  issued_on: 'ISS',
  discriminator: 'DD',
};

/** How fields are labelled: by words in languages, by numbers, or by abbreviations. */
export type Labelling = 'words' | 'numbers' | 'abbreviations';

const isWord = (field: FieldName): field is keyof Words => field in WORDS.en;

/** The label of a field; empty where a field stands without one. */
export function labelOf(field: FieldName, labelling: Labelling, languages: readonly Language[]): string {
  if (labelling === 'numbers') return NUMBERS[field] ?? '';
  if (labelling === 'abbreviations') return ABBREVIATIONS[field] ?? '';
  return isWord(field) ? languages.map((language) => WORDS[language][field]).join(' / ') : '';
}

/** How a date is printed; `named` is the form of ICAO 9303-3, 3.7.1.2, the others are those of cards. */
export const DATE_FORMS = ['named', 'dots', 'slashes', 'spaces', 'iso', 'month_first'] as const;
export type DateForm = (typeof DATE_FORMS)[number];

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `1994-03-07` as `07 MAR 1994`, `07.03.1994`, `07/03/1994`, `07 03 1994`, `1994-03-07` or `03/07/1994`. */
export function printedDate(isoDate: string, form: DateForm = 'named'): string {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  switch (form) {
    case 'named':
      return `${day} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
    case 'dots':
      return `${day}.${month}.${year}`;
    case 'slashes':
      return `${day}/${month}/${year}`;
    case 'spaces':
      return `${day} ${month} ${year}`;
    case 'iso':
      return isoDate;
    case 'month_first':
      return `${month}/${day}/${year}`;
  }
}
