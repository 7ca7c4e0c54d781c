import fc from 'fast-check';
import {
  CHECK_NAMES,
  decide,
  DECISION_RULES,
  type CheckName,
  type CheckOutcome,
  type Decision,
  type DecisionEvidence,
  type DecisionRules,
  type DocumentEvidence,
  type Verdict,
} from '../../src/domain/decision.js';
import { FACE_POLICY } from '../../src/domain/face-policy.js';
import { matchNames } from '../../src/domain/names/match-names.js';
import type { ReasonCode } from '../../src/domain/reasons.js';

const RULES: DecisionRules = { ...DECISION_RULES, face: FACE_POLICY };
const DECLINING: DecisionRules = { ...RULES, autoDecline: true };

const SOUND_DOCUMENT: DocumentEvidence = {
  outcome: 'accept',
  reasons: [],
  document_type: 'TD3',
  mrz: { valid: true },
  barcode: null,
  fields: {
    surname: 'SVENSSON',
    given_names: 'ANNA MARIA',
    date_of_birth: '1990-02-28',
    expires_on: '2031-05-31',
  },
  confidence: { surname: 0.99, given_names: 0.98, date_of_birth: 0.99, expires_on: 0.97 },
};
const named = (fullName: string) =>
  matchNames(fullName, { surname: 'SVENSSON', givenNames: 'ANNA MARIA', source: 'mrz' });

/** Evidence that approves: every part of it is asked for and there. */
const SOUND: DecisionEvidence = {
  method: 'biometric',
  slots: { required: ['id_front', 'selfie'], received: ['id_front', 'selfie'] },
  document: SOUND_DOCUMENT,
  zonesConsistent: true,
  name: named('Anna Maria Svensson'),
  face: { score: 0.8, faces: [2, 1] },
  presence: 'pass',
  suspicions: [],
  faults: [],
  expectedDateOfBirth: '1990-02-28',
  minimumAge: 18,
  today: '2026-11-24',
};

type Change = (evidence: DecisionEvidence) => DecisionEvidence;
const withDocument =
  (change: Partial<DocumentEvidence>): Change =>
  (evidence) => ({
    ...evidence,
    document: evidence.document && { ...evidence.document, ...change },
  });
const withField = (field: keyof DocumentEvidence['fields'], value: string | undefined): Change => {
  return (evidence) => {
    if (!evidence.document) return evidence;
    const { [field]: _, ...others } = evidence.document.fields;
    const fields = value === undefined ? others : { ...others, [field]: value };
    return { ...evidence, document: { ...evidence.document, fields } };
  };
};
const withConfidence = (field: keyof DocumentEvidence['fields'], value: number): Change => {
  return (evidence) =>
    withDocument({ confidence: { ...evidence.document?.confidence, [field]: value } })(evidence);
};
const withEvidence =
  (change: Partial<DecisionEvidence>): Change =>
  (evidence) => ({ ...evidence, ...change });

const codesOf = (decision: Decision): readonly ReasonCode[] => decision.reasons.map(({ code }) => code);
const outcomeOf = (decision: Decision, name: CheckName): CheckOutcome | undefined =>
  decision.checks.find((check) => check.name === name)?.outcome;

interface Case {
  readonly what: string;
  readonly change: Change;
  readonly verdict: Verdict;
  readonly reasons: readonly ReasonCode[];
  readonly check?: readonly [CheckName, CheckOutcome];
}

