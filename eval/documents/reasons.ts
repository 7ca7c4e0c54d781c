import type { ReasonCode } from '../../src/domain/reasons.js';
import type { Table } from './tally.js';

/** One picture: what is wrong with it, whether that kept it from being read, and what the learner is told. */
export interface ReasonReading {
  /** What it was degraded by; none for an original, and where no reason fits. */
  readonly fault?: ReasonCode;
  readonly exact: boolean;
  /** Reasons for which the upload was refused. */
  readonly atUpload: readonly ReasonCode[];
  /** Reasons of the reader. */
  readonly whenRead: readonly ReasonCode[];
}

/** How well one reason is told, over all pictures. */
export interface ReasonScore {
  readonly reason: ReasonCode;
  /** Pictures that were degraded in this way, and those of them that could not be read. */
  readonly with_fault: number;
  readonly unread_with_fault: number;
  /** Pictures of which it was said, and those of them that were degraded in this way. */
  readonly told: number;
  readonly told_rightly: number;
  /** Unread pictures with the fault of which it was said. */
  readonly unread_told: number;
  /** Pictures refused for it at upload that are read exactly all the same. */
  readonly refused_though_read: number;
}

const QUALITY_REASONS = [
  'document_blurry',
  'document_glare',
  'document_cut_off',
  'document_too_small',
] as const satisfies readonly ReasonCode[];

export function scoreReasons(readings: readonly ReasonReading[]): readonly ReasonScore[] {
  return QUALITY_REASONS.map((reason) => {
    const told = readings.filter(({ atUpload, whenRead }) => [...atUpload, ...whenRead].includes(reason));
    const unread = readings.filter(({ fault, exact }) => fault === reason && !exact);
    return {
      reason,
      with_fault: readings.filter(({ fault }) => fault === reason).length,
      unread_with_fault: unread.length,
      told: told.length,
      told_rightly: told.filter(({ fault }) => fault === reason).length,
      unread_told: unread.filter((one) => told.includes(one)).length,
      refused_though_read: readings.filter(({ exact, atUpload }) => exact && atUpload.includes(reason))
        .length,
    };
  });
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`;

/** Precision: share of the pictures told of a fault that have it. Recall: share of the pictures made unreadable by it that are told. */
export function reasonTable(title: string, scores: readonly ReasonScore[]): Table {
  return {
    title,
    head: [
      'reason',
      'degraded so',
      'of these not read',
      'told',
      'precision',
      'recall',
      'refused, though read exactly',
    ],
    rows: scores.map((score) => [
      score.reason,
      score.with_fault,
      score.unread_with_fault,
      score.told,
      share(score.told_rightly, score.told),
      share(score.unread_told, score.unread_with_fault),
      score.refused_though_read,
    ]),
  };
}
