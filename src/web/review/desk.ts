import type { Formats } from '../lib/format.js';
import type { Texts } from '../texts/index.js';
import type { ReviewApi, ReviewStatus } from './review-api.js';

/** What the screens of the review page are given. */
export interface Desk {
  readonly api: ReviewApi;
  readonly texts: Texts;
  readonly formats: Formats;
  /** The `sub` of whoever is signed in. */
  readonly me: string;
  /** Whether they may confirm what others decide. */
  readonly isSenior: boolean;
  /** The list that was looked at last. */
  readonly filter: ReviewStatus;
  showList(filter?: ReviewStatus, message?: string): void;
  showCase(id: string): void;
  /** The sentence for a failed call; an invalid token ends the session. */
  explain(error: unknown): string;
}

export interface DeskScreen {
  readonly element: HTMLElement;
  close?(): void;
}
