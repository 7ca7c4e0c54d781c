import { announce } from '../../lib/announce.js';
import { Problem } from '../../lib/api-client.js';
import { button, el, fill, list, time, type Child } from '../../lib/dom.js';
import { wordsFor } from '../../texts/index.js';
import { compareFields, type ComparedField } from '../compare.js';
import { makeDecisionForm } from '../decision-form.js';
import type { Desk, DeskScreen } from '../desk.js';
import { makeImageViewer, type ImageViewer } from '../image-viewer.js';
import { countdown, makeLease } from '../lease.js';
import { makeProposal } from '../proposal.js';
import type { OpenedReview, Review } from '../review-api.js';
import { reasonNames } from './list-screen.js';

const TICK = 1_000;
/** When the end of the lease is announced, in milliseconds before it. */
const WARN = 120_000;

/** One case: claimed, looked at, decided. */
export function makeCaseScreen(desk: Desk, id: string): DeskScreen {
  const texts = desk.texts.review.case;
  const lease = makeLease();
  const told = el('div', { class: 'verdict', role: 'alert' });
  const content = el('div', {}, el('p', { role: 'status' }, texts.loading));
  const element = el(
    'div',
    {},
    el(
      'p',
      {},
      button(texts.back, () => desk.showList(), { kind: 'quiet' }),
    ),
    el('h1', { tabindex: -1 }, texts.title(id.slice(-6))),
    told,
    content,
  );
  const clock = el('span', { class: 'time' });
  let viewers: readonly ImageViewer[] = [];
  let warned = false;
  let closed = false;
  let etag: string | null = null;

  function show(opened: OpenedReview): void {
    if (closed) return;
    closeViewers();
    const { review } = opened;
    etag = opened.etag;
    const isMine = review.status === 'claimed' && review.claimed_by === desk.me;
    lease.set(isMine ? opened.leaseLeft : null);
    warned = false;
    if (isMine) viewers = review.images.map((slot) => viewerOf(slot));
    fill(content, facts(desk, review), bar(review, isMine), work(review, isMine));
    tick();
  }

  function bar(review: Review, isMine: boolean): Child {
    if (isMine)
      return el(
        'div',
        { class: 'lease' },
        el('p', {}, `${texts.lease} `, clock, el('span', { class: 'hint' }, ` ${texts.leaseHint}`)),
        el(
          'div',
          { class: 'tools' },
          button(texts.extend, () => void act(desk.api.claim(id), extended)),
          button(
            texts.release,
            () => void act(desk.api.release(id), () => desk.showList('open', texts.released)),
          ),
        ),
      );
    if (review.status === 'decided') return el('div', { class: 'lease' }, el('p', {}, decidedWords(review)));
    const { proposed } = review;
    // Whoever may not confirm it can do nothing with the case either: what it waits for is said below.
    if (proposed && (proposed.by === desk.me || !desk.isSenior)) return null;
    const heldByOther = review.status === 'claimed' && review.claimed_by !== null;
    return el(
      'div',
      { class: 'lease' },
      el('p', {}, heldByOther ? texts.heldBy(review.claimed_by ?? '') : texts.claimFirst),
      button(texts.claim, () => void act(desk.api.claim(id), claimed), { kind: 'primary' }),
    );
  }

  function decidedWords(review: Review): string {
    const decision = wordsFor(review.decision ?? '', desk.texts.review.decided, texts.over);
    const at =
      typeof review.decided_at === 'string' ? desk.formats.dateTime(new Date(review.decided_at)) : null;
    return at === null ? decision : texts.decidedText(decision, at);
  }

  function work(review: Review, isMine: boolean): HTMLElement {
    return el(
      'div',
      { class: 'desk' },
      el('div', {}, isMine && photos(), why(desk, review), comparison(desk, review)),
      el('div', {}, checkList(desk, review), verdict(review, isMine)),
    );
  }

  function verdict(review: Review, isMine: boolean): Child {
    if (review.proposed) return makeProposal(desk, review, review.proposed, confirm);
    return isMine && makeDecisionForm(desk, review, decide);
  }

  function photos(): HTMLElement {
    return el(
      'section',
      {},
      el('h2', {}, texts.photos),
      viewers.length === 0
        ? el('p', {}, texts.noPhotos)
        : el('p', { class: 'hint' }, desk.texts.review.viewer.hint),
      el('div', { class: 'viewers' }, ...viewers.map((viewer) => viewer.element)),
    );
  }

  const viewerOf = (slot: Review['images'][number]) =>
    makeImageViewer({
      slot,
      texts: desk.texts.review.viewer,
      load: (signal) => desk.api.image(id, slot, signal),
      onOpened: () => lease.renew(),
      onFailed: (error) => desk.explain(error),
    });

  /** Does one thing at a time and says what came of it; a case that has changed meanwhile is loaded again. */
  async function act(call: Promise<OpenedReview>, then: (opened: OpenedReview) => void): Promise<void> {
    try {
      const opened = await call;
      fill(told);
      then(opened);
    } catch (error) {
      fill(told, el('p', { class: 'bad' }, desk.explain(error)));
      if (error instanceof Problem && [403, 409, 410, 412].includes(error.status)) await reload();
    }
  }

  function claimed(opened: OpenedReview): void {
    show(opened);
    element.querySelector('h1')?.focus();
  }

  /** Only the time changes: the photos stay as they are turned, and the form as it is filled in. */
  function extended(opened: OpenedReview): void {
    etag = opened.etag;
    lease.set(opened.leaseLeft);
    warned = false;
    tick();
  }

  async function decide(decision: Parameters<Desk['api']['decide']>[2]): Promise<string | null> {
    try {
      const { review } = await desk.api.decide(id, etag, decision);
      const words = wordsFor(decision.decision, desk.texts.review.decided, decision.decision);
      desk.showList('open', review.proposed ? texts.proposal.waits(words) : texts.done(words));
      return null;
    } catch (error) {
      const words = desk.explain(error);
      const hasMoved =
        error instanceof Problem &&
        ['stale_version', 'invalid_state', 'lease_required', 'erased', 'not_found'].includes(error.code);
      if (!hasMoved) return words;
      const now = await reload();
      fill(told, el('p', { class: 'bad' }, now?.status === 'decided' ? texts.over : words));
      element.querySelector('h1')?.focus();
      return null;
    }
  }

  const confirm = (agree: boolean) =>
    act(desk.api.confirm(id, etag, agree), ({ review }) => {
      const decision = wordsFor(review.decision ?? '', desk.texts.review.decided, texts.over);
      desk.showList('open', agree ? texts.proposal.agreed(decision) : texts.proposal.contested);
    });

  async function reload(): Promise<Review | null> {
    try {
      const opened = await desk.api.get(id);
      show(opened);
      return opened.review;
    } catch (error) {
      fill(told, el('p', { class: 'bad' }, desk.explain(error)));
      fill(content);
      return null;
    }
  }

  function tick(): void {
    const left = lease.left();
    if (left === null) return;
    clock.textContent = countdown(left);
    if (left < WARN && !warned) {
      warned = true;
      announce(texts.leaseSoon);
    }
    if (left === 0) {
      lease.set(null);
      // Without the lease nobody may look at the photos any longer, not even at those that are open.
      closeViewers();
      fill(told, el('p', { class: 'bad' }, texts.leaseOver));
      void reload();
    }
  }

  function closeViewers(): void {
    for (const viewer of viewers) viewer.close();
    viewers = [];
  }

  const ticking = setInterval(tick, TICK);
  void reload();
  return {
    element,
    close() {
      closed = true;
      clearInterval(ticking);
      closeViewers();
    },
  };
}

