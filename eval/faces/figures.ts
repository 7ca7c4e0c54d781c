import type { Table } from '../documents/tally.js';
import {
  equalErrorRate,
  findOperatingPoint,
  outcomeAt,
  outcomeAtFmr,
  share,
  sortScores,
  type OperatingPoint,
  type Outcome,
  type Rate,
  type Scores,
} from './error-rates.js';
import { upperBound } from './intervals.js';
import type { Pair } from './pairs.js';
import { boundedThreshold, fitTail, tailRateAt, type Tail } from './tail-model.js';
import type { Templates } from './templates.js';

/** NIST SP 800-63A-4 asks for a false match rate of 1 : 10,000 or better. */
export const TARGET_FMR = 1e-4;
const RATES = [1e-2, 1e-3, TARGET_FMR] as const;

export interface ScoredPair extends Pair {
  /** `null` where one of the pictures has no face. */
  readonly score: number | null;
}

/** All that is said of one condition. */
export interface Figures {
  readonly condition: string;
  readonly pairs: readonly ScoredPair[];
  readonly scores: Scores;
  readonly withoutFace: number;
  readonly equalErrorRate: number;
  readonly atRates: readonly { readonly fmr: number; readonly outcome: Outcome }[];
  readonly operatingPoint: OperatingPoint;
  /** At the mark above which pairs pass in the service. */
  readonly atPass: Outcome;
  /** Of the impostor scores; `null` where there are too few for one. */
  readonly tail: Tail | null;
}

export function scorePairs(
  pairs: readonly Pair[],
  first: Templates,
  second: Templates,
  similarity: (a: Float32Array, b: Float32Array) => number,
): readonly ScoredPair[] {
  return pairs.map((pair) => {
    const a = first.get(pair.a);
    const b = second.get(pair.b);
    return { ...pair, score: a && b ? similarity(a, b) : null };
  });
}

/** A pair without a face counts as the lowest score: a genuine learner is turned away all the same. */
export function scoresOf(pairs: readonly ScoredPair[]): Scores {
  const of = (isGenuine: boolean) =>
    pairs.filter((pair) => pair.isGenuine === isGenuine).map(({ score }) => score ?? 0);
  return sortScores(of(true), of(false));
}

export function figuresOf(condition: string, pairs: readonly ScoredPair[], pass: number): Figures {
  const scores = scoresOf(pairs);
  return {
    condition,
    pairs,
    scores,
    withoutFace: pairs.filter(({ score }) => score === null).length,
    equalErrorRate: equalErrorRate(scores),
    atRates: RATES.map((fmr) => ({ fmr, outcome: outcomeAtFmr(scores, fmr) })),
    operatingPoint: findOperatingPoint(scores, TARGET_FMR),
    atPass: outcomeAt(scores, pass),
    tail: fitTail(scores.impostor),
  };
}

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const exponent = (value: number): string => value.toExponential(1);

function rateCell(rate: Rate): string {
  const { low, high } = rate.interval;
  return `${percent(share(rate))} (${rate.events} of ${rate.trials}; ${percent(low)}–${percent(high)})`;
}

function falseMatchCell({ fmr }: Outcome): string {
  const { events, trials, interval } = fmr;
  return `${events} of ${trials} (${exponent(interval.low)}–${exponent(interval.high)})`;
}

const outcomeCells = (outcome: Outcome): readonly string[] => [
  outcome.threshold.toFixed(3),
  falseMatchCell(outcome),
  rateCell(outcome.fnmr),
];

export function overviewTable(all: readonly Figures[]): Table {
  return {
    title: 'Pairs',
    head: ['condition', 'genuine', 'impostor', 'without a face', 'EER'],
    rows: all.map(({ condition, scores, withoutFace, equalErrorRate: eer }) => [
      condition,
      scores.genuine.length,
      scores.impostor.length,
      withoutFace,
      percent(eer),
    ]),
  };
}

const OUTCOME_HEAD = ['threshold', 'false matches (95 %)', 'FNMR (95 %)'] as const;

export function ratesTable(all: readonly Figures[]): Table {
  return {
    title: 'False non-matches at false match rates, as counted',
    head: ['condition', 'FMR at most', ...OUTCOME_HEAD],
    rows: all.flatMap(({ condition, atRates }) =>
      atRates.map(({ fmr, outcome }) => [condition, exponent(fmr), ...outcomeCells(outcome)]),
    ),
  };
}

export function operatingTable(all: readonly Figures[], pass: number): Table {
  return {
    title: `Operating points: FMR proven (one-sided 95 %) to be at most ${exponent(TARGET_FMR)}`,
    head: ['condition', 'point', ...OUTCOME_HEAD, 'FMR proven below'],
    rows: all.flatMap(({ condition, operatingPoint, atPass, scores }) => [
      [
        condition,
        operatingPoint.isMet ? 'found' : 'too few pairs: the most that they prove',
        ...outcomeCells(operatingPoint),
        exponent(operatingPoint.proven),
      ],
      [condition, `pass mark ${pass}`, ...outcomeCells(atPass), exponent(provenAt(scores, atPass))],
    ]),
  };
}

const provenAt = ({ impostor }: Scores, { fmr }: Outcome): number => upperBound(fmr.events, impostor.length);

/** What a model of the highest impostor scores says where counting ends: how often pairs would match that were not tried. */
export function tailTable(all: readonly Figures[], pass: number): Table {
  return {
    title: 'Tail of the impostor scores (generalised Pareto), bounds one-sided 95 % by profile likelihood',
    head: [
      'condition',
      'tail from',
      'pairs in it',
      'shape',
      `FMR at ${pass}`,
      'at most',
      `FMR at most ${exponent(TARGET_FMR)} from`,
    ],
    rows: all.map(({ condition, tail }) => {
      if (tail === null) return [condition, 'too few pairs', '', '', '', '', ''];
      const { estimate, upper } = tailRateAt(tail, pass);
      return [
        condition,
        tail.start.toFixed(3),
        tail.pairs,
        tail.likeliest.shape.toFixed(2),
        exponent(estimate),
        exponent(upper),
        boundedThreshold(tail, TARGET_FMR).toFixed(3),
      ];
    }),
  };
}

/** Figures within each group at one threshold for all; no table where no pair names a group. */
export function groupTable({ condition, pairs }: Figures, threshold: number): Table | null {
  const groups = [...new Set(pairs.map(({ group }) => group))].filter(Boolean).sort();
  if (groups.length === 0) return null;
  return {
    title: `Groups, ${condition}, at ${threshold.toFixed(3)}`,
    head: ['group', 'genuine', 'impostor', 'EER', ...OUTCOME_HEAD],
    rows: groups.map((group) => {
      const scores = scoresOf(pairs.filter((pair) => pair.group === group));
      return [
        group,
        scores.genuine.length,
        scores.impostor.length,
        percent(equalErrorRate(scores)),
        ...outcomeCells(outcomeAt(scores, threshold)),
      ];
    }),
  };
}
