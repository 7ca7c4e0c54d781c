import { writeAamva, type LicenceDetails } from './aamva-writer.js';
import { addDays, addYears } from './calendar.js';
import { sceneUnder, type Conditions } from './conditions.js';
import { drawDesign, type Design } from './design.js';
import type { DrawingKit, SpecimenData } from './document-art.js';
import { drawSample } from './draw-samples.js';
import { drawHolder, type Holder, type NameKind } from './holders.js';
import { writeMrz, type MrzFormat, type MrzHolder, type MrzLines } from './mrz-writer.js';
import { TEST_CARD_NUMBERS } from './payment-card.js';
import { digits, makeRandom, pick, type Random } from './random.js';
import { fullNameOf, type Drawing } from './sample-plan.js';
import { formOf, type DocumentFormName } from './sample-variants.js';
import { romanise, transliterate } from './transliterate.js';

/** Kinds of documents that {@link drawDocument} draws; `licence` is the one with a barcode, `numbered_licence` the one without. */
export const DOCUMENT_KINDS = [
  'passport',
  'card',
  'td2_card',
  'visa_a',
  'visa_b',
  'plain_card',
  'numbered_licence',
  'licence',
  'payment_card',
] as const satisfies readonly (DocumentFormName | 'payment_card')[];
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export interface DrawDocumentOptions {
  /** From `makeDrawingKit`; one serves any number of documents. */
  readonly kit: DrawingKit;
  /** `YYYY-MM-DD`; expiry and age are counted from it. */
  readonly today: string;
  readonly conditions?: Conditions;
  /** Ordinary Latin names where nothing is said. */
  readonly names?: NameKind;
  /** In place of parts of the holder that the seed gives. */
  readonly holder?: Partial<Holder>;
  /** In place of parts of the design that the seed gives. */
  readonly design?: Partial<Design>;
  /** What zone and barcode say of somebody, where print says otherwise. */
  readonly machineSays?: Partial<Pick<Holder, 'surname' | 'givenNames' | 'dateOfBirth'>>;
  /** Prints a national identity number; in passports and cards the zone repeats it. */
  readonly personalNumber?: boolean;
  readonly expired?: boolean;
  /** Pixels of the photograph's longer side. 1600 where nothing is said. */
  readonly side?: number;
}

/** Fields under the names that a reading gives them; dates as `YYYY-MM-DD`. */
export type TrueFields = Readonly<
  Partial<
    Record<
      | 'surname'
      | 'given_names'
      | 'date_of_birth'
      | 'document_number'
      | 'expires_on'
      | 'issuer'
      | 'nationality'
      | 'sex'
      | 'national_number'
      | 'payment_card_number',
      string
    >
  >
>;

/** What stands on a drawn document. */
export interface DocumentTruth {
  readonly format: MrzFormat | 'AAMVA' | 'none';
  readonly mrz: MrzLines | null;
  readonly barcode: string | null;
  /** What is printed, names with their national letters and in capitals. */
  readonly fields: TrueFields;
  /** What zone or barcode say, names in their spelling and whole, also where the zone has no room for all of them; `null` without either. */
  readonly machine: TrueFields | null;
}

export interface DrawnDocument {
  /** JPEGs. */
  readonly front: Buffer;
  readonly back?: Buffer;
  readonly truth: DocumentTruth;
}

const LETTERS = [...'ABCDEFGHJKLMNPRSTUVWXYZ'];

/** Document numbers in the forms that issuers use; cards now and then have one too long for its columns. */
function drawNumber(random: Random, mayBeLong: boolean): string {
  const letters = (count: number): string =>
    Array.from({ length: count }, () => pick(random, LETTERS)).join('');
  const form = random.next();
  if (mayBeLong && form < 0.1) return letters(2) + digits(random, 9);
  if (form < 0.4) return letters(2) + digits(random, 7);
  if (form < 0.6) return letters(1) + digits(random, 8);
  if (form < 0.8) return digits(random, 9);
  if (form < 0.9) return letters(3) + digits(random, 6);
  return letters(1) + digits(random, 2) + letters(2) + digits(random, 3) + letters(1);
}

