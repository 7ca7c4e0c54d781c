import fc from 'fast-check';
import {
  CHECK_NAMES,
  decide,
  DECISION_RULES,
  type DecisionEvidence,
  type DecisionRules,
  type DocumentEvidence,
} from '../../src/domain/decision.js';
import { FACE_POLICY } from '../../src/domain/face-policy.js';
import { matchNames } from '../../src/domain/names/match-names.js';
import type { ReasonCode, Slot } from '../../src/domain/reasons.js';

/*
 * What holds of every decision, over evidence of any kind and not only over what lies near an approval. The verdicts have no total order:
 * worse evidence may turn a review into a resubmission (the picture turns out to be poor) and a resubmission into a review (something
 * speaks against the person). What holds is that worse evidence never approves what better evidence did not, and that automatic
 * decline takes nothing from anybody but a person's look.
 */

const TODAY = '2026-11-24';
const SLOTS: readonly Slot[] = ['id_front', 'selfie'];
const READER_REASONS: readonly ReasonCode[] = [
  'document_blurry',
  'document_glare',
  'document_unreadable',
  'document_expired',
  'document_type_not_accepted',
  'payment_card_detected',
  'document_inconsistent',
];

/** Mostly sound, so that approvals come up often enough to test anything. */
const mostly = <T>(sound: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constant(sound), weight: 8 },
    { arbitrary: fc.constantFrom(sound, ...others), weight: 2 },
  );

const confidence = mostly(0.95, 0.5, 0.49, 0, -1, 1.5, Number.NaN);

const documentEvidence: fc.Arbitrary<DocumentEvidence> = fc.record({
  outcome: mostly<DocumentEvidence['outcome']>('accept', 'retry', 'review'),
  reasons: fc.oneof(
    { arbitrary: fc.constant<readonly ReasonCode[]>([]), weight: 5 },
    { arbitrary: fc.subarray([...READER_REASONS]), weight: 1 },
  ),
  document_type: mostly('TD3', 'TD1', 'AAMVA', 'MRVA', 'none', 'passport'),
  mrz: mostly<DocumentEvidence['mrz']>({ valid: true }, { valid: false }, null),
  barcode: mostly<DocumentEvidence['barcode']>(null, { DCS: 'SVENSSON' }),
  fields: fc.record(
    {
      surname: mostly('SVENSSON', 'LINDQVIST', ''),
      given_names: mostly('ANNA MARIA', 'KARIN', ''),
      date_of_birth: mostly('1990-02-28', '1991-02-28', '2020-01-01', '1990-02-30', ''),
      expires_on: mostly('2031-05-31', TODAY, '2026-11-23', 'never'),
    },
    { requiredKeys: [] },
  ),
  confidence: fc.record(
    { surname: confidence, given_names: confidence, date_of_birth: confidence, expires_on: confidence },
    { requiredKeys: [] },
  ),
});

const evidence: fc.Arbitrary<DecisionEvidence> = fc
  .record({
    method: mostly<DecisionEvidence['method']>('biometric', 'manual'),
    received: fc.oneof(
      { arbitrary: fc.constant([...SLOTS]), weight: 8 },
      { arbitrary: fc.subarray([...SLOTS]), weight: 1 },
    ),
    document: fc.option(documentEvidence, { nil: null, freq: 12 }),
    zonesConsistent: mostly<boolean | null>(true, null, false),
    expectedName: mostly<string | null>(
      'Anna Maria Svensson',
      'Anna Svensson',
      'Hanna Svensson',
      'Per Ek',
      null,
    ),
    score: mostly<number | null>(0.8, FACE_POLICY.pass, FACE_POLICY.uncertain, 0.1, null, Number.NaN, 2, -1),
    onDocument: mostly(1, 0, 2),
    inSelfie: mostly(1, 0, 2),
    compared: mostly(true, false),
    presence: mostly<DecisionEvidence['presence']>(null, 'pass', 'fail'),
    suspicions: mostly<readonly ReasonCode[]>(
      [],
      ['presentation_attack_suspected'],
      ['capture_injection_suspected'],
    ),
    faults: mostly<DecisionEvidence['faults']>([], ['engine_failed'], ['storage_unavailable', 'seal_broken']),
    expectedDateOfBirth: mostly<string | null>('1990-02-28', '1980-01-01', null),
    minimumAge: mostly<number | null>(18, 37, 0, null),
    today: mostly(TODAY, 'today'),
  })
  .map(({ received, expectedName, score, onDocument, inSelfie, compared, ...rest }) => ({
    ...rest,
    slots: { required: SLOTS, received },
    name:
      expectedName === null || rest.document === null
        ? null
        : matchNames(expectedName, {
            surname: rest.document.fields.surname ?? '',
            givenNames: rest.document.fields.given_names ?? '',
            source: 'mrz',
          }),
    face: compared ? { score, faces: [onDocument, inSelfie] as const } : null,
  }));

