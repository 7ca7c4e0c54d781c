/** Where a share lies, at 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;
const BISECTIONS = 60;

/** Natural logarithm of the gamma function (Lanczos' approximation, g = 7, 9 terms), for arguments from 0.5 on. */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const shifted = x - 1;
  const sum = coefficients.reduce((total, value, i) => total + (i === 0 ? value : value / (shifted + i)), 0);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Probability of at most `events` in `trials`, each of which happens with `share`. */
function atMost(events: number, trials: number, share: number): number {
  if (share <= 0 || events >= trials) return 1;
  if (share >= 1) return 0;
  // The shorter of the two sums.
  if (events > trials / 2) return 1 - atMost(trials - events - 1, trials, 1 - share);
  let total = 0;
  for (let k = 0; k <= events; k++) {
    const ways = logGamma(trials + 1) - logGamma(k + 1) - logGamma(trials - k + 1);
    total += Math.exp(ways + k * Math.log(share) + (trials - k) * Math.log1p(-share));
  }
  return Math.min(1, total);
}

/** The share at which a falling function of it comes down to a value. */
function solve(falling: (share: number) => number, value: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (falling(middle) > value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * One-sided upper bound at 95 % of the share of which `events` in `trials` were seen (Clopper and Pearson 1934); with none seen, about
 * 3 / `trials`. 1 of no trials.
 */
export function upperBound(events: number, trials: number, alpha = 1 - CONFIDENCE): number {
  if (trials === 0 || events >= trials) return 1;
  return solve((share) => atMost(events, trials, share), alpha);
}

/** Two-sided interval at 95 % (Clopper and Pearson 1934): never narrower than it says. */
export function exactInterval(events: number, trials: number): Interval {
  const alpha = (1 - CONFIDENCE) / 2;
  const low = events === 0 || trials === 0 ? 0 : 1 - upperBound(trials - events, trials, alpha);
  return { low, high: upperBound(events, trials, alpha) };
}