const CASES: readonly Case[] = [
  // What a new photograph, or another document, mends.
  {
    what: 'an unreadable document',
    change: withDocument({ outcome: 'retry' }),
    verdict: 'resubmit',
    reasons: ['document_unreadable'],
    check: ['document_legible', 'fail'],
  },
  {
    what: 'a blurred document',
    change: withDocument({ outcome: 'retry', reasons: ['document_blurry', 'document_glare'] }),
    verdict: 'resubmit',
    reasons: ['document_blurry', 'document_glare'],
    check: ['name_match', 'not_run'],
  },
  {
    what: 'a payment card',
    change: withDocument({ outcome: 'retry', reasons: ['payment_card_detected'] }),
    verdict: 'resubmit',
    reasons: ['payment_card_detected'],
    check: ['document_type', 'fail'],
  },
  {
    what: 'a visa',
    change: withDocument({ document_type: 'MRVA' }),
    verdict: 'resubmit',
    reasons: ['document_type_not_accepted'],
    check: ['document_type', 'fail'],
  },
  {
    what: 'a document that expired yesterday',
    change: withField('expires_on', '2026-11-23'),
    verdict: 'resubmit',
    reasons: ['document_expired'],
    check: ['document_not_expired', 'fail'],
  },
  {
    what: 'a document without a portrait',
    change: withEvidence({ face: { score: null, faces: [0, 1] } }),
    verdict: 'resubmit',
    reasons: ['document_no_portrait'],
    check: ['face_match', 'fail'],
  },
  {
    what: 'a selfie without a face',
    change: withEvidence({ face: { score: null, faces: [1, 0] } }),
    verdict: 'resubmit',
    reasons: ['selfie_no_face'],
    check: ['face_match', 'fail'],
  },
  {
    what: 'a missing selfie',
    change: withEvidence({ slots: { required: ['id_front', 'selfie'], received: ['id_front'] }, face: null }),
    verdict: 'resubmit',
    reasons: ['selfie_missing'],
    check: ['face_match', 'not_run'],
  },
  {
    what: 'a missing document',
    change: withEvidence({
      slots: { required: ['id_front', 'selfie'], received: ['selfie'] },
      document: null,
      name: null,
      face: null,
    }),
    verdict: 'resubmit',
    reasons: ['document_missing'],
    check: ['document_legible', 'not_run'],
  },
  {
    what: 'a face unlike an unreadable portrait',
    change: (e) => withDocument({ outcome: 'retry' })({ ...e, face: { score: 0.1, faces: [1, 1] } }),
    verdict: 'resubmit',
    reasons: ['document_unreadable'],
  },
  // What speaks against the person or the document.
  {
    what: 'another name',
    change: withEvidence({ name: named('Karin Lindqvist') }),
    verdict: 'review',
    reasons: ['name_mismatch'],
    check: ['name_match', 'fail'],
  },
  {
    what: 'another date of birth',
    change: withField('date_of_birth', '1990-03-28'),
    verdict: 'review',
    reasons: ['date_of_birth_mismatch'],
    check: ['date_of_birth_match', 'fail'],
  },
  {
    what: 'a holder under age',
    change: withEvidence({ minimumAge: 37 }),
    verdict: 'review',
    reasons: ['under_minimum_age'],
    check: ['minimum_age', 'fail'],
  },
  {
    what: 'another face',
    change: withEvidence({ face: { score: 0.29, faces: [1, 1] } }),
    verdict: 'review',
    reasons: ['face_mismatch'],
    check: ['face_match', 'fail'],
  },
  {
    what: 'zones that contradict',
    change: withEvidence({ zonesConsistent: false }),
    verdict: 'review',
    reasons: ['document_inconsistent'],
    check: ['document_consistent', 'fail'],
  },
  {
    what: 'a reader that finds a contradiction',
    change: withDocument({ outcome: 'review', reasons: ['document_inconsistent'] }),
    verdict: 'review',
    reasons: ['document_inconsistent'],
    check: ['document_consistent', 'fail'],
  },
  {
    what: 'a wrong check digit',
    change: withDocument({ mrz: { valid: false } }),
    verdict: 'review',
    reasons: ['document_inconsistent'],
    check: ['document_consistent', 'fail'],
  },
  {
    what: 'an expired document of another person',
    change: (e) => withField('expires_on', '2020-01-01')({ ...e, name: named('Karin Lindqvist') }),
    verdict: 'review',
    reasons: ['name_mismatch'],
  },
  {
    what: 'suspicion beside a poor picture',
    change: (e) => withDocument({ outcome: 'retry' })({ ...e, suspicions: ['capture_injection_suspected'] }),
    verdict: 'review',
    reasons: ['capture_injection_suspected'],
  },
  // What stays open.
  {
    what: 'a slightly different spelling',
    change: withEvidence({ name: named('Hanna Maria Svensson') }),
    verdict: 'review',
    reasons: ['name_mismatch'],
    check: ['name_match', 'uncertain'],
  },
  {
    what: 'an omitted given name',
    change: withEvidence({ name: named('Anna Svensson') }),
    verdict: 'review',
    reasons: ['name_mismatch'],
    check: ['name_match', 'uncertain'],
  },
  {
    what: 'a face at the upper threshold',
    change: withEvidence({ face: { score: FACE_POLICY.pass, faces: [1, 1] } }),
    verdict: 'review',
    reasons: ['face_mismatch'],
    check: ['face_match', 'uncertain'],
  },
  {
    what: 'a face at the lower threshold',
    change: withEvidence({ face: { score: FACE_POLICY.uncertain, faces: [1, 1] } }),
    verdict: 'review',
    reasons: ['face_mismatch'],
    check: ['face_match', 'uncertain'],
  },
  {
    what: 'several faces in the selfie',
    change: withEvidence({ face: { score: 0.9, faces: [1, 2] } }),
    verdict: 'review',
    reasons: ['selfie_multiple_faces'],
    check: ['face_match', 'uncertain'],
  },
  {
    what: 'a reader that wants a person',
    change: withDocument({ outcome: 'review' }),
    verdict: 'review',
    reasons: [],
    check: ['document_legible', 'uncertain'],
  },
  {
    what: 'an accepted document with a reason',
    change: withDocument({ reasons: ['document_glare'] }),
    verdict: 'review',
    reasons: ['document_glare'],
    check: ['document_legible', 'uncertain'],
  },
  {
    what: 'a document without a machine-readable part',
    change: withDocument({ document_type: 'none', mrz: null }),
    verdict: 'review',
    reasons: [],
    check: ['document_type', 'uncertain'],
  },
  {
    what: 'no date of expiry',
    change: withField('expires_on', undefined),
    verdict: 'review',
    reasons: ['document_unreadable'],
    check: ['document_not_expired', 'uncertain'],
  },
  {
    what: 'a date of expiry that does not exist',
    change: withField('expires_on', '2031-02-30'),
    verdict: 'review',
    reasons: ['document_unreadable'],
    check: ['document_not_expired', 'uncertain'],
  },
  {
    what: 'no date of birth',
    change: withField('date_of_birth', undefined),
    verdict: 'review',
    reasons: ['document_unreadable'],
    check: ['minimum_age', 'uncertain'],
  },
  {
    what: 'a name read unsurely',
    change: withConfidence('surname', 0.49),
    verdict: 'review',
    reasons: ['name_mismatch'],
    check: ['name_match', 'uncertain'],
  },
  {
    what: 'a date of birth read unsurely',
    change: withConfidence('date_of_birth', 0.2),
    verdict: 'review',
    reasons: ['document_unreadable'],
    check: ['date_of_birth_match', 'uncertain'],
  },
  {
    what: 'no name to compare',
    change: withEvidence({ name: null }),
    verdict: 'review',
    reasons: ['document_unreadable'],
    check: ['name_match', 'not_run'],
  },
  {
    what: 'refused biometrics',
    change: withEvidence({ method: 'manual', face: null }),
    verdict: 'review',
    reasons: [],
    check: ['face_match', 'not_run'],
  },
  // What failed on our side.
  {
    what: 'a fault',
    change: withEvidence({ faults: ['engine_timeout'] }),
    verdict: 'review',
    reasons: ['system_error'],
  },
  {
    what: 'a document that nobody read',
    change: withEvidence({ document: null, name: null }),
    verdict: 'review',
    reasons: ['system_error'],
  },
  {
    what: 'a face that nobody compared',
    change: withEvidence({ face: null }),
    verdict: 'review',
    reasons: ['system_error'],
    check: ['face_match', 'not_run'],
  },
  {
    what: 'faces without a score',
    change: withEvidence({ face: { score: null, faces: [1, 1] } }),
    verdict: 'review',
    reasons: ['system_error'],
    check: ['face_match', 'not_run'],
  },
  {
    what: 'a score that is no number',
    change: withEvidence({ face: { score: Number.NaN, faces: [1, 1] } }),
    verdict: 'review',
    reasons: ['system_error'],
    check: ['face_match', 'not_run'],
  },
  {
    what: 'a score out of range',
    change: withEvidence({ face: { score: 7, faces: [1, 1] } }),
    verdict: 'review',
    reasons: ['system_error'],
    check: ['face_match', 'not_run'],
  },
];

