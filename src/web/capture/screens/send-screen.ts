import { button, el, fill } from '../../lib/dom.js';
import type { CaptureView, Slot } from '../capture-api.js';
import type { Screen, Stage, Step } from '../screen.js';

const SLOTS = ['id_front', 'id_back', 'selfie'] as const satisfies readonly Slot[];
const STEP_OF: Readonly<Record<Slot, Step>> = { id_front: 'document', id_back: 'document', selfie: 'selfie' };

/** Everything that will be sent in, once more, with a way back to each photo. */
export function makeSendScreen(stage: Stage): Screen {
  const texts = stage.texts.capture.send;
  const overview = el('ul', { class: 'overview' });
  const verdict = el('div', { class: 'verdict', role: 'alert' });
  const submit = button(texts.submit, () => void send(), { kind: 'primary' });
  const element = el(
    'div',
    {},
    el('h1', { tabindex: -1 }, texts.title),
    el('p', {}, texts.intro),
    overview,
    verdict,
    el('div', { class: 'onward' }, submit),
  );

  async function send(): Promise<void> {
    submit.disabled = true;
    fill(verdict);
    try {
      stage.show(await stage.api.submit());
    } catch (error) {
      fill(verdict, el('p', { class: 'bad' }, stage.explain(error)));
      submit.disabled = false;
    }
  }

  return {
    element,
    update(view) {
      fill(overview, ...SLOTS.map((slot) => entry(stage, view, slot)));
      submit.disabled = view.to_do.some((item) => item !== 'submit');
    },
  };
}

function entry(stage: Stage, view: CaptureView, slot: Slot): HTMLLIElement {
  const { send: texts, slots, photo } = stage.texts.capture;
  const isThere = view.received.includes(slot);
  const address = isThere ? stage.previews.get(slot) : undefined;
  const state = isThere ? texts.sent : slot === 'id_back' ? texts.notNeeded : texts.missing;
  const name = slots[slot];
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'thumbnail' },
      address !== undefined && el('img', { src: address, alt: photo.preview(name) }),
    ),
    el(
      'div',
      {},
      el('strong', {}, name),
      el('p', { class: isThere ? 'good' : slot === 'id_back' ? 'hint' : 'bad' }, state),
    ),
    button(isThere ? texts.change : texts.add, () => stage.goTo(STEP_OF[slot]), {
      'aria-label': isThere ? texts.changeOf(name) : texts.addOf(name),
    }),
  );
}
