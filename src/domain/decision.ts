import { ageOn, isCalendarDate } from './dates.js';
import type { FaultCode } from './errors.js';
import { onlyOmitsGivenNames, type NameMatch } from './names/match-names.js';
import type { Reason, ReasonCode, Slot } from './reasons.js';
import type { Method } from './verification.js';

/**
 * What the evidence of one attempt amounts to. Approval is the one answer that needs every piece of evidence and no
 * doubt; whatever is missing, failed or unclear goes to a person, or back to the learner where a new photograph can
 * mend it.
 */
export type Verdict = 'approve' | 'review' | 'resubmit' | 'decline';

export const CHECK_NAMES = [
  'document_legible',
  'document_type',
  'document_not_expired',
  'document_consistent',
  'name_match',
  'date_of_birth_match',
  'minimum_age',
  'face_match',
  'presence',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];
export type CheckOutcome = 'pass' | 'fail' | 'uncertain' | 'not_run';

export interface CheckResult {
  readonly name: CheckName;
  readonly outcome: CheckOutcome;
  /** 0–1, where the check measures a similarity. */
  readonly score?: number;
}

/** Fields of a document that a decision rests upon, named as in CONTRACT. Dates are `YYYY-MM-DD`. */
export type DecisiveField = 'surname' | 'given_names' | 'date_of_birth' | 'expires_on';

/** The part of a document reading that counts here; a `DocumentReading` of the reader port fits as it is. */
export interface DocumentEvidence {
  readonly outcome: 'accept' | 'retry' | 'review';
  readonly reasons: readonly ReasonCode[];
  readonly document_type: string;
  readonly mrz: { readonly valid: boolean } | null;
  readonly barcode: Readonly<Record<string, string>> | null;
  readonly fields: Readonly<Partial<Record<DecisiveField, string>>>;
  readonly confidence: Readonly<Partial<Record<DecisiveField, number>>>;
}

/** A comparison of the portrait with the selfie; a `FaceComparison` of the engine port fits as it is. */
export interface FaceEvidence {
  readonly score: number | null;
  /** Faces found: on the document, in the selfie. */
  readonly faces: readonly [document: number, selfie: number];
}

export interface DecisionEvidence {
  /** `manual`: biometrics were refused, no face model ran, and a person compares whatever else is found. */
  readonly method: Method;
  readonly slots: { readonly required: readonly Slot[]; readonly received: readonly Slot[] };
  /** `null` where nothing was read. */
  readonly document: DocumentEvidence | null;
  /** Whether the zones, or the two sides, say the same; `null` where the reader's own verdict is all there is. */
  readonly zonesConsistent: boolean | null;
  /** `null` where there was no name to compare. */
  readonly name: NameMatch | null;
  /** `null` where no comparison was made. */
  readonly face: FaceEvidence | null;
  /** How the answer to a challenge was judged; `null` where none was asked for, or it says nothing. */
  readonly presence: 'pass' | 'fail' | null;
  /** What the capture looked like, from evidence outside these engines (`presentation_attack_suspected`, …). */
  readonly suspicions: readonly ReasonCode[];
  /** Faults of engines, storage or keys while the evidence was gathered. */
  readonly faults: readonly FaultCode[];
  /** `YYYY-MM-DD`; `null` where the platform gave none, and then it is not compared. */
  readonly expectedDateOfBirth: string | null;
  /** Completed years; `null` where the certificate has no minimum age. */
  readonly minimumAge: number | null;
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string;
}

export interface DecisionRules {
  /** Scores above `pass` are one person, scores below `uncertain` two; in between a person looks. */
  readonly face: { readonly pass: number; readonly uncertain: number };
  /** Document types that prove identity. Visas (MRV-A, MRV-B) do not: they stand in a passport of the same person. */
  readonly documentTypes: readonly string[];
  /** Field confidence (0–1) below which a field that was read settles nothing. */
  readonly confidence: number;
  /**
   * What an omission of later given names means (`John` asked for, `JOHN MICHAEL` on the document): always a person, or
   * none where an expected date of birth agrees as well.
   */
  readonly omittedGivenNames: 'review' | 'pass_with_date_of_birth';
  /** Whether plain contradictions of a well-read document decline without a person. */
  readonly autoDecline: boolean;
}

