import { magnitudesOf } from '../../src/adapters/images/spectrum.js';

const SIDE = 32;
const square = (value: (x: number, y: number) => number) =>
  Float64Array.from({ length: SIDE * SIDE }, (_, i) => value(i % SIDE, Math.floor(i / SIDE)));

/** Where the magnitudes are greatest. */
function peakOf(magnitudes: Float64Array): { x: number; y: number } {
  const at = magnitudes.indexOf(Math.max(...magnitudes));
  return { x: at % SIDE, y: Math.floor(at / SIDE) };
}

describe('the spectrum of a square', () => {
  it.each([
    [5, 0],
    [0, 9],
    [3, 7],
    [12, 12],
  ])('shows a wave of %i periods across and %i down at its place', (across, down) => {
    const wave = square((x, y) => Math.cos((2 * Math.PI * (across * x + down * y)) / SIDE));
    const { x, y } = peakOf(magnitudesOf(wave, SIDE));
    // A real wave stands in both halves.
    expect([
      [across, down],
      [(SIDE - across) % SIDE, (SIDE - down) % SIDE],
    ]).toContainEqual([x, y]);
  });

  it('has as much power as the square under its window (Parseval)', () => {
    const noise = square((x, y) => Math.sin(x * 12.9898 + y * 78.233) * 40);
    const window = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SIDE);
    let power = 0;
    noise.forEach((value, i) => (power += (value * window(i % SIDE) * window(Math.floor(i / SIDE))) ** 2));
    const spectral = magnitudesOf(noise, SIDE).reduce((sum, magnitude) => sum + magnitude ** 2, 0);
    expect(spectral / (SIDE * SIDE)).toBeCloseTo(power, 6);
  });

  it('is empty for nothing', () => {
    expect(
      Math.max(
        ...magnitudesOf(
          square(() => 0),
          SIDE,
        ),
      ),
    ).toBe(0);
  });
});
