import { el, fill, freshId } from '../../lib/dom.js';
import type { Texts } from '../../texts/index.js';
import type { DeskScreen } from '../desk.js';
import { readStaffToken, type StaffToken } from '../staff-token.js';

/**
 * Takes a token.
 * @param signIn tries it; gives the sentence to show where it is refused
 */
export function makeSignInScreen(
  texts: Texts,
  message: string | undefined,
  signIn: (token: StaffToken) => Promise<string | null>,
): DeskScreen {
  const { signIn: words } = texts.review;
  const id = freshId('token');
  const hint = freshId('hint');
  const verdict = el(
    'div',
    { class: 'verdict', role: 'alert' },
    message !== undefined && el('p', { class: 'bad' }, message),
  );
  const input = el('input', {
    id,
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': hint,
    required: true,
  });
  const submit = el('button', { type: 'submit', class: 'button primary' }, words.submit);
  const form = el(
    'form',
    {
      class: 'card-box',
      novalidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    el('p', { id: hint }, words.text),
    el('div', { class: 'field' }, el('label', { for: id }, words.label), input),
    verdict,
    el('div', { class: 'onward' }, submit),
  );

  async function send(): Promise<void> {
    const token = readStaffToken(input.value);
    const refusal = token ? await attempt(token) : words.notAToken;
    if (refusal === null) return;
    fill(verdict, el('p', { class: 'bad' }, refusal));
    input.focus();
  }

  async function attempt(token: StaffToken): Promise<string | null> {
    submit.disabled = true;
    const refusal = await signIn(token);
    submit.disabled = false;
    return refusal;
  }

  return { element: el('div', {}, el('h1', { tabindex: -1 }, words.title), form) };
}