const rules: fc.Arbitrary<DecisionRules> = fc.record({
  documentTypes: fc.constant(DECISION_RULES.documentTypes),
  confidence: fc.constant(0.5),
  face: fc.constant(FACE_POLICY),
  autoDecline: fc.boolean(),
  omittedGivenNames: fc.constantFrom<DecisionRules['omittedGivenNames'][]>(
    'review',
    'pass_with_date_of_birth',
  ),
});

type Worsening = readonly [what: string, worsen: (better: DecisionEvidence) => DecisionEvidence];
const ofDocument =
  (change: (document: DocumentEvidence) => Partial<DocumentEvidence>) =>
  (better: DecisionEvidence): DecisionEvidence => ({
    ...better,
    document: better.document && { ...better.document, ...change(better.document) },
  });
const withoutField = (field: keyof DocumentEvidence['fields']) =>
  ofDocument(({ fields: { [field]: _, ...fields } }) => ({ fields }));

/** Each makes one piece of evidence worse than it was, whatever it was. */
const WORSENINGS: readonly Worsening[] = [
  ['a reader that wants a new picture', ofDocument(() => ({ outcome: 'retry' }))],
  ['a reader that wants a person', ofDocument(() => ({ outcome: 'review' }))],
  ...READER_REASONS.map((code): Worsening => [
    code,
    ofDocument(({ reasons }) => ({ reasons: [...reasons, code] })),
  ]),
  ['a type that proves nothing', ofDocument(() => ({ document_type: 'none' }))],
  ['a type that is not accepted', ofDocument(() => ({ document_type: 'MRVB' }))],
  ['wrong check digits', ofDocument(() => ({ mrz: { valid: false } }))],
  ['no machine-readable part', ofDocument(() => ({ mrz: null, barcode: null }))],
  ['no surname', withoutField('surname')],
  ['no date of birth', withoutField('date_of_birth')],
  ['no date of expiry', withoutField('expires_on')],
  ['an expired document', ofDocument(({ fields }) => ({ fields: { ...fields, expires_on: '2001-01-01' } }))],
  ['a birth to come', ofDocument(({ fields }) => ({ fields: { ...fields, date_of_birth: '2027-01-01' } }))],
  ['no confidence', ofDocument(() => ({ confidence: {} }))],
  ['no reading', (better) => ({ ...better, document: null })],
  ['zones that differ', (better) => ({ ...better, zonesConsistent: false })],
  ['no name', (better) => ({ ...better, name: null })],
  [
    'another name',
    (better) => ({
      ...better,
      name: matchNames('Zoltan Quick', { surname: 'SVENSSON', givenNames: 'ANNA', source: 'mrz' }),
    }),
  ],
  ['no comparison', (better) => ({ ...better, face: null })],
  ['no score', (better) => ({ ...better, face: better.face && { ...better.face, score: null } })],
  ['a low score', (better) => ({ ...better, face: better.face && { ...better.face, score: 0 } })],
  [
    'no portrait',
    (better) => ({ ...better, face: better.face && { score: null, faces: [0, better.face.faces[1]] } }),
  ],
  [
    'no face in the selfie',
    (better) => ({ ...better, face: better.face && { score: null, faces: [better.face.faces[0], 0] } }),
  ],
  [
    'a second person',
    (better) => ({ ...better, face: better.face && { ...better.face, faces: [better.face.faces[0], 3] } }),
  ],
  ['refused biometrics', (better) => ({ ...better, method: 'manual' })],
  [
    'suspicion',
    (better) => ({ ...better, suspicions: [...better.suspicions, 'presentation_attack_suspected'] }),
  ],
  ['a failed challenge', (better) => ({ ...better, presence: 'fail' })],
  ['a fault', (better) => ({ ...better, faults: [...better.faults, 'engine_crashed'] })],
  ['a missing selfie', (better) => ({ ...better, slots: { ...better.slots, received: ['id_front'] } })],
  ['an unknown day', (better) => ({ ...better, today: '' })],
];

const MANY = { numRuns: 1_000 };

