import { errorCurve, type Scores } from './error-rates.js';

/** Drawings as SVG text: no script, nothing loaded, colours by class. */
const WIDTH = 560;
const HEIGHT = 300;
const MARGIN = { left: 56, right: 16, top: 16, bottom: 44 } as const;
const PLOT = {
  width: WIDTH - MARGIN.left - MARGIN.right,
  height: HEIGHT - MARGIN.top - MARGIN.bottom,
} as const;
const BINS = 80;
/** Decades of the error rates that are drawn; what is rarer stands on the edge. */
const DECADES = 5;

const at = (value: number): string => value.toFixed(1);
/** Shares of the plot, from its lower left corner, as coordinates. */
const x = (share: number): number => MARGIN.left + share * PLOT.width;
const y = (share: number): number => MARGIN.top + (1 - share) * PLOT.height;

const line = (className: string, points: readonly (readonly [number, number])[]): string =>
  `<polyline class="${className}" points="${points.map(([right, up]) => `${at(x(right))},${at(y(up))}`).join(' ')}"/>`;

const label = (right: number, up: number, dx: number, dy: number, text: string, anchor = 'middle'): string =>
  `<text x="${at(x(right) + dx)}" y="${at(y(up) + dy)}" text-anchor="${anchor}">${text}</text>`;

const frame = (content: string, title: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<rect class="frame" x="${MARGIN.left}" y="${MARGIN.top}" width="${PLOT.width}" height="${PLOT.height}"/>
${content}</svg>`;

/** Shares of scores in bins from 0 to 1, as one step a bin; the highest bin of all is 1 high. */
function histogram(scores: Float64Array): readonly number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const score of scores) bins[Math.min(BINS - 1, Math.floor(score * BINS))]! += 1 / scores.length;
  return bins;
}

/** How scores of genuine and of impostor pairs are spread; a mark at the threshold. */
export function drawDistributions({ genuine, impostor }: Scores, threshold: number): string {
  const steps = (scores: Float64Array): readonly (readonly [number, number])[] => {
    const bins = histogram(scores);
    const highest = Math.max(...bins, Number.MIN_VALUE);
    return bins.flatMap((value, i) => [
      [i / BINS, value / highest] as const,
      [(i + 1) / BINS, value / highest] as const,
    ]);
  };
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((score) => label(score, 0, 0, 16, score.toFixed(1)));
  return frame(
    [
      line('impostor', steps(impostor)),
      line('genuine', steps(genuine)),
      line('mark', [
        [threshold, 0],
        [threshold, 1],
      ]),
      ...ticks,
      label(0.5, 0, 0, 34, 'score; each curve by its own highest bin'),
    ].join('\n'),
    'distribution of scores',
  );
}

/** False non-matches over false matches, both on logarithmic axes (detection error trade-off). */
export function drawTradeOff(all: readonly { readonly name: string; readonly scores: Scores }[]): string {
  const position = (rate: number): number => (rate <= 0 ? 0 : Math.max(0, 1 + Math.log10(rate) / DECADES));
  const curves = all.map(({ scores }, i) =>
    line(
      `curve c${i}`,
      errorCurve(scores).map(({ fmr, fnmr }) => [position(fmr), position(fnmr)] as const),
    ),
  );
  const names = all.map(
    ({ name }, i) =>
      `<text class="c${i}" x="${WIDTH - MARGIN.right - 8}" y="${MARGIN.top + 18 + 16 * i}" text-anchor="end">${name}</text>`,
  );
  const ticks = Array.from({ length: DECADES + 1 }, (_, i) => {
    const text = i === 0 ? '0' : `1e${i - DECADES}`;
    return label(i / DECADES, 0, 0, 16, text) + label(0, i / DECADES, -6, 4, text, 'end');
  });
  return frame(
    [
      ...curves,
      ...names,
      ...ticks,
      label(0.5, 0, 0, 34, 'false match rate; upwards: false non-match rate'),
    ].join('\n'),
    'detection error trade-off',
  );
}
