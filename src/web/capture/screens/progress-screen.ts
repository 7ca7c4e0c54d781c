import { el } from '../../lib/dom.js';
import { followEvents, type ServerEvent } from '../../lib/event-stream.js';
import type { CaptureView } from '../capture-api.js';
import { makeProgressList } from '../progress-list.js';
import type { Screen, Stage } from '../screen.js';

type StepName = 'read_document' | 'match_face' | 'decide';

/** What the machine does right now, as it happens. */
export function makeProgressScreen(stage: Stage, view: CaptureView): Screen {
  const texts = stage.texts.capture.progress;
  // Without biometrics no face model runs, so there is no such step to wait for.
  const names: readonly StepName[] =
    view.method === 'manual' ? ['read_document', 'decide'] : ['read_document', 'match_face', 'decide'];
  const steps = makeProgressList(
    texts,
    names.map((step) => ({ step, name: texts.steps[step] })),
  );

  const onStep = ({ step, progress }: { step?: unknown; progress?: unknown }) => {
    // A stream that begins anew tells what is long done: nothing becomes undone by that.
    if (typeof step === 'string' && steps.stateOf(step) !== 'done')
      steps.set(step, progress === 1 ? 'done' : 'running');
  };
  const stop = follow(stage, { onStep });
  return {
    element: el('div', {}, el('h1', { tabindex: -1 }, texts.title), el('p', {}, texts.text), steps.element),
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
      el('p', {}, view.appeal ? texts.appeal : view.method === 'manual' ? texts.asked : texts.unsure),
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
