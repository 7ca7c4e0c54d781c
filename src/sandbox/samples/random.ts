/** A source of reproducible randomness: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal deviate, mean 0, standard deviation 1 (Box–Muller). */
  gaussian(): number;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a of a text, so that a sample's name can be its seed. */
function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  return hash >>> 0;
}

/** A mulberry32 generator seeded by a text. Not for secrets. */
export function makeRandom(seed: string): Random {
  let state = hashText(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    // 1 − u keeps the logarithm's argument off zero.
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

const NOISE_TABLE_SIZE = 1 << 16;
let noiseTable: Float32Array | null = null;

function unitNoise(): Float32Array {
  if (noiseTable === null) {
    const random = makeRandom('noise');
    noiseTable = Float32Array.from({ length: NOISE_TABLE_SIZE }, () => random.gaussian());
  }
  return noiseTable;
}

/**
 * Adds normal noise to a picture in place. The deviates come from one table, walked from another random place in each row: drawing each of
 * a million anew would take most of a picture's time, and no eye finds the repetition.
 *
 * @param deviation standard deviation in grey levels
 */
export function addNoise(
  pixels: Uint8ClampedArray,
  rowLength: number,
  deviation: number,
  random: Random,
): void {
  const table = unitNoise();
  const mask = NOISE_TABLE_SIZE - 1;
  for (let row = 0; row < pixels.length; row += rowLength) {
    const start = Math.floor(random.next() * NOISE_TABLE_SIZE) - row;
    const end = Math.min(row + rowLength, pixels.length);
    for (let i = row; i < end; i++) {
      pixels[i] = (pixels[i] ?? 0) + deviation * (table[(start + i) & mask] ?? 0);
    }
  }
}

/** One of a list. @throws RangeError `nothing_to_pick` when it is empty */
export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random.next() * list.length)];
  if (item === undefined) throw new RangeError('nothing_to_pick');
  return item;
}

/** Decimal digits, the first of which may be a zero. */
export const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random.next() * 10)).join('');