/** The defaults, apart from the face thresholds, which were measured and stand in the face policy. */
export const DECISION_RULES: Omit<DecisionRules, 'face'> = {
  documentTypes: ['TD1', 'TD2', 'TD3', 'AAMVA'],
  confidence: 0.5,
  omittedGivenNames: 'review',
  autoDecline: false,
};

export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** Every check, in the order of {@link CHECK_NAMES}. */
  readonly checks: readonly CheckResult[];
}

/** Reasons of a reader that a new photograph, or another document, mends. */
const PICTURE_REASONS: readonly ReasonCode[] = [
  'document_missing',
  'document_unreadable',
  'document_blurry',
  'document_glare',
  'document_cut_off',
  'document_too_small',
  'document_no_portrait',
  'document_type_not_accepted',
  'document_expired',
  'payment_card_detected',
];

const isUnit = (value: number | null | undefined): value is number =>
  value !== undefined && value !== null && value >= 0 && value <= 1;

/** The reading, as far as it says anything: one that wants a new photograph is no evidence for or against anybody. */
const trusted = ({ document }: DecisionEvidence): DocumentEvidence | null =>
  document === null || document.outcome === 'retry' ? null : document;

type Judgement = Omit<CheckResult, 'name'>;
type Judge = (evidence: DecisionEvidence, rules: DecisionRules) => Judgement;

const PASS: Judgement = { outcome: 'pass' };
const FAIL: Judgement = { outcome: 'fail' };
const UNCERTAIN: Judgement = { outcome: 'uncertain' };
const NOT_RUN: Judgement = { outcome: 'not_run' };

function isSure(document: DocumentEvidence, field: DecisiveField, rules: DecisionRules): boolean {
  const confidence = document.confidence[field];
  return isUnit(confidence) && confidence >= rules.confidence;
}

/** What a calendar date says when it was read surely, else nothing. */
function dateField(
  document: DocumentEvidence,
  field: 'date_of_birth' | 'expires_on',
  rules: DecisionRules,
): string | null {
  const value = document.fields[field];
  return value !== undefined && isCalendarDate(value) && isSure(document, field, rules) ? value : null;
}

const judgeLegible: Judge = ({ document }) => {
  if (document === null) return NOT_RUN;
  if (document.outcome === 'retry') return FAIL;
  return document.outcome === 'accept' && document.reasons.length === 0 ? PASS : UNCERTAIN;
};

const judgeType: Judge = ({ document }, { documentTypes }) => {
  if (document === null) return NOT_RUN;
  const { reasons } = document;
  if (reasons.includes('document_type_not_accepted') || reasons.includes('payment_card_detected'))
    return FAIL;
  // What a poor picture was taken for says nothing yet; and what has no machine-readable part, a person has to name.
  if (document.outcome === 'retry' || document.document_type === 'none') return UNCERTAIN;
  return documentTypes.includes(document.document_type) ? PASS : FAIL;
};

const judgeExpiry: Judge = (evidence, rules) => {
  const document = trusted(evidence);
  if (document === null) return NOT_RUN;
  if (document.reasons.includes('document_expired')) return FAIL;
  const expiresOn = dateField(document, 'expires_on', rules);
  if (expiresOn === null) return UNCERTAIN;
  // The day of expiry is the last day of validity; dates of one length compare as text.
  return expiresOn < evidence.today ? FAIL : PASS;
};

