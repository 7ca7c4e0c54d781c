import type { GreyImage } from './rectify.js';

/** Weights of a Gaussian from its centre outwards, to two and a half standard deviations. */
function gaussian(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const weights = Float32Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Adds up shifted copies, row by row, which keeps to the order of memory in both directions; beyond the border the image is taken to end.
 * The border of a rectified code is card, so nothing is lost there.
 */
function blurAlong(values: Float32Array, weights: Float32Array, step: number, into: Float32Array): void {
  const centre = weights[0]!;
  for (let i = 0; i < values.length; i++) into[i] = centre * values[i]!;
  for (let k = 1; k < weights.length; k++) {
    const weight = weights[k]!;
    const shift = k * step;
    for (let i = 0, j = shift; j < values.length; i++, j++) {
      into[i]! += weight * values[j]!;
      into[j]! += weight * values[i]!;
    }
  }
}

/** Share of the pixels that are darker than ink or lighter than card is taken to be. */
const TAIL = 0.05;

/** Grey of ink and of card. */
function rangeOf(data: Uint8Array): readonly [ink: number, card: number] {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value]!++;
  const level = (share: number) => {
    let seen = 0;
    return counts.findIndex((count) => (seen += count) > share * data.length);
  };
  return [level(TAIL), level(1 - TAIL)];
}

const ROUNDS = 4;
/** Step of the iteration: converges below 2. */
const STEP = 1.5;

/**
 * Takes the blur of a lens out of a picture of ink on card: Landweber's iteration, held between the two greys that there are. Without that
 * bound, noise would grow as fast as the bars.
 *
 * @param sigma standard deviation of the blur, pixels
 */
export function sharpen({ data, width, height }: GreyImage, sigma: number): GreyImage {
  const [ink, card] = rangeOf(data);
  const weights = gaussian(sigma);
  // Relative to the card, so that a border that the blur does not reach stays as it is.
  const seen = Float32Array.from(data, (value) => value - card);
  const values = seen.slice();
  const half = new Float32Array(values.length);
  const blurred = new Float32Array(values.length);
  const darkest = ink - card;
  for (let round = 0; round < ROUNDS; round++) {
    blurAlong(values, weights, 1, half);
    blurAlong(half, weights, width, blurred);
    for (let i = 0; i < values.length; i++) {
      const better = values[i]! + STEP * (seen[i]! - blurred[i]!);
      values[i] = better < darkest ? darkest : better > 0 ? 0 : better;
    }
  }
  return { data: Uint8Array.from(values, (value) => value + card), width, height };
}
