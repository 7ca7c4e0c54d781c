import type { ReasonCode, Slot } from '../../domain/reasons.js';
import type { Status } from '../../domain/state-machine.js';
import type { SpecimenData } from './document-art.js';
import { spoilNumberCheckDigit, writeTd1, writeTd3, type MrzHolder } from './mrz-writer.js';
import { GOOD_SCENE, type Scene } from './photograph.js';
import type { Person, SelfieSubject } from './portraits.js';
import { makeRandom } from './random.js';

export type SampleDocumentType = 'TD3' | 'TD1' | 'none';

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
  /** `none`: no machine-readable zone; `null` for a selfie. */
  readonly document_type: SampleDocumentType | null;
  /** The lines that were printed, whether or not the photograph lets them be read; `null` where there are none. */
  readonly mrz: readonly string[] | null;
  /** Names of the pictures to send with it. */
  readonly pairs_with: readonly string[];
  /** What comes of it with biometric consent: the status, and reasons that are given at the least. */
  readonly expect: { readonly status: Status; readonly reasons: readonly ReasonCode[] };
}

export type Drawing =
  | {
      readonly kind: 'passport' | 'card_front' | 'card_back';
      readonly data: SpecimenData;
      readonly scene: Scene;
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

interface Holder {
  readonly person: Person;
  readonly surname: string;
  readonly givenNames: string;
  readonly placeOfBirth: string;
  readonly dateOfBirth: string;
}

/** One document with its selfie. What is not said is as in the sample `approve`. */
interface DocumentVariant {
  readonly name: string;
  readonly holder: Holder;
  readonly document?: 'passport' | 'card' | 'landscape';
  readonly scene?: Partial<Scene>;
  readonly mrz?: 'none' | 'wrong_check_digit';
  readonly expired?: boolean;
  /** What is asked for, where it is not what the document says. */
  readonly askedName?: string;
  readonly askedDateOfBirth?: string;
  readonly minimumAge?: number;
  readonly selfieOf?: Person;
  readonly expect: SampleEntry['expect'];
}

/** A selfie that is refused, to be sent with the document of `approve`. */
interface SelfieVariant {
  readonly name: string;
  readonly subject: SelfieSubject;
  readonly blur?: number;
  readonly reason: ReasonCode;
}

const APPROVED: SampleEntry['expect'] = { status: 'approved', reasons: [] };
const askAgain = (reason: ReasonCode): SampleEntry['expect'] => ({
  status: 'requires_input',
  reasons: [reason],
});
const toReview = (...reasons: ReasonCode[]): SampleEntry['expect'] => ({ status: 'in_review', reasons });

const MINIMUM_AGE = 18;

/** The same day of the year, some years on; 29 February becomes the 28th. */
export function addYears(isoDate: string, years: number): string {
  const year = String(Number(isoDate.slice(0, 4)) + years).padStart(4, '0');
  const day = isoDate.slice(5) === '02-29' ? '02-28' : isoDate.slice(5);
  return `${year}-${day}`;
}

const DAY_MS = 86_400_000;

/** Some days on, in the Gregorian calendar. */
export function addDays(isoDate: string, days: number): string {
  return new Date(Date.parse(`${isoDate}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function makeHolders(today: string) {
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
  return { clara, maria, zoe, asa, nadia, iris, lena };
}

/** Reflection over the printed fields and half of the machine-readable zone; the portrait stays clear. */
const LAMP = { x: 0.68, y: 0.66, radiusX: 0.3, radiusY: 0.36 } as const;

function documentVariants(today: string): readonly DocumentVariant[] {
  const { clara, maria, zoe, asa, nadia, iris, lena } = makeHolders(today);
  return [
    { name: 'approve', holder: clara, expect: APPROVED },
    {
      name: 'approve_low_resolution',
      holder: zoe,
      scene: { width: 1000, height: 750, blur: 0.5, quality: 85 },
      expect: APPROVED,
    },
    { name: 'approve_td1', holder: maria, document: 'card', expect: APPROVED },
    { name: 'name_mismatch', holder: asa, askedName: 'Amelia Hartwell', expect: toReview('name_mismatch') },
    { name: 'expired', holder: iris, expired: true, expect: askAgain('document_expired') },
    { name: 'blurry', holder: nadia, scene: { blur: 8 }, expect: askAgain('document_blurry') },
    { name: 'glare', holder: maria, scene: { glare: LAMP }, expect: askAgain('document_glare') },
    {
      name: 'cut_off',
      holder: zoe,
      scene: { offset: { x: 0, y: 0.38 }, fill: 0.84 },
      expect: askAgain('document_cut_off'),
    },
    {
      name: 'too_small',
      holder: asa,
      scene: { width: 1000, height: 750, fill: 0.3, blur: 0.5, perspective: 0.01 },
      expect: askAgain('document_too_small'),
    },
    { name: 'face_mismatch', holder: nadia, selfieOf: 'asa', expect: toReview('face_mismatch') },
    { name: 'under_age', holder: lena, minimumAge: MINIMUM_AGE, expect: toReview('under_minimum_age') },
    {
      name: 'date_of_birth_mismatch',
      holder: iris,
      askedDateOfBirth: '1990-10-12',
      expect: toReview('date_of_birth_mismatch'),
    },
    {
      name: 'inconsistent',
      holder: maria,
      mrz: 'wrong_check_digit',
      expect: toReview('document_inconsistent'),
    },
    { name: 'no_mrz', holder: zoe, mrz: 'none', expect: toReview() },
    {
      name: 'not_a_document',
      holder: nadia,
      document: 'landscape',
      expect: askAgain('document_no_portrait'),
    },
  ];
}

const SELFIE_VARIANTS: readonly SelfieVariant[] = [
  { name: 'selfie_no_face', subject: 'nobody', reason: 'selfie_no_face' },
  { name: 'selfie_multiple_faces', subject: 'two', reason: 'selfie_multiple_faces' },
  { name: 'selfie_blurry', subject: 'clara', blur: 7, reason: 'selfie_low_quality' },
];

const SERIES_LETTERS = 'CFGHJKLMNPRTVWXYZ';

/** Two letters and seven digits, fixed by the sample's name. */
function documentNumber(sample: string): string {
  const random = makeRandom(`${sample}/number`);
  const letter = (): string => SERIES_LETTERS.charAt(Math.floor(random.next() * SERIES_LETTERS.length));
  return `${letter()}${letter()}${String(Math.floor(random.next() * 1e7)).padStart(7, '0')}`;
}

function specimenData(variant: DocumentVariant, today: string): SpecimenData {
  const { holder, name } = variant;
  const expiresOn = variant.expired === true ? addDays(today, -45) : addDays(addYears(today, 6), 120);
  const written: MrzHolder = {
    ...holder,
    issuer: 'UTO',
    nationality: 'UTO',
    documentNumber: documentNumber(name),
    sex: 'F',
    expiresOn,
  };
  const lines = variant.document === 'card' ? writeTd1(written) : writeTd3(written);
  const printed = variant.mrz === 'wrong_check_digit' ? spoilNumberCheckDigit(lines) : lines;
  return {
    ...written,
    person: holder.person,
    placeOfBirth: holder.placeOfBirth,
    issuedOn: addYears(expiresOn, variant.document === 'card' ? -10 : -8),
    mrz: variant.mrz === 'none' ? null : printed,
  };
}

function sceneOf(variant: DocumentVariant, seed: string): Scene {
  const random = makeRandom(`${seed}/scene`);
  return { ...GOOD_SCENE, rotation: random.between(-2.2, 2.2), ...variant.scene, seed };
}

const documentTypeOf = (variant: DocumentVariant): SampleDocumentType => {
  if (variant.mrz === 'none' || variant.document === 'landscape') return 'none';
  return variant.document === 'card' ? 'TD1' : 'TD3';
};

function planDocument(variant: DocumentVariant, today: string): readonly PlannedSample[] {
  const { name, holder } = variant;
  const data = specimenData(variant, today);
  const back = `${name}_back`;
  const selfie = `${name}_selfie`;
  const isCard = variant.document === 'card';
  const common = {
    full_name: variant.askedName ?? `${holder.givenNames} ${holder.surname}`,
    date_of_birth: variant.askedDateOfBirth ?? holder.dateOfBirth,
    minimum_age: variant.minimumAge ?? null,
    expect: variant.expect,
  };
  const pictures = isCard ? [name, back, selfie] : [name, selfie];
  const others = (self: string): string[] => pictures.filter((picture) => picture !== self);
  const document_type = documentTypeOf(variant);
  const scene = sceneOf(variant, name);
  // A card shows its zone on the back (ICAO 9303-5, 2.2.1).
  const frontMrz = isCard || variant.document === 'landscape' ? null : data.mrz;
  const front: PlannedSample = {
    entry: { ...common, name, slot: 'id_front', document_type, mrz: frontMrz, pairs_with: others(name) },
    drawing:
      variant.document === 'landscape'
        ? { kind: 'landscape', scene }
        : { kind: isCard ? 'card_front' : 'passport', data, scene },
  };
  const backSide: PlannedSample = {
    entry: { ...common, name: back, slot: 'id_back', document_type, mrz: data.mrz, pairs_with: others(back) },
    drawing: { kind: 'card_back', data, scene: sceneOf(variant, back) },
  };
  const face: PlannedSample = {
    entry: {
      ...common,
      name: selfie,
      slot: 'selfie',
      document_type: null,
      mrz: null,
      pairs_with: others(selfie),
    },
    drawing: { kind: 'selfie', subject: variant.selfieOf ?? holder.person, seed: selfie, blur: 0 },
  };
  return isCard ? [front, backSide, face] : [front, face];
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
  const documents = documentVariants(today).flatMap((variant) => planDocument(variant, today));
  const approve = documents[0]?.entry;
  if (approve === undefined) return [];
  return [...documents, ...SELFIE_VARIANTS.map((variant) => planSelfie(variant, approve))];
}
