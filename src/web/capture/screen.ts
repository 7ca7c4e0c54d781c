import type { Formats } from '../lib/format.js';
import type { Texts } from '../texts/index.js';
import type { CaptureApi, CaptureView } from './capture-api.js';
import type { Previews } from './previews.js';

/** One screen of the page. It is built once and then told of changes, so that focus and half-filled forms stay. */
export interface Screen {
  readonly element: HTMLElement;
  update?(view: CaptureView): void;
  /** Called when it is left: cameras go off, streams end. */
  close?(): void;
}

/** The screens of a verification that awaits the learner. */
export type Step = 'consent' | 'document' | 'selfie' | 'send';

/** What screens are given. */
export interface Stage {
  readonly api: CaptureApi;
  readonly texts: Texts;
  readonly formats: Formats;
  readonly previews: Previews;
  /** Shows things as they stand. */
  show(view: CaptureView): void;
  /** Asks how things stand, and shows that. */
  refresh(): Promise<void>;
  goTo(step: Step): void;
  /** To whatever is to be done next. */
  goOn(): void;
  /**
   * Deals with a call that failed: a dead link and a state that has moved on are shown at once.
   * @returns the sentence to show beside what failed
   */
  explain(error: unknown): string;
  askToStop(): void;
}
