import { exactInterval, upperBound, type Interval } from './intervals.js';

/** Scores of pairs of one person and of two, each sorted, lowest first. A pair without a face counts as 0. */
export interface Scores {
  readonly genuine: Float64Array;
  readonly impostor: Float64Array;
}

/** A rate as it was counted. */
export interface Rate {
  readonly events: number;
  readonly trials: number;
  readonly interval: Interval;
}

/** What happens at a threshold: a score above it is a match. */
export interface Outcome {
  readonly threshold: number;
  /** False matches among impostor pairs, and false non-matches among genuine pairs (ISO/IEC 19795-1). */
  readonly fmr: Rate;
  readonly fnmr: Rate;
}

export interface OperatingPoint extends Outcome {
  /** One-sided 95 % upper bound of the false match rate here. */
  readonly proven: number;
  /** Whether it is as low as was asked. */
  readonly isMet: boolean;
}

export function sortScores(genuine: readonly number[], impostor: readonly number[]): Scores {
  return { genuine: Float64Array.from(genuine).sort(), impostor: Float64Array.from(impostor).sort() };
}

/** How many of the sorted values are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const rate = (events: number, trials: number): Rate => ({
  events,
  trials,
  interval: exactInterval(events, trials),
});

export const share = ({ events, trials }: Pick<Rate, 'events' | 'trials'>): number =>
  trials === 0 ? 0 : events / trials;

export function outcomeAt({ genuine, impostor }: Scores, threshold: number): Outcome {
  return {
    threshold,
    fmr: rate(impostor.length - countUpTo(impostor, threshold), impostor.length),
    fnmr: rate(countUpTo(genuine, threshold), genuine.length),
  };
}

/** The lowest threshold that leaves at most so many impostor pairs above it. */
const thresholdFor = ({ impostor }: Scores, events: number): number =>
  impostor[impostor.length - 1 - events] ?? 0;

/** The lowest threshold at which no more than a share of the impostor pairs match, as counted. */
export function outcomeAtFmr(scores: Scores, fmr: number): Outcome {
  return outcomeAt(scores, thresholdFor(scores, Math.floor(fmr * scores.impostor.length)));
}

/**
 * The lowest threshold whose false match rate is proven to be at most `fmr`. Where the pairs are too few to prove that of any, the lowest
 * without a false match, and what that proves.
 */
export function findOperatingPoint(scores: Scores, fmr: number): OperatingPoint {
  const trials = scores.impostor.length;
  let events = 0;
  while (events + 1 < trials && upperBound(events + 1, trials) <= fmr) events++;
  const outcome = outcomeAt(scores, thresholdFor(scores, events));
  const proven = upperBound(outcome.fmr.events, trials);
  return { ...outcome, proven, isMet: proven <= fmr };
}

/** A point for each threshold that makes a difference: shares of false matches and false non-matches. */
export function errorCurve(scores: Scores): readonly { readonly fmr: number; readonly fnmr: number }[] {
  const { genuine, impostor } = scores;
  const thresholds = new Set([...genuine, ...impostor]);
  return [...thresholds]
    .sort((a, b) => a - b)
    .map((threshold) => ({
      fmr: 1 - countUpTo(impostor, threshold) / impostor.length,
      fnmr: countUpTo(genuine, threshold) / genuine.length,
    }));
}

/** Where false matches and false non-matches are equally frequent: the smallest of the greater of the two. */
export const equalErrorRate = (scores: Scores): number =>
  errorCurve(scores).reduce((least, { fmr, fnmr }) => Math.min(least, Math.max(fmr, fnmr)), 1);
