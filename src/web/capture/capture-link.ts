/** What the fragment of a capture link holds: the token, and in it the verification that it is for. */
export interface CaptureLink {
  readonly token: string;
  readonly verificationId: string;
  /** Whether another device has taken over: this one may then look on and withdraw. */
  readonly isTakenOver: boolean;
}

/** Whether it is a good token is the API's to say; here it has only to name its verification. */
const FORM = /^lct_1[lt]([0-9a-hjkmnp-tv-z]{26})_[A-Za-z0-9_-]{1,200}$/;
const KEPT = 'lethe.capture';
const TAKEN_OVER = 'lethe.capture.taken-over';

function verificationOf(token: string): string | null {
  const [, ulid] = FORM.exec(token) ?? [];
  return ulid === undefined ? null : `ver_${ulid}`;
}

/**
 * Takes the link out of the address bar, so that it stands neither in the history nor in a screenshot.
 *
 * It is kept in this tab's sessionStorage until the end: phones throw a page out of memory while their camera is open, and a learner
 * who comes back to a page without its link would have to begin again. Other tabs and later visits do not see it.
 */
export function takeLink(): CaptureLink | null {
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(null, '', location.pathname);
  const before = storage((kept) => kept.getItem(KEPT)) ?? '';
  const token = verificationOf(fragment) === null ? before : fragment;
  const verificationId = verificationOf(token);
  if (verificationId === null) return null;
  if (token !== before) {
    forgetLink();
    storage((kept) => kept.setItem(KEPT, token));
  }
  const isTakenOver = storage((kept) => kept.getItem(TAKEN_OVER)) !== null;
  return { token, verificationId, isTakenOver };
}

/** Remembers it over a reload: the link alone does not say it, only a call that is refused does. */
export function noteTakenOver(): void {
  storage((kept) => kept.setItem(TAKEN_OVER, 'true'));
}

/** The end: this tab need not know the link any longer. */
export function forgetLink(): void {
  storage((kept) => {
    kept.removeItem(KEPT);
    kept.removeItem(TAKEN_OVER);
  });
}

/** A browser may forbid storage; the page then works until it is loaded again. */
function storage<T>(use: (kept: Storage) => T): T | null {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}
