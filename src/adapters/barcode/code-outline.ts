import type { RgbRaster } from '../images/raster.js';
import type { BarRegion } from './bar-region.js';
import { correlate, hasQuietEdge, TEMPLATES, type End, type Template } from './end-pattern.js';
import {
  DENSITY,
  frameOf,
  readProfile,
  toRaster,
  type Frame,
  type Point,
  type Profile,
} from './scan-line.js';

/** Taken out once: inner loops need them for each sample, and a look-up through the global object is slow where that is not the usual one. */
const { abs, floor, max, min, round } = Math;

/** Corners of a code in pixels, as it is read: its first row at the top, its start pattern on the left. */
export interface CodeOutline {
  readonly topLeft: Point;
  readonly topRight: Point;
  readonly bottomRight: Point;
  readonly bottomLeft: Point;
  /** Mean width of a module, pixels. */
  readonly module: number;
  /** Width in modules: 17 for each of start pattern, row indicators and data columns, 18 for the stop pattern. */
  readonly modules: number;
  /** Mean correlation with the patterns at both ends, up to 1. */
  readonly score: number;
}

interface Hit {
  readonly template: Template;
  /** Of the outer edge of the pattern: pixels from the region's centre. */
  readonly along: number;
  readonly across: number;
  /** Pixels. */
  readonly module: number;
  readonly score: number;
}

function hitOf(
  frame: Frame,
  template: Template,
  across: number,
  at: number,
  module: number,
  score: number,
): Hit {
  const edge = at + template.edge * module;
  return { template, along: edge / DENSITY - frame.reach, across, module: module / DENSITY, score };
}

/** Lines looked at first, in parts of the region's height. */
const [CENTRAL_LINES, FURTHER_LINES] = [
  [-0.15, 0, 0.15],
  [-0.35, -0.25, 0.25, 0.35],
] as const;
/** Modules that a region's length may hold: codes of two to thirty data columns, and what a region may be too long or too short. */
const [FEWEST_MODULES, MOST_MODULES] = [80, 640] as const;
const SCALE_STEP = 1.1;
/** Where the outer edge of a pattern is looked for: in the outer parts of the line, from its end to this share of it. */
const OUTER_PART = 0.47;
/** Step along a line, in modules. */
const STEP = 1 / 3;
/** Text and guilloche reach 0.7 somewhere on a line; a code blurred by nine tenths of a module still has 0.75. */
const LEAST_FIRST_SCORE = 0.72;
/** Samples a module below which nothing can be told apart. */
const LEAST_MODULE = 1.4;

/** The best place of each template on a line, at any of the scales. */
function searchLine(frame: Frame, across: number, [smallest, largest]: readonly [number, number]): Hit[] {
  const profile = readProfile(frame, across);
  const best = new Map<Template, Hit>();
  for (let module = smallest; module <= largest; module *= SCALE_STEP) {
    for (const template of TEMPLATES) {
      const extent = template.width * module;
      const part = OUTER_PART * profile.length;
      const [from, to] = template.quietFirst
        ? [0, part]
        : [profile.length - part - extent, profile.length - extent];
      let [score, place] = [best.get(template)?.score ?? LEAST_FIRST_SCORE, -1];
      for (let at = max(0, from); at < to; at += module * STEP) {
        if (!hasQuietEdge(profile, template, at, module)) continue;
        const value = correlate(profile, template, at, module);
        if (value > score) [score, place] = [value, at];
      }
      if (place >= 0) best.set(template, hitOf(frame, template, across, place, module, score));
    }
  }
  return [...best.values()];
}

