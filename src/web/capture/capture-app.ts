import { Problem, makeApiClient } from '../lib/api-client.js';
import { button, el, fill, list } from '../lib/dom.js';
import { makeFormats } from '../lib/format.js';
import { makeWaitingBanner } from '../lib/waiting-banner.js';
import { textsFor, wordsFor, type Texts } from '../texts/index.js';
import { makeCaptureApi, type CaptureView } from './capture-api.js';
import { forgetLink, noteTakenOver, type CaptureLink } from './capture-link.js';
import { makeDisclosures } from './disclosures.js';
import { makeNoticesDetails } from './notices.js';
import { makePreviews } from './previews.js';
import type { Screen, Stage, Step } from './screen.js';
import { makeConsentScreen } from './screens/consent-screen.js';
import { makeElsewhereScreen } from './screens/elsewhere-screen.js';
import { makeMessageScreen, makeOutcomeScreen, returnLink, type Outcome } from './screens/outcome-screen.js';
import { makeDocumentScreen, makeSelfieScreen } from './screens/photos-screen.js';
import { makeInReviewScreen, makeProgressScreen } from './screens/progress-screen.js';
import { makeSendScreen } from './screens/send-screen.js';
import { openStopDialog } from './stop-dialog.js';

const STEPS = ['consent', 'document', 'selfie', 'send'] as const satisfies readonly Step[];
const OPEN: readonly string[] = ['requires_input', 'processing', 'in_review'];
/** After these answers the page shows how things stand instead of insisting on what it believed. */
const MOVED_ON: readonly string[] = [
  'invalid_state',
  'upload_superseded',
  'consent_missing',
  'document_missing',
  'selfie_missing',
];

