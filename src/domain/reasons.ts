/** Image slots of a verification, in the order in which they are asked for. */
export const SLOTS = ['id_front', 'id_back', 'selfie'] as const;
export type Slot = (typeof SLOTS)[number];

/**
 * Every reason the service gives, once. `audience: 'staff'` reasons are shown to reviewers and the platform only;
 * the learner is told {@link LEARNER_FALLBACK} instead, so that an attacker learns nothing from the answer.
 */
interface ReasonRule {
  readonly message: string;
  readonly audience: 'anyone' | 'staff';
  /** Whether a new photograph or a corrected entry can mend it. */
  readonly retryable: boolean;
  /** The slot that has to be photographed again, where the reason names one. */
  readonly slot?: Slot;
}

const rule = (message: string, more: Partial<Omit<ReasonRule, 'message'>> = {}): ReasonRule => ({
  message,
  audience: 'anyone',
  retryable: true,
  ...more,
});

export const REASONS = {
  document_missing: rule('A photo of your ID is missing. Add one and send again.', { slot: 'id_front' }),
  document_unreadable: rule(
    'The text on your ID could not be read. Lay it flat in even light and fill the frame with it.',
    { slot: 'id_front' },
  ),
  document_blurry: rule('The photo of your ID is blurred. Hold the camera still and let it focus.', {
    slot: 'id_front',
  }),
  document_glare: rule('Light reflects on your ID. Tilt it away from the lamp or the window.', {
    slot: 'id_front',
  }),
  document_cut_off: rule('Part of your ID is outside the picture. Keep all four edges in view.', {
    slot: 'id_front',
  }),
  document_too_small: rule('Your ID is too small in the picture. Move the camera closer.', {
    slot: 'id_front',
  }),
  document_type_not_accepted: rule(
    'This kind of document is not accepted. Use a passport or a government identity card.',
    { slot: 'id_front' },
  ),
  document_expired: rule('This document has expired. Use one that is still valid.', { slot: 'id_front' }),
  document_no_portrait: rule('No portrait was found on your ID. Photograph the side with the portrait.', {
    slot: 'id_front',
  }),
  payment_card_detected: rule('That looks like a payment card. We never take one; it was not kept.', {
    slot: 'id_front',
  }),
  name_mismatch: rule('The name on your ID differs from the name given for the certificate.', {
    slot: 'id_front',
  }),
  date_of_birth_mismatch: rule('The date of birth on your ID differs from the one given.', {
    slot: 'id_front',
  }),
  under_minimum_age: rule('You are younger than the minimum age for this certificate.', { retryable: false }),
  selfie_missing: rule('A photo of your face is missing. Add one and send again.', { slot: 'selfie' }),
  selfie_no_face: rule('No face was found. Look into the camera, with light on your face.', {
    slot: 'selfie',
  }),
  selfie_multiple_faces: rule('More than one face is in the picture. Make sure that you are alone in it.', {
    slot: 'selfie',
  }),
  selfie_low_quality: rule(
    'The photo of your face is not clear enough. Hold still, in even light, with nothing before your face.',
    {
      slot: 'selfie',
    },
  ),
  selfie_not_frontal: rule('Your face is turned away. Look straight into the camera.', { slot: 'selfie' }),
  selfie_eyes_closed: rule('Your eyes seem to be closed or covered. Open them, and take off dark glasses.', {
    slot: 'selfie',
  }),
  face_mismatch: rule('The face in your photo could not be matched with the portrait on your ID.', {
    slot: 'selfie',
  }),
  capture_window_lapsed: rule('The time to send your photos has run out.', { retryable: false }),
  consent_missing: rule('Your consent is needed before any photo is taken.'),
  consent_withdrawn: rule('You withdrew your consent. What was held has been erased.', { retryable: false }),
  could_not_verify: rule('Your identity could not be verified from these photos.'),
  system_error: rule('Something failed on our side. A person will look at it.', { retryable: false }),
  document_inconsistent: rule('The zones of the document, or its check digits, contradict each other.', {
    audience: 'staff',
    slot: 'id_front',
  }),
  presentation_attack_suspected: rule('Signs of a presentation attack (ISO/IEC 30107-3).', {
    audience: 'staff',
    slot: 'selfie',
  }),
  capture_injection_suspected: rule('Signs that the capture was injected rather than taken by a camera.', {
    audience: 'staff',
    slot: 'selfie',
  }),
} as const satisfies Record<string, ReasonRule>;

export type ReasonCode = keyof typeof REASONS;

/** What a learner is told in place of a staff-only reason. */
export const LEARNER_FALLBACK: ReasonCode = 'could_not_verify';

/** A reason as it is kept: the code, and the slot it is about where that is not the code's own. */
export interface Reason {
  readonly code: ReasonCode;
  readonly slot?: Slot;
}

export const isReasonCode = (value: string): value is ReasonCode => Object.hasOwn(REASONS, value);

const ruleOf = (code: ReasonCode): ReasonRule => REASONS[code];

/** The slot that a reason is about: its own, else its code's, else none. */
export const slotOf = (reason: Reason): Slot | undefined => reason.slot ?? ruleOf(reason.code).slot;

/** How a reason is shown to staff or, with staff-only codes replaced, to the learner. */
export function presentReason(reason: Reason, to: 'learner' | 'staff') {
  const hidden = to === 'learner' && ruleOf(reason.code).audience === 'staff';
  const code = hidden ? LEARNER_FALLBACK : reason.code;
  const { message, retryable } = ruleOf(code);
  // The slot would tell which of the hidden reasons it was.
  return { code, message, slot: hidden ? null : (slotOf(reason) ?? null), retryable };
}
