import type { Status } from './state-machine.js';
import type { Method } from './verification.js';

/** A number of people below this is never published. */
export const K_THRESHOLD = 10;

const DAY = 24 * 3_600_000;
/** A month is published when this much of the next one has passed (milliseconds): most of what began in it is decided by then. */
const PUBLISHED_AFTER = 3 * DAY;

/** `open`: not ended when the month was published. */
export type PublicOutcome = Exclude<Status, 'requires_input' | 'processing' | 'in_review'> | 'open';

const OUTCOME_OF: Readonly<Record<Status, PublicOutcome>> = {
  requires_input: 'open',
  processing: 'open',
  in_review: 'open',
  approved: 'approved',
  declined: 'declined',
  canceled: 'canceled',
  expired: 'expired',
  revoked: 'revoked',
};

/**
 * Cells in the order in which they are given up. It must not depend on the numbers: a choice that does (the smallest, say) tells whoever
 * knows this code something about what it hides.
 */
const OUTCOMES = [
  'open',
  'canceled',
  'expired',
  'revoked',
  'declined',
  'approved',
] as const satisfies readonly PublicOutcome[];
const METHODS = ['manual', 'biometric'] as const satisfies readonly Method[];

/** People who began in a month, by the status and the method of the last verification that each of them began in it. */
export interface MonthCount {
  readonly status: Status;
  readonly method: Method;
  readonly count: number;
}

/** `null` is a cell that is kept back: too small, or needed to keep a small one from being computed. */
export interface PublicCells {
  readonly started: number | null;
  readonly outcomes: Readonly<Record<PublicOutcome, number | null>>;
  readonly methods: Readonly<Record<Method, number | null>>;
}

type Breakdown<Name extends string> = Readonly<Record<Name, number>>;

/**
 * Keeps back what could single people out of a breakdown whose total is public. Every cell below `k` goes; where one went, so does the
 * first cell in `order`, and then the next ones until those that went hold `k` people together. So what can be computed from the total,
 * the sum of what was kept back, is itself no small number; and since nothing but the order decides which further cells go, each number
 * below `k` stays possible for a small cell, also to a reader who knows the rule.
 *
 * @param order every name of the breakdown, in the order in which cells are given up
 * @param k people; cells with fewer are kept back, 0 among them: that nobody was declined tells something of everybody
 */
export function suppress<Name extends string>(
  cells: Breakdown<Name>,
  order: readonly Name[],
  k: number,
): Readonly<Record<Name, number | null>> {
  const hidden = new Set(order.filter((name) => cells[name] < k));
  const held = () => [...hidden].reduce((sum, name) => sum + cells[name], 0);
  if (hidden.size > 0)
    for (const [index, name] of order.entries()) if (index === 0 || held() < k) hidden.add(name);
  return Object.fromEntries(order.map((name) => [name, hidden.has(name) ? null : cells[name]])) as Record<
    Name,
    number | null
  >;
}

const sumBy = <Name extends string>(
  names: readonly Name[],
  counts: readonly MonthCount[],
  nameOf: (count: MonthCount) => Name,
): Breakdown<Name> => {
  const sums = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (const row of counts) sums[nameOf(row)] += row.count;
  return sums;
};

/** What of a month may be published. Both breakdowns add up to `started`; they are never crossed with each other. */
export function publicCells(counts: readonly MonthCount[], k: number = K_THRESHOLD): PublicCells {
  const started = counts.reduce((sum, { count }) => sum + count, 0);
  return {
    started: started < k ? null : started,
    outcomes: suppress(
      sumBy(OUTCOMES, counts, ({ status }) => OUTCOME_OF[status]),
      OUTCOMES,
      k,
    ),
    methods: suppress(
      sumBy(METHODS, counts, ({ method }) => method),
      METHODS,
      k,
    ),
  };
}

/** The calendar month of an instant (UTC), as `YYYY-MM`. */
export const monthOf = (time: Date): string => time.toISOString().slice(0, 7);

export const monthStart = (month: string): Date => new Date(`${month}-01T00:00:00Z`);

export function nextMonth(month: string): string {
  const start = monthStart(month);
  start.setUTCMonth(start.getUTCMonth() + 1);
  return monthOf(start);
}

/** Months from `first` on whose time of publication has come, oldest first, `limit` at most. */
export function monthsDue(first: string, now: Date, limit: number): readonly string[] {
  const months: string[] = [];
  for (let month = first; months.length < limit; month = nextMonth(month)) {
    if (monthStart(nextMonth(month)).getTime() + PUBLISHED_AFTER > now.getTime()) break;
    months.push(month);
  }
  return months;
}