/** Builds the page in `root` for one link, and gives the function that takes it down again. */
export function makeCaptureApp(root: HTMLElement, link: CaptureLink | null): () => void {
  const texts = textsFor(navigator.languages);
  document.documentElement.lang = texts.lang;
  document.title = texts.capture.title;
  const formats = makeFormats(texts.lang, navigator.languages);
  const banner = makeWaitingBanner(texts.waiting);
  const steps = el('ol', { class: 'steps', 'aria-label': texts.capture.stepsLabel });
  const again = el('div', { class: 'again', role: 'region', 'aria-label': texts.capture.resubmission.title });
  const main = el('main', { id: 'main' });
  const stopButton = button(texts.capture.stop.open, () => stage.askToStop(), { kind: 'quiet' });
  const disclosures = makeDisclosures({ texts, formats });
  const notices = makeNoticesDetails({ texts, formats });
  const footer = el(
    'footer',
    {},
    el('div', {}, stopButton),
    notices.element,
    el('p', { class: 'hint' }, texts.capture.footer),
  );
  fill(
    root,
    el('header', {}, el('p', { class: 'product' }, texts.capture.title), steps),
    banner.element,
    again,
    main,
    disclosures.element,
    footer,
  );

  const previews = makePreviews();
  const client = makeApiClient({
    token: () => link?.token ?? null,
    onWaiting: (waiting) => banner.show(waiting),
  });
  const api = makeCaptureApi(client, link?.verificationId ?? '');
  let view: CaptureView | null = null;
  let chosen: Step | null = null;
  let isTakenOver = link?.isTakenOver ?? false;
  let shown: { readonly key: string; readonly screen: Screen } | null = null;
  /** Answers may overtake each other: one that was asked for before the one that is shown is old news. */
  let asked = 0;
  let answered = 0;

  const stage: Stage = {
    api,
    texts,
    formats,
    previews,
    show(next) {
      answered = asked += 1;
      view = next;
      render();
    },
    async refresh() {
      await load();
    },
    goTo(step) {
      chosen = step;
      render();
    },
    goOn() {
      chosen = null;
      render();
    },
    explain(error) {
      if (!(error instanceof Problem)) return texts.problems.unknown;
      if (error.code === 'forbidden') {
        takenOver();
        return texts.capture.elsewhere.refused;
      }
      if (error.code === 'unauthenticated' || error.code === 'not_found') dead();
      else if (MOVED_ON.includes(error.code)) void load();
      return wordsFor(error.code, texts.problems, texts.problems.unknown);
    },
    askToStop() {
      openStopDialog(stage, async () => {
        // With a consent there is something to withdraw; before it there is only a beginning to end.
        stage.show(view?.consent ? await api.withdraw() : await api.cancel());
      });
    },
  };

  function swap(key: string, make: () => Screen): void {
    if (shown?.key === key) return;
    const isFirst = shown === null;
    shown?.screen.close?.();
    const screen = make();
    shown = { key, screen };
    fill(main, screen.element);
    // The first screen is read from the top of the page; from then on the reader is taken to what is new.
    if (isFirst) return;
    scrollTo({ top: 0 });
    main.querySelector('h1')?.focus({ preventScroll: true });
  }

  function render(): void {
    if (!view) return;
    const now = view;
    const awaitsPhotos = now.status === 'requires_input';
    const step = awaitsPhotos && !isTakenOver ? stepOf(now) : null;
    showSteps(step);
    showReasons(awaitsPhotos ? resubmission(texts, now) : []);
    disclosures.show(now.disclosures);
    // The consent screen has them in full.
    notices.show(step === 'consent' ? null : now.notices);
    stopButton.hidden = !OPEN.includes(now.status) || step === 'consent';
    if (!OPEN.includes(now.status)) {
      forgetLink();
      previews.forgetAll();
    }
    if (step) swap(`step ${step}`, () => makeStep(step, now));
    else if (awaitsPhotos) swap('elsewhere', () => makeElsewhereScreen(stage, now));
    else swap(`status ${now.status}`, () => makeStatus(now));
    shown?.screen.update?.(now);
  }

  /** The one that the person went to, as long as consent is there; else the first that is still to do. */
  function stepOf(now: CaptureView): Step {
    if (now.to_do[0] === 'consent') return 'consent';
    // Whoever is in the midst of a photo stays there: only they say when to go on.
    if (chosen) return chosen;
    const [next] = now.to_do;
    chosen = next === 'id_front' || next === 'id_back' ? 'document' : next === 'selfie' ? 'selfie' : 'send';
    return chosen;
  }

  function makeStep(step: Step, now: CaptureView): Screen {
    switch (step) {
      case 'consent':
        return makeConsentScreen(stage, now);
      case 'document':
        return makeDocumentScreen(stage);
      case 'selfie':
        return makeSelfieScreen(stage);
      case 'send':
        return makeSendScreen(stage);
    }
  }

  function makeStatus(now: CaptureView): Screen {
    chosen = null;
    if (now.status === 'processing') return makeProgressScreen(stage, now);
    if (now.status === 'in_review') return makeInReviewScreen(stage, now);
    if (Object.hasOwn(texts.capture.outcomes, now.status))
      return makeOutcomeScreen(stage, now.status as Outcome, now);
    return makeMessageScreen(texts.capture.unknownStatus, returnLink(stage, now));
  }

  function showSteps(current: Step | null): void {
    steps.hidden = current === null;
    const at = current === null ? -1 : STEPS.indexOf(current);
    fill(
      steps,
      ...STEPS.map((step, index) =>
        el(
          'li',
          {
            class: index < at ? 'past' : index === at ? 'current' : 'future',
            ...(index === at ? { 'aria-current': 'step' } : {}),
          },
          texts.capture.steps[step],
        ),
      ),
    );
    const name =
      current === null
        ? ''
        : `${texts.capture.stepOf(at + 1, STEPS.length, texts.capture.steps[current])} – `;
    document.title = `${name}${texts.capture.title}`;
  }

  /** Another device writes from now on: here is nothing left to do but to look on, or to end it all. */
  function takenOver(): void {
    if (isTakenOver) return;
    isTakenOver = true;
    chosen = null;
    noteTakenOver();
    previews.forgetAll();
    render();
    void load();
  }

  function dead(): void {
    forgetLink();
    previews.forgetAll();
    view = null;
    bare('dead', () => makeMessageScreen(texts.capture.deadLink));
  }

  function bare(key: string, make: () => Screen): void {
    steps.hidden = true;
    showReasons([]);
    stopButton.hidden = true;
    disclosures.show([]);
    notices.show(null);
    swap(key, make);
  }

  function showReasons(content: readonly HTMLElement[]): void {
    again.hidden = content.length === 0;
    fill(again, ...content);
  }

  async function load(): Promise<void> {
    const mine = (asked += 1);
    try {
      const next = await api.view();
      if (mine < answered) return;
      answered = mine;
      view = next;
      render();
    } catch (error) {
      const words = stage.explain(error);
      // What is on the screen stays there; only a page that has nothing to show says so.
      if (!view && shown?.key !== 'dead')
        bare('failed', () =>
          makeMessageScreen(
            { title: texts.capture.failed.title, text: words },
            button(texts.capture.failed.again, () => void load(), { kind: 'primary' }),
          ),
        );
    }
  }

  const onReturn = () => {
    if (link && !document.hidden && view && OPEN.includes(view.status)) void load();
  };
  // A phone that comes back from its camera, or a page from the browser's memory, may show what is long past.
  document.addEventListener('visibilitychange', onReturn);

  if (link) {
    steps.hidden = true;
    stopButton.hidden = true;
    showReasons([]);
    fill(main, el('p', { role: 'status' }, texts.capture.loading));
    void load();
  } else bare('no link', () => makeMessageScreen(texts.capture.noLink));

  return () => {
    document.removeEventListener('visibilitychange', onReturn);
    shown?.screen.close?.();
    previews.forgetAll();
  };
}

function resubmission(texts: Texts, view: CaptureView): HTMLElement[] {
  if (view.attempt <= 1 || view.reasons.length === 0) return [];
  const { title, left } = texts.capture.resubmission;
  return [
    el('h2', {}, title),
    list(view.reasons.map(({ code, message }) => wordsFor(code, texts.reasons, message))),
    el('p', {}, left(view.attempts_left)),
  ];
}
