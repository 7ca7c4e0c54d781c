import { button, el, fill } from '../lib/dom.js';
import type { Texts } from '../texts/index.js';
import type { Slot } from './review-api.js';

const ZOOM_STEP = 1.4;
const LARGEST = 8;

export interface ImageViewer {
  readonly element: HTMLElement;
  close(): void;
}

/**
 * Shows one photo, with size and rotation. It is drawn from memory: there is no address from which it could be loaded again, and nothing
 * of it is left when the viewer is closed.
 */
export function makeImageViewer(deps: {
  readonly slot: Slot;
  readonly texts: Texts['review']['viewer'];
  readonly load: (signal: AbortSignal) => Promise<Blob>;
  readonly onOpened: () => void;
  readonly onFailed: (error: unknown) => string;
}): ImageViewer {
  const { slot, texts, load, onOpened, onFailed } = deps;
  const name = texts.slots[slot];
  const ending = new AbortController();
  const canvas = el('canvas', { role: 'img', 'aria-label': texts.image(name) });
  const view = el('div', {
    class: 'window',
    tabindex: 0,
    role: 'group',
    'aria-label': texts.image(name),
    onKeyDown: onKey,
  });
  const tools = el(
    'div',
    { class: 'tools' },
    tool(texts.zoomIn, () => zoom(ZOOM_STEP)),
    tool(texts.zoomOut, () => zoom(1 / ZOOM_STEP)),
    tool(texts.reset, fit),
    tool(texts.rotate, rotate),
  );
  const element = el('section', { class: 'viewer' }, el('h3', {}, name), view, tools);
  let bitmap: ImageBitmap | null = null;
  let scale = 1;
  let quarters = 0;

  function tool(text: string, act: () => void) {
    const control = button(text, act, { 'aria-label': `${text}: ${name}` });
    control.classList.add('small');
    return control;
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { '+': () => zoom(ZOOM_STEP), '-': () => zoom(1 / ZOOM_STEP), '0': fit, r: rotate }[
      event.key.toLowerCase()
    ];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function zoom(factor: number): void {
    scale = Math.min(LARGEST, Math.max(1, scale * factor));
    resize();
  }

  function fit(): void {
    scale = 1;
    resize();
  }

  function rotate(): void {
    quarters = (quarters + 1) % 4;
    draw();
  }

  function draw(): void {
    if (!bitmap) return;
    const upright = quarters % 2 === 0;
    canvas.width = upright ? bitmap.width : bitmap.height;
    canvas.height = upright ? bitmap.height : bitmap.width;
    const context = canvas.getContext('2d');
    context?.translate(canvas.width / 2, canvas.height / 2);
    context?.rotate((quarters * Math.PI) / 2);
    context?.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
    resize();
  }

  /** As large as the window lets it be, times the chosen size. */
  function resize(): void {
    if (!bitmap || view.clientWidth === 0) return;
    const fitting = Math.min(view.clientWidth / canvas.width, view.clientHeight / canvas.height);
    canvas.style.width = `${canvas.width * fitting * scale}px`;
    canvas.style.height = `${canvas.height * fitting * scale}px`;
  }

  async function show(): Promise<void> {
    tools.hidden = true;
    fill(view, el('p', { class: 'no-picture', role: 'status' }, texts.loading));
    try {
      const opened = await createImageBitmap(await load(ending.signal));
      if (ending.signal.aborted) return opened.close();
      bitmap = opened;
      fill(view, canvas);
      tools.hidden = false;
      draw();
      onOpened();
    } catch (error) {
      if (ending.signal.aborted) return;
      fill(
        view,
        el(
          'div',
          { class: 'no-picture', role: 'alert' },
          el('p', {}, texts.failed),
          el('p', {}, onFailed(error)),
          button(texts.again, () => void show()),
        ),
      );
    }
  }

  const watcher = new ResizeObserver(resize);
  watcher.observe(view);
  void show();
  return {
    element,
    close() {
      ending.abort();
      watcher.disconnect();
      bitmap?.close();
      bitmap = null;
      canvas.width = 0;
      fill(view);
    },
  };
}
