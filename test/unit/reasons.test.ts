import {
  isReasonCode,
  LEARNER_FALLBACK,
  presentReason,
  REASONS,
  slotOf,
  SLOTS,
  type ReasonCode,
} from '../../src/domain/reasons.js';

/** CONTRACT, "Reason codes": for anybody, and for reviewers and the platform only. */
const FOR_ANYBODY: readonly ReasonCode[] = [
  'document_missing',
  'document_unreadable',
  'document_blurry',
  'document_glare',
  'document_cut_off',
  'document_too_small',
  'document_type_not_accepted',
  'document_expired',
  'document_no_portrait',
  'payment_card_detected',
  'name_mismatch',
  'date_of_birth_mismatch',
  'under_minimum_age',
  'selfie_missing',
  'selfie_no_face',
  'selfie_multiple_faces',
  'selfie_low_quality',
  'face_mismatch',
  'capture_window_lapsed',
  'consent_missing',
  'consent_withdrawn',
  'system_error',
];
const FOR_STAFF: readonly ReasonCode[] = [
  'document_inconsistent',
  'presentation_attack_suspected',
  'capture_injection_suspected',
];
/** Its enums are open: what ISO/IEC 29794-5 names of a selfie, and the contract does not. */
const BEYOND: readonly ReasonCode[] = ['selfie_not_frontal', 'selfie_eyes_closed'];
const CODES = Object.keys(REASONS) as ReasonCode[];

describe('reason codes', () => {
  it('are those of the contract, and what a learner is told instead of a hidden one', () => {
    expect([...CODES].sort()).toEqual([...FOR_ANYBODY, ...BEYOND, ...FOR_STAFF, LEARNER_FALLBACK].sort());
    expect(LEARNER_FALLBACK).toBe('could_not_verify');
  });

  it.each(FOR_ANYBODY)('%s is told to everybody alike', (code) => {
    expect(presentReason({ code }, 'learner')).toEqual(presentReason({ code }, 'staff'));
    expect(presentReason({ code }, 'learner').code).toBe(code);
  });

  it.each(FOR_STAFF)('%s is told to staff, and the learner cannot tell it from the others', (code) => {
    expect(presentReason({ code }, 'staff').code).toBe(code);
    const told = FOR_STAFF.flatMap((hidden) => [
      presentReason({ code: hidden }, 'learner'),
      presentReason({ code: hidden, slot: 'selfie' }, 'learner'),
      presentReason({ code: hidden, slot: 'id_back' }, 'learner'),
    ]);
    expect(new Set(told.map((reason) => JSON.stringify(reason))).size).toBe(1);
    expect(told[0]).toMatchObject({ code: LEARNER_FALLBACK, slot: null });
  });

  it.each(CODES)('%s is said in a plain sentence', (code) => {
    const { message } = presentReason({ code }, 'staff');
    expect(message).toMatch(/^[A-Z].{15,200}\.$/);
    expect(message).not.toContain(code);
  });

  it.each(CODES)('%s is about a slot that it names by its first word, or about none', (code) => {
    const slot = slotOf({ code });
    if (slot === undefined) return;
    expect(SLOTS).toContain(slot);
    if (code.startsWith('document_')) expect(slot).toBe('id_front');
    if (code.startsWith('selfie_')) expect(slot).toBe('selfie');
  });

  it('are about their own slot rather than that of the code', () => {
    expect(slotOf({ code: 'document_blurry', slot: 'id_back' })).toBe('id_back');
    expect(presentReason({ code: 'document_blurry', slot: 'id_back' }, 'learner').slot).toBe('id_back');
    expect(presentReason({ code: 'document_blurry' }, 'learner').slot).toBe('id_front');
    expect(presentReason({ code: 'system_error' }, 'learner').slot).toBeNull();
  });

  it('that no new photograph mends say so', () => {
    const final = CODES.filter((code) => !presentReason({ code }, 'staff').retryable);
    expect([...final].sort()).toEqual(
      ['under_minimum_age', 'capture_window_lapsed', 'consent_withdrawn', 'system_error'].sort(),
    );
  });

  it.each(CODES)('%s is known', (code) => {
    expect(isReasonCode(code)).toBe(true);
  });

  it.each(['', 'document', 'DOCUMENT_BLURRY', 'toString', '__proto__', 'constructor', 'hasOwnProperty'])(
    '%j is none',
    (text) => {
      expect(isReasonCode(text)).toBe(false);
    },
  );
});
