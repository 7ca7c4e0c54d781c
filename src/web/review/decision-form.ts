import { el, fill, freshId } from '../lib/dom.js';
import { wordsFor } from '../texts/index.js';
import type { Desk } from './desk.js';
import type { Decision, Review } from './review-api.js';

const DECISIONS = ['approve', 'decline', 'request_resubmission'] as const satisfies readonly Decision[];
/** What the learner is told as `could_not_verify`, so that an attacker learns nothing. */
const INTERNAL: readonly string[] = [
  'document_inconsistent',
  'presentation_attack_suspected',
  'capture_injection_suspected',
];
/** What a person can find in the photos, the likelier first. */
const REASONS = [
  'name_mismatch',
  'date_of_birth_mismatch',
  'face_mismatch',
  'document_unreadable',
  'document_blurry',
  'document_glare',
  'document_cut_off',
  'document_too_small',
  'document_no_portrait',
  'document_type_not_accepted',
  'document_expired',
  'selfie_no_face',
  'selfie_multiple_faces',
  'selfie_low_quality',
  'selfie_not_frontal',
  'selfie_eyes_closed',
  'under_minimum_age',
  'payment_card_detected',
  'could_not_verify',
  ...INTERNAL,
];

/** The decision with its reasons and a note; what is missing is said beside it. Nothing is chosen beforehand. */
export function makeDecisionForm(
  desk: Desk,
  review: Review,
  decide: (decision: { decision: Decision; reasons: string[]; note?: string }) => Promise<string | null>,
): HTMLFormElement {
  const { case: texts, decisions } = desk.texts.review;
  const group = freshId('decision');
  const noteId = freshId('note');
  const noteHint = freshId('hint');
  const verdict = el('div', { class: 'verdict', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'button primary' }, texts.submit);
  const choices = DECISIONS.map((value) => ({ value, ...choice(value) }));
  const found = review.reasons.map(({ code }) => code);
  const codes = [...new Set([...found, ...REASONS])].filter((code) => code !== 'system_error');
  const reasons = codes.map((code) => ({ code, ...reason(code) }));
  const reasonFields = el(
    'fieldset',
    { hidden: true },
    el('legend', {}, texts.reasonLegend),
    el('p', { class: 'hint' }, texts.reasonHint),
    el('div', { class: 'reason-grid' }, ...reasons.map(({ element }) => element)),
  );
  const note = el('textarea', { id: noteId, rows: 3, maxlength: 2000, 'aria-describedby': noteHint });
  const chosen = () => choices.find(({ input }) => input.checked)?.value;

  function choice(value: Decision) {
    const isOver = value === 'request_resubmission' && review.attempt > 0 && review.attempts_left === 0;
    const hint = freshId('hint');
    const input = el('input', {
      type: 'radio',
      name: group,
      value,
      disabled: isOver,
      'aria-describedby': isOver && hint,
      onChange: () => {
        reasonFields.hidden = value === 'approve';
        submit.textContent = wordsFor(value, decisions, texts.submit);
        fill(verdict);
      },
    });
    const words = el('span', {}, wordsFor(value, decisions, value));
    const element = el(
      'div',
      { class: 'choice' },
      el('label', {}, input, words),
      isOver && el('p', { class: 'hint', id: hint }, texts.noAttemptsLeft),
    );
    return { element, input };
  }

  function reason(code: string) {
    const input = el('input', { type: 'checkbox', value: code });
    const marks = [INTERNAL.includes(code) && texts.internal, found.includes(code) && texts.found].filter(
      (mark) => mark !== false,
    );
    const name = wordsFor(code, desk.texts.review.reasons, code);
    return {
      input,
      element: el(
        'div',
        { class: 'choice' },
        el(
          'label',
          {},
          input,
          el('span', {}, name, marks.length > 0 && el('span', { class: 'hint' }, ` (${marks.join(', ')})`)),
        ),
      ),
    };
  }

  async function send(): Promise<void> {
    const decision = chosen();
    const picked =
      decision === 'approve' ? [] : reasons.filter(({ input }) => input.checked).map(({ code }) => code);
    if (decision === undefined) return complain(texts.chooseDecision, choices[0]?.input);
    if (decision !== 'approve' && picked.length === 0) return complain(texts.chooseReason, reasons[0]?.input);
    submit.disabled = true;
    const text = note.value.trim();
    const refusal = await decide({ decision, reasons: picked, ...(text === '' ? {} : { note: text }) });
    submit.disabled = false;
    if (refusal !== null) complain(refusal, submit);
  }

  function complain(message: string, where: HTMLElement | undefined): void {
    fill(verdict, el('p', { class: 'bad' }, message));
    where?.focus();
  }

  return el(
    'form',
    {
      class: 'card-box',
      novalidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    el('h2', {}, texts.decision),
    el('fieldset', {}, el('legend', {}, texts.decisionLegend), ...choices.map(({ element }) => element)),
    reasonFields,
    el(
      'div',
      { class: 'field' },
      el('label', { for: noteId }, texts.note),
      note,
      el('p', { class: 'hint', id: noteHint }, texts.noteHint),
    ),
    verdict,
    el('div', { class: 'onward' }, submit),
  );
}
