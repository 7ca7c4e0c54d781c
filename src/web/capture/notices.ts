import { el, fill, list, time, type Child } from '../lib/dom.js';
import type { Policy } from './capture-api.js';
import { retentionTable } from './retention-table.js';
import type { Stage } from './screen.js';

/** The policy in full, and whether it was revised of late. */
export function noticeSection(stage: Pick<Stage, 'texts' | 'formats'>, policy: Policy): HTMLElement {
  const texts = stage.texts.capture.consent;
  const { formats } = stage;
  const effective = new Date(policy.effective_at);
  return el(
    'section',
    { class: 'notice' },
    el('h2', {}, policy.title, revisedTag(policy)),
    el('p', { class: 'lead' }, policy.summary),
    part(texts.purposes, list(policy.purposes.map(({ text }) => text))),
    el(
      'div',
      { class: 'columns' },
      part(texts.collects, list(policy.collects)),
      part(texts.neverCollects, list(policy.never_collects)),
    ),
    part(texts.where, el('p', {}, texts.whereText(formats.country(policy.processing_country)))),
    el('details', {}, el('summary', {}, texts.retentionMore), retentionTable(stage, policy.retention)),
    part(texts.contact, el('p', {}, policy.contact)),
    el('p', { class: 'hint' }, time(effective, texts.version(policy.version, formats.date(effective)))),
  );
}

const part = (title: string, content: Child) => el('div', {}, el('h3', {}, title), content);

const revisedTag = ({ revised_notice }: Policy): Child =>
  revised_notice !== null && el('span', { class: 'tag strong' }, revised_notice);

/** The notices for whoever is past them: to be opened, out of the way otherwise. */
export interface NoticesDetails {
  readonly element: HTMLDetailsElement;
  /** `null` hides them. Built anew only for another policy or mark: what is open stays open. */
  show(policy: Policy | null): void;
}

export function makeNoticesDetails(stage: Pick<Stage, 'texts' | 'formats'>): NoticesDetails {
  const element = el('details', { hidden: true });
  let shown = '';
  return {
    element,
    show(policy) {
      element.hidden = policy === null;
      const key = policy ? `${policy.version} ${policy.revised_notice ?? ''}` : '';
      if (key === shown) return;
      shown = key;
      fill(
        element,
        policy && el('summary', {}, stage.texts.capture.notices, revisedTag(policy)),
        policy && noticeSection(stage, policy),
      );
    },
  };
}
