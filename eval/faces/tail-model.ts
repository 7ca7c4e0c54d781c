/** How much impostor scores exceed a high one by: a generalised Pareto distribution, whatever they are distributed like below (Pickands 1975). */
interface Excess {
  /** Below 0 the tail ends, at 0 it falls exponentially, above it is heavier. */
  readonly shape: number;
  readonly scale: number;
}

/** The upper end of the impostor scores, and what it may be like beyond the highest that was seen. */
export interface Tail {
  /** Score at which it begins. */
  readonly start: number;
  /** Pairs in it, and their share of all. */
  readonly pairs: number;
  readonly share: number;
  /** The likeliest model. */
  readonly likeliest: Excess;
  /** All that are not much less likely: one-sided bounds over them hold at 95 %. */
  readonly plausible: readonly Excess[];
}

export interface TailRate {
  readonly estimate: number;
  /** One-sided 95 % upper bound, by profile likelihood. */
  readonly upper: number;
}

/** Share of the impostor pairs that make the tail: few enough to be one, enough for a fit. */
const TAIL_SHARE = 0.05;
/** Excesses below which nothing is fitted. */
const LEAST_PAIRS = 50;
/** Half the 90 % point of the chi-squared distribution with one degree of freedom: as far may a likelihood's logarithm fall, for a one-sided 95 %. */
const PLAUSIBLE_FALL = 1.3528;
const SHAPES = { from: -0.75, to: 0.5, step: 0.01 } as const;
/** In multiples of the mean excess. */
const SCALES = { from: 0.3, to: 2.5, factor: 1.01 } as const;
/** Shapes nearer to 0 are exponential. */
const NO_SHAPE = 1e-6;
const BISECTIONS = 40;

function logLikelihood(excesses: readonly number[], mean: number, { shape, scale }: Excess): number {
  if (Math.abs(shape) < NO_SHAPE) return -excesses.length * (Math.log(scale) + mean / scale);
  let sum = 0;
  for (const excess of excesses) {
    const reach = 1 + (shape * excess) / scale;
    if (reach <= 0) return -Infinity;
    sum += Math.log(reach);
  }
  return -excesses.length * Math.log(scale) - (1 + 1 / shape) * sum;
}

function* models(mean: number): Generator<Excess> {
  for (let shape: number = SHAPES.from; shape <= SHAPES.to; shape += SHAPES.step)
    for (let scale = SCALES.from * mean; scale <= SCALES.to * mean; scale *= SCALES.factor)
      yield { shape, scale };
}

/**
 * Fits the tail of the impostor scores.
 * @param impostor sorted, lowest first
 * @returns `null` where there are too few pairs
 */
export function fitTail(impostor: Float64Array): Tail | null {
  const pairs = Math.floor(TAIL_SHARE * impostor.length);
  const start = impostor[impostor.length - 1 - pairs];
  if (pairs < LEAST_PAIRS || start === undefined) return null;
  const excesses = Array.from(impostor.subarray(impostor.length - pairs), (score) => score - start);
  const mean = excesses.reduce((sum, excess) => sum + excess, 0) / pairs;
  const judged = Array.from(models(mean), (model) => ({
    model,
    likelihood: logLikelihood(excesses, mean, model),
  }));
  const best = judged.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
  return {
    start,
    pairs,
    share: pairs / impostor.length,
    likeliest: best.model,
    plausible: judged
      .filter(({ likelihood }) => likelihood >= best.likelihood - PLAUSIBLE_FALL)
      .map(({ model }) => model),
  };
}

/** Share of all impostor pairs above a threshold in the tail. */
function rateAbove({ start, share }: Tail, { shape, scale }: Excess, threshold: number): number {
  const excess = (threshold - start) / scale;
  if (Math.abs(shape) < NO_SHAPE) return share * Math.exp(-excess);
  return share * Math.max(0, 1 + shape * excess) ** (-1 / shape);
}

/** The false match rate at a threshold in the tail, also where no pair scores as high. */
export function tailRateAt(tail: Tail, threshold: number): TailRate {
  return {
    estimate: rateAbove(tail, tail.likeliest, threshold),
    upper: tail.plausible.reduce((most, model) => Math.max(most, rateAbove(tail, model, threshold)), 0),
  };
}

/** The lowest threshold in the tail at which the upper bound of the false match rate is at most `fmr`; 1 where it is at none. */
export function boundedThreshold(tail: Tail, fmr: number): number {
  let [low, high] = [tail.start, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (tailRateAt(tail, middle).upper > fmr) low = middle;
    else high = middle;
  }
  return high;
}
