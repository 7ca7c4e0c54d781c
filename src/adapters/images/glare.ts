import type { RgbRaster } from './raster.js';
import { shrinkTo } from './resample.js';

/** Longer side at which reflections are looked for: they are large and soft. */
const SIDE = 500;
/** From this value in every channel, a pixel holds no more information. */
const BLOWN = 250;
/** Half the width of print that is smoothed away: text inside and around a reflection says nothing about the light. */
const PRINT_RADIUS = 5;
/** Pixels beyond the blown-out area within which a reflection has faded by a part only … */
const NEAR = 3;
/** … of what it has faded by here. */
const FAR = 16;
const LEAST_FADE = 12;
const NEAR_SHARE_OF_FADE = 0.55;
/** Share of the rim that has to fade softly. White paper ends in a block of print or at an edge, at once. */
const SOFT_RIM = 0.5;
/** Share of an area's outline that may lie at the picture's border: beyond, it is the white margin of a scan. */
const BORDER_SHARE = 0.25;

interface Plane {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Least channel of every pixel: high only where all three are. */
function leastChannel({ data, width, height }: RgbRaster): Plane {
  const least = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < least.length; i++, p += 3)
    least[i] = Math.min(data[p]!, data[p + 1]!, data[p + 2]!);
  return { data: least, width, height };
}

/** Greatest (`sign` 1) or least (−1) value within `PRINT_RADIUS` along rows or columns. */
function extremeAlong({ data, width, height }: Plane, axis: 'rows' | 'columns', sign: 1 | -1): Plane {
  const result = new Uint8Array(data.length);
  const length = axis === 'rows' ? width : height;
  const lines = axis === 'rows' ? height : width;
  const step = axis === 'rows' ? 1 : width;
  const nextLine = axis === 'rows' ? width : 1;
  for (let line = 0; line < lines; line++) {
    const start = line * nextLine;
    for (let at = 0; at < length; at++) {
      const last = Math.min(length - 1, at + PRINT_RADIUS);
      let extreme = data[start + at * step]!;
      for (let k = Math.max(0, at - PRINT_RADIUS); k <= last; k++) {
        const value = data[start + k * step]!;
        if ((value - extreme) * sign > 0) extreme = value;
      }
      result[start + at * step] = extreme;
    }
  }
  return { data: result, width, height };
}

/** Morphological closing: print narrower than the window takes the brightness of its paper. */
function withoutPrint(plane: Plane): Plane {
  const spread = extremeAlong(extremeAlong(plane, 'rows', 1), 'columns', 1);
  return extremeAlong(extremeAlong(spread, 'rows', -1), 'columns', -1);
}

/** Collects the blown-out pixels that hang together with `start`; they get `label`. */
function collectArea(start: number, label: number, labels: Int32Array, { data, width }: Plane): number[] {
  const area = [start];
  labels[start] = label;
  const visit = (i: number) => {
    if (labels[i] !== 0 || data[i]! < BLOWN) return;
    labels[i] = label;
    area.push(i);
  };
  for (let next = 0; next < area.length; next++) {
    const i = area[next]!;
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i + width < data.length) visit(i + width);
  }
  return area;
}

/** Whether brightness falls softly over the pixels beyond a rim pixel, rather than at once or not at all. */
function fadesSoftly(x: number, y: number, dx: number, dy: number, { data, width, height }: Plane): boolean {
  const endX = x + dx * FAR;
  const endY = y + dy * FAR;
  if (endX < 0 || endY < 0 || endX >= width || endY >= height) return false;
  const near = 255 - data[(y + dy * NEAR) * width + x + dx * NEAR]!;
  const far = 255 - data[endY * width + endX]!;
  return far >= LEAST_FADE && near <= NEAR_SHARE_OF_FADE * far;
}

const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** Whether an area is blown out by a reflection, by the way in which it ends. */
function isReflection(area: readonly number[], labels: Int32Array, plane: Plane): boolean {
  const { width, height } = plane;
  let rim = 0;
  let soft = 0;
  let border = 0;
  for (const i of area) {
    const x = i % width;
    const y = (i - x) / width;
    for (const [dx, dy] of DIRECTIONS) {
      const nextX = x + dx;
      const nextY = y + dy;
      if (nextX < 0 || nextY < 0 || nextX >= width || nextY >= height) border++;
      else if (labels[nextY * width + nextX] !== labels[i]) {
        rim++;
        if (fadesSoftly(x, y, dx, dy, plane)) soft++;
      }
    }
  }
  return rim > 0 && soft / rim >= SOFT_RIM && border / (rim + border) <= BORDER_SHARE;
}

/**
 * Share of the picture that reflections of a lamp or window have blown out: areas that are white in all channels and fade out
 * softly, which tells them from white paper.
 */
export function measureGlare(raster: RgbRaster): number {
  const plane = withoutPrint(leastChannel(shrinkTo(raster, SIDE)));
  const labels = new Int32Array(plane.data.length);
  let label = 0;
  let glare = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 || plane.data[i]! < BLOWN) continue;
    const area = collectArea(i, ++label, labels, plane);
    if (isReflection(area, labels, plane)) glare += area.length;
  }
  return glare / labels.length;
}
