import { sumTo, type Profile } from './scan-line.js';

/** Taken out once: inner loops need them for each sample, and a look-up through the global object is slow where that is not the usual one. */
const { round, sqrt } = Math;

/** Modules of the quiet zone that belong to a template: the outer edge of a code is what is looked for. */
const QUIET = 2;
/**
 * Start and stop pattern of ISO/IEC 15438, 5.3.2: widths of bars and spaces in modules. They run through all rows, so that a line across the
 * code meets them at any tilt of some degrees.
 */
const PATTERNS = {
  start: { widths: [8, 1, 1, 1, 1, 1, 1, 3], outerFirst: true },
  stop: { widths: [7, 1, 1, 3, 1, 1, 1, 2, 1], outerFirst: false },
} as const;
export type End = keyof typeof PATTERNS;

export interface Template {
  readonly end: End;
  /** For a code that stands on its head: met from the other side. */
  readonly reversed: boolean;
  /** From the left: widths in modules, the quiet zone among them; light where true. */
  readonly runs: readonly { readonly width: number; readonly light: boolean }[];
  readonly width: number;
  readonly lightWidth: number;
  /** Whether the quiet zone lies on the left. */
  readonly quietFirst: boolean;
  /** The outer edge of the code, in modules from the left end of the template. */
  readonly edge: number;
  /** Modules inside that edge which are darker, taken together, than the quiet zone. */
  readonly darkWidth: number;
}

/** The stop pattern ends in a bar of one module, which blur may wash out: only the pattern as a whole is surely darker there. */
const DARK_WIDTHS: Readonly<Record<End, number>> = { start: 4, stop: 9 };

function makeTemplate(end: End, reversed: boolean): Template {
  const { widths, outerFirst } = PATTERNS[end];
  const bars = widths.map((width, index) => ({ width, light: index % 2 === 1 }));
  const quiet = { width: QUIET, light: true };
  const upright = outerFirst ? [quiet, ...bars] : [...bars, quiet];
  const runs = reversed ? upright.toReversed() : upright;
  const sum = (of: readonly { readonly width: number }[]) =>
    of.reduce((total, { width }) => total + width, 0);
  const width = sum(runs);
  const quietFirst = outerFirst !== reversed;
  return {
    end,
    reversed,
    runs,
    width,
    lightWidth: sum(runs.filter(({ light }) => light)),
    quietFirst,
    edge: quietFirst ? QUIET : width - QUIET,
    darkWidth: DARK_WIDTHS[end],
  };
}

export const TEMPLATES = (['start', 'stop'] as const).flatMap((end) =>
  [false, true].map((reversed) => makeTemplate(end, reversed)),
);

/** Standard deviation, in grey levels, under which there is nothing to correlate with. */
const LEAST_CONTRAST = 6;

/**
 * Normalised cross-correlation of a profile with a template of `module` samples a module that begins at `position`.
 * @returns −1 to 1; −1 where the template leaves the profile or the profile is flat
 */
export function correlate(
  { length, sums, squares }: Profile,
  template: Template,
  position: number,
  module: number,
): number {
  const extent = template.width * module;
  if (position < 0 || position + extent >= length) return -1;
  const first = sumTo(sums, position);
  const total = sumTo(sums, position + extent) - first;
  const mean = total / extent;
  const variance = (sumTo(squares, position + extent) - sumTo(squares, position)) / extent - mean * mean;
  if (variance < LEAST_CONTRAST ** 2) return -1;
  let light = 0;
  let from = first;
  let at = position;
  for (const run of template.runs) {
    at += run.width * module;
    const to = sumTo(sums, at);
    if (run.light) light += to - from;
    from = to;
  }
  const share = template.lightWidth / template.width;
  return (light / extent - share * mean) / sqrt(variance * share * (1 - share));
}

/** A cheap test that most places fail: the outer end of the pattern is darker than the quiet zone beside it. */
export function hasQuietEdge(
  { sums }: Profile,
  template: Template,
  position: number,
  module: number,
): boolean {
  const edge = round(position + template.edge * module);
  const outside = round(QUIET * module);
  const inside = round(template.darkWidth * module);
  const left = sums[edge]! - sums[edge - (template.quietFirst ? outside : inside)]!;
  const right = sums[edge + (template.quietFirst ? inside : outside)]! - sums[edge]!;
  const [light, dark] = template.quietFirst ? [left, right] : [right, left];
  return light / outside - dark / inside > LEAST_CONTRAST;
}
