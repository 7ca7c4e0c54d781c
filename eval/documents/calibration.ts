import { MRZ_FIELDS } from '../../src/domain/mrz.js';
import type { Table } from './tally.js';
import type { Fields } from './truth.js';

/** Lower bounds of the bins; the last one includes 1. */
const BOUNDS = [0, 0.5, 0.7, 0.9, 0.99] as const;

/** One field that was read, with what was said of its certainty. */
export interface FieldReading {
  /** 0–1 */
  readonly confidence: number;
  readonly right: boolean;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly fields: number;
  readonly right: number;
  /** Mean of the confidences: a reader that knows itself is right in this share of the fields. */
  readonly mean_confidence: number;
}

/**
 * Fields of one reading against the truth. A field that the document does not have, and was read all the same, is wrong; where the truth
 * lists only some of what is printed (`partial`), the others are left out.
 */
export function judgeFields(
  read: { readonly fields: Fields; readonly confidence: Readonly<Partial<Record<string, number>>> },
  truth: Fields,
  { partial }: { readonly partial: boolean },
): readonly FieldReading[] {
  return MRZ_FIELDS.flatMap((name) => {
    const value = read.fields[name];
    if (value === undefined || (partial && truth[name] === undefined)) return [];
    return [{ confidence: read.confidence[name] ?? 0, right: truth[name] === value }];
  });
}

/** How many fields were right in each bin of confidence. A value on a bound belongs to the bin above it. */
export function calibrate(readings: readonly FieldReading[]): readonly Bin[] {
  return BOUNDS.map((from, i) => {
    const to = BOUNDS[i + 1] ?? 1;
    const isLast = i === BOUNDS.length - 1;
    const inside = readings.filter(({ confidence }) => confidence >= from && (isLast || confidence < to));
    const sum = inside.reduce((total, { confidence }) => total + confidence, 0);
    return {
      from,
      to,
      fields: inside.length,
      right: inside.filter(({ right }) => right).length,
      mean_confidence: inside.length === 0 ? 0 : sum / inside.length,
    };
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function calibrationTable(title: string, bins: readonly Bin[]): Table {
  return {
    title,
    head: ['confidence', 'fields', 'right', 'share right', 'mean confidence'],
    rows: bins.map(({ from, to, fields, right, mean_confidence }) => [
      `${from}–${to}`,
      fields,
      right,
      fields === 0 ? '–' : percent(right / fields),
      fields === 0 ? '–' : percent(mean_confidence),
    ]),
  };
}
