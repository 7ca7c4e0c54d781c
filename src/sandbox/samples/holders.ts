import { addDays, addYears } from './calendar.js';
import type { Person } from './portraits.js';
import { pick, type Random } from './random.js';
import { romanise } from './transliterate.js';

/** Somebody to whom documents are issued. */
export interface Holder {
  readonly person: Person;
  readonly surname: string;
  /** Empty for a holder of one name. */
  readonly givenNames: string;
  readonly nationalNames?: { readonly surname: string; readonly givenNames: string };
  readonly placeOfBirth: string;
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string;
}

/** The holders of the standing samples. */
export function makeHolders(today: string) {
  const clara: Holder = {
    person: 'clara',
    surname: 'Lindqvist',
    givenNames: 'Clara Sofie',
    placeOfBirth: 'PORT LUMEN',
    dateOfBirth: '1994-03-17',
  };
  const maria: Holder = {
    person: 'maria',
    surname: 'Núñez',
    givenNames: 'María José',
    placeOfBirth: 'SAN ALBA',
    dateOfBirth: '1998-11-05',
  };
  const zoe: Holder = {
    person: 'zoe',
    surname: 'Müller-Łoś',
    givenNames: 'Zoë',
    placeOfBirth: 'GREENHAVEN',
    dateOfBirth: '1991-07-29',
  };
  const asa: Holder = {
    person: 'asa',
    surname: 'Sørensen',
    givenNames: 'Åsa Brigitte',
    placeOfBirth: 'NORDVIK',
    dateOfBirth: '1989-01-22',
  };
  const nadia: Holder = {
    person: 'nadia',
    surname: "D'Souza",
    givenNames: 'Nadia',
    placeOfBirth: 'PORT LUMEN',
    dateOfBirth: '1996-09-14',
  };
  const iris: Holder = {
    person: 'iris',
    surname: 'Weiß',
    givenNames: 'Iris Élodie',
    placeOfBirth: 'GREENHAVEN',
    dateOfBirth: '1993-05-02',
  };
  const lena: Holder = {
    person: 'lena',
    surname: 'Okada',
    givenNames: 'Lena',
    placeOfBirth: 'NORDVIK',
    // A few months short of sixteen, whenever that is.
    dateOfBirth: addDays(addYears(today, -16), 100),
  };
  /** Too long a name for the thirty characters of a card: its zone ends inside the last given name. */
  const anneliese: Holder = {
    person: 'asa',
    surname: 'van der Meulen',
    givenNames: 'Anneliese Catharina',
    placeOfBirth: 'NORDVIK',
    dateOfBirth: '1987-06-30',
  };
  const nirmala: Holder = {
    person: 'nadia',
    surname: 'Nirmala',
    givenNames: '',
    placeOfBirth: 'SAN ALBA',
    dateOfBirth: '1995-12-08',
  };
  const kseniia: Holder = {
    person: 'iris',
    surname: 'Zharkova',
    givenNames: 'Kseniia',
    nationalNames: { surname: 'Жаркова', givenNames: 'Ксения' },
    placeOfBirth: 'GREENHAVEN',
    dateOfBirth: '1990-10-21',
  };
  return { clara, maria, zoe, asa, nadia, iris, lena, anneliese, nirmala, kseniia };
}

/** Which names a holder drawn by lot has. */
export type NameKind = 'ordinary' | 'long' | 'mononym' | 'cyrillic' | 'greek';

const SURNAMES = [
  ...['Almeida', 'Andersson', 'Bergström', 'Bianchi', 'Brâncuş', 'Castaño', 'Čapková', 'Davies', 'Dupré'],
  ...['Ellery-Voss', 'Faßbinder', 'Fernández', 'García López', 'Håkansson', 'Horváth', 'Ibarra', 'Jørgensen'],
  ...['Kaya', 'Kowalczyk', 'Kučera', 'Lefèvre', 'Lindgren', 'Łukasik', 'Marchetti', 'McAllister', "N'Diaye"],
  ...['Novák', "O'Rourke", 'Öztürk', 'Palme', 'Petrauskaitė', 'Quint', 'Ramírez', 'Rossi', 'Šimić'],
  ...[
    'Søndergaard',
    'Strauß',
    'Tamm',
    'Munteanu',
    'Ünal',
    'van den Broek',
    'von Achern',
    'Wójcik',
    'Zanetti',
  ],
] as const;

