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

/** A TD1 card (ICAO 9303-5, 2.1: ID-1 of ISO/IEC 7810), in millimetres. */
const CARD = { width: 85.6, height: 54 } as const;

const GROUND: GroundStyle = {
  ...CARD,
  radius: 3.18,
  from: '#e4efe6',
  to: '#e9e2f1',
  lines: ['#8db79b', '#a79bc4'],
  rosette: { x: 60, y: 30, radius: 16 },
};

const PORTRAIT = { x: 3.6, y: 13.5, width: 26, height: 33.4 } as const;
const GHOST = { x: 70, y: 32, width: 11.5, height: 14.8 } as const;
const FIRST_COLUMN = 33;
const SECOND_COLUMN = 56;
const VALUE_SIZE = 2.7;

/**
 * Draws the front of a Utopian identity card: an invented layout, marked SPECIMEN.
 *
 * @param width of the raster in pixels
 */
export function drawCardFront(data: SpecimenData, width: number, kit: DrawingKit): Promise<Raster> {
  const pen = makePen(kit.typefaces);
  const field = (label: string, value: string, x: number, y: number): string =>
    pen.field(label, value, x, y, VALUE_SIZE);
  const drawing =
    drawGround(GROUND) +
    pen.specimenMark(58, 34, 13, -22) +
    pen.heading('UTOPIA  IDENTITY CARD', "UTOPIE  CARTE D'IDENTITÉ", 3.6, 6.4, 3.6) +
    pen.specimenStamp(82, 6.4, 3) +
    field('Surname / Nom', data.surname.toUpperCase(), FIRST_COLUMN, 15) +
    field('Given names / Prénoms', data.givenNames.toUpperCase(), FIRST_COLUMN, 21.4) +
    field('Date of birth / Date de naissance', printedDate(data.dateOfBirth), FIRST_COLUMN, 27.8) +
    field('Sex / Sexe', 'F', FIRST_COLUMN, 34.2) +
    field('Nationality / Nationalité', 'UTO', 45, 34.2) +
    field('Document No. / N° du document', data.documentNumber, FIRST_COLUMN, 40.6) +
    field('Expiry / Expiration', printedDate(data.expiresOn), SECOND_COLUMN + 4, 27.8);
  const portraits = [
    { person: data.person, box: PORTRAIT, opacity: 1 },
    { person: data.person, box: GHOST, opacity: 0.28 },
  ];
  return rasterise(drawing, CARD, width, portraits, kit.studio);
}

/** Draws the back of the card, with its machine-readable zone. */
export function drawCardBack(data: SpecimenData, width: number, kit: DrawingKit): Promise<Raster> {
  const pen = makePen(kit.typefaces);
  const field = (label: string, value: string, x: number, y: number): string =>
    pen.field(label, value, x, y, VALUE_SIZE);
  const drawing =
    drawGround({ ...GROUND, rosette: { x: 22, y: 20, radius: 14 } }) +
    pen.specimenStamp(82, 6.4, 3) +
    field('Place of birth / Lieu de naissance', data.placeOfBirth, 4.7, 8) +
    field('Date of issue / Date de délivrance', printedDate(data.issuedOn), 4.7, 15.5) +
    field('Authority / Autorité', 'CIVIL REGISTRY OF UTOPIA', 40, 15.5) +
    (data.mrz === null ? '' : pen.mrz(data.mrz, CARD.width, CARD.height));
  return rasterise(drawing, CARD, width, [], kit.studio);
}