/** An end of a code: outer edge `along = offset + slope · across`. */
interface Edge {
  readonly offset: number;
  readonly slope: number;
  readonly module: number;
  readonly top: number;
  readonly bottom: number;
  readonly score: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[floor(values.length / 2)] ?? 0;

/** Steepest lean of an edge against the region's direction. */
const STEEPEST = Math.tan((25 * Math.PI) / 180);
const MODULE_TOLERANCE = 1.25;

const fits = (hit: Hit, offset: number, slope: number, module: number, tolerance: number): boolean =>
  abs(hit.along - offset - slope * hit.across) <= tolerance * module &&
  hit.module < module * MODULE_TOLERANCE &&
  hit.module * MODULE_TOLERANCE > module;

/** The line that most hits agree on (all pairs tried, as there are few), by least squares over those. */
function fitLine(
  hits: readonly Hit[],
  tolerance: number,
): { hits: readonly Hit[]; offset: number; slope: number } | null {
  let best: readonly Hit[] = [];
  let bestScore = 0;
  for (const [index, a] of hits.entries()) {
    for (const b of hits.slice(index + 1)) {
      if (a.across === b.across) continue;
      const slope = (b.along - a.along) / (b.across - a.across);
      if (abs(slope) > STEEPEST) continue;
      const module = (a.module + b.module) / 2;
      const agreeing = hits.filter((hit) => fits(hit, a.along - slope * a.across, slope, module, tolerance));
      const score = agreeing.reduce((sum, hit) => sum + hit.score, 0);
      if (score > bestScore) [best, bestScore] = [agreeing, score];
    }
  }
  if (best.length < 2) return null;
  const mean = (of: (hit: Hit) => number) => best.reduce((sum, hit) => sum + of(hit), 0) / best.length;
  const [x, y] = [mean((hit) => hit.across), mean((hit) => hit.along)];
  const spread = best.reduce((sum, hit) => sum + (hit.across - x) ** 2, 0);
  const slope = best.reduce((sum, hit) => sum + (hit.across - x) * (hit.along - y), 0) / spread;
  return { hits: best, offset: y - slope * x, slope };
}

/** First pass: how many lines must agree on an end, of those that are looked at. */
const LEAST_AGREEING = 3;
const FIRST_TOLERANCE = 2.5;

/** Looks for both ends on a few lines; most regions that are no code are given up after the first three. */
function searchEnds(frame: Frame): readonly Hit[] {
  const length = frame.region.length * DENSITY;
  const anyScale = [max(LEAST_MODULE, length / MOST_MODULES), length / FEWEST_MODULES] as const;
  const height = frame.region.height;
  const central = CENTRAL_LINES.flatMap((part) => searchLine(frame, part * height, anyScale));
  if (!TEMPLATES.some((template) => central.filter((hit) => hit.template === template).length >= 2))
    return [];
  const modules = central.map((hit) => hit.module * DENSITY);
  const near = [min(...modules) / SCALE_STEP, max(...modules) * SCALE_STEP] as const;
  return [...central, ...FURTHER_LINES.flatMap((part) => searchLine(frame, part * height, near))];
}

interface Rough {
  readonly template: Template;
  readonly offset: number;
  readonly slope: number;
  readonly module: number;
  readonly votes: number;
}

function roughEnd(hits: readonly Hit[], template: Template): Rough | null {
  const line = fitLine(
    hits.filter((hit) => hit.template === template),
    FIRST_TOLERANCE,
  );
  if (line === null || line.hits.length < LEAST_AGREEING) return null;
  const { offset, slope } = line;
  const votes = line.hits.reduce((sum, hit) => sum + hit.score, 0);
  return { template, offset, slope, module: median(line.hits.map((hit) => hit.module)), votes };
}

/** Second pass: scales and places tried around the expected ones. */
const FINE_SCALES = [0.86, 0.91, 0.96, 1, 1.05, 1.1, 1.16] as const;
const FINE_REACH = 3;
const FINE_STEP = 0.2;
const LEAST_FINE_SCORE = 0.6;
const FINE_TOLERANCE = 1.2;
/** Scan lines over the region's height, and how far they go beyond it. */
const [FINE_LINES, OVERSHOOT] = [64, 1.5] as const;
/** Lines without a hit that a scratch may cost before the end counts as over; in parts of the lines. */
const LONGEST_GAP = 0.3;

function refineEnd(
  frame: Frame,
  profiles: readonly (readonly [number, Profile])[],
  rough: Rough,
): Edge | null {
  const { template } = rough;
  const hits: Hit[] = [];
  for (const [across, profile] of profiles) {
    const edge = (rough.offset + rough.slope * across + frame.reach) * DENSITY;
    let best: Hit | null = null;
    for (const scale of FINE_SCALES) {
      const module = rough.module * scale * DENSITY;
      const expected = edge - template.edge * module;
      for (let shift = -FINE_REACH; shift <= FINE_REACH; shift += FINE_STEP) {
        const at = expected + shift * module;
        const score = correlate(profile, template, at, module);
        if (score > (best?.score ?? LEAST_FINE_SCORE))
          best = hitOf(frame, template, across, at, module, score);
      }
    }
    if (best) hits.push(best);
  }
  const line = fitLine(hits, FINE_TOLERANCE);
  if (line === null || line.hits.length < LEAST_AGREEING) return null;
  const agreeing = contiguous(line.hits, profiles.length);
  const module = median(agreeing.map((hit) => hit.module));
  const spacing = (frame.region.height * OVERSHOOT) / FINE_LINES;
  return {
    offset: line.offset,
    slope: line.slope,
    module,
    top: agreeing[0]!.across - spacing / 2,
    bottom: agreeing.at(-1)!.across + spacing / 2,
    score: agreeing.reduce((sum, hit) => sum + hit.score, 0) / agreeing.length,
  };
}

/** The longest run of hits without a wide gap, so that a chance hit far off does not stretch the code. */
function contiguous(hits: readonly Hit[], lines: number): readonly Hit[] {
  const [first, last] = [hits[0]!.across, hits.at(-1)!.across];
  const gap = max(
    ((last - first) / max(1, hits.length - 1)) * 2,
    (LONGEST_GAP * (last - first) * hits.length) / lines,
  );
  let best: readonly Hit[] = [];
  let run: Hit[] = [];
  for (const hit of hits) {
    if (run.length > 0 && hit.across - run.at(-1)!.across > gap) run = [];
    run.push(hit);
    if (run.length > best.length) best = run;
  }
  return best;
}

const edgePoint = ({ offset, slope }: Edge, across: number) => ({ along: offset + slope * across, across });

/**
 * The exact outline of a PDF417 code (ISO/IEC 15438) in a region of bars, by its start and stop patterns; `null` where there are none.
 * A code of which one end is covered gets that side from the region.
 *
 * @param textAngle reading direction of printed lines, radians: rows of the code run along it or at right angles to it
 */
export function findCodeOutline(
  raster: RgbRaster,
  region: BarRegion,
  textAngle?: number,
): CodeOutline | null {
  const frame = frameOf(raster, region);
  const hits = searchEnds(frame);
  const ends = TEMPLATES.map((template) => roughEnd(hits, template)).filter((end) => end !== null);
  if (ends.length === 0) return null;
  const votes = (reversed: boolean) =>
    ends.reduce((sum, end) => sum + (end.template.reversed === reversed ? end.votes : 0), 0);
  const reversed = votes(true) > votes(false);
  const profiles = Array.from({ length: FINE_LINES }, (_, index) => {
    const across = ((index + 0.5) / FINE_LINES - 0.5) * region.height * OVERSHOOT;
    return [across, readProfile(frame, across)] as const;
  });
  const edge = (end: End): Edge | null => {
    const rough = ends.find(({ template }) => template.end === end && template.reversed === reversed);
    return rough ? refineEnd(frame, profiles, rough) : null;
  };
  return outlineOf(frame, edge('start'), edge('stop'), reversed, textAngle);
}

/** How far rows may lean against the region's direction, radians. */
const MOST_LEAN = 0.35;

/** How the rows rise along the region: as printed lines do where those are known, else at right angles to the bars. */
function rowSlope({ region }: Frame, { slope }: Edge, textAngle: number | undefined): number {
  if (textAngle === undefined) return -slope;
  const quarter = Math.PI / 2;
  const lean = textAngle - region.angle;
  const nearest = lean - quarter * round(lean / quarter);
  return abs(nearest) <= MOST_LEAN ? Math.tan(nearest) : -slope;
}

/** An edge in place of one that is covered: parallel to the other, where the region ends. */
function assumedEdge(frame: Frame, known: Edge, side: 1 | -1, textAngle: number | undefined): Edge {
  const { top, bottom, slope, module } = known;
  const middle = (top + bottom) / 2;
  const here = known.offset + slope * middle;
  const there = side * max(frame.region.length / 2, side * here + FEWEST_MODULES * module);
  const shift = rowSlope(frame, known, textAngle) * (there - here);
  return {
    ...known,
    offset: there - slope * (middle + shift),
    top: top + shift,
    bottom: bottom + shift,
    score: 0,
  };
}

function outlineOf(
  frame: Frame,
  start: Edge | null,
  stop: Edge | null,
  reversed: boolean,
  textAngle: number | undefined,
): CodeOutline | null {
  const sides = reversed ? ([1, -1] as const) : ([-1, 1] as const);
  const first = start ?? (stop && assumedEdge(frame, stop, sides[0], textAngle));
  const last = stop ?? (start && assumedEdge(frame, start, sides[1], textAngle));
  if (!first || !last) return null;
  const point = (edge: Edge, across: number) => {
    const { along } = edgePoint(edge, across);
    return toRaster(frame, along, across);
  };
  const [upper, lower] = reversed ? (['bottom', 'top'] as const) : (['top', 'bottom'] as const);
  const corners = {
    topLeft: point(first, first[upper]),
    topRight: point(last, last[upper]),
    bottomRight: point(last, last[lower]),
    bottomLeft: point(first, first[lower]),
  };
  const module = (first.module + last.module) / 2;
  const width =
    (distance(corners.topLeft, corners.topRight) + distance(corners.bottomLeft, corners.bottomRight)) / 2;
  return { ...corners, module, modules: width / module, score: (first.score + last.score) / 2 };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
