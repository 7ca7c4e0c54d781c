import { button, el } from '../lib/dom.js';
import { wordsFor } from '../texts/index.js';
import type { Desk } from './desk.js';
import type { Review } from './review-api.js';

/** A decision that waits for a second person. */
export type Proposal = NonNullable<Review['proposed']>;

/**
 * Who decided what and why, and for a senior reviewer, who is somebody else, the question whether they agree. The API judges both; here it
 * is only not asked of those who may not answer.
 *
 * @param confirm tells the answer; settles when it was dealt with, whatever came of it
 */
export function makeProposal(
  desk: Desk,
  review: Review,
  proposal: Proposal,
  confirm: (agree: boolean) => Promise<void>,
): HTMLElement {
  const { case: cases, decided } = desk.texts.review;
  const texts = cases.proposal;
  const decision = wordsFor(proposal.decision, decided, proposal.decision);
  const isMine = proposal.by === desk.me;
  const reasons = proposal.reasons.map((code) => wordsFor(code, desk.texts.review.reasons, code));
  return el(
    'section',
    { class: 'card-box' },
    el('h2', {}, texts.title),
    el('p', {}, isMine ? texts.mine(decision) : texts.by(proposal.by, decision)),
    reasons.length > 0 && el('p', {}, `${texts.reasons}: ${reasons.join(', ')}`),
    ...answer(),
  );

  function answer() {
    if (isMine) return [el('p', { class: 'hint' }, texts.mineWaits)];
    if (!desk.isSenior) return [el('p', { class: 'hint' }, texts.seniorsOnly)];
    // Whoever else holds it is about to answer.
    if (review.status === 'claimed' && review.claimed_by !== desk.me) return [];
    const agree = button(texts.agree(decision), () => void say(true), { kind: 'primary' });
    const disagree = button(texts.disagree, () => void say(false));
    const say = async (answer: boolean) => {
      agree.disabled = disagree.disabled = true;
      await confirm(answer);
      agree.disabled = disagree.disabled = false;
    };
    return [
      review.status === 'open' && el('p', { class: 'hint' }, texts.look),
      el('p', { class: 'hint' }, texts.contest),
      el('div', { class: 'onward' }, agree, disagree),
    ];
  }
}
