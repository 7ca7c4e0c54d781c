import type { ReasonCode } from '../../domain/reasons.js';
import type { Status } from '../../domain/state-machine.js';
import type { LicenceDetails } from './aamva-writer.js';
import { STANDING_DESIGN, type Design } from './design.js';
import type { Holder, makeHolders } from './holders.js';
import type { Language } from './labels.js';
import type { MrzFormat } from './mrz-writer.js';
import type { Scene } from './photograph.js';
import type { Person, SelfieSubject } from './portraits.js';

/** Sides of documents that can be drawn. */
export type SheetKind =
  | 'passport'
  | 'card_front'
  | 'card_back'
  | 'td2_card'
  | 'visa_a'
  | 'visa_b'
  | 'plain_card'
  | 'numbered_licence'
  | 'licence_front'
  | 'licence_back';

/** `none`: neither a machine-readable zone nor a barcode. */
export type SampleDocumentType = MrzFormat | 'AAMVA' | 'none';

/** What comes of a picture with biometric consent: the status, and reasons that are given at the least. */
export interface Expectation {
  readonly status: Status;
  readonly reasons: readonly ReasonCode[];
}

/** A kind of document: its sides, and what a machine can read on it. */
interface DocumentForm {
  readonly front: SheetKind;
  readonly back?: SheetKind;
  readonly type: SampleDocumentType;
  readonly zone: MrzFormat | null;
  readonly zoneSide: 'front' | 'back';
  readonly yearsValid: number;
}

const onFront = { zoneSide: 'front', yearsValid: 10 } as const;

export const DOCUMENT_FORMS = {
  passport: { ...onFront, front: 'passport', type: 'TD3', zone: 'TD3', yearsValid: 8 },
  card: {
    front: 'card_front',
    back: 'card_back',
    type: 'TD1',
    zone: 'TD1',
    zoneSide: 'back',
    yearsValid: 10,
  },
  td2_card: { ...onFront, front: 'td2_card', type: 'TD2', zone: 'TD2' },
  visa_a: { ...onFront, front: 'visa_a', type: 'MRVA', zone: 'MRVA' },
  visa_b: { ...onFront, front: 'visa_b', type: 'MRVB', zone: 'MRVB' },
  plain_card: { ...onFront, front: 'plain_card', type: 'none', zone: null },
  numbered_licence: { ...onFront, front: 'numbered_licence', type: 'none', zone: null },
  licence: { ...onFront, front: 'licence_front', back: 'licence_back', type: 'AAMVA', zone: null },
} as const satisfies Readonly<Record<string, DocumentForm>>;
export type DocumentFormName = keyof typeof DOCUMENT_FORMS;
export const formOf = (name: DocumentFormName): DocumentForm => DOCUMENT_FORMS[name];

/** One document with its selfie. What is not said is as in the sample `approve`. */
export interface DocumentVariant {
  readonly name: string;
  readonly holder: Holder;
  readonly document?: DocumentFormName | 'landscape' | 'payment_card';
  readonly scene?: Partial<Scene>;
  readonly design?: Design;
  readonly mrz?: 'none' | 'wrong_check_digit';
  /** What zone and barcode say of somebody, where it is not what is printed. */
  readonly machineSays?: Partial<Pick<Holder, 'surname' | 'dateOfBirth'>>;
  readonly personalNumber?: string;
  readonly expired?: boolean;
  /** What is asked for, where it is not what the document says. */
  readonly askedName?: string;
  readonly askedDateOfBirth?: string;
  readonly minimumAge?: number;
  readonly selfieOf?: Person;
  /** Goes with the selfie of another sample: drawing one more of each would make the first start longer. */
  readonly selfie?: string;
  readonly expect: Expectation;
}

/** A selfie that is refused, to be sent with the document of `approve`. */
export interface SelfieVariant {
  readonly name: string;
  readonly subject: SelfieSubject;
  readonly blur?: number;
  readonly reason: ReasonCode;
}

const APPROVED: Expectation = { status: 'approved', reasons: [] };
export const askAgain = (reason: ReasonCode): Expectation => ({
  status: 'requires_input',
  reasons: [reason],
});
const toReview = (...reasons: ReasonCode[]): Expectation => ({ status: 'in_review', reasons });

type Holders = ReturnType<typeof makeHolders>;

const MINIMUM_AGE = 18;

/** Reflection over the printed fields and half of the machine-readable zone; the portrait stays clear. */
const LAMP = { x: 0.68, y: 0.66, radiusX: 0.3, radiusY: 0.36 } as const;

