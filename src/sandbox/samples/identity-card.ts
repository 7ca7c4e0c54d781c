import type { Sheet } from './sheet.js';

const FIRST_COLUMN = 33;

/** ID-1 of ISO/IEC 7810, in millimetres: the size of TD1 cards, licences and payment cards. */
export const ID1 = { width: 85.6, height: 54, radius: 3.18 } as const;

const PAPER = {
  ...ID1,
  from: '#e4efe6',
  to: '#e9e2f1',
  lines: ['#8db79b', '#a79bc4'],
  stamp: { x: 82, y: 6.4, size: 3 },
  labelling: 'words',
  size: 2.7,
} as const;

/** The front of a Utopian identity card of TD1 size (ICAO 9303-5, 2.1): an invented layout, marked SPECIMEN. */
export const CARD_FRONT: Sheet = {
  ...PAPER,
  rosette: { x: 60, y: 30, radius: 16 },
  mark: { x: 58, y: 34, size: 13, angle: -22 },
  headings: [{ lines: ['UTOPIA  IDENTITY CARD', "UTOPIE  CARTE D'IDENTITÉ"], x: 3.6, y: 6.4, size: 3.6 }],
  portrait: { x: 3.6, y: 13.5, width: 26, height: 33.4 },
  ghost: { x: 70, y: 32, width: 11.5, height: 14.8 },
  places: [
    { field: 'surname', x: FIRST_COLUMN, y: 15 },
    { field: 'given_names', x: FIRST_COLUMN, y: 21.4 },
    { field: 'date_of_birth', x: FIRST_COLUMN, y: 27.8 },
    { field: 'expiry', x: 60, y: 27.8 },
    { field: 'sex', x: FIRST_COLUMN, y: 34.2 },
    { field: 'nationality_code', x: 45, y: 34.2 },
    { field: 'document_number', x: FIRST_COLUMN, y: 40.6 },
  ],
  hasZone: false,
};

/** The back of the card, with its machine-readable zone (ICAO 9303-5, 2.2.1). */
export const CARD_BACK: Sheet = {
  ...PAPER,
  rosette: { x: 22, y: 20, radius: 14 },
  headings: [],
  places: [
    { field: 'place_of_birth', x: 4.7, y: 8 },
    { field: 'personal_number', x: 40, y: 8 },
    { field: 'issued_on', x: 4.7, y: 15.5 },
    { field: 'authority', x: 40, y: 15.5 },
  ],
  hasZone: true,
};

/** An identity card that prints everything and has no machine-readable zone on either side. */
export const PLAIN_CARD: Sheet = {
  ...PAPER,
  from: '#eef1f5',
  to: '#dfeaf0',
  lines: ['#8fa9c0', '#b7a3b0'],
  rosette: { x: 66, y: 26, radius: 15 },
  mark: { x: 56, y: 36, size: 13, angle: -22 },
  headings: [{ lines: ['UTOPIA', 'PERSONAL IDENTITY CARD'], x: 3.6, y: 6.4, size: 3.6 }],
  portrait: { x: 3.6, y: 13.5, width: 26, height: 33.4 },
  ghost: { x: 70, y: 30, width: 11.5, height: 14.8 },
  places: [
    { field: 'surname', x: FIRST_COLUMN, y: 13 },
    { field: 'given_names', x: FIRST_COLUMN, y: 19.2 },
    { field: 'date_of_birth', x: FIRST_COLUMN, y: 25.4 },
    { field: 'sex', x: 57, y: 25.4 },
    { field: 'place_of_birth', x: FIRST_COLUMN, y: 31.6 },
    { field: 'document_number', x: FIRST_COLUMN, y: 37.8 },
    { field: 'personal_number', x: 57, y: 37.8 },
    { field: 'expires_on', x: FIRST_COLUMN, y: 44 },
    { field: 'issued_on', x: 57, y: 44 },
  ],
  hasZone: false,
};

const TD2_PAPER = {
  width: 105,
  height: 74,
  radius: 3.18,
  from: '#f2efe2',
  to: '#e0ebe6',
  lines: ['#b3ae84', '#89b0a0'],
  labelling: 'words',
  size: 2.9,
} as const;

/** An identity card of TD2 size (ICAO 9303-6, 2.1), which has room for its zone below the portrait. */
export const TD2_CARD: Sheet = {
  ...TD2_PAPER,
  rosette: { x: 76, y: 32, radius: 19 },
  mark: { x: 68, y: 42, size: 16, angle: -22 },
  stamp: { x: 101, y: 7.4, size: 3.4 },
  headings: [
    { lines: ['REPUBLIC OF UTOPIA', "RÉPUBLIQUE D'UTOPIE"], x: 4, y: 7.4, size: 3.8 },
    { lines: ['IDENTITY CARD', "CARTE D'IDENTITÉ"], x: 48, y: 7.4, size: 3.8 },
  ],
  portrait: { x: 4, y: 14.5, width: 27, height: 34.7 },
  ghost: { x: 89, y: 32, width: 12, height: 15.4 },
  places: [
    { field: 'surname', x: 35, y: 16 },
    { field: 'given_names', x: 35, y: 23 },
    { field: 'date_of_birth', x: 35, y: 30 },
    { field: 'sex', x: 66, y: 30 },
    { field: 'nationality_code', x: 35, y: 37 },
    { field: 'document_number', x: 66, y: 37 },
    { field: 'issued_on', x: 35, y: 44 },
    { field: 'expires_on', x: 66, y: 44 },
  ],
  hasZone: true,
};
