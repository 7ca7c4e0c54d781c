import type { Sheet } from './sheet.js';

const PAPER = {
  from: '#eaf2ea',
  to: '#efe6f0',
  lines: ['#93b88f', '#b59ac0'],
  radius: 1.2,
  labelling: 'words',
  hasZone: true,
} as const;

/** A visa that fills a page (MRV-A, ICAO 9303-7, 3.1): an invented layout, marked SPECIMEN. */
export const VISA_A: Sheet = {
  ...PAPER,
  width: 120,
  height: 80,
  rosette: { x: 84, y: 36, radius: 20 },
  mark: { x: 78, y: 46, size: 18, angle: -23 },
  stamp: { x: 115, y: 8, size: 4 },
  headings: [{ lines: ['UTOPIA  VISA', 'UTOPIE  VISA'], x: 5, y: 8, size: 5 }],
  portrait: { x: 5, y: 16, width: 29, height: 37.2 },
  size: 3.1,
  places: [
    { field: 'valid_for', x: 39, y: 15 },
    { field: 'visa_number', x: 80, y: 15 },
    { field: 'surname', x: 39, y: 23 },
    { field: 'given_names', x: 39, y: 31 },
    { field: 'date_of_birth', x: 39, y: 39 },
    { field: 'sex', x: 80, y: 39 },
    { field: 'nationality', x: 96, y: 39 },
    { field: 'issued_on', x: 39, y: 47 },
    { field: 'expires_on', x: 80, y: 47 },
    { field: 'entries', x: 39, y: 55 },
  ],
};

/** A visa of TD2 size (MRV-B, ICAO 9303-7, 3.2). */
export const VISA_B: Sheet = {
  ...PAPER,
  width: 105,
  height: 74,
  rosette: { x: 72, y: 32, radius: 18 },
  mark: { x: 68, y: 42, size: 16, angle: -23 },
  stamp: { x: 101, y: 7.6, size: 3.6 },
  headings: [{ lines: ['UTOPIA  VISA', 'UTOPIE  VISA'], x: 4, y: 7.6, size: 4.4 }],
  portrait: { x: 4, y: 14.5, width: 26, height: 33.4 },
  size: 2.8,
  places: [
    { field: 'valid_for', x: 34, y: 15 },
    { field: 'visa_number', x: 70, y: 15 },
    { field: 'surname', x: 34, y: 22.2 },
    { field: 'given_names', x: 34, y: 29.4 },
    { field: 'date_of_birth', x: 34, y: 36.6 },
    { field: 'sex', x: 70, y: 36.6 },
    { field: 'nationality', x: 84, y: 36.6 },
    { field: 'issued_on', x: 34, y: 43.8 },
    { field: 'expires_on', x: 70, y: 43.8 },
  ],
};
