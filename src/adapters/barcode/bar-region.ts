import type { RgbRaster } from '../images/raster.js';

/** Taken out once: inner loops need them for each sample, and a look-up through the global object is slow where that is not the usual one. */
const { floor, max, min, hypot } = Math;

/** An oriented rectangle that is full of parallel bars, in pixels of the raster it was found in. */
export interface BarRegion {
  readonly cx: number;
  readonly cy: number;
  /** Across the bars, which is along the rows of a stacked code. */
  readonly length: number;
  /** Along the bars. */
  readonly height: number;
  /** Direction of `length`, radians, −π/2 to π/2: bars alone do not tell which way up the code stands. */
  readonly angle: number;
  /** 0–1: how much of the gradient energy points across the bars. */
  readonly coherence: number;
}

/** Tiles along the longer side: a code that spans a third of the frame still covers enough of them to be seen as a rectangle. */
const TILES = 50;
/** Below this a tile holds too few bars to have a direction. */
const LEAST_TILE = 8;
/** Gradients taken a tile and direction: their number, and so the time, does not depend on the resolution. */
const SAMPLES = 12;
/** Mean squared difference over two pixels that sensor noise and paper grain stay below. */
const LEAST_ENERGY = 60;
/** Patches of print reach 0.3 to 0.5, a stacked code 0.45 to 0.65 all over. */
const LEAST_COHERENCE = 0.3;
/** Cosine of twice the angle by which neighbouring tiles may differ: perspective turns bars, but slowly. */
const SAME_DIRECTION = Math.cos((2 * 15 * Math.PI) / 180);
const LEAST_TILES = 6;
/** Share of its rectangle that a region fills: codes nearly all, unless a finger or a reflection covers a part. */
const LEAST_FILL = 0.45;
const MOST_REGIONS = 4;
/** Shape of codes, widely: a lone edge, of a card or a table, is long along the bar and short across. */
const [LEAST_LENGTH, LEAST_HEIGHT, LEAST_ASPECT] = [80, 8, 0.6] as const;

/** Structure tensor (Förstner and Gülch 1987) of each tile, in double-angle form: energy, and (cos 2φ, sin 2φ) weighted by it. */
interface Tensors {
  readonly columns: number;
  readonly rows: number;
  readonly side: number;
  readonly energy: Float32Array;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

function measureTensors({ data, width, height }: RgbRaster): Tensors {
  const side = max(LEAST_TILE, max(width, height) / TILES);
  const columns = max(1, floor(width / side));
  const rows = max(1, floor(height / side));
  const [energy, cos, sin] = [0, 1, 2].map(() => new Float32Array(columns * rows)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const count = min(SAMPLES, floor(side));
  const step = side / count;
  const stride = width * 3;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let across = 0;
      let down = 0;
      let mixed = 0;
      for (let j = 0; j < count; j++) {
        const y = min(height - 2, max(1, floor(row * side + (j + 0.5) * step)));
        for (let i = 0; i < count; i++) {
          const x = min(width - 2, max(1, floor(column * side + (i + 0.5) * step)));
          // Green alone: it bears most of the luma, and bars are neutral.
          const at = y * stride + x * 3 + 1;
          const [above, below] = [at - stride, at + stride];
          const diagonal = data[below + 3]! - data[above - 3]!;
          const counter = data[above + 3]! - data[below - 3]!;
          const gx = data[at + 3]! - data[at - 3]! + (diagonal + counter) / 2;
          const gy = data[below]! - data[above]! + (diagonal - counter) / 2;
          across += gx * gx;
          down += gy * gy;
          mixed += gx * gy;
        }
      }
      const tile = row * columns + column;
      const samples = count * count * 4;
      energy[tile] = (across + down) / samples;
      cos[tile] = (across - down) / samples;
      sin[tile] = (2 * mixed) / samples;
    }
  }
  return { columns, rows, side, energy, cos, sin };
}

