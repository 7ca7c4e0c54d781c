import type { Slot } from '../../domain/reasons.js';
import { writeAamva } from './aamva-writer.js';
import { addDays, addYears } from './calendar.js';
import type { Design } from './design.js';
import type { SpecimenData } from './document-art.js';
import { makeHolders, type Holder } from './holders.js';
import { spoilNumberCheckDigit, writeMrz, type MrzHolder } from './mrz-writer.js';
import { TEST_CARD_NUMBERS, type PaymentCardData } from './payment-card.js';
import { GOOD_SCENE, type Scene } from './photograph.js';
import type { SelfieSubject } from './portraits.js';
import { makeRandom, pick } from './random.js';
import {
  askAgain,
  firstVariants,
  formOf,
  furtherVariants,
  LICENCE_DETAILS,
  SELFIE_VARIANTS,
  type DocumentFormName,
  type DocumentVariant,
  type Expectation,
  type SampleDocumentType,
  type SelfieVariant,
  type SheetKind,
} from './sample-variants.js';

export type { SheetKind } from './sample-variants.js';

/** What `GET /v1/test/images` says of one picture; the keys are those of the API. */
export interface SampleEntry {
  /** Name of the picture, as in `/v1/test/images/{name}.jpg`. */
  readonly name: string;
  readonly slot: Slot;
  /** The name and the date of birth (`YYYY-MM-DD`) to ask for when the verification is created. */
  readonly full_name: string;
  readonly date_of_birth: string;
  /** The minimum age to ask for, `null` for none. */
  readonly minimum_age: number | null;
  /** `none`: no machine-readable zone and no barcode; `null` for a selfie. */
  readonly document_type: SampleDocumentType | null;
  /** The lines that were printed, whether or not the photograph lets them be read; `null` where there are none. */
  readonly mrz: readonly string[] | null;
  /** Text of the barcode that was printed on this side, `null` where there is none. */
  readonly barcode: string | null;
  /** Names of the pictures to send with it. */
  readonly pairs_with: readonly string[];
  readonly expect: Expectation;
}

export type Drawing =
  | {
      readonly kind: SheetKind;
      readonly data: SpecimenData;
      readonly scene: Scene;
      readonly design?: Design;
    }
  | {
      readonly kind: 'payment_card';
      readonly data: PaymentCardData;
      readonly scene: Scene;
      readonly design?: Design;
    }
  | { readonly kind: 'landscape'; readonly scene: Scene }
  | {
      readonly kind: 'selfie';
      readonly subject: SelfieSubject;
      readonly seed: string;
      readonly blur: number;
    };

export interface PlannedSample {
  readonly entry: SampleEntry;
  readonly drawing: Drawing;
}

const SERIES_LETTERS = [...'CFGHJKLMNPRTVWXYZ'];

/** Two letters and seven digits, fixed by the sample's name. */
function documentNumber(sample: string): string {
  const random = makeRandom(`${sample}/number`);
  const letters = pick(random, SERIES_LETTERS) + pick(random, SERIES_LETTERS);
  return letters + String(Math.floor(random.next() * 1e7)).padStart(7, '0');
}

export const fullNameOf = ({ givenNames, surname }: Pick<Holder, 'givenNames' | 'surname'>): string =>
  `${givenNames} ${surname}`.trim();

function specimenData(variant: DocumentVariant, document: DocumentFormName, today: string): SpecimenData {
  const { holder, name, machineSays, personalNumber } = variant;
  const form = formOf(document);
  const expiresOn = variant.expired === true ? addDays(today, -45) : addDays(addYears(today, 6), 120);
  const issuedOn = addYears(expiresOn, -form.yearsValid);
  const printed = { ...holder, documentNumber: documentNumber(name), sex: 'F', expiresOn } as const;
  const written: MrzHolder = {
    ...printed,
    ...machineSays,
    issuer: 'UTO',
    nationality: 'UTO',
    ...(personalNumber === undefined ? {} : { optionalData: personalNumber }),
  };
  const lines = form.zone && variant.mrz !== 'none' ? writeMrz(form.zone, written) : null;
  const licence = LICENCE_DETAILS;
  return {
    ...printed,
    issuedOn,
    mrz: lines && variant.mrz === 'wrong_check_digit' ? spoilNumberCheckDigit(lines) : lines,
    ...(personalNumber === undefined ? {} : { personalNumber }),
    ...(form.type === 'AAMVA'
      ? { licence, barcode: writeAamva({ ...printed, ...machineSays, issuedOn, licence }) }
      : {}),
  };
}

