export type Child = Node | string | null | false;

interface Listeners {
  readonly onClick?: (event: MouseEvent) => void;
  readonly onInput?: (event: Event) => void;
  readonly onChange?: (event: Event) => void;
  readonly onSubmit?: (event: SubmitEvent) => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

const EVENTS = {
  onClick: 'click',
  onInput: 'input',
  onChange: 'change',
  onSubmit: 'submit',
  onKeyDown: 'keydown',
} as const satisfies Record<keyof Listeners, string>;

export type Attributes = Listeners & Readonly<Record<string, unknown>>;

/**
 * Makes an element. Strings become text nodes and never markup: names and document texts that end up here are a stranger's.
 * `true` sets an empty attribute; `false` and `undefined` set none.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in EVENTS)
      element.addEventListener(EVENTS[name as keyof Listeners], value as (event: Event) => void);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string' || typeof value === 'number')
      element.setAttribute(name, String(value));
  }
  fill(element, ...children);
  return element;
}

/** Puts these children in place of those that are there. */
export function fill(element: HTMLElement, ...children: readonly Child[]): void {
  element.replaceChildren(
    ...children.filter((child): child is Node | string => child !== null && child !== false),
  );
}

export const list = (items: readonly Child[], attributes: Attributes = {}): HTMLUListElement =>
  el('ul', attributes, ...items.map((item) => el('li', {}, item)));

/** A button that acts; `kind` is its looks. */
export const button = (
  text: string,
  onClick: () => void,
  attributes: Attributes & { readonly kind?: 'primary' | 'quiet' | 'danger' } = {},
): HTMLButtonElement => {
  const { kind = 'secondary', ...more } = attributes;
  return el('button', { type: 'button', class: `button ${kind}`, onClick, ...more }, text);
};

let lastId = 0;

/** An id for `for` and `aria-describedby`, different from every other. */
export const freshId = (name: string): string => `${name}-${(lastId += 1)}`;

/**
 * A link to an address that came from outside, or `null` where that is no web address: `javascript:` must never become a link.
 */
export function webLink(
  address: string,
  text: string,
  attributes: Attributes = {},
): HTMLAnchorElement | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  return el('a', { href, rel: 'noreferrer', ...attributes }, text);
}

/** A time that a program can read as well. */
export const time = (date: Date, text: string): HTMLTimeElement =>
  el('time', { datetime: date.toISOString() }, text);
