const { cos, sin, PI } = Math;

/** In-place Fourier transform of a row or column of a power-of-two length (radix 2, decimation in time; Cooley and Tukey 1965). */
function transform(re: Float64Array, im: Float64Array, start: number, stride: number, length: number): void {
  const swap = (values: Float64Array, a: number, b: number) => {
    const kept = values[a]!;
    values[a] = values[b]!;
    values[b] = kept;
  };
  for (let i = 1, j = 0; i < length; i++) {
    let bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(re, start + i * stride, start + j * stride);
      swap(im, start + i * stride, start + j * stride);
    }
  }
  for (let span = 2; span <= length; span <<= 1) {
    const half = span >> 1;
    for (let k = 0; k < half; k++) {
      const [turnRe, turnIm] = [cos((2 * PI * k) / span), -sin((2 * PI * k) / span)];
      for (let i = k; i < length; i += span) {
        const [a, b] = [start + i * stride, start + (i + half) * stride];
        const partRe = re[b]! * turnRe - im[b]! * turnIm;
        const partIm = re[b]! * turnIm + im[b]! * turnRe;
        re[b] = re[a]! - partRe;
        im[b] = im[a]! - partIm;
        re[a] = re[a]! + partRe;
        im[a] = im[a]! + partIm;
      }
    }
  }
}

/**
 * Magnitudes of the two-dimensional spectrum of a square, row by row, frequencies from 0 up to `side` − 1 (those above half are the
 * negative ones). Its rim is faded out first, so that the edges of the square make no lines.
 *
 * @param square luma of `side` × `side`; `side` a power of two
 */
export function magnitudesOf(square: Float64Array, side: number): Float64Array {
  const window = Float64Array.from({ length: side }, (_, i) => 0.5 - 0.5 * cos((2 * PI * (i + 0.5)) / side));
  const re = square.map((value, i) => value * window[i % side]! * window[Math.floor(i / side)]!);
  const im = new Float64Array(re.length);
  for (let y = 0; y < side; y++) transform(re, im, y * side, 1, side);
  for (let x = 0; x < side; x++) transform(re, im, x, side, side);
  return re.map((value, i) => Math.hypot(value, im[i]!));
}
