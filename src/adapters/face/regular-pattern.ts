import type { FaceBox } from '../../app/ports/face-engine.js';
import type { RgbRaster } from '../images/raster.js';
import { magnitudesOf } from '../images/spectrum.js';

/** Side of a square of skin, in pixels of the picture as it was taken: reduced, a fine pattern is gone. */
const SIDE = 128;
/** Where squares are taken, in shares of the face: cheeks, mouth and brow. Hair and clothes bear patterns of their own. */
const PLACES = [
  { x: 0.1, y: 0.3 },
  { x: 0.5, y: 0.3 },
  { x: 0.3, y: 0.5 },
  { x: 0.3, y: 0.2 },
] as const;
/** Finest and coarsest pattern that is looked for, in periods a square. */
const LEAST = 0.1 * SIDE;
const MOST = SIDE / 2 - 1;
/** Frequencies so near to an axis are those of JPEG's blocks, and of blinds and door frames. */
const AXIS = 3;

function lumaAt({ data, width }: RgbRaster, left: number, top: number): Float64Array {
  const square = new Float64Array(SIDE * SIDE);
  for (let y = 0, to = 0; y < SIDE; y++)
    for (let x = 0, from = ((top + y) * width + left) * 3; x < SIDE; x++, from += 3)
      square[to++] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
  return square;
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The strongest frequency of a square, as a multiple of the usual magnitude of its fineness. */
function strongestIn(square: Float64Array): number {
  const magnitudes = magnitudesOf(square, SIDE);
  const rings = Array.from({ length: SIDE }, (): number[] => []);
  const candidates: { readonly radius: number; readonly magnitude: number }[] = [];
  // The other half of the plane says the same.
  for (let row = 0; row < SIDE; row++)
    for (let x = 0; x <= SIDE / 2; x++) {
      const y = row <= SIDE / 2 ? row : row - SIDE;
      const radius = Math.hypot(x, y);
      const magnitude = magnitudes[row * SIDE + x]!;
      rings[Math.round(radius)]?.push(magnitude);
      if (radius >= LEAST && radius < MOST && x >= AXIS && Math.abs(y) >= AXIS)
        candidates.push({ radius, magnitude });
    }
  const usual = rings.map(middleOf);
  return Math.max(...candidates.map(({ radius, magnitude }) => magnitude / (usual[Math.round(radius)]! + 1)));
}

/**
 * How strongly a regular pattern stands out on a face: dots of print, the grid of a screen. The middle of several squares, so that a freckle
 * or a strand of hair does not count.
 *
 * @returns `null` where the face is too small for a square of skin
 */
export function regularPattern(raster: RgbRaster, face: FaceBox): number | null {
  const strengths = PLACES.map(({ x, y }) => ({
    left: Math.round(face.left + x * face.width),
    top: Math.round(face.top + y * face.height),
  }))
    .filter(
      ({ left, top }) => left >= 0 && top >= 0 && left + SIDE <= raster.width && top + SIDE <= raster.height,
    )
    .map(({ left, top }) => strongestIn(lumaAt(raster, left, top)));
  return face.width < SIDE || strengths.length === 0 ? null : middleOf(strengths);
}
