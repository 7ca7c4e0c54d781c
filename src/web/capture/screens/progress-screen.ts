import { announce } from '../../lib/announce.js';
import { el } from '../../lib/dom.js';
import { followEvents, type ServerEvent } from '../../lib/event-stream.js';
import type { CaptureView } from '../capture-api.js';
import type { Screen, Stage } from '../screen.js';

type StepName = 'read_document' | 'match_face' | 'decide';
type StepState = 'waiting' | 'running' | 'done';

/** What the machine does right now, as it happens. */
export function makeProgressScreen(stage: Stage, view: CaptureView): Screen {
  const texts = stage.texts.capture.progress;
  // Without biometrics no face model runs, so there is no such step to wait for.
  const names: readonly StepName[] =
    view.consent?.biometrics === false
      ? ['read_document', 'decide']
      : ['read_document', 'match_face', 'decide'];
  const rows = new Map<string, (state: StepState) => void>();
  const steps = el('ol', { class: 'progress', 'aria-label': texts.stepsLabel }, ...names.map(makeRow));

  function makeRow(name: StepName): HTMLLIElement {
    const state = el('span', { class: 'state' }, texts.states.waiting);
    const row = el('li', { class: 'waiting' }, el('span', {}, texts.steps[name]), state);
    rows.set(name, (next) => {
      if (row.className === 'done' || row.className === next) return;
      row.className = next;
      state.textContent = texts.states[next];
      announce(`${texts.steps[name]}: ${texts.states[next]}`);
    });
    return row;
  }

  const onStep = ({ step, progress }: { step?: unknown; progress?: unknown }) => {
    if (typeof step === 'string') rows.get(step)?.(progress === 1 ? 'done' : 'running');
  };
  const stop = follow(stage, { onStep });
  return {
    element: el('div', {}, el('h1', { tabindex: -1 }, texts.title), el('p', {}, texts.text), steps),
    close: stop,
  };
}

/** Nothing to do but wait for a person; the page notices when they have decided. */
export function makeInReviewScreen(stage: Stage, view: CaptureView): Screen {
  const texts = stage.texts.capture.review;
  const stop = follow(stage, { onStep: () => undefined });
  return {
    element: el(
      'div',
      {},
      el('h1', { tabindex: -1 }, texts.title),
      el('p', {}, view.consent?.biometrics === false ? texts.asked : texts.unsure),
      el('p', {}, texts.text),
    ),
    close: stop,
  };
}

/** Follows the events of the verification, and asks how it stands whenever its status changes. */
function follow(
  stage: Stage,
  { onStep }: { onStep: (body: { step?: unknown; progress?: unknown }) => void },
): () => void {
  const ending = new AbortController();
  let status: unknown;
  const onEvent = ({ event, data }: ServerEvent) => {
    const body = parse(data);
    if (event === 'step') onStep(body);
    // A stream that is taken up again tells everything since the beginning: what counts is how things stand now.
    else if (event === 'status' && body.status !== status) {
      status = body.status;
      void stage.refresh().catch(() => undefined);
    }
  };
  void followEvents({
    open: (lastEventId, signal) => stage.api.events(lastEventId, signal),
    onEvent,
    poll: () => stage.refresh(),
    signal: ending.signal,
  });
  return () => ending.abort();
}

function parse(data: string): { status?: unknown; step?: unknown; progress?: unknown } {
  try {
    const body: unknown = JSON.parse(data);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}
