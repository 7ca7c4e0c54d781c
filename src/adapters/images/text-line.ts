import type { TextBox } from '../ocr/text-box.js';
import type { RgbRaster } from './raster.js';

// Looked up once: in the pixel loops below, each look at a global costs as much as a pixel where a host replaces it.
const { abs, floor, max, min } = Math;

/** Height to which lines are set before they are measured: what is measured then does not depend on the size of print. */
const LINE_HEIGHT = 24;
/** Length of a window along a line, in thicknesses of it: two characters of a machine-readable zone. */
const WINDOW = 1.5;
/** Quantiles that stand for ink, paper, and the steepest edges: single pixels are noise. */
const INK = 0.03;
const PAPER = 0.95;
const STEEP = 0.95;
/** Pitch of characters that is looked for, in 1/24 of the line's thickness (boxes are 1.4 to 2 times as high as capitals). */
const PITCHES = { least: 6, most: 34 } as const;
/** Mean correlation of a line with itself, one to three characters on, from which it counts as set in one pitch. */
const CLEAR_PITCH = 0.15;
const NEARLY_BEST = 0.7;

/** A line of text upright in luma 0–255, {@link LINE_HEIGHT} pixels high. */
interface GreyLine {
  readonly data: Uint8Array;
  readonly width: number;
}

export interface LineWindow {
  /** Luma 0–255 of the darkest and the lightest part, outliers left out. */
  readonly ink: number;
  readonly paper: number;
  /** Share of pixels whose least channel is blown out. */
  readonly blown: number;
}

export interface LineMeasures {
  /** Luma between ink and paper, 0–255. */
  readonly contrast: number;
  /**
   * Steepness of edges met along and across the line: the share of the contrast that is passed within 1/24 of the line's thickness
   * at the steepest edges. Neither size nor contrast of print changes it; blur by σ (in thicknesses) bounds it to 1/60 σ.
   */
  readonly along: number;
  readonly across: number;
  /** The same along the two diagonals. */
  readonly falling: number;
  readonly rising: number;
  /** Distance of characters in thicknesses of the line; `null` where they do not stand at equal distances. */
  readonly pitch: number | null;
  readonly windows: readonly LineWindow[];
}

/** The value that a share of a histogram's counts stays below. */
function quantileOf(histogram: Uint32Array, share: number): number {
  let total = 0;
  for (const count of histogram) total += count;
  let below = 0;
  for (let value = 0; value < histogram.length; value++) {
    below += histogram[value]!;
    if (below > share * total) return value;
  }
  return histogram.length - 1;
}

interface Cut extends GreyLine {
  /** 1 where the least channel is blown out. */
  readonly blown: Uint8Array;
}

/** From this value in every channel, a pixel holds no more information. */
const BLOWN = 250;

/** Cuts a line out and sets it upright. Averages as many samples as the reduction asks for. */
function cutLine({ data: source, width: sourceWidth, height: sourceHeight }: RgbRaster, box: TextBox): Cut {
  const width = max(8, Math.round((box.length / box.thickness) * LINE_HEIGHT));
  const data = new Uint8Array(width * LINE_HEIGHT);
  const blown = new Uint8Array(width * LINE_HEIGHT);
  const step = box.thickness / LINE_HEIGHT;
  const samples = max(1, min(3, Math.round(step)));
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  const [maxX, maxY] = [sourceWidth - 1.001, sourceHeight - 1.001];
  const down = sourceHeight > 1 ? sourceWidth * 3 : 0;
  const right = sourceWidth > 1 ? 3 : 0;
  const weight = 1 / (samples * samples);
  for (let y = 0; y < LINE_HEIGHT; y++)
    for (let x = 0; x < width; x++) {
      let luma = 0;
      let least = 0;
      for (let s = 0; s < samples * samples; s++) {
        const v = (y + (floor(s / samples) + 0.5) / samples) * step - box.thickness / 2;
        const u = (x + ((s % samples) + 0.5) / samples - width / 2) * step;
        const px = min(maxX, max(0, box.cx + u * cos - v * sin - 0.5));
        const py = min(maxY, max(0, box.cy + u * sin + v * cos - 0.5));
        const left = floor(px);
        const top = floor(py);
        const fx = px - left;
        const fy = py - top;
        const at = (top * sourceWidth + left) * 3;
        const channel = (c: number): number => {
          const a = source[at + c]!;
          const b = source[at + right + c]!;
          const above = a + (b - a) * fx;
          const d = source[at + down + c]!;
          const e = source[at + down + right + c]!;
          return above + (d + (e - d) * fx - above) * fy;
        };
        const [red, green, blue] = [channel(0), channel(1), channel(2)];
        luma += 0.299 * red + 0.587 * green + 0.114 * blue;
        least += min(red, green, blue);
      }
      data[y * width + x] = luma * weight + 0.5;
      blown[y * width + x] = least * weight >= BLOWN ? 1 : 0;
    }
  return { data, width, blown };
}