const judgeConsistent: Judge = (evidence) => {
  const document = trusted(evidence);
  if (document === null) return NOT_RUN;
  const { mrz, barcode, outcome, reasons } = document;
  if (reasons.includes('document_inconsistent') || evidence.zonesConsistent === false) return FAIL;
  // Check digits that do not hold, on a zone for which the reader asks no new picture, are the document's fault.
  if (mrz?.valid === false) return FAIL;
  if (mrz === null && barcode === null) return UNCERTAIN;
  // A reader accepts only on two witnesses that agree; anything below that has shown no agreement.
  return outcome === 'accept' ? PASS : UNCERTAIN;
};

function omissionPasses(evidence: DecisionEvidence, rules: DecisionRules): boolean {
  return (
    rules.omittedGivenNames === 'pass_with_date_of_birth' &&
    judgeDateOfBirth(evidence, rules).outcome === 'pass'
  );
}

const judgeName: Judge = (evidence, rules) => {
  const document = trusted(evidence);
  const { name } = evidence;
  if (document === null || name === null) return NOT_RUN;
  const { score } = name;
  // The only name of a person stands in the primary identifier (ICAO 9303-3, 3.4), so the second may be empty, not the first.
  const relied: readonly DecisiveField[] = document.fields.given_names
    ? ['surname', 'given_names']
    : ['surname'];
  if (!document.fields.surname || !relied.every((field) => isSure(document, field, rules)))
    return { outcome: 'uncertain', score };
  if (name.outcome === 'mismatch') return { outcome: 'fail', score };
  const passes = name.outcome === 'match' || (onlyOmitsGivenNames(name) && omissionPasses(evidence, rules));
  return { outcome: passes ? 'pass' : 'uncertain', score };
};

const judgeDateOfBirth: Judge = (evidence, rules) => {
  const document = trusted(evidence);
  const { expectedDateOfBirth } = evidence;
  if (document === null || expectedDateOfBirth === null) return NOT_RUN;
  const dateOfBirth = dateField(document, 'date_of_birth', rules);
  if (dateOfBirth === null) return UNCERTAIN;
  return dateOfBirth === expectedDateOfBirth ? PASS : FAIL;
};

const judgeAge: Judge = (evidence, rules) => {
  const document = trusted(evidence);
  if (document === null || evidence.minimumAge === null) return NOT_RUN;
  const dateOfBirth = dateField(document, 'date_of_birth', rules);
  if (dateOfBirth === null) return UNCERTAIN;
  return ageOn(dateOfBirth, evidence.today) >= evidence.minimumAge ? PASS : FAIL;
};

const judgeFace: Judge = ({ method, face }, rules) => {
  if (method === 'manual' || face === null) return NOT_RUN;
  const [onDocument, inSelfie] = face.faces;
  if (face.score === null) return onDocument === 0 || inSelfie === 0 ? FAIL : NOT_RUN;
  if (!isUnit(face.score)) return NOT_RUN;
  const { score } = face;
  // Whose face of several was compared, a person has to see.
  if (onDocument < 1 || inSelfie !== 1) return { outcome: 'uncertain', score };
  if (score > rules.face.pass) return { outcome: 'pass', score };
  return { outcome: score >= rules.face.uncertain ? 'uncertain' : 'fail', score };
};

/** Never a reason to approve, so that a learner who takes no challenge loses nothing by it. */
const judgePresence: Judge = ({ method, presence }) =>
  method === 'manual' || presence === null ? NOT_RUN : { outcome: presence };

const JUDGES: Readonly<Record<CheckName, Judge>> = {
  document_legible: judgeLegible,
  document_type: judgeType,
  document_not_expired: judgeExpiry,
  document_consistent: judgeConsistent,
  name_match: judgeName,
  date_of_birth_match: judgeDateOfBirth,
  minimum_age: judgeAge,
  face_match: judgeFace,
  presence: judgePresence,
};

