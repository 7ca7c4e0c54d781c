/** Scores are 32-bit numbers: none beyond this can be told from 1. */
const HIGHEST_SCORE = 1 - 2 ** -24;

/** Log-odds of a detection score: unlike the score, it still tells apart what is nearly sure. */
export function logOdds(score: number): number {
  const bounded = Math.min(score, HIGHEST_SCORE);
  return Math.log(bounded / (1 - bounded));
}
