import { el } from './dom.js';

const region = el('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });

/** Says something to those who listen to the page and do not see it. */
export function announce(text: string): void {
  if (!region.isConnected) document.body.append(region);
  // Said anew even where it is the same sentence: a region that does not change stays silent.
  region.textContent = '';
  requestAnimationFrame(() => (region.textContent = text));
}