/** Documents that have a selfie of their own. */
export function firstVariants(holders: Holders): readonly DocumentVariant[] {
  const { clara, maria, zoe, asa, nadia, iris, lena } = holders;
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
      scene: { width: 1000, height: 750, fill: 0.2, blur: 0.5, perspective: 0.01 },
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

/** A third of the pixels of the first samples: what is shown here does not depend on them, and drawing takes less than half the time. */
const SMALLER = { width: 1200, height: 900, blur: 0.55 } as const;
/** Four pixels a module of the barcode: below three a telephone's blur begins to tell. */
const FOR_BARCODE = { width: 1360, height: 1020, blur: 0.6 } as const;
const STANDING_UP = { width: SMALLER.height, height: SMALLER.width } as const;
/** As large in an upright frame as in one that lies. */
const UPRIGHT_FILL = (0.87 * SMALLER.width) / SMALLER.height;

const inLanguages = (...languages: Language[]): Design => ({ ...STANDING_DESIGN, languages });
const onCards = (...languages: Language[]): Design => ({ ...inLanguages(...languages), dates: 'dots' });

/** A band of light across the zone, as a lamp tube reflects in a laminate. */
const TUBE = { x: 0.5, y: 0.885, radiusX: 0.4, radiusY: 0.045, angle: -3, soft: true } as const;

const SELFIES = {
  clara: 'approve_selfie',
  maria: 'approve_td1_selfie',
  zoe: 'approve_low_resolution_selfie',
  asa: 'name_mismatch_selfie',
  nadia: 'blurry_selfie',
  iris: 'expired_selfie',
  lena: 'under_age_selfie',
} as const satisfies Readonly<Record<Person, string>>;

/** More kinds of documents and harder photographs; each goes with the selfie of a first sample of the same person. */
export function furtherVariants(holders: Holders): readonly DocumentVariant[] {
  const { clara, maria, zoe, asa, nadia, iris, anneliese, nirmala, kseniia } = holders;
  // In groups of one kind, which share their ground.
  const variants: readonly DocumentVariant[] = [
    {
      name: 'approve_personal_number',
      holder: zoe,
      design: inLanguages('en', 'pl'),
      personalNumber: '91072904826',
      expect: APPROVED,
    },
    { name: 'approve_mononym', holder: nirmala, expect: APPROVED },
    { name: 'approve_cyrillic', holder: kseniia, design: inLanguages('ru', 'en'), expect: APPROVED },
    {
      name: 'approve_tilted',
      holder: clara,
      scene: { tilt: { x: -24, y: 14 }, rotation: -4 },
      expect: APPROVED,
    },
    {
      name: 'sideways',
      holder: maria,
      scene: { ...STANDING_UP, fill: UPRIGHT_FILL, rotation: 90.8 },
      expect: APPROVED,
    },
    { name: 'upside_down', holder: iris, scene: { rotation: 181.3 }, expect: APPROVED },
    { name: 'approve_curled', holder: nadia, scene: { curl: 0.022 }, expect: APPROVED },
    // Nothing here tells a screen from paper: no detection of presentation attacks is claimed.
    { name: 'screen_photograph', holder: zoe, scene: { screen: 0.45 }, expect: APPROVED },
    {
      name: 'inconsistent_name',
      holder: nadia,
      machineSays: { surname: 'Brandt' },
      expect: toReview('document_inconsistent'),
    },
    {
      name: 'inconsistent_date',
      holder: zoe,
      machineSays: { dateOfBirth: '1999-02-11' },
      expect: toReview('document_inconsistent'),
    },
    { name: 'glare_on_zone', holder: asa, scene: { glare: TUBE }, expect: askAgain('document_glare') },
    { name: 'approve_td2', holder: asa, document: 'td2_card', expect: APPROVED },
    { name: 'approve_long_name', holder: anneliese, document: 'card', expect: APPROVED },
    { name: 'approve_licence', holder: clara, document: 'licence', scene: FOR_BARCODE, expect: APPROVED },
    {
      name: 'inconsistent_barcode',
      holder: clara,
      document: 'licence',
      scene: FOR_BARCODE,
      machineSays: { surname: 'Hartwell', dateOfBirth: '1988-08-02' },
      expect: toReview('document_inconsistent'),
    },
    {
      name: 'licence_without_barcode',
      holder: asa,
      document: 'numbered_licence',
      design: onCards('en'),
      expect: toReview(),
    },
    {
      name: 'no_mrz_german',
      holder: iris,
      document: 'plain_card',
      design: onCards('de'),
      expect: toReview(),
    },
    {
      name: 'no_mrz_spanish',
      holder: maria,
      document: 'plain_card',
      design: onCards('es'),
      expect: toReview(),
    },
    { name: 'visa', holder: maria, document: 'visa_a', expect: askAgain('document_type_not_accepted') },
    { name: 'visa_small', holder: iris, document: 'visa_b', expect: askAgain('document_type_not_accepted') },
    {
      name: 'payment_card',
      holder: nadia,
      document: 'payment_card',
      expect: askAgain('payment_card_detected'),
    },
  ];
  return variants.map((variant) => ({
    ...variant,
    scene: { ...SMALLER, ...variant.scene },
    selfie: SELFIES[variant.holder.person],
  }));
}

export const SELFIE_VARIANTS: readonly SelfieVariant[] = [
  { name: 'selfie_no_face', subject: 'nobody', reason: 'selfie_no_face' },
  { name: 'selfie_multiple_faces', subject: 'two', reason: 'selfie_multiple_faces' },
  { name: 'selfie_blurry', subject: 'clara', blur: 7, reason: 'selfie_low_quality' },
];

/** What the standing licences say besides the holder. */
export const LICENCE_DETAILS: LicenceDetails = {
  street: '14 Harbour Street',
  city: 'Port Lumen',
  postalCode: '00421',
  heightInches: 66,
  eyes: 'BRO',
  vehicleClass: 'C',
  discriminator: '0421196608830017',
};