const STREETS = ['Harbour Street', 'Mill Lane', 'Alder Road', 'North Quay', 'Orchard Avenue'] as const;
const CITIES = ['Port Lumen', 'Eastmere', 'Greenhaven', 'Kestrel Bay'] as const;

const drawLicenceDetails = (random: Random): LicenceDetails => ({
  street: `${Math.floor(random.between(2, 980))} ${pick(random, STREETS)}`,
  city: pick(random, CITIES),
  postalCode: digits(random, 5),
  heightInches: Math.floor(random.between(59, 74)),
  eyes: pick(random, ['BRO', 'BLU', 'GRN', 'HAZ', 'GRY']),
  vehicleClass: pick(random, ['C', 'D', 'M']),
  discriminator: digits(random, 16),
});

/** Licences with a barcode print what the barcode can hold: letters without marks. */
const isArcadian = (kind: DocumentKind): boolean => kind === 'licence';

/** Who holds a licence of ten years was old enough to drive when it was issued. */
const youngestOf = (kind: DocumentKind): number =>
  kind === 'licence' || kind === 'numbered_licence' ? 27 : 18;

function designFor(kind: DocumentKind, names: NameKind, seed: string, random: Random): Design {
  const design = drawDesign(seed, random);
  if (names === 'cyrillic') return { ...design, languages: ['ru', 'en'] };
  if (names === 'greek') return { ...design, languages: ['el', 'en'] };
  // Cards that only print have their dates in figures, and often one language.
  if (kind === 'plain_card' || kind === 'numbered_licence')
    return {
      ...design,
      dates: pick(random, ['dots', 'dots', 'slashes', 'iso', 'spaces']),
      languages: [pick(random, ['de', 'fr', 'es', 'it', 'pl', 'pt', 'nl', 'en'])],
    };
  return design;
}

function specimenOf(
  kind: Exclude<DocumentKind, 'payment_card'>,
  holder: Holder,
  random: Random,
  options: DrawDocumentOptions,
): { readonly data: SpecimenData; readonly written: MrzHolder } {
  const { today, machineSays } = options;
  const form = formOf(kind);
  const expiresOn =
    options.expired === true
      ? addDays(today, -Math.floor(random.between(5, 900)))
      : addDays(today, Math.floor(random.between(60, form.yearsValid * 330)));
  const issuedOn = addYears(expiresOn, -form.yearsValid);
  const documentNumber = drawNumber(random, form.zone === 'TD1');
  const personalNumber = options.personalNumber === true ? digits(random, 11) : undefined;
  // Only the optional data of passports and TD1 cards hold so long a number.
  const hasRoom = form.zone === 'TD3' || (form.zone === 'TD1' && documentNumber.length <= 9);
  const printed = { ...holder, documentNumber, sex: 'F', expiresOn } as const;
  const written: MrzHolder = {
    ...printed,
    ...machineSays,
    issuer: 'UTO',
    nationality: 'UTO',
    ...(personalNumber !== undefined && hasRoom ? { optionalData: personalNumber } : {}),
  };
  const licence = drawLicenceDetails(random);
  return {
    written,
    data: {
      ...printed,
      issuedOn,
      mrz: form.zone && writeMrz(form.zone, written),
      ...(personalNumber === undefined ? {} : { personalNumber }),
      ...(isArcadian(kind)
        ? { licence, barcode: writeAamva({ ...printed, ...machineSays, issuedOn, licence }) }
        : {}),
    },
  };
}

