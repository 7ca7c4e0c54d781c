import { announce } from '../lib/announce.js';
import { el } from '../lib/dom.js';
import type { Texts } from '../texts/index.js';

export type StepState = keyof Texts['capture']['progress']['states'];

/** Steps in their order, each with how far it is; a change is told to those who do not see it. */
export interface ProgressList {
  readonly element: HTMLOListElement;
  /** How far a step is; `undefined` for one that is not in the list. */
  stateOf(step: string): StepState | undefined;
  /** Steps that are not in the list are left alone: the API may come to know more of them. */
  set(step: string, state: StepState): void;
}

/** @param steps what each is called in the API, what people read, and how far it is already (else it is still to come) */
export function makeProgressList(
  texts: Texts['capture']['progress'],
  steps: readonly { readonly step: string; readonly name: string; readonly state?: StepState }[],
): ProgressList {
  const rows = new Map(steps.map(({ step, name, state }) => [step, makeRow(name, state)]));
  return {
    element: el(
      'ol',
      { class: 'progress', 'aria-label': texts.stepsLabel },
      ...[...rows.values()].map(({ row }) => row),
    ),
    stateOf: (step) => rows.get(step)?.state,
    set(step, state) {
      const found = rows.get(step);
      if (!found || found.state === state) return;
      found.state = state;
      found.row.className = state;
      found.words.textContent = texts.states[state];
      announce(`${found.name}: ${texts.states[state]}`);
    },
  };

  function makeRow(name: string, state: StepState = 'waiting') {
    const words = el('span', { class: 'state' }, texts.states[state]);
    const row = el('li', { class: state }, el('span', {}, name), words);
    return { name, row, words, state };
  }
}
