import { el } from '../../lib/dom.js';
import { sleep } from '../../lib/event-stream.js';
import { wordsFor } from '../../texts/index.js';
import type { CaptureView } from '../capture-api.js';
import { makeProgressList, type StepState } from '../progress-list.js';
import type { Screen, Stage } from '../screen.js';

/** How often to look how far the other device is, in milliseconds. */
const LOOK_AGAIN = 2_500;

/** Another device has taken over: this one shows how far it is. */
export function makeElsewhereScreen(stage: Stage, first: CaptureView): Screen {
  const { elsewhere: texts, progress, slots } = stage.texts.capture;
  const photos = [...new Set([...first.required, ...first.to_do])].filter((slot) =>
    Object.hasOwn(slots, slot),
  );
  const steps = makeProgressList(progress, [
    ...photos.map((step) => ({ step, name: wordsFor(step, slots, step), state: stateOf(first, step) })),
    { step: 'submit', name: texts.submit },
  ]);
  const ending = new AbortController();

  async function watch(): Promise<void> {
    for (;;) {
      await sleep(LOOK_AGAIN, ending.signal);
      if (ending.signal.aborted) return;
      if (!document.hidden) await stage.refresh();
    }
  }

  void watch();
  return {
    element: el(
      'div',
      {},
      el('h1', { tabindex: -1 }, texts.title),
      el('p', {}, texts.text),
      steps.element,
      el('p', { class: 'hint' }, texts.lost),
    ),
    update(view) {
      for (const slot of photos) steps.set(slot, stateOf(view, slot));
    },
    close: () => ending.abort(),
  };
}

const stateOf = ({ received }: CaptureView, slot: string): StepState =>
  received.includes(slot) ? 'done' : 'waiting';