function truthOf(
  kind: Exclude<DocumentKind, 'payment_card'>,
  data: SpecimenData,
  written: MrzHolder,
): DocumentTruth {
  const form = formOf(kind);
  const spell = (name: string): string =>
    form.zone ? transliterate(name).replaceAll('<', ' ') : name.toUpperCase();
  const fieldsOf = (holder: MrzHolder, spelled: (name: string) => string): TrueFields => ({
    surname: spelled(holder.surname),
    ...(holder.givenNames === '' ? {} : { given_names: spelled(holder.givenNames) }),
    date_of_birth: holder.dateOfBirth,
    document_number: holder.documentNumber,
    expires_on: holder.expiresOn,
    sex: holder.sex,
    ...(form.zone ? { issuer: holder.issuer, nationality: holder.nationality } : {}),
  });
  const printed = {
    ...written,
    surname: data.surname,
    givenNames: data.givenNames,
    dateOfBirth: data.dateOfBirth,
  };
  const { optionalData } = written;
  return {
    format: form.type,
    mrz: data.mrz,
    barcode: data.barcode ?? null,
    fields: {
      ...fieldsOf(printed, (name) => name.toUpperCase()),
      ...(data.personalNumber === undefined ? {} : { national_number: data.personalNumber }),
    },
    machine:
      form.type === 'none'
        ? null
        : {
            ...fieldsOf(written, spell),
            ...(optionalData === undefined ? {} : { national_number: optionalData }),
          },
  };
}

async function drawSpecimen(
  kind: Exclude<DocumentKind, 'payment_card'>,
  seed: string,
  holder: Holder,
  design: Design,
  options: DrawDocumentOptions,
): Promise<DrawnDocument> {
  const random = makeRandom(`${seed}/specimen`);
  const { data, written } = specimenOf(kind, holder, random, options);
  const form = formOf(kind);
  const sideOf = (sheet: Exclude<Drawing['kind'], 'selfie' | 'landscape' | 'payment_card'>, side: string) =>
    drawSample(
      {
        kind: sheet,
        data,
        design,
        scene: sceneUnder(options.conditions ?? {}, `${seed}/${side}`, options.side),
      },
      options.kit,
    );
  const front = await sideOf(form.front, 'front');
  return {
    front,
    ...(form.back ? { back: await sideOf(form.back, 'back') } : {}),
    truth: truthOf(kind, data, written),
  };
}

async function drawCardOfPayment(
  seed: string,
  holder: Holder,
  design: Design,
  { kit, today, conditions = {}, side }: DrawDocumentOptions,
): Promise<DrawnDocument> {
  const random = makeRandom(`${seed}/payment`);
  const data = {
    number: pick(random, TEST_CARD_NUMBERS),
    expiresOn: addDays(today, Math.floor(random.between(40, 1500))),
    holder: fullNameOf(holder),
    embossed: random.next() < 0.6,
  };
  const scene = sceneUnder(conditions, `${seed}/front`, side);
  return {
    front: await drawSample({ kind: 'payment_card', data, design, scene }, kit),
    truth: {
      format: 'none',
      mrz: null,
      barcode: null,
      fields: { payment_card_number: data.number },
      machine: null,
    },
  };
}

const withPlainNames = (holder: Holder): Holder => ({
  ...holder,
  surname: romanise(holder.surname),
  givenNames: romanise(holder.givenNames),
});

/**
 * Draws a document that the seed determines: holder, numbers, dates, layout, type, ground and photograph. The same seed and options give
 * the same bytes.
 *
 * @throws RangeError `name_not_transliterable`, `character_not_in_font` for a holder whose name the zone or the type cannot write
 */
export async function drawDocument(
  kind: DocumentKind,
  seed: string,
  options: DrawDocumentOptions,
): Promise<DrawnDocument> {
  const random = makeRandom(`${kind}/${seed}`);
  const names = options.names ?? 'ordinary';
  const drawn = { ...drawHolder(names, random, options.today, youngestOf(kind)), ...options.holder };
  const holder = isArcadian(kind) ? withPlainNames(drawn) : drawn;
  const design = { ...designFor(kind, names, `${kind}/${seed}`, random), ...options.design };
  return kind === 'payment_card'
    ? drawCardOfPayment(`${kind}/${seed}`, holder, design, options)
    : drawSpecimen(kind, `${kind}/${seed}`, holder, design, options);
}
