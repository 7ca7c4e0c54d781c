import type { Texts } from '../texts/en.js';
import type { Waiting } from './api-client.js';
import { button, el, fill } from './dom.js';

export interface WaitingBanner {
  readonly element: HTMLElement;
  show(waiting: Waiting | null): void;
}

/** Says that a call is being repeated, and lets the person repeat it at once. */
export function makeWaitingBanner(texts: Texts['waiting']): WaitingBanner {
  const element = el('div', { class: 'banner', role: 'status', hidden: true });
  let shown: Waiting['cause'] | undefined;
  let current: Waiting | null = null;
  return {
    element,
    show(waiting) {
      current = waiting;
      element.hidden = waiting === null;
      // Filled once for a whole outage: the focus stays on the button, and nobody has to hear the sentence twice.
      if (waiting && waiting.cause !== shown)
        fill(
          element,
          el('p', {}, texts[waiting.cause]),
          button(texts.retryNow, () => current?.retryNow()),
        );
      shown = waiting?.cause;
    },
  };
}
