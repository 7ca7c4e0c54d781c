import {
  drawGround,
  makePen,
  printedDate,
  rasterise,
  type DrawingKit,
  type GroundStyle,
  type SpecimenData,
} from './document-art.js';
import type { Raster } from './raster.js';

/** A TD3 data page (ICAO 9303-4, 2.1), in millimetres. */
const PAGE = { width: 125, height: 88 } as const;

const GROUND: GroundStyle = {
  ...PAGE,
  radius: 2.2,
  from: '#f3ecda',
  to: '#d9e6ea',
  lines: ['#8fb3bd', '#c7a98f'],
  rosette: { x: 86, y: 42, radius: 22 },
};

const PORTRAIT = { x: 5, y: 16.5, width: 35, height: 45 } as const;
const GHOST = { x: 105, y: 38, width: 15, height: 19.3 } as const;
const FIRST_COLUMN = 44;
const SECOND_COLUMN = 78;

function drawFields(data: SpecimenData, { typefaces }: DrawingKit): string {
  const pen = makePen(typefaces);
  const field = (label: string, value: string, x: number, y: number): string => pen.field(label, value, x, y);
  return [
    field('Type / Type', 'P', FIRST_COLUMN, 17),
    field('Code / Code', 'UTO', 58, 17),
    field('Passport No. / Passeport N°', data.documentNumber, SECOND_COLUMN, 17),
    field('Surname / Nom', data.surname.toUpperCase(), FIRST_COLUMN, 25),
    field('Given names / Prénoms', data.givenNames.toUpperCase(), FIRST_COLUMN, 33),
    field('Nationality / Nationalité', 'UTOPIAN', FIRST_COLUMN, 41),
    field('Date of birth / Date de naissance', printedDate(data.dateOfBirth), FIRST_COLUMN, 49),
    field('Sex / Sexe', 'F', SECOND_COLUMN, 41),
    field('Place of birth / Lieu de naissance', data.placeOfBirth, SECOND_COLUMN, 49),
    field('Date of issue / Date de délivrance', printedDate(data.issuedOn), FIRST_COLUMN, 57),
    field("Date of expiry / Date d'expiration", printedDate(data.expiresOn), SECOND_COLUMN, 57),
  ].join('');
}

/**
 * Draws the data page of a Utopian passport: an invented layout, marked SPECIMEN.
 *
 * @param width of the raster in pixels
 */
export function drawPassportPage(data: SpecimenData, width: number, kit: DrawingKit): Promise<Raster> {
  const pen = makePen(kit.typefaces);
  const drawing =
    drawGround(GROUND) +
    pen.specimenMark(82, 52, 19, -24) +
    pen.heading('REPUBLIC OF UTOPIA', "RÉPUBLIQUE D'UTOPIE", 5, 8, 4.6) +
    pen.heading('PASSPORT', 'PASSEPORT', 62, 8, 4.6) +
    pen.specimenStamp(120, 8, 4) +
    drawFields(data, kit) +
    (data.mrz === null ? '' : pen.mrz(data.mrz, PAGE.width, PAGE.height));
  const portraits = [
    { person: data.person, box: PORTRAIT, opacity: 1 },
    { person: data.person, box: GHOST, opacity: 0.28 },
  ];
  return rasterise(drawing, PAGE, width, portraits, kit.studio);
}