describe('the decision on one attempt', () => {
  it('approves where every check passes, and gives no reason', () => {
    const decision = decide(SOUND, RULES);
    expect(decision.verdict).toBe('approve');
    expect(decision.reasons).toEqual([]);
    expect(decision.checks.map(({ name }) => name)).toEqual([...CHECK_NAMES]);
    expect(decision.checks.every(({ outcome }) => outcome === 'pass')).toBe(true);
    expect(decision.checks.find(({ name }) => name === 'face_match')?.score).toBe(0.8);
  });

  it.each(CASES)('$what: $verdict', ({ change, verdict, reasons, check }) => {
    const decision = decide(change(SOUND), RULES);
    expect(decision.verdict).toBe(verdict);
    expect(codesOf(decision)).toEqual(reasons);
    if (check) expect(outcomeOf(decision, check[0])).toBe(check[1]);
  });

  it('names the slot that is missing', () => {
    const slots = { required: ['id_front', 'id_back', 'selfie'], received: ['id_front', 'selfie'] } as const;
    expect(decide({ ...SOUND, slots }, RULES).reasons).toEqual([
      { code: 'document_missing', slot: 'id_back' },
    ]);
  });

  it('does not compare what nobody asked for', () => {
    const decision = decide({ ...SOUND, expectedDateOfBirth: null, minimumAge: null }, RULES);
    expect(decision.verdict).toBe('approve');
    expect(outcomeOf(decision, 'date_of_birth_match')).toBe('not_run');
    expect(outcomeOf(decision, 'minimum_age')).toBe('not_run');
  });

  it.each([
    ['2026-11-24', 'approve'],
    ['2026-11-25', 'approve'],
  ])('holds a document valid through the day it expires (%s)', (expiresOn, verdict) => {
    expect(decide(withField('expires_on', expiresOn)(SOUND), RULES).verdict).toBe(verdict);
  });

  it('counts somebody born on 29 February a year older on 1 March', () => {
    const born = (today: string) =>
      decide(
        withField('date_of_birth', '2008-02-29')({ ...SOUND, expectedDateOfBirth: '2008-02-29', today }),
        RULES,
      ).verdict;
    expect(born('2026-02-28')).toBe('review');
    expect(born('2026-03-01')).toBe('approve');
  });

  it('takes a licence by its barcode', () => {
    const licence = withDocument({ document_type: 'AAMVA', mrz: null, barcode: { DCS: 'SVENSSON' } })(SOUND);
    expect(decide(licence, RULES).verdict).toBe('approve');
    expect(decide(withDocument({ barcode: null })(licence), RULES).verdict).toBe('review');
  });

  it('lets an omitted given name pass only beside an agreeing date of birth, and only where the rules say so', () => {
    const rules: DecisionRules = { ...RULES, omittedGivenNames: 'pass_with_date_of_birth' };
    const omitted = { ...SOUND, name: named('Anna Svensson') };
    expect(decide(omitted, rules).verdict).toBe('approve');
    expect(decide({ ...omitted, expectedDateOfBirth: null }, rules).verdict).toBe('review');
    expect(decide({ ...SOUND, name: named('Maria Svensson') }, rules).verdict).toBe('review');
  });

  it('declines by itself only where the rules say so and the document is beyond doubt', () => {
    const stranger = { ...SOUND, face: { score: 0.05, faces: [1, 1] } as const };
    expect(decide(stranger, RULES).verdict).toBe('review');
    expect(decide(stranger, DECLINING).verdict).toBe('decline');
    expect(decide(withDocument({ outcome: 'review' })(stranger), DECLINING).verdict).toBe('review');
    expect(decide({ ...stranger, name: named('Hanna Maria Svensson') }, DECLINING).verdict).toBe('review');
    expect(decide({ ...stranger, faults: ['engine_crashed'] }, DECLINING).verdict).toBe('review');
    expect(decide({ ...stranger, zonesConsistent: false }, DECLINING).verdict).toBe('review');
    const manual = { ...SOUND, method: 'manual', face: null, name: named('Karin Lindqvist') } as const;
    expect(decide(manual, DECLINING).verdict).toBe('review');
  });
});

