import { Problem, makeApiClient } from '../lib/api-client.js';
import { button, el, fill } from '../lib/dom.js';
import { makeFormats } from '../lib/format.js';
import { makeWaitingBanner } from '../lib/waiting-banner.js';
import { textsFor, wordsFor } from '../texts/index.js';
import type { Desk, DeskScreen } from './desk.js';
import { makeReviewApi, type ReviewStatus } from './review-api.js';
import { makeCaseScreen } from './screens/case-screen.js';
import { makeListScreen } from './screens/list-screen.js';
import { makeSignInScreen } from './screens/sign-in-screen.js';
import type { StaffToken } from './staff-token.js';

/** Builds the review page in `root`. The token lives in this call alone: whoever loads the page again signs in again. */
export function makeReviewApp(root: HTMLElement): void {
  const texts = textsFor(navigator.languages);
  document.documentElement.lang = texts.lang;
  const banner = makeWaitingBanner(texts.waiting);
  const account = el('div', {});
  const main = el('main', {});
  fill(
    root,
    el('header', { class: 'bar' }, el('p', { class: 'product' }, texts.review.product), account),
    banner.element,
    main,
  );

  let session: StaffToken | null = null;
  let filter: ReviewStatus = 'open';
  let shown: DeskScreen | null = null;
  const client = makeApiClient({
    token: () => session?.token ?? null,
    onWaiting: (waiting) => banner.show(waiting),
  });
  const api = makeReviewApi(client);

  function swap(title: string, make: () => DeskScreen): void {
    const isFirst = shown === null;
    shown?.close?.();
    shown = make();
    document.title = `${title} – ${texts.review.product}`;
    fill(main, shown.element);
    if (isFirst) return;
    scrollTo({ top: 0 });
    main.querySelector('h1')?.focus({ preventScroll: true });
  }

  function signOut(message?: string): void {
    session = null;
    fill(account);
    swap(texts.review.signIn.title, () => makeSignInScreen(texts, message, signIn));
  }

  /** Asking for the list is what tells whether a token is good. */
  async function signIn(token: StaffToken): Promise<string | null> {
    session = token;
    try {
      await api.list('open', null);
    } catch (error) {
      session = null;
      return wordsFor(error instanceof Problem ? error.code : '', texts.problems, texts.problems.unknown);
    }
    const { signedInAs, signOut: leave } = texts.review.signIn;
    fill(
      account,
      el('p', {}, signedInAs(token.subject)),
      button(leave, () => signOut(), { kind: 'quiet' }),
    );
    makeDesk(token).showList('open');
    return null;
  }

  function makeDesk({ subject, isSenior }: StaffToken): Desk {
    const desk: Desk = {
      api,
      texts,
      formats: makeFormats(texts.lang, navigator.languages),
      me: subject,
      isSenior,
      get filter() {
        return filter;
      },
      showList(status = filter, message) {
        filter = status;
        swap(texts.review.title, () => makeListScreen(desk, status, message));
      },
      showCase(id) {
        swap(texts.review.case.title(id.slice(-6)), () => makeCaseScreen(desk, id));
      },
      explain(error) {
        const code = error instanceof Problem ? error.code : '';
        const words = wordsFor(code, texts.problems, texts.problems.unknown);
        if (code === 'unauthenticated') signOut(words);
        return words;
      },
    };
    return desk;
  }

  signOut();
}
