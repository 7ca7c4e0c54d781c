import { button, el, fill, freshId } from '../lib/dom.js';
import type { Stage } from './screen.js';

/** Asks once, in plain words, whether to end it all, and ends it. */
export function openStopDialog(stage: Stage, stop: () => Promise<void>): void {
  const texts = stage.texts.capture.stop;
  const title = freshId('dialog');
  const verdict = el('div', { class: 'verdict', role: 'alert' });
  const confirm = button(texts.confirm, () => void end(), { kind: 'danger' });
  const keep = button(texts.keep, () => dialog.close(), { autofocus: true });
  const dialog = el(
    'dialog',
    { 'aria-labelledby': title },
    el('h2', { id: title }, texts.title),
    el('p', {}, texts.text),
    verdict,
    el('div', { class: 'onward' }, confirm, keep),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();

  async function end(): Promise<void> {
    confirm.disabled = true;
    try {
      await stop();
      dialog.close();
    } catch (error) {
      fill(verdict, el('p', { class: 'bad' }, stage.explain(error)));
      confirm.disabled = false;
    }
  }
}
