import { el, fill, list, webLink, type Child } from '../../lib/dom.js';
import { sleep } from '../../lib/event-stream.js';
import { wordsFor } from '../../texts/index.js';
import type { CaptureView } from '../capture-api.js';
import { retentionTable } from '../retention-table.js';
import type { Screen, Stage } from '../screen.js';

const WATCH_FIRST = 2_000;
const WATCH_LONGEST = 60_000;

export type Outcome = keyof Stage['texts']['capture']['outcomes'];

/** How it ended, why, and what becomes of the data; the last is watched until everything is gone. */
export function makeOutcomeScreen(stage: Stage, outcome: Outcome, first: CaptureView): Screen {
  const { capture: texts } = stage.texts;
  const erasure = el('p', { role: 'status' });
  const ending = new AbortController();

  function show(view: CaptureView): void {
    const words = erasureWords(stage, view.redaction);
    if (erasure.textContent !== words) erasure.textContent = words;
  }

  async function watch(): Promise<void> {
    for (let delay = WATCH_FIRST; ; delay = Math.min(WATCH_LONGEST, delay * 1.5)) {
      await sleep(delay, ending.signal);
      if (ending.signal.aborted) return;
      if (document.hidden) continue;
      const view = await stage.api.view().catch(() => null);
      if (!view || ending.signal.aborted) return;
      stage.show(view);
      if (view.redaction.status === 'done' || view.redaction.status === 'held') return;
    }
  }

  show(first);
  if (first.redaction.status !== 'done') void watch();
  return {
    element: el(
      'div',
      {},
      el(
        'div',
        { class: `result ${outcome}` },
        el('h1', { tabindex: -1 }, texts.outcomes[outcome].title),
        el(
          'p',
          {},
          outcome === 'declined' && first.appeal ? texts.declinedAgain : texts.outcomes[outcome].text,
        ),
      ),
      ...reasonList(stage, first),
      el(
        'section',
        { class: 'card-box' },
        el('h2', {}, texts.erasure.title),
        erasure,
        el(
          'details',
          {},
          el('summary', {}, texts.erasure.remains),
          retentionTable(stage, first.notices.retention),
        ),
      ),
      returnLink(stage, first),
    ),
    update: show,
    close: () => ending.abort(),
  };
}

/** Reasons belong to an outcome that is not good; an approval may still bear those of an attempt before. */
function reasonList(stage: Stage, view: CaptureView): Child[] {
  if (view.status === 'approved' || view.reasons.length === 0) return [];
  const items = view.reasons.map(({ code, message }) => wordsFor(code, stage.texts.reasons, message));
  return [el('h2', {}, stage.texts.capture.reasonsTitle), list(items)];
}

export function returnLink(stage: Stage, { return_url }: CaptureView): Child {
  const link =
    return_url === null
      ? null
      : webLink(return_url, stage.texts.capture.returnLink, { class: 'button primary' });
  return link && el('div', { class: 'onward' }, link);
}

function erasureWords(
  { texts, formats }: Stage,
  { status, due_at, done_at }: CaptureView['redaction'],
): string {
  const { erasure } = texts.capture;
  switch (status) {
    case 'scheduled':
      return due_at === null ? erasure.scheduledSoon : erasure.scheduled(formats.dateTime(new Date(due_at)));
    case 'done':
      return done_at === null ? erasure.doneUndated : erasure.done(formats.dateTime(new Date(done_at)));
    case 'processing':
    case 'held':
    case 'failed':
    case 'none':
      return erasure[status];
  }
}

/** A screen of words alone. */
export function makeMessageScreen(
  texts: { readonly title: string; readonly text: string },
  ...more: readonly Child[]
): Screen {
  const element = el('div', {});
  fill(element, el('h1', { tabindex: -1 }, texts.title), el('p', {}, texts.text), ...more);
  return { element };
}