describe('any decision', () => {
  it('is an approval for a fair share of what is tried here, so that what follows means something', () => {
    const verdicts = fc
      .sample(fc.tuple(evidence, rules), { numRuns: 2_000, seed: 1 })
      .map(([e, r]) => decide(e, r).verdict);
    for (const verdict of ['approve', 'review', 'resubmit', 'decline'] as const)
      expect(verdicts.filter((given) => given === verdict).length).toBeGreaterThan(5);
  });

  it('approves only with all evidence there and all of it good', () => {
    fc.assert(
      fc.property(evidence, rules, (e, r) => {
        if (decide(e, r).verdict !== 'approve') return;
        const { document, face, name } = e;
        expect(e.method).toBe('biometric');
        expect(e.faults).toEqual([]);
        expect(e.suspicions).toEqual([]);
        expect(e.presence).not.toBe('fail');
        expect(e.slots.received).toEqual(expect.arrayContaining([...SLOTS]));
        expect(document).toMatchObject({ outcome: 'accept', reasons: [] });
        expect(r.documentTypes).toContain(document?.document_type);
        expect(document?.mrz?.valid ?? document?.barcode !== null).toBe(true);
        expect(e.zonesConsistent).not.toBe(false);
        expect(String(document?.fields.expires_on) >= TODAY).toBe(true);
        expect(['match', 'uncertain']).toContain(name?.outcome);
        if (name?.outcome === 'uncertain') {
          expect(r.omittedGivenNames).toBe('pass_with_date_of_birth');
          expect(e.expectedDateOfBirth).toBe(document?.fields.date_of_birth);
        }
        if (e.expectedDateOfBirth !== null)
          expect(document?.fields.date_of_birth).toBe(e.expectedDateOfBirth);
        if (e.minimumAge !== null && e.minimumAge > 0)
          expect(document?.fields.date_of_birth).toMatch(/^199[01]-02-28$/);
        expect(face?.score).toBeGreaterThan(FACE_POLICY.pass);
        expect(face?.score).toBeLessThanOrEqual(1);
        expect(face?.faces[0]).toBeGreaterThan(0);
        expect(face?.faces[1]).toBe(1);
      }),
      MANY,
    );
  });

  it.each(WORSENINGS)('that did not approve does not with %s added either', (_, worsen) => {
    fc.assert(
      fc.property(evidence, rules, (e, r) => {
        if (decide(worsen(e), r).verdict === 'approve') expect(decide(e, r).verdict).toBe('approve');
      }),
      { numRuns: 300 },
    );
  });

  it('never approves a document that its reader does not accept, a refused comparison or a fault', () => {
    fc.assert(
      fc.property(evidence, rules, fc.constantFrom('retry', 'review'), (e, r, outcome) => {
        const doubted = { ...e, document: e.document && { ...e.document, outcome } };
        expect(decide(doubted, r).verdict).not.toBe('approve');
        expect(decide({ ...e, method: 'manual' }, r).verdict).not.toBe('approve');
        expect(decide({ ...e, faults: ['keys_unavailable'] }, r)).toMatchObject({ verdict: 'review' });
      }),
      MANY,
    );
  });

  it('declines only where the rules say so, and then only what a person would have looked at', () => {
    fc.assert(
      fc.property(evidence, rules, (e, r) => {
        const without = decide(e, { ...r, autoDecline: false });
        const declining = decide(e, { ...r, autoDecline: true });
        expect(without.verdict).not.toBe('decline');
        expect(declining.checks).toEqual(without.checks);
        expect(declining.reasons).toEqual(without.reasons);
        if (declining.verdict === 'decline') {
          expect(without.verdict).toBe('review');
          expect(e.document?.outcome).toBe('accept');
          expect(e.method).toBe('biometric');
        } else expect(declining.verdict).toBe(without.verdict);
      }),
      MANY,
    );
  });

  it('gives each check once, in order, and a score between 0 and 1 or none', () => {
    fc.assert(
      fc.property(evidence, rules, (e, r) => {
        const { checks } = decide(e, r);
        expect(checks.map(({ name }) => name)).toEqual([...CHECK_NAMES]);
        for (const { score } of checks) {
          if (score === undefined) continue;
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
      MANY,
    );
  });

  it('says why, once each: never with an approval, always with a resubmission or a decline', () => {
    fc.assert(
      fc.property(evidence, rules, (e, r) => {
        const { verdict, reasons } = decide(e, r);
        const texts = reasons.map((reason) => JSON.stringify(reason));
        expect(new Set(texts).size).toBe(texts.length);
        if (verdict === 'approve') expect(reasons).toEqual([]);
        if (verdict === 'resubmit' || verdict === 'decline') expect(reasons.length).toBeGreaterThan(0);
      }),
      MANY,
    );
  });

  it('is the same for the same evidence, and leaves the evidence alone', () => {
    const freeze = (value: unknown): void => {
      if (value === null || typeof value !== 'object') return;
      Object.values(Object.freeze(value)).forEach(freeze);
    };
    fc.assert(
      fc.property(evidence, rules, (e, r) => {
        freeze(e);
        freeze(r);
        expect(decide(e, r)).toEqual(decide(e, r));
      }),
    );
  });
});
