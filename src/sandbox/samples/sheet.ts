import type { Design, Palette } from './design.js';
import { makePen, printOn, type Box, type DrawingKit, type SpecimenData } from './document-art.js';
import { labelOf, printedDate, type FieldName, type Labelling } from './labels.js';
import type { Raster } from './raster.js';
import { transliterate } from './transliterate.js';

/** Where a field stands on a sheet: the left end of its label's baseline, in millimetres. */
export interface FieldPlace {
  readonly field: FieldName;
  readonly x: number;
  readonly y: number;
  /** Height of the value's type, where it is not the sheet's. */
  readonly size?: number;
}

/** What the pen of a sheet can do. */
export type Pen = ReturnType<typeof makePen>;

/** The layout of one side of a document: a drawing of our own, lengths in millimetres. */
export interface Sheet extends Palette {
  readonly width: number;
  readonly height: number;
  /** Of the corners. */
  readonly radius: number;
  readonly rosette: { readonly x: number; readonly y: number; readonly radius: number };
  readonly mark?: { readonly x: number; readonly y: number; readonly size: number; readonly angle: number };
  readonly stamp: { readonly x: number; readonly y: number; readonly size: number };
  readonly headings: readonly {
    readonly lines: readonly [string, string];
    readonly x: number;
    readonly y: number;
    readonly size: number;
  }[];
  readonly portrait?: Box;
  /** A second, pale portrait. */
  readonly ghost?: Box;
  readonly labelling: Labelling;
  /** Height of the type of values. */
  readonly size: number;
  /** Between the beginnings of label and value, where they share a line. */
  readonly gap?: number;
  readonly places: readonly FieldPlace[];
  /** Whether the machine-readable zone, if there is one, stands on this side. */
  readonly hasZone: boolean;
  /** Anything else, drawn between ground and print. */
  readonly ornaments?: (data: SpecimenData, pen: Pen) => string;
}

const MARGIN = 3;
const GHOST_OPACITY = 0.28;

const inTwoScripts = (national: string | undefined, latin: string): readonly string[] =>
  national === undefined
    ? [latin.toUpperCase()]
    : [national.toUpperCase(), transliterate(national).replaceAll('<', ' ')];

function valuesOf(data: SpecimenData, design: Design): Readonly<Record<FieldName, readonly string[]>> {
  const { licence, nationalNames } = data;
  const date = (isoDate: string) => printedDate(isoDate, design.dates);
  const inches = licence?.heightInches ?? 0;
  return {
    type: ['P'],
    code: ['UTO'],
    passport_number: [data.documentNumber],
    document_number: [data.documentNumber],
    visa_number: [data.documentNumber],
    surname: inTwoScripts(nationalNames?.surname, data.surname),
    given_names: inTwoScripts(nationalNames?.givenNames, data.givenNames),
    nationality: ['UTOPIAN'],
    nationality_code: ['UTO'],
    date_of_birth: [date(data.dateOfBirth)],
    sex: [data.sex ?? 'F'],
    place_of_birth: [data.placeOfBirth],
    issued_on: [date(data.issuedOn)],
    expires_on: [date(data.expiresOn)],
    expiry: [date(data.expiresOn)],
    authority: ['CIVIL REGISTRY OF UTOPIA'],
    personal_number: data.personalNumber === undefined ? [] : [data.personalNumber],
    valid_for: ['UTOPIA'],
    entries: ['MULT'],
    birth_date_and_place: [`${date(data.dateOfBirth)}  ${data.placeOfBirth}`],
    categories: ['AM / B1 / B'],
    street: licence ? [licence.street.toUpperCase()] : [],
    city: licence ? [`${licence.city}, ZZ ${licence.postalCode}`.toUpperCase()] : [],
    vehicle_class: licence ? [licence.vehicleClass] : [],
    endorsements: ['NONE'],
    restrictions: ['NONE'],
    height: [`${Math.floor(inches / 12)}'-${String(inches % 12).padStart(2, '0')}"`],
    eyes: licence ? [licence.eyes] : [],
    discriminator: licence ? [licence.discriminator] : [],
  };
}

/** The same sheet with its portrait on the right. A sheet without a portrait stays as it is. */
function mirror(sheet: Sheet): Sheet {
  const { portrait, ghost: _hidden, places, width, ...rest } = sheet;
  if (!portrait) return sheet;
  const shift = Math.min(...places.map(({ x }) => x)) - portrait.x;
  return {
    ...rest,
    width,
    portrait: { ...portrait, x: width - portrait.x - portrait.width },
    places: places.map((place) => ({ ...place, x: place.x - shift })),
  };
}

function shifted(sheet: Sheet, { shift }: Design): Sheet {
  const places = sheet.places.map((place) => ({ ...place, x: place.x + shift.x, y: place.y + shift.y }));
  return { ...sheet, places };
}

/** Width from a field's left end to the next thing on its right. */
function roomAt(sheet: Sheet, place: FieldPlace): number {
  const { portrait, width, places } = sheet;
  const ends = places
    .filter(({ x, y }) => x > place.x && Math.abs(y - place.y) < sheet.size)
    .map(({ x }) => x - 1);
  const edge = portrait && portrait.x > place.x ? portrait.x - 2 : width - MARGIN;
  return Math.min(edge, ...ends) - place.x;
}

function drawFields(sheet: Sheet, data: SpecimenData, design: Design, pen: Pen): string {
  const values = valuesOf(data, design);
  return sheet.places
    .map((place) => {
      const value = values[place.field];
      // A holder of one name, or a document without such a number: no label without a value.
      if (value.every((line) => line === '')) return '';
      const label = labelOf(place.field, sheet.labelling, design.languages);
      const size = (place.size ?? sheet.size) * design.type;
      const placed = { x: place.x, y: place.y, room: roomAt(sheet, place), size };
      return sheet.labelling === 'words'
        ? pen.field(label, value, placed)
        : pen.inlineField(label, value, placed, sheet.gap ?? size * 2);
    })
    .join('');
}

/**
 * Draws one side of a document.
 *
 * @param width of the raster in pixels
 */
export async function drawSheet(
  layout: Sheet,
  data: SpecimenData,
  design: Design,
  width: number,
  kit: DrawingKit,
): Promise<Raster> {
  const sheet = shifted(design.mirrored ? mirror(layout) : layout, design);
  const pen = makePen(await kit.typeCase(design.family));
  const { mark, stamp, portrait, ghost } = sheet;
  const { radius, from, to, lines, rosette } = { ...sheet, ...design.palette };
  const ground = {
    width: sheet.width,
    height: sheet.height,
    radius,
    from,
    to,
    lines,
    rosette,
    seed: design.seed,
  };
  const print = [
    mark ? pen.specimenMark(mark.x, mark.y, mark.size, mark.angle) : '',
    ...sheet.headings.map(({ lines, x, y, size }) => pen.heading(lines, x, y, size)),
    pen.specimenStamp(stamp.x, stamp.y, stamp.size),
    sheet.ornaments?.(data, pen) ?? '',
    drawFields(sheet, data, design, pen),
    sheet.hasZone && data.mrz !== null ? pen.mrz(data.mrz, sheet.width, sheet.height) : '',
  ].join('');
  const portraits = [
    ...(portrait ? [{ person: data.person, box: portrait, opacity: 1 }] : []),
    ...(ghost ? [{ person: data.person, box: ghost, opacity: GHOST_OPACITY }] : []),
  ];
  return printOn(ground, print, width, portraits, kit);
}