const GIVEN_NAMES = [
  ...['Ada', 'Agnieszka', 'Amélie', 'Anna Lucia', 'Astrid', 'Birgül', 'Carmen', 'Chloë', 'Dagný', 'Eleonora'],
  ...['Élodie', 'Emma', 'Françoise', 'Freya', 'Gülşen', 'Hanna', 'Inês', 'Ingrid Marie', 'Jelena', 'Joanna'],
  ...[
    'Karin',
    'Lucía',
    'Małgorzata',
    'Marie-Claire',
    'Noémie',
    'Olga',
    'Renée',
    'Sarah Jane',
    'Sofía',
    'Thi Mai',
  ],
  ...['Ulla', 'Valentina', 'Věra', 'Yasmin', 'Zsófia', 'Živa'],
] as const;

const CYRILLIC_NAMES = [
  { surname: 'Жаркова', givenNames: 'Ксения' },
  { surname: 'Щеглова', givenNames: 'Юлия' },
  { surname: 'Цветкова', givenNames: 'Анна Игоревна' },
  { surname: 'Хомякова', givenNames: 'Любовь' },
  { surname: 'Лебедева', givenNames: 'Татьяна' },
] as const;

const GREEK_NAMES = [
  { surname: 'Παπαδοπούλου', givenNames: 'Ελένη' },
  { surname: 'Ευαγγελίδη', givenNames: 'Χρυσούλα' },
  { surname: 'Αγγελοπούλου', givenNames: 'Μαρία' },
  { surname: 'Ψαρρά', givenNames: 'Θεοδώρα' },
] as const;

const PLACES = [
  'PORT LUMEN',
  'SAN ALBA',
  'GREENHAVEN',
  'NORDVIK',
  'EASTMERE',
  'VALDORO',
  'KESTREL BAY',
] as const;
const PERSONS: readonly Person[] = ['clara', 'maria', 'zoe', 'asa', 'nadia', 'iris'];

function drawNames(kind: NameKind, random: Random): Pick<Holder, 'surname' | 'givenNames' | 'nationalNames'> {
  const fromNational = (nationalNames: { surname: string; givenNames: string }) => ({
    surname: romanise(nationalNames.surname),
    givenNames: romanise(nationalNames.givenNames),
    nationalNames,
  });
  switch (kind) {
    case 'ordinary':
      return { surname: pick(random, SURNAMES), givenNames: pick(random, GIVEN_NAMES) };
    case 'long':
      return {
        surname: `${pick(random, SURNAMES)}-${pick(random, SURNAMES)}`,
        givenNames: `${pick(random, GIVEN_NAMES)} ${pick(random, GIVEN_NAMES)} ${pick(random, GIVEN_NAMES)}`,
      };
    case 'mononym':
      return { surname: pick(random, GIVEN_NAMES).split(' ')[0] ?? '', givenNames: '' };
    case 'cyrillic':
      return fromNational(pick(random, CYRILLIC_NAMES));
    case 'greek':
      return fromNational(pick(random, GREEK_NAMES));
  }
}

/**
 * A holder drawn by lot.
 *
 * @param youngest completed years on the day, at the least; the oldest are about 75
 */
export function drawHolder(kind: NameKind, random: Random, today: string, youngest: number): Holder {
  return {
    ...drawNames(kind, random),
    person: pick(random, PERSONS),
    placeOfBirth: pick(random, PLACES),
    dateOfBirth: addDays(addYears(today, -youngest), -Math.floor(random.next() * (75 - youngest) * 365)),
  };
}
