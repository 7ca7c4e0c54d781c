import type { Sheet } from './sheet.js';

const FIRST_COLUMN = 44;
const SECOND_COLUMN = 78;

/** The data page of a Utopian passport: an invented layout of TD3 size (ICAO 9303-4, 2.1), marked SPECIMEN. */
export const PASSPORT_PAGE: Sheet = {
  width: 125,
  height: 88,
  radius: 2.2,
  from: '#f3ecda',
  to: '#d9e6ea',
  lines: ['#8fb3bd', '#c7a98f'],
  rosette: { x: 86, y: 42, radius: 22 },
  mark: { x: 82, y: 52, size: 19, angle: -24 },
  stamp: { x: 120, y: 8, size: 4 },
  headings: [
    { lines: ['REPUBLIC OF UTOPIA', "RÉPUBLIQUE D'UTOPIE"], x: 5, y: 8, size: 4.6 },
    { lines: ['PASSPORT', 'PASSEPORT'], x: 62, y: 8, size: 4.6 },
  ],
  portrait: { x: 5, y: 16.5, width: 35, height: 45 },
  ghost: { x: 105, y: 38, width: 15, height: 19.3 },
  labelling: 'words',
  size: 3.3,
  places: [
    { field: 'type', x: FIRST_COLUMN, y: 17 },
    { field: 'code', x: 58, y: 17 },
    { field: 'passport_number', x: SECOND_COLUMN, y: 17 },
    { field: 'personal_number', x: 102, y: 17 },
    { field: 'surname', x: FIRST_COLUMN, y: 25 },
    { field: 'given_names', x: FIRST_COLUMN, y: 33 },
    { field: 'nationality', x: FIRST_COLUMN, y: 41 },
    { field: 'date_of_birth', x: FIRST_COLUMN, y: 49 },
    { field: 'sex', x: SECOND_COLUMN, y: 41 },
    { field: 'place_of_birth', x: SECOND_COLUMN, y: 49 },
    { field: 'issued_on', x: FIRST_COLUMN, y: 57 },
    { field: 'expires_on', x: SECOND_COLUMN, y: 57 },
  ],
  hasZone: true,
};