/** Sums over three by three tiles: one tile holds too few bars for a steady direction. */
function smoothed(values: Float32Array, columns: number, rows: number): Float32Array {
  const sums = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let r = max(0, row - 1); r <= min(rows - 1, row + 1); r++)
        for (let c = max(0, column - 1); c <= min(columns - 1, column + 1); c++)
          sum += values[r * columns + c]!;
      sums[row * columns + column] = sum;
    }
  }
  return sums;
}

/** Tiles that hang together and whose bars run the same way. */
function componentsOf(tensors: Tensors): number[][] {
  const { columns, rows, energy } = tensors;
  const [around, cos, sin] = [tensors.energy, tensors.cos, tensors.sin].map((values) =>
    smoothed(values, columns, rows),
  ) as [Float32Array, Float32Array, Float32Array];
  const striped = new Uint8Array(energy.length);
  for (let tile = 0; tile < energy.length; tile++) {
    const magnitude = hypot(cos[tile]!, sin[tile]!);
    if (energy[tile]! >= LEAST_ENERGY && magnitude >= LEAST_COHERENCE * around[tile]!) striped[tile] = 1;
    if (magnitude > 0) {
      cos[tile]! /= magnitude;
      sin[tile]! /= magnitude;
    }
  }
  const components: number[][] = [];
  for (let seed = 0; seed < striped.length; seed++) {
    if (striped[seed] !== 1) continue;
    striped[seed] = 2;
    const component = [seed];
    for (let next = 0; next < component.length; next++) {
      const tile = component[next]!;
      const column = tile % columns;
      const neighbours = [
        tile - columns,
        tile + columns,
        column > 0 ? tile - 1 : -1,
        column < columns - 1 ? tile + 1 : -1,
      ];
      for (const other of neighbours) {
        if (striped[other] !== 1) continue;
        if (cos[tile]! * cos[other]! + sin[tile]! * sin[other]! < SAME_DIRECTION) continue;
        striped[other] = 2;
        component.push(other);
      }
    }
    if (component.length >= LEAST_TILES) components.push(component);
  }
  return components;
}

function regionOf(tiles: readonly number[], { columns, side, energy, cos, sin }: Tensors): BarRegion {
  let [energies, cosines, sines] = [0, 0, 0];
  for (const tile of tiles) {
    energies += energy[tile]!;
    cosines += cos[tile]!;
    sines += sin[tile]!;
  }
  const angle = Math.atan2(sines, cosines) / 2;
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const tile of tiles) {
    const x = ((tile % columns) + 0.5) * side;
    const y = (floor(tile / columns) + 0.5) * side;
    const along = x * ux + y * uy;
    const across = y * ux - x * uy;
    left = min(left, along);
    right = max(right, along);
    top = min(top, across);
    bottom = max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  return {
    cx: along * ux - across * uy,
    cy: along * uy + across * ux,
    length: right - left + side,
    height: bottom - top + side,
    angle,
    coherence: hypot(cosines, sines) / energies,
  };
}

const hasShape = ({ length, height }: BarRegion): boolean =>
  length >= LEAST_LENGTH && height >= LEAST_HEIGHT && length >= LEAST_ASPECT * height;

/**
 * Where a stacked barcode may be: rectangles with edges in one direction, the largest first. Lines of print pass now and then; what is no
 * code is told by the search for its start and stop patterns.
 */
export function findBarRegions(raster: RgbRaster): readonly BarRegion[] {
  if (raster.width < 3 * LEAST_TILE || raster.height < 3 * LEAST_TILE) return [];
  const tensors = measureTensors(raster);
  return componentsOf(tensors)
    .map((tiles) => ({ region: regionOf(tiles, tensors), area: tiles.length * tensors.side ** 2 }))
    .filter(({ region, area }) => hasShape(region) && area >= LEAST_FILL * region.length * region.height)
    .sort((a, b) => b.area * b.region.coherence - a.area * a.region.coherence)
    .slice(0, MOST_REGIONS)
    .map(({ region }) => region);
}
