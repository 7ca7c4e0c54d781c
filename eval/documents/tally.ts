import { isAcceptedWrong, type Verdict } from './verdict.js';

/** One picture read: its verdict, and what the reading cost. */
export interface Reading {
  readonly format: string;
  readonly condition: string;
  readonly verdict: Verdict;
  /** Processor time in milliseconds. */
  readonly ms: number;
}

/** Counts over a group of readings, times in milliseconds of processor. */
export interface Tally {
  readonly group: string;
  readonly documents: number;
  /** Documents whose printed check digits all hold. */
  readonly checkable: number;
  /** Of these, read with all check digits right. */
  readonly digits_right: number;
  readonly exact: number;
  readonly digits_right_text_wrong: number;
  readonly accept: number;
  readonly review: number;
  readonly retry: number;
  readonly error: number;
  readonly accepted_wrong: number;
  readonly median_ms: number;
  readonly p95_ms: number;
}

/** The value below which a share of the values lies (nearest rank); 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function tally(group: string, readings: readonly Reading[]): Tally {
  const count = (test: (verdict: Verdict) => boolean) =>
    readings.filter(({ verdict }) => test(verdict)).length;
  const times = readings.map(({ ms }) => ms);
  return {
    group,
    documents: readings.length,
    checkable: count(({ checkable }) => checkable),
    digits_right: count(({ checkable, digitsRight }) => checkable && digitsRight),
    exact: count(({ exact }) => exact),
    digits_right_text_wrong: count(({ digitsRight, exact }) => digitsRight && !exact),
    accept: count(({ outcome }) => outcome === 'accept'),
    review: count(({ outcome }) => outcome === 'review'),
    retry: count(({ outcome }) => outcome === 'retry'),
    error: count(({ outcome }) => outcome === 'error'),
    accepted_wrong: count(isAcceptedWrong),
    median_ms: Math.round(percentile(times, 0.5)),
    p95_ms: Math.round(percentile(times, 0.95)),
  };
}

/** A tally for each value of a property, in the order of their first appearance, and one of all. */
export function tallyBy(readings: readonly Reading[], property: 'format' | 'condition'): readonly Tally[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const group = groups.get(reading[property]) ?? [];
    group.push(reading);
    groups.set(reading[property], group);
  }
  return [...[...groups].map(([name, group]) => tally(name, group)), tally('all', readings)];
}

/** A table as text, in Markdown, and for a page. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export function tallyTable(title: string, tallies: readonly Tally[]): Table {
  return {
    title,
    head: [
      'group',
      'documents',
      'all check digits right',
      'exact text',
      'digits right, text wrong',
      'accept',
      'review',
      'retry',
      'error',
      'accepted but wrong',
      'ms median',
      'ms p95',
    ],
    rows: tallies.map((row) => [
      row.group,
      row.documents,
      `${row.digits_right} of ${row.checkable}`,
      row.exact,
      row.digits_right_text_wrong,
      row.accept,
      row.review,
      row.retry,
      row.error,
      row.accepted_wrong,
      row.median_ms,
      row.p95_ms,
    ]),
  };
}

export function asMarkdown({ title, head, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
