import { el } from '../lib/dom.js';
import type { Policy } from './capture-api.js';
import type { Stage } from './screen.js';

/** What is kept and until when. */
export function retentionTable(
  stage: Pick<Stage, 'texts'>,
  retention: Policy['retention'],
): HTMLTableElement {
  const texts = stage.texts.capture.consent;
  return el(
    'table',
    { class: 'retention' },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('th', { scope: 'col' }, texts.retentionKind),
        el('th', { scope: 'col' }, texts.retentionUntil),
      ),
    ),
    el(
      'tbody',
      {},
      ...retention.map(({ keeps, until }) => el('tr', {}, el('td', {}, keeps), el('td', {}, until))),
    ),
  );
}