function windowsOf({ data, width, blown }: Cut): LineWindow[] {
  const count = max(1, Math.round(width / (WINDOW * LINE_HEIGHT)));
  return Array.from({ length: count }, (_, index) => {
    const histogram = new Uint32Array(256);
    let white = 0;
    const from = Math.round((index * width) / count);
    const to = Math.round(((index + 1) * width) / count);
    for (let y = 0; y < LINE_HEIGHT; y++)
      for (let x = from; x < to; x++) {
        histogram[data[y * width + x]!]!++;
        white += blown[y * width + x]!;
      }
    return {
      ink: quantileOf(histogram, INK),
      paper: quantileOf(histogram, PAPER),
      blown: white / ((to - from) * LINE_HEIGHT),
    };
  });
}

/** Distance of columns at which the line's ink repeats itself best (autocorrelation), where it does so clearly. */
function pitchOf({ data, width }: GreyLine): number | null {
  const ink = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let y = 4; y < LINE_HEIGHT - 4; y++) sum += data[y * width + x]!;
    ink[x] = sum / (LINE_HEIGHT - 8);
  }
  // Shading is slower than characters: what is left after a moving mean over two of them is print.
  const reach = LINE_HEIGHT;
  const detail = ink.map((value, x) => {
    let sum = 0;
    let count = 0;
    for (let k = max(0, x - reach); k <= min(width - 1, x + reach); k++, count++) sum += ink[k]!;
    return value - sum / count;
  });
  const correlation = (lag: number): number => {
    let product = 0;
    let a = 0;
    let b = 0;
    for (let x = 0; x + lag < width; x++) {
      product += detail[x]! * detail[x + lag]!;
      a += detail[x]! ** 2;
      b += detail[x + lag]! ** 2;
    }
    return a * b > 0 ? product / Math.sqrt(a * b) : 0;
  };
  const scores: number[] = [];
  for (let lag = 0; lag <= PITCHES.most * 3 + 1; lag++) scores.push(lag < width / 2 ? correlation(lag) : 0);
  const between = (lag: number): number => {
    const below = floor(lag);
    return scores[below]! + (scores[below + 1]! - scores[below]!) * (lag - below);
  };
  const lags: { readonly lag: number; readonly score: number }[] = [];
  // A true pitch repeats at its multiples, too; a chance likeness of two neighbours does not.
  for (let lag: number = PITCHES.least; lag <= PITCHES.most; lag += 1 / 8)
    lags.push({ lag, score: (between(lag) + between(2 * lag) + between(3 * lag)) / 3 });
  const best = max(...lags.map(({ score }) => score));
  if (best < CLEAR_PITCH) return null;
  // Two characters repeat as well as one does: the first peak that comes near the highest counts.
  const first = lags.findIndex(
    ({ score }, i) =>
      score >= NEARLY_BEST * best &&
      score >= (lags[i - 1]?.score ?? -1) &&
      score >= (lags[i + 1]?.score ?? -1),
  );
  return first < 0 ? null : lags[first]!.lag / LINE_HEIGHT;
}

/** Measures one line of text in place. */
export function measureLine(raster: RgbRaster, box: TextBox): LineMeasures {
  const cut = cutLine(raster, box);
  const { data, width } = cut;
  const luma = new Uint32Array(256);
  const along = new Uint32Array(256);
  const across = new Uint32Array(256);
  const falling = new Uint32Array(256);
  const rising = new Uint32Array(256);
  for (let y = 0; y < LINE_HEIGHT - 1; y++)
    for (let x = 0; x < width - 1; x++) {
      const i = y * width + x;
      const value = data[i]!;
      const right = data[i + 1]!;
      const below = data[i + width]!;
      luma[value]!++;
      along[abs(right - value)]!++;
      across[abs(below - value)]!++;
      falling[abs(data[i + width + 1]! - value)]!++;
      rising[abs(right - below)]!++;
    }
  const contrast = quantileOf(luma, PAPER) - quantileOf(luma, INK);
  const steepness = (histogram: Uint32Array) =>
    contrast === 0 ? 0 : quantileOf(histogram, STEEP) / contrast;
  return {
    contrast,
    along: steepness(along),
    across: steepness(across),
    falling: steepness(falling) / Math.SQRT2,
    rising: steepness(rising) / Math.SQRT2,
    pitch: pitchOf(cut),
    windows: windowsOf(cut),
  };
}

/** Share of the greatest steepness below which the least one is that of bars and rules: any writing has strokes in all directions. */
const BARS = 0.25;

/** The four directions in which edges are measured. */
export const DIRECTIONS = ['along', 'falling', 'across', 'rising'] as const;

/** Whether a line consists of bars rather than of writing, as a barcode does. */
export function isBars(measures: LineMeasures): boolean {
  const steepness = DIRECTIONS.map((name) => measures[name]);
  return min(...steepness) < BARS * max(...steepness);
}