/** Every way in which a piece of evidence can be worse than it is in {@link SOUND}. */
const WORSE: readonly Change[] = [
  ...CASES.map(({ change }) => change),
  withDocument({ confidence: {} }),
  withDocument({ mrz: null }),
  withField('surname', undefined),
  (evidence) =>
    withField(
      'given_names',
      undefined,
    )({
      ...evidence,
      name: matchNames('Anna Maria Svensson', { surname: 'SVENSSON', givenNames: '', source: 'mrz' }),
    }),
  withField('date_of_birth', 'unknown'),
  withEvidence({ zonesConsistent: false }),
  withEvidence({ today: 'today' }),
  withEvidence({ suspicions: ['presentation_attack_suspected'] }),
  withEvidence({ presence: 'fail' }),
  withEvidence({ faults: ['key_destroyed', 'storage_unavailable'] }),
];

describe('properties', () => {
  const changes = fc.subarray([...WORSE], { minLength: 1 });
  const rules = fc.constantFrom(RULES, DECLINING, {
    ...RULES,
    omittedGivenNames: 'pass_with_date_of_birth' as const,
  });

  it('any worsening of any evidence takes the approval away', () => {
    for (const change of WORSE) expect(decide(change(SOUND), RULES).verdict).not.toBe('approve');
  });

  it('worsening evidence further never leads to an approval', () => {
    fc.assert(
      fc.property(changes, fc.constantFrom(RULES, DECLINING), (worse, under) => {
        const evidence = worse.reduce((so, change) => change(so), SOUND);
        expect(decide(evidence, under).verdict).not.toBe('approve');
      }),
    );
  });

  it('a challenge that was passed, or not taken, changes no verdict', () => {
    fc.assert(
      fc.property(fc.subarray([...WORSE]), rules, (worse, under) => {
        const evidence = worse.reduce((so, change) => change(so), SOUND);
        if (evidence.presence === 'fail') return;
        const [passed, without] = (['pass', null] as const).map((presence) =>
          decide({ ...evidence, presence }, under),
        );
        expect(passed?.verdict).toBe(without?.verdict);
        expect(passed?.reasons).toEqual(without?.reasons);
      }),
    );
  });

  it('a lower face score never improves the face check', () => {
    const rank: Readonly<Record<CheckOutcome, number>> = { pass: 2, uncertain: 1, fail: 0, not_run: 0 };
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(score, score, (a, b) => {
        const checked = (value: number) =>
          outcomeOf(decide({ ...SOUND, face: { score: value, faces: [1, 1] } }, RULES), 'face_match') ??
          'not_run';
        expect(rank[checked(Math.min(a, b))]).toBeLessThanOrEqual(rank[checked(Math.max(a, b))]);
      }),
    );
  });

  const fault = fc.constantFrom('engine_failed', 'engine_timeout', 'keys_unavailable', 'seal_broken');
  it('no fault ever approves or declines, whatever else is there', () => {
    fc.assert(
      fc.property(fc.subarray([...WORSE]), fault, rules, (worse, code, under) => {
        const evidence = { ...worse.reduce((so, change) => change(so), SOUND), faults: [code] as const };
        const decision = decide(evidence, under);
        expect(decision.verdict).toBe('review');
        expect(codesOf(decision)).toContain('system_error');
      }),
    );
  });

  it('refused biometrics never approve or decline, whatever else is there', () => {
    fc.assert(
      fc.property(fc.subarray([...WORSE]), rules, (worse, under) => {
        const evidence = { ...worse.reduce((so, change) => change(so), SOUND), method: 'manual' as const };
        expect(['review', 'resubmit']).toContain(decide(evidence, under).verdict);
        expect(outcomeOf(decide(evidence, under), 'face_match')).toBe('not_run');
      }),
    );
  });

  it('without the rule nothing is declined, and everything that is not approved for want of a picture says why', () => {
    fc.assert(
      fc.property(fc.subarray([...WORSE]), (worse) => {
        const decision = decide(
          worse.reduce((so, change) => change(so), SOUND),
          RULES,
        );
        expect(decision.verdict).not.toBe('decline');
        if (decision.verdict === 'resubmit') expect(decision.reasons.length).toBeGreaterThan(0);
        expect(new Set(decision.reasons.map(({ code, slot }) => `${code} ${slot}`)).size).toBe(
          decision.reasons.length,
        );
      }),
    );
  });
});