function facts(desk: Desk, review: Review): HTMLElement {
  const { case: texts, methods, list: lists } = desk.texts.review;
  const opened = new Date(review.opened_at);
  const fact = (name: string, value: Child) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  return el(
    'dl',
    { class: 'facts' },
    fact(texts.facts.status, lists.statuses[review.status]),
    fact(texts.facts.waiting, time(opened, desk.formats.span(review.age_seconds))),
    fact(texts.facts.attempt, texts.attempt(review.attempt, review.attempts_left)),
    fact(texts.facts.method, wordsFor(review.method, methods, review.method)),
    fact(texts.facts.document, review.document_type ?? texts.noDocument),
    fact(texts.facts.mode, review.livemode ? texts.live : texts.test),
    fact(texts.facts.tenant, el('span', { class: 'id' }, review.tenant)),
  );
}

function why(desk: Desk, review: Review): HTMLElement {
  const texts = desk.texts.review.case;
  return el(
    'section',
    {},
    el('h2', {}, texts.reasons),
    el('p', {}, reasonNames(desk, review) || texts.noReasons),
    review.method === 'manual' && el('p', {}, texts.manualReason),
  );
}

function comparison(desk: Desk, review: Review): HTMLElement {
  const texts = desk.texts.review.case;
  const rows = compareFields(review);
  const { field, expected, found, verdict } = texts.columns;
  const row = ({ field: name, expected: asked, found: read, verdict: mark }: ComparedField) =>
    el(
      'tr',
      { class: mark },
      el('th', { scope: 'row' }, wordsFor(name, texts.fields, name)),
      el('td', { 'data-label': expected }, asked ?? texts.notGiven),
      el('td', { 'data-label': found }, read ?? texts.notGiven),
      el('td', { 'data-label': verdict }, el('span', { class: `mark ${mark}` }, texts.verdicts[mark])),
    );
  return el(
    'section',
    {},
    el('h2', {}, texts.compare),
    rows.length === 0
      ? el('p', {}, texts.nothingHeld)
      : el(
          'table',
          { class: 'compare stack' },
          el('caption', { class: 'visually-hidden' }, texts.compareCaption),
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              ...[field, expected, found, verdict].map((title) => el('th', { scope: 'col' }, title)),
            ),
          ),
          el('tbody', {}, ...rows.map(row)),
        ),
    review.name_explanation.length > 0 && el('h3', {}, texts.explanation),
    review.name_explanation.length > 0 && list(review.name_explanation),
    review.appeal_statement !== null && el('h3', {}, texts.appeal),
    review.appeal_statement !== null && el('p', { class: 'statement' }, review.appeal_statement),
  );
}

function checkList(desk: Desk, { checks }: Review): HTMLElement {
  const texts = desk.texts.review.case;
  return el(
    'section',
    { class: 'card-box' },
    el('h2', {}, texts.checks),
    checks.length === 0
      ? el('p', {}, texts.noChecks)
      : el(
          'ul',
          { class: 'checks' },
          ...checks.map(({ name, outcome, score }) =>
            el(
              'li',
              {},
              el('span', {}, wordsFor(name, texts.checkNames, name)),
              el(
                'span',
                {},
                el('span', { class: `mark ${outcome}` }, texts.checkOutcomes[outcome]),
                score !== undefined && el('span', { class: 'hint' }, ` ${texts.score(score.toFixed(2))}`),
              ),
            ),
          ),
        ),
  );
}
