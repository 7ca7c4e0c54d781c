import { button, el, fill, time, type Child } from '../../lib/dom.js';
import { wordsFor } from '../../texts/index.js';
import type { Desk, DeskScreen } from '../desk.js';
import type { ReviewStatus, ReviewSummary } from '../review-api.js';

const STATUSES = ['open', 'claimed', 'decided'] as const satisfies readonly ReviewStatus[];

/** The reviews of one status, oldest first. */
export function makeListScreen(desk: Desk, status: ReviewStatus, message: string | undefined): DeskScreen {
  const texts = desk.texts.review.list;
  const rows: ReviewSummary[] = [];
  let cursor: string | null = null;
  const told = el('div', { class: 'verdict', role: 'status' }, message !== undefined && el('p', {}, message));
  const summary = el('p', { class: 'hint', role: 'status' });
  const body = el('tbody', {});
  const table = el('table', { class: 'cases stack', hidden: true }, head(), body);
  const more = button(texts.more, () => void load(), { hidden: true });
  const filter = el(
    'div',
    { class: 'filter' },
    el(
      'div',
      { class: 'group', role: 'group', 'aria-label': texts.filterLabel },
      ...STATUSES.map((each) =>
        button(texts.statuses[each], () => desk.showList(each), { 'aria-pressed': String(each === status) }),
      ),
    ),
    button(texts.refresh, () => desk.showList(status), { kind: 'quiet' }),
    summary,
  );

  function head(): HTMLElement {
    const { opened, reasons, method, attempt, holder, outcome, open } = texts.columns;
    return el(
      'thead',
      {},
      el(
        'tr',
        {},
        ...[
          open,
          status === 'decided' ? texts.openedAt : opened,
          reasons,
          method,
          attempt,
          status === 'decided' ? outcome : holder,
        ].map((title) => el('th', { scope: 'col' }, title)),
      ),
    );
  }

  async function load(): Promise<void> {
    more.disabled = true;
    try {
      const page = await desk.api.list(status, cursor);
      rows.push(...page.data);
      cursor = page.next_cursor;
      body.append(...page.data.map((review) => row(desk, review)));
      table.hidden = rows.length === 0;
      const now = page.servedAt ? ` ${texts.asOf(desk.formats.clock(page.servedAt))}.` : '';
      summary.textContent = `${rows.length === 0 ? texts.empty : `${texts.count(rows.length, cursor !== null)}. ${texts.oldest}.`}${now}`;
    } catch (error) {
      fill(told, el('p', { class: 'bad' }, desk.explain(error)));
    }
    more.disabled = false;
    more.hidden = cursor === null;
  }

  void load();
  return {
    element: el(
      'div',
      {},
      el('h1', { tabindex: -1 }, texts.title),
      told,
      filter,
      table,
      el('div', { class: 'onward' }, more),
    ),
  };
}

function row(desk: Desk, review: ReviewSummary): HTMLTableRowElement {
  const { list: texts, methods, decided } = desk.texts.review;
  const opened = new Date(review.opened_at);
  const isDecided = review.status === 'decided';
  const cell = (label: string, ...content: Child[]) => el('td', { 'data-label': label }, ...content);
  const { columns } = texts;
  const number = review.verification_id.slice(-6);
  return el(
    'tr',
    {},
    el(
      'td',
      {},
      button(`…${number}`, () => desk.showCase(review.verification_id), {
        'aria-label': texts.openCase(number),
      }),
      review.proposed !== null && el('span', { class: 'tag strong' }, texts.waits),
    ),
    isDecided
      ? cell(texts.openedAt, time(opened, desk.formats.dateTime(opened)))
      : cell(columns.opened, time(opened, desk.formats.span(review.age_seconds))),
    cell(columns.reasons, reasonNames(desk, review) || texts.noReason),
    cell(columns.method, wordsFor(review.method, methods, review.method)),
    cell(columns.attempt, String(review.attempt)),
    isDecided
      ? cell(columns.outcome, wordsFor(review.decision ?? '', decided, texts.noDecision))
      : cell(columns.holder, holder(desk, review)),
  );
}

export const reasonNames = (desk: Desk, { reasons }: Pick<ReviewSummary, 'reasons'>): string =>
  reasons.map(({ code, message }) => wordsFor(code, desk.texts.review.reasons, message)).join(', ');

function holder({ texts, me }: Desk, { claimed_by }: ReviewSummary): string {
  if (claimed_by === null) return texts.review.list.nobody;
  return claimed_by === me ? texts.review.list.you : claimed_by;
}
