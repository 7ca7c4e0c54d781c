import fc from 'fast-check';
import {
  DISCLOSURE_FIELDS,
  DISCLOSURES,
  fieldsFor,
  isIdentityField,
  isPurpose,
  KINDS_OF_PURPOSE,
  mayDisclose,
  noticeUnder,
  OUTCOME_FIELDS,
  PURPOSE_TEXTS,
  PURPOSES,
  slotOfField,
  type Purpose,
} from '../../src/domain/disclosure.js';
import { RECIPIENT_KINDS } from '../../src/domain/recipient.js';
import { readApiDescription } from '../../src/http/api-description.js';

const IDENTITY = [
  'expected_name',
  'expected_date_of_birth',
  'document:surname',
  'document:given_names',
  'document:date_of_birth',
  'document:expires_on',
  'image:id_front',
  'image:id_back',
  'image:selfie',
];
const RECORD = [
  'status',
  'learner_ref',
  'order_ref',
  'courses',
  'submitted_at',
  'decided_at',
  'valid_until',
  'reasons',
  'checks',
  'consent',
];
const FIELDS = [...RECORD, ...IDENTITY];

/** The table once more, as the policy promises it: whoever changes a cell has to say so twice. */
const ALLOWED: Readonly<Record<Purpose, readonly string[]>> = {
  authenticate: IDENTITY,
  support: ['status', 'learner_ref', 'submitted_at', 'decided_at', 'valid_until', 'reasons'],
  certificate: ['status', 'learner_ref', 'submitted_at', 'decided_at', 'valid_until'],
  refund: ['status', 'order_ref'],
  honor_code: ['status', 'courses', 'reasons'],
  legal_process: FIELDS,
  research: [],
};

const CELLS = PURPOSES.flatMap((purpose) =>
  FIELDS.map((field) => ({ purpose, field, allowed: ALLOWED[purpose].includes(field) })),
);

describe('the table of purposes and fields', () => {
  it.each(CELLS.filter(({ allowed }) => allowed))('$purpose: $field may be given', ({ purpose, field }) => {
    expect(mayDisclose(purpose, field)).toBe(true);
  });

  it.each(CELLS.filter(({ allowed }) => !allowed))('$purpose: $field is denied', ({ purpose, field }) => {
    expect(mayDisclose(purpose, field)).toBe(false);
  });

  it('has no field or purpose beyond those above', () => {
    expect([...DISCLOSURE_FIELDS].sort()).toEqual([...FIELDS].sort());
    expect(Object.keys(DISCLOSURES).sort()).toEqual(Object.keys(ALLOWED).sort());
    for (const purpose of PURPOSES)
      expect(Object.keys(DISCLOSURES[purpose]).sort()).toEqual([...FIELDS].sort());
  });

  it.each(PURPOSES)('%s: lists what it allows, for the policy', (purpose) => {
    expect([...fieldsFor(purpose)].sort()).toEqual([...ALLOWED[purpose]].sort());
    expect(PURPOSE_TEXTS[purpose]).toMatch(/^[A-Z].*\.$/);
    expect(KINDS_OF_PURPOSE[purpose].length).toBeGreaterThan(0);
  });

  it('is what the description of the API offers', () => {
    const { components } = readApiDescription().document as {
      components: { schemas: { Purposes: { items: { enum: string[] } }; RecipientKind: { enum: string[] } } };
    };
    expect(components.schemas.Purposes.items.enum).toEqual(PURPOSES);
    expect(components.schemas.RecipientKind.enum).toEqual(RECIPIENT_KINDS);
  });

  it('denies a field that nobody has heard of, whatever it is called', () => {
    for (const name of [
      'email',
      'gender',
      'document:document_number',
      'image:',
      'constructor',
      '__proto__',
      '',
    ])
      for (const purpose of PURPOSES) expect(mayDisclose(purpose, name)).toBe(false);
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...PURPOSES), (name, purpose) => {
        fc.pre(!FIELDS.includes(name));
        expect(mayDisclose(purpose, name)).toBe(false);
      }),
    );
  });

  it('gives nobody but a processor who compares, and an authority, anything of the identity', () => {
    const purposes = PURPOSES.filter((purpose) => fieldsFor(purpose).some(isIdentityField));
    expect(purposes).toEqual(['authenticate', 'legal_process']);
  });

  it('tells Members no more than what a certificate may be told', () => {
    for (const field of OUTCOME_FIELDS) expect(mayDisclose('certificate', field)).toBe(true);
  });

  it('lets an authority come with a lawful order only, and nobody else with one', () => {
    expect(PURPOSES.filter((purpose) => KINDS_OF_PURPOSE[purpose].includes('authority'))).toEqual([
      'legal_process',
    ]);
    expect(KINDS_OF_PURPOSE.legal_process).toEqual(['authority']);
  });

  it('knows fields of the identity and the slots of images', () => {
    expect(DISCLOSURE_FIELDS.filter(isIdentityField).sort()).toEqual([...IDENTITY].sort());
    expect(DISCLOSURE_FIELDS.map(slotOfField).filter((slot) => slot !== null)).toEqual([
      'id_front',
      'id_back',
      'selfie',
    ]);
    expect(isPurpose('certificate')).toBe(true);
    expect(isPurpose('marketing')).toBe(false);
  });
});

describe('notice to the learner', () => {
  it('is given, but while a hold forbids it', () => {
    expect(noticeUnder(null)).toBe('given');
    expect(noticeUnder('allowed')).toBe('given');
    expect(noticeUnder('forbidden')).toBe('withheld');
  });
});