/** A check that was not asked for is the only one that may be without a result. */
function isRequired(name: CheckName, evidence: DecisionEvidence): boolean {
  if (name === 'date_of_birth_match') return evidence.expectedDateOfBirth !== null;
  if (name === 'minimum_age') return evidence.minimumAge !== null;
  return name !== 'presence';
}

/** Failures that speak against the person or the document, and not against the picture. */
const CONTRADICTIONS = {
  document_consistent: 'document_inconsistent',
  name_match: 'name_mismatch',
  date_of_birth_match: 'date_of_birth_mismatch',
  minimum_age: 'under_minimum_age',
  face_match: 'face_mismatch',
} as const satisfies Partial<Record<CheckName, ReasonCode>>;

/** What a person is told of a check that stayed open. */
const OPEN: Readonly<Partial<Record<CheckName, ReasonCode>>> = {
  document_not_expired: 'document_unreadable',
  date_of_birth_match: 'document_unreadable',
  minimum_age: 'document_unreadable',
  name_match: 'name_mismatch',
  face_match: 'face_mismatch',
};

type Outcomes = ReadonlyMap<CheckName, CheckOutcome>;
const asReasons = (codes: readonly ReasonCode[]): readonly Reason[] => codes.map((code) => ({ code }));

function missingSlots({ slots }: DecisionEvidence): readonly Reason[] {
  return slots.required
    .filter((slot) => !slots.received.includes(slot))
    .map((slot) => (slot === 'selfie' ? { code: 'selfie_missing' } : { code: 'document_missing', slot }));
}

/** Pictures without a face, in which nothing could be compared. */
function faceless({ method, face }: DecisionEvidence): readonly ReasonCode[] {
  if (method === 'manual' || face === null || face.score !== null) return [];
  const [onDocument, inSelfie] = face.faces;
  return [
    ...(onDocument === 0 ? (['document_no_portrait'] as const) : []),
    ...(inSelfie === 0 ? (['selfie_no_face'] as const) : []),
  ];
}

/** What the learner can mend with a new photograph or another document. */
function mendable(evidence: DecisionEvidence, outcomes: Outcomes): readonly Reason[] {
  const given = evidence.document?.reasons ?? [];
  const codes: ReasonCode[] = [];
  if (outcomes.get('document_legible') === 'fail') {
    const named = given.filter((code) => PICTURE_REASONS.includes(code));
    codes.push(...(named.length > 0 ? named : (['document_unreadable'] as const)));
  }
  // A payment card has its own words, and "not accepted" beside them would only blur them.
  if (given.includes('payment_card_detected')) codes.push('payment_card_detected');
  else if (outcomes.get('document_type') === 'fail') codes.push('document_type_not_accepted');
  if (outcomes.get('document_not_expired') === 'fail') codes.push('document_expired');
  return [...missingSlots(evidence), ...asReasons([...codes, ...faceless(evidence)])];
}

function contradictions(evidence: DecisionEvidence, outcomes: Outcomes): readonly Reason[] {
  // A low score beside a document that could not be read says that the portrait was blurred, not that it is another's.
  const isFaceTelling = trusted(evidence) !== null && faceless(evidence).length === 0;
  const names = Object.keys(CONTRADICTIONS) as (keyof typeof CONTRADICTIONS)[];
  const failed = names.filter(
    (name) => outcomes.get(name) === 'fail' && (name !== 'face_match' || isFaceTelling),
  );
  return asReasons(failed.map((name) => CONTRADICTIONS[name]));
}

/** Signs of fraud, from the reader or from the capture: a person looks, and the learner is not told what gave it away. */
function suspected({ document, suspicions, presence }: DecisionEvidence): readonly Reason[] {
  const signs: readonly ReasonCode[] = [
    'document_inconsistent',
    'presentation_attack_suspected',
    'capture_injection_suspected',
  ];
  const unnamed = presence === 'fail' && suspicions.length === 0;
  const codes = [
    ...(document?.reasons ?? []),
    ...suspicions,
    ...(unnamed ? (['presentation_attack_suspected'] as const) : []),
  ];
  return asReasons(signs.filter((code) => codes.includes(code)));
}

