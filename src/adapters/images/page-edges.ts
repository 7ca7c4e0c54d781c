import type { RgbRaster } from './raster.js';

/** Positions along a side at which paper and border are compared. */
const POSITIONS = 25;
/** Half the side of the patch that is averaged, in pixels of the measured raster: print and noise even out. */
const PATCH = 3;
/** Distance outside the printed area at which paper is taken, as a share of the longer side. */
const BESIDE = 0.012;

/** Area within which text was found, in pixels. */
export interface PrintedArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Colour = readonly [number, number, number];

function colourAt({ data, width, height }: RgbRaster, x: number, y: number): Colour {
  const cx = Math.round(Math.min(width - 1 - PATCH, Math.max(PATCH, x)));
  const cy = Math.round(Math.min(height - 1 - PATCH, Math.max(PATCH, y)));
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let row = Math.max(0, cy - PATCH); row <= Math.min(height - 1, cy + PATCH); row++)
    for (let column = Math.max(0, cx - PATCH); column <= Math.min(width - 1, cx + PATCH); column++) {
      const i = (row * width + column) * 3;
      red += data[i]!;
      green += data[i + 1]!;
      blue += data[i + 2]!;
      count++;
    }
  return [red / count, green / count, blue / count];
}

const difference = (a: Colour, b: Colour): number =>
  Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));

/**
 * For each side (left, top, right, bottom), how the picture's border differs in colour from the paper right beside what is printed,
 * 0–255, as the median along the side. Large where the page ends within the picture and a table shows; small where the page runs on to
 * the border. Takes a raster reduced to `MEASURED_SIDE`.
 */
export function measureEdges(
  measured: RgbRaster,
  area: PrintedArea,
): readonly [number, number, number, number] {
  const { width, height } = measured;
  const beside = BESIDE * Math.max(width, height);
  const medianOf = (from: number, to: number, differenceAt: (at: number) => number): number => {
    const found = Array.from({ length: POSITIONS }, (_, i) =>
      differenceAt(from + ((i + 0.5) / POSITIONS) * (to - from)),
    );
    return found.toSorted((a, b) => a - b)[POSITIONS >> 1] ?? 0;
  };
  const upright = (paper: number, border: number) =>
    medianOf(area.top, area.bottom, (y) =>
      difference(colourAt(measured, paper, y), colourAt(measured, border, y)),
    );
  const level = (paper: number, border: number) =>
    medianOf(area.left, area.right, (x) =>
      difference(colourAt(measured, x, paper), colourAt(measured, x, border)),
    );
  return [
    upright(area.left - beside, 0),
    level(area.top - beside, 0),
    upright(area.right + beside, width),
    level(area.bottom + beside, height),
  ];
}
