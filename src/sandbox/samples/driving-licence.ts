import { ARCADIA } from './aamva-writer.js';
import { drawPdf417 } from './barcode-art.js';
import { ID1 } from './identity-card.js';
import type { Sheet } from './sheet.js';

const NUMBERED = 33;

/**
 * A driving licence whose fields bear numbers for labels, as ISO/IEC 18013-1 and the European model have it, and which has no zone. The
 * layout is our own.
 */
export const NUMBERED_LICENCE: Sheet = {
  ...ID1,
  from: '#f8e6ea',
  to: '#eae8f4',
  lines: ['#d3a2b0', '#a3a6cf'],
  rosette: { x: 62, y: 28, radius: 16 },
  mark: { x: 58, y: 36, size: 13, angle: -22 },
  stamp: { x: 82, y: 11.6, size: 2.6 },
  headings: [{ lines: ['DRIVING LICENCE', 'PERMIS DE CONDUIRE'], x: 15.5, y: 6.2, size: 3.8 }],
  portrait: { x: 3.6, y: 14.5, width: 25, height: 32.1 },
  labelling: 'numbers',
  size: 2.7,
  gap: 5,
  places: [
    { field: 'surname', x: NUMBERED, y: 16.4 },
    { field: 'given_names', x: NUMBERED, y: 20.8 },
    { field: 'birth_date_and_place', x: NUMBERED, y: 25.2 },
    { field: 'issued_on', x: NUMBERED, y: 29.6 },
    { field: 'authority', x: 58, y: 29.6, size: 2.2 },
    { field: 'expires_on', x: NUMBERED, y: 34 },
    { field: 'document_number', x: NUMBERED, y: 38.4 },
    { field: 'categories', x: NUMBERED, y: 49 },
  ],
  hasZone: false,
  ornaments: (_data, pen) =>
    '<rect x="3" y="3" width="10.5" height="7.6" rx="1.2" fill="#35558c"/>' +
    '<ellipse cx="8.25" cy="6.8" rx="4.4" ry="2.9" fill="none" stroke="#e9edf6" stroke-width="0.3"/>' +
    pen.text('UTO', 8.25, 7.7, { size: 2.6, anchor: 'middle', ink: '#ffffff' }),
};

const ARCADIAN = {
  ...ID1,
  from: '#e7eff6',
  to: '#f4ecdd',
  lines: ['#8fb0c9', '#cbb58b'],
  labelling: 'abbreviations',
} as const;

const LABELLED = 31.5;
const RIGHT = 58;

/** The front of a licence of Arcadia, an invented state: abbreviations before the values, months first (AAMVA DL/ID-2020, annex A). */
export const ARCADIAN_LICENCE_FRONT: Sheet = {
  ...ARCADIAN,
  rosette: { x: 58, y: 30, radius: 16 },
  mark: { x: 56, y: 36, size: 13, angle: -22 },
  stamp: { x: 82, y: 10.4, size: 2.6 },
  headings: [{ lines: ['ARCADIA', 'DRIVER LICENSE'], x: 3.6, y: 6.8, size: 5 }],
  portrait: { x: 3.6, y: 14, width: 25, height: 31.4 },
  ghost: { x: 71.5, y: 34, width: 10.5, height: 13.5 },
  size: 2.6,
  gap: 7,
  places: [
    { field: 'document_number', x: LABELLED, y: 16, size: 3.1 },
    { field: 'expires_on', x: LABELLED, y: 20, size: 2.9 },
    { field: 'vehicle_class', x: RIGHT, y: 20 },
    { field: 'surname', x: LABELLED, y: 24 },
    { field: 'given_names', x: LABELLED, y: 27.4 },
    { field: 'street', x: LABELLED, y: 31 },
    { field: 'city', x: LABELLED, y: 34 },
    { field: 'date_of_birth', x: LABELLED, y: 38.4, size: 3.1 },
    { field: 'restrictions', x: LABELLED, y: 42, size: 2.3 },
    { field: 'endorsements', x: 50, y: 42, size: 2.3 },
    { field: 'sex', x: LABELLED, y: 45.2, size: 2.3 },
    { field: 'height', x: 43, y: 45.2, size: 2.3 },
    { field: 'eyes', x: 58, y: 45.2, size: 2.3 },
    { field: 'issued_on', x: LABELLED, y: 48.4, size: 2.3 },
    { field: 'discriminator', x: LABELLED, y: 51.2, size: 1.8 },
  ],
  hasZone: false,
  ornaments: (_data, pen) => pen.text(ARCADIA.country, 82, 6.6, { size: 3.4, anchor: 'end', ink: '#35558c' }),
};

/** Between the edge of the card and the symbol; the module is then about 0.29 mm wide (AAMVA DL/ID-2020, D.3.2: 0.17–0.38 mm). */
const SYMBOL = { x: 6.3, y: 19, width: 73 } as const;

const REMARKS = [
  'CLASS C  ANY SINGLE VEHICLE UNDER 26,001 LBS',
  'END  NONE     RSTR  NONE',
  'Specimen of an invented state. Not a licence to drive.',
] as const;

/** The back of that licence, with its barcode. */
export const ARCADIAN_LICENCE_BACK: Sheet = {
  ...ARCADIAN,
  rosette: { x: 22, y: 40, radius: 12 },
  stamp: { x: 82, y: 6.4, size: 3 },
  headings: [],
  size: 2.3,
  places: [],
  hasZone: false,
  ornaments: ({ barcode }, pen) =>
    REMARKS.map((line, i) => pen.text(line, 4.4, 6.4 + i * 3.4, { size: 2.1 })).join('') +
    (barcode === undefined ? '' : drawPdf417(barcode, SYMBOL.x, SYMBOL.y, SYMBOL.width).drawing),
};