function sceneOf(variant: DocumentVariant, seed: string): Scene {
  const random = makeRandom(`${seed}/scene`);
  return { ...GOOD_SCENE, rotation: random.between(-2.2, 2.2), ...variant.scene, seed };
}

/** A side of a document: how it is drawn, and what a machine can read on it. */
interface PlannedSide {
  readonly name: string;
  readonly slot: 'id_front' | 'id_back';
  readonly type: SampleDocumentType;
  readonly mrz: readonly string[] | null;
  readonly barcode: string | null;
  readonly drawing: Drawing;
}

function planSides(variant: DocumentVariant, today: string): readonly PlannedSide[] {
  const { name, document = 'passport', design } = variant;
  const scene = sceneOf(variant, name);
  const front = { name, slot: 'id_front', mrz: null, barcode: null } as const;
  if (document === 'landscape') return [{ ...front, type: 'none', drawing: { kind: 'landscape', scene } }];
  if (document === 'payment_card') {
    const data: PaymentCardData = {
      number: TEST_CARD_NUMBERS[0],
      expiresOn: addYears(today, 3),
      holder: fullNameOf(variant.holder),
      embossed: true,
    };
    return [{ ...front, type: 'none', drawing: { kind: 'payment_card', data, scene } }];
  }
  const form = formOf(document);
  const data = specimenData(variant, document, today);
  const type = variant.mrz === 'none' ? 'none' : form.type;
  const styled = design ? { design } : {};
  const sides: PlannedSide[] = [
    {
      ...front,
      type,
      mrz: form.zoneSide === 'front' ? data.mrz : null,
      drawing: { kind: form.front, data, scene, ...styled },
    },
  ];
  if (form.back) {
    const back = `${name}_back`;
    sides.push({
      name: back,
      slot: 'id_back',
      type,
      mrz: form.zoneSide === 'back' ? data.mrz : null,
      barcode: data.barcode ?? null,
      drawing: { kind: form.back, data, scene: sceneOf(variant, back), ...styled },
    });
  }
  return sides;
}

function planDocument(variant: DocumentVariant, today: string): readonly PlannedSample[] {
  const { name, holder } = variant;
  const sides = planSides(variant, today);
  const selfie = variant.selfie ?? `${name}_selfie`;
  const common = {
    full_name: variant.askedName ?? fullNameOf(holder),
    date_of_birth: variant.askedDateOfBirth ?? holder.dateOfBirth,
    minimum_age: variant.minimumAge ?? null,
    expect: variant.expect,
  };
  const pictures = [...sides.map((side) => side.name), selfie];
  const others = (self: string): string[] => pictures.filter((picture) => picture !== self);
  const planned: PlannedSample[] = sides.map(({ drawing, type, ...side }) => ({
    entry: {
      ...common,
      name: side.name,
      slot: side.slot,
      document_type: type,
      mrz: side.mrz,
      barcode: side.barcode,
      pairs_with: others(side.name),
    },
    drawing,
  }));
  if (variant.selfie !== undefined) return planned;
  const face: PlannedSample = {
    entry: {
      ...common,
      name: selfie,
      slot: 'selfie',
      document_type: null,
      mrz: null,
      barcode: null,
      pairs_with: others(selfie),
    },
    drawing: { kind: 'selfie', subject: variant.selfieOf ?? holder.person, seed: selfie, blur: 0 },
  };
  return [...planned, face];
}

function planSelfie(variant: SelfieVariant, document: SampleEntry): PlannedSample {
  const { name, subject, blur = 0, reason } = variant;
  return {
    entry: {
      ...document,
      name,
      slot: 'selfie',
      document_type: null,
      mrz: null,
      barcode: null,
      pairs_with: [document.name],
      expect: askAgain(reason),
    },
    drawing: { kind: 'selfie', subject, seed: name, blur },
  };
}

/**
 * Every sample, with how it is drawn and what is to come of it.
 *
 * @param today `YYYY-MM-DD`; expiry and the minor's date of birth are counted from it
 */
export function planSamples(today: string): readonly PlannedSample[] {
  const holders = makeHolders(today);
  const documents = [...firstVariants(holders), ...furtherVariants(holders)].flatMap((variant) =>
    planDocument(variant, today),
  );
  const approve = documents[0]?.entry;
  if (approve === undefined) return [];
  return [...documents, ...SELFIE_VARIANTS.map((variant) => planSelfie(variant, approve))];
}