/** What a person is told when nothing speaks against the person, and yet not everything for it. */
function openQuestions(evidence: DecisionEvidence, outcomes: Outcomes): readonly Reason[] {
  const several = evidence.method === 'biometric' && (evidence.face?.faces[1] ?? 0) > 1;
  const open = CHECK_NAMES.filter((name) => outcomes.get(name) === 'uncertain')
    .map((name) => (several && name === 'face_match' ? 'selfie_multiple_faces' : OPEN[name]))
    .filter((code) => code !== undefined);
  const unnamed = evidence.name === null ? (['document_unreadable'] as const) : [];
  return asReasons([...(evidence.document?.reasons ?? []), ...open, ...unnamed]);
}

/** Evidence that is not there although all was sent: something of ours failed without saying so. */
function isIncomplete({ method, document, face }: DecisionEvidence): boolean {
  if (document === null) return true;
  if (method === 'manual') return false;
  if (face === null) return true;
  return face.score === null ? face.faces[0] > 0 && face.faces[1] > 0 : !isUnit(face.score);
}

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const seen = new Map(reasons.map((reason) => [`${reason.code} ${reason.slot ?? ''}`, reason]));
  return [...seen.values()];
}

function hasNoDoubt(evidence: DecisionEvidence, checks: readonly CheckResult[]): boolean {
  return (
    evidence.method === 'biometric' &&
    isCalendarDate(evidence.today) &&
    checks.every(
      ({ name, outcome }) => outcome === 'pass' || (outcome === 'not_run' && !isRequired(name, evidence)),
    )
  );
}

/** A contradiction is plain when the document itself is beyond doubt and nothing else is open. */
function isPlain(evidence: DecisionEvidence, outcomes: Outcomes): boolean {
  const sound: readonly CheckName[] = ['document_legible', 'document_type', 'document_consistent'];
  return (
    evidence.method === 'biometric' &&
    sound.every((name) => outcomes.get(name) === 'pass') &&
    ![...outcomes.values()].includes('uncertain')
  );
}

/**
 * Decides one attempt. Pure: the same evidence under the same rules gives the same decision, which an audit can repeat.
 *
 * In this order: a fault goes to a person (`system_error`); so does suspicion; so does what contradicts the person
 * (or declines, where the rules say so and the document is beyond doubt); what a new photograph mends goes back to the
 * learner; only then, when every required check has passed, an approval; everything else goes to a person.
 */
export function decide(evidence: DecisionEvidence, rules: DecisionRules): Decision {
  const checks = CHECK_NAMES.map((name): CheckResult => ({ name, ...JUDGES[name](evidence, rules) }));
  const outcomes: Outcomes = new Map(checks.map(({ name, outcome }) => [name, outcome]));
  const answer = (verdict: Verdict, reasons: readonly Reason[]): Decision => ({
    verdict,
    reasons: distinct(reasons),
    checks,
  });

  const suspicion = suspected(evidence);
  const against = contradictions(evidence, outcomes);
  const mend = mendable(evidence, outcomes);
  const isSubmitted = missingSlots(evidence).length === 0;
  if (evidence.faults.length > 0 || (isSubmitted && isIncomplete(evidence)))
    return answer('review', [...asReasons(['system_error']), ...suspicion, ...against]);
  if (suspicion.length > 0) return answer('review', [...suspicion, ...against]);
  if (against.length > 0) {
    const declines = rules.autoDecline && mend.length === 0 && isPlain(evidence, outcomes);
    return answer(declines ? 'decline' : 'review', against);
  }
  if (mend.length > 0) return answer('resubmit', mend);
  if (isSubmitted && hasNoDoubt(evidence, checks)) return answer('approve', []);
  return answer('review', openQuestions(evidence, outcomes));
}
