import { button, el, fill, freshId, type Child } from '../lib/dom.js';
import { sleep } from '../lib/event-stream.js';
import { qrCode } from '../lib/qr-code.js';
import { hasCamera } from './camera.js';
import type { OpenHandover } from './capture-api.js';
import type { Stage } from './screen.js';

type State =
  | { readonly kind: 'idle'; readonly message?: string }
  | { readonly kind: 'asking' }
  | { readonly kind: 'offered'; readonly handover: OpenHandover; readonly ending: AbortController }
  | { readonly kind: 'lapsed' };

export interface HandoverOffer {
  readonly element: HTMLElement;
  close(): void;
}

/** How often to ask whether a phone has taken over, in milliseconds. */
const LOOK_AGAIN = 2_500;

/** A device in the hand. The width alone would not tell: a page that is enlarged for its reader is as narrow as a phone's. */
const HANDHELD = '(pointer: coarse) and (max-width: 48rem)';

const isHelpful = (): boolean => !matchMedia(HANDHELD).matches || !hasCamera();

/**
 * Going on with a phone, which has the better camera: a code to scan, and the link for whoever cannot see it or scan it. Where this device
 * is a phone itself, nothing is offered.
 */
export function makeHandoverOffer(stage: Stage): HandoverOffer {
  const texts = stage.texts.capture.handover;
  const headingId = freshId('handover');
  const element = el('section', { class: 'handover', 'aria-label': texts.open, hidden: !isHelpful() });
  let state: State = { kind: 'idle' };
  let closed = false;

  function enter(next: State): void {
    if (state.kind === 'offered') state.ending.abort();
    const hadFocus = element.contains(document.activeElement);
    state = next;
    fill(element, ...content());
    if (hadFocus) element.querySelector<HTMLElement>('h2, button')?.focus();
  }

  function content(): Child[] {
    switch (state.kind) {
      case 'idle':
        return [
          el('p', {}, texts.hint),
          button(texts.open, () => void ask()),
          state.message !== undefined && el('p', { class: 'bad', role: 'alert' }, state.message),
        ];
      case 'asking':
        return [el('p', { class: 'busy', role: 'status' }, texts.asking)];
      case 'offered':
        return panel(state.handover);
      case 'lapsed':
        return [
          el('p', { role: 'alert' }, texts.lapsed),
          el(
            'div',
            { class: 'actions' },
            button(texts.again, () => void ask()),
            stayHere(),
          ),
        ];
    }
  }

  function panel({ url, left }: OpenHandover): Child[] {
    const minutes = Math.round(left / 60_000);
    return [
      el('h2', { id: headingId, tabindex: -1 }, texts.open),
      el('p', {}, texts.scan),
      qrCode(url, texts.code),
      el('p', {}, texts.orLink),
      el('p', {}, el('code', {}, url)),
      el('p', {}, texts.good(stage.formats.span(minutes * 60))),
      el('p', { class: 'hint' }, texts.secret),
      el(
        'div',
        { class: 'actions' },
        copier(url),
        button(texts.again, () => void ask()),
        stayHere(),
      ),
    ];
  }

  const stayHere = () => button(texts.stay, () => enter({ kind: 'idle' }), { kind: 'quiet' });

  /** For whoever brings the link to the phone by other means than its camera. Over plain HTTP browsers have no clipboard for pages. */
  function copier(url: string): Child {
    if (!('clipboard' in navigator)) return null;
    const told = el('span', { class: 'hint', role: 'status' });
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(url);
        told.textContent = texts.copied;
      } catch {
        told.textContent = texts.notCopied;
      }
    };
    return el(
      'div',
      { class: 'file' },
      button(texts.copy, () => void copy()),
      told,
    );
  }

  async function ask(): Promise<void> {
    enter({ kind: 'asking' });
    const ending = new AbortController();
    try {
      const handover = await stage.api.handover();
      if (closed) return;
      enter({ kind: 'offered', handover, ending });
      element.querySelector('h2')?.focus();
      void watch(handover, ending);
    } catch (error) {
      fail(error);
    }
  }

  /** Until it is used or has run out. The answer to the same question is the same link, or that this device may not ask any longer. */
  async function watch(handover: OpenHandover, { signal }: AbortController): Promise<void> {
    const end = performance.now() + handover.left;
    try {
      while (performance.now() < end) {
        await sleep(LOOK_AGAIN, signal);
        if (signal.aborted) return;
        if (!document.hidden) await handover.askAgain(signal);
      }
      enter({ kind: 'lapsed' });
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  }

  function fail(error: unknown): void {
    const message = stage.explain(error);
    if (!closed) enter({ kind: 'idle', message });
  }

  enter(state);
  return {
    element,
    close() {
      closed = true;
      if (state.kind === 'offered') state.ending.abort();
    },
  };
}
