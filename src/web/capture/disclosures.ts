import { el, fill, freshId, list, time } from '../lib/dom.js';
import { wordsFor } from '../texts/index.js';
import type { CaptureView } from './capture-api.js';
import type { Stage } from './screen.js';

type Given = CaptureView['disclosures'][number];

export interface Disclosures {
  readonly element: HTMLElement;
  show(given: readonly Given[]): void;
}

/** To whom what was given, and what for; hidden where nothing was. */
export function makeDisclosures(stage: Pick<Stage, 'texts' | 'formats'>): Disclosures {
  const texts = stage.texts.capture.disclosures;
  const headingId = freshId('given');
  const entries = el('div', {});
  const element = el(
    'section',
    { class: 'card-box', 'aria-labelledby': headingId, hidden: true },
    el('h2', { id: headingId }, texts.title),
    entries,
  );

  function entry({ recipient, kind, purpose, fields, at }: Given): HTMLElement {
    const day = new Date(at);
    const names = fields.map((field) => wordsFor(field, texts.fields, field));
    return el(
      'div',
      {},
      // The name is the recipient's own: its direction of writing must not reach into what stands around it.
      el('strong', {}, el('bdi', {}, recipient)),
      ` (${wordsFor(kind, texts.kinds, kind)}), `,
      time(day, stage.formats.date(day)),
      el('p', {}, wordsFor(purpose, texts.purposes, purpose)),
      el('p', {}, texts.what(names.join(', '))),
    );
  }

  return {
    element,
    show(given) {
      element.hidden = given.length === 0;
      fill(entries, list(given.map(entry)));
    },
  };
}
