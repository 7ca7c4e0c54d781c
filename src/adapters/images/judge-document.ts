import type { ReasonCode } from '../../domain/reasons.js';
import { aspect, mergeCollinear, type TextBox } from '../ocr/text-box.js';
import { measureGlare } from './glare.js';
import { measureEdges, type PrintedArea } from './page-edges.js';
import { MEASURED_SIDE, measureDetail, measureLight } from './quality.js';
import type { RgbRaster } from './raster.js';
import { shrinkTo } from './resample.js';
import { DIRECTIONS, isBars, measureLine, type LineMeasures } from './text-line.js';
import { findZone, measureLines, type TextZone } from './text-zone.js';
import { isZoneCutOff, roomAtEnds, washedCharacters } from './zone-faults.js';

/**
 * Set on degraded copies of photographed and drawn documents (`eval/quality.ts`). Where two values stand, the first refuses a picture that
 * nobody has tried to read, and the second one says why a picture was not read: there is no harm then in being wrong.
 */
const LIMITS = {
  /** Steepness of a line's edges, see `measureLine`. Zones were read down to 0.174, and up to 0.25 some were not. */
  textSharpness: { refuse: 0.173, explain: 0.27 },
  /** Luma between ink and paper: below, noise and compression leave nothing. */
  textContrast: { refuse: 6, explain: 16 },
  /** Pixels a character of a zone: down to 4.5 some were read, and none below. */
  pitch: { refuse: 4.5, explain: 6 },
  /** Characters of a zone that a reflection may wash out: fillers may be missing. */
  washed: { refuse: 24, explain: 1.5 },
  /** Share of the picture blown out by a reflection, where there is no zone. */
  glare: 0.01,
  /** Whole picture at 1000 pixels, where there is no text: see `measureDetail`. */
  sharpness: 0.335,
  steadiness: { refuse: 0.4, explain: 0.48 },
  detail: 0.02,
  /** Longer side of what is printed, and thickness of its lines, in pixels, where there is no zone. */
  printedSide: 180,
  /** … and of what takes only so small a part of the picture's longer side that most of its lines are not even found. */
  far: { printedSide: 400, share: 0.4 },
  lineThickness: 6.5,
  /** Colour by which a table differs from paper at the least, and paper from itself at the most, 0–255. */
  edge: { seen: 26, none: 13 },
} as const;

/** Every so many pixels one is looked at for the light: it changes slowly. */
const LIGHT_STEP = 3;
/** Lines of text below which a picture is judged as a whole. */
const LEAST_LINES = 3;
/** Part of the longer side up to which a box may be thick: beyond, it is a blurred block or a picture. */
const THICKEST = 0.09;
/** Lines whose sharpness is looked at where there is no zone; the median counts, as some print is soft by itself. */
const LARGEST_LINES = 8;
const MIDDLE = 0.5;
/** Side of the square of a picture's area below which no document in it can be read, in pixels. */
const LEAST_SIDE = 215;
/** Least aspect of a line whose edges are measured. */
const LEAST_ASPECT = 1.5;
/** Part of the picture's longer side within which text touches the border. */
const TOUCHING = 0.012;
/** … and from which on a page that were cut there would show the rest of its print: what looks like paper then is a coloured band, or a table like one. */
const NEAR = 0.08;

export interface Judgement {
  /** Why the picture cannot be used, most important first. */
  readonly reasons: readonly ReasonCode[];
  readonly quality: Readonly<Record<string, number>>;
}

export interface DocumentJudgeOptions {
  /** The picture was not read: names the likeliest cause where a picture that is still to be read would pass. */
  readonly unread?: boolean;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;

type Directions = Pick<LineMeasures, (typeof DIRECTIONS)[number]>;

/** A shaken picture is sharp in one direction: what counts is the one in which it is least. */
const sharpnessOf = (measures: Directions): number => Math.min(...DIRECTIONS.map((name) => measures[name]));

type Limit = 'refuse' | 'explain';

const isTiny = ({ width, height }: RgbRaster): boolean => Math.sqrt(width * height) < LEAST_SIDE;

function printedArea(boxes: readonly TextBox[]): PrintedArea {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const { cx, cy, length, thickness, angle } of boxes) {
    const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
    const x = (length * cos + thickness * sin) / 2;
    const y = (length * sin + thickness * cos) / 2;
    xs.push(cx - x, cx + x);
    ys.push(cy - y, cy + y);
  }
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

/** Judges by the machine-readable zone: what can be read there is enough, whatever the rest looks like. */
function judgeZone(zone: TextZone, raster: RgbRaster, limit: Limit): Judgement {
  const { rows, pitch, characters } = zone;
  // A short fragment says little of its row.
  const longest = Math.max(...rows.map(({ box }) => box.length));
  const whole = rows.filter(({ box }) => box.length > 0.5 * longest);
  const mean = (name: (typeof DIRECTIONS)[number]) =>
    whole.reduce((sum, { measures }) => sum + measures[name], 0) / whole.length;
  const contrast = Math.min(...whole.map(({ measures }) => measures.contrast));
  const sharpness = Math.min(...DIRECTIONS.map(mean));
  const washed = washedCharacters(zone, raster);
  const cutOff = isZoneCutOff(zone, raster);
  const reasons: ReasonCode[] = [];
  if (pitch < LIMITS.pitch[limit]) reasons.push('document_too_small');
  else if (sharpness < LIMITS.textSharpness.refuse) reasons.push('document_blurry');
  if (cutOff) reasons.push('document_cut_off');
  if (contrast < LIMITS.textContrast[limit]) reasons.push('document_unreadable');
  // What is blurred or small looks washed out, too.
  if (reasons.length === 0 && washed > LIMITS.washed[limit]) reasons.push('document_glare');
  // The least certain of all: asked last.
  if (reasons.length === 0 && sharpness < LIMITS.textSharpness[limit]) reasons.push('document_blurry');
  return {
    reasons,
    quality: {
      text_sharpness: rounded(sharpness),
      text_sharpest: rounded(Math.max(...DIRECTIONS.map(mean))),
      text_contrast: contrast,
      zone_rows: rows.length,
      zone_characters: rounded(characters),
      zone_pitch_px: rounded(pitch),
      zone_washed: rounded(washed),
      zone_room: rounded(roomAtEnds(zone, raster)),
    },
  };
}

/** Whether the page runs on to a side of the picture while a table shows at two others at least: a scan shows none. */
function runsOff({ edges, rooms }: Sides): boolean {
  const touches = (side: number) => (rooms[side] ?? 0) < TOUCHING;
  return edges.some((edge, side) => {
    const seen = (other: number) => (edges[other] ?? 0) >= LIMITS.edge.seen && !touches(other);
    const shown = [side + 1, side + 2, side + 3].filter((other) => seen(other % 4)).length;
    const runsOn = edge < LIMITS.edge.none && (rooms[side] ?? 0) < NEAR;
    return (runsOn || touches(side)) && shown >= 2;
  });
}

/** Longer side of what is printed, in pixels. */
const extentOf = ({ left, top, right, bottom }: PrintedArea): number => Math.max(right - left, bottom - top);

/** Whether a document lies so far away that there is a nearer photograph to be taken. */
function isFarAway(extent: number, { width, height }: RgbRaster): boolean {
  const { far, printedSide } = LIMITS;
  return extent < printedSide || (extent < far.printedSide && extent < far.share * Math.max(width, height));
}

interface PrintMeasures {
  readonly sharpness: number;
  readonly contrast: number;
  /** Of a line, in pixels. */
  readonly thickness: number;
}

/** Measures the largest lines; `null` where none is writing. */
function measurePrint(boxes: readonly TextBox[], raster: RgbRaster): PrintMeasures | null {
  const writing = boxes
    .filter((box) => aspect(box) >= LEAST_ASPECT)
    .toSorted((a, b) => b.length * b.thickness - a.length * a.thickness)
    .slice(0, LARGEST_LINES)
    .map((box) => measureLine(raster, box))
    .filter((measures) => !isBars(measures));
  if (writing.length === 0) return null;
  const middle = (values: readonly number[]) => quantile(values, MIDDLE);
  return {
    sharpness: middle(writing.map(sharpnessOf)),
    contrast: middle(writing.map((measures) => measures.contrast)),
    thickness: middle(boxes.map((box) => box.thickness)),
  };
}

/** How the page ends at the picture's left, top, right and bottom. */
interface Sides {
  readonly edges: readonly [number, number, number, number];
  /** Distance of print to the border, as a share of the picture's longer side. */
  readonly rooms: readonly number[];
}

function measureSides(area: PrintedArea, raster: RgbRaster, measured: RgbRaster): Sides {
  const scale = measured.width / raster.width;
  const edges = measureEdges(measured, {
    left: area.left * scale,
    top: area.top * scale,
    right: area.right * scale,
    bottom: area.bottom * scale,
  });
  const longest = Math.max(raster.width, raster.height);
  const { left, top, right, bottom } = area;
  const rooms = [left, top, raster.width - right, raster.height - bottom].map((room) => room / longest);
  return { edges, rooms };
}

/** Judges print without a zone. */
function judgePrint(
  boxes: readonly TextBox[],
  raster: RgbRaster,
  measured: RgbRaster,
  limit: Limit,
): Judgement {
  const area = printedArea(boxes);
  const print = measurePrint(boxes, raster);
  const { sharpness } = measureDetail(measured);
  const sides = measureSides(area, raster, measured);
  const { edges } = sides;
  const glare = measureGlare(measured);
  const extent = extentOf(area);
  const isBlurred = (least: number) => (print ? print.sharpness < least : sharpness < LIMITS.sharpness);
  const reasons: ReasonCode[] = [];
  if (isTiny(raster)) reasons.push('document_too_small');
  else if (isBlurred(LIMITS.textSharpness.refuse)) reasons.push('document_blurry');
  else if (isFarAway(extent, raster) || (print && print.thickness < LIMITS.lineThickness))
    reasons.push('document_too_small');
  if (print && print.contrast < LIMITS.textContrast[limit]) reasons.push('document_unreadable');
  if (reasons.length === 0 && runsOff(sides)) reasons.push('document_cut_off');
  if (reasons.length === 0 && glare > LIMITS.glare) reasons.push('document_glare');
  if (reasons.length === 0 && isBlurred(LIMITS.textSharpness[limit])) reasons.push('document_blurry');
  return {
    reasons,
    quality: {
      sharpness: rounded(sharpness),
      ...(print && {
        text_sharpness: rounded(print.sharpness),
        text_contrast: print.contrast,
        line_thickness_px: rounded(print.thickness),
      }),
      printed_px: Math.round(extent),
      glare: rounded(glare),
      edge_left: rounded(edges[0]),
      edge_top: rounded(edges[1]),
      edge_right: rounded(edges[2]),
      edge_bottom: rounded(edges[3]),
    },
  };
}

/** Judges a picture in which next to no text was found. */
function judgeWhole(
  boxes: readonly TextBox[],
  raster: RgbRaster,
  measured: RgbRaster,
  limit: Limit,
): Judgement {
  const isTextSeen = boxes.length > 0;
  const extent = isTextSeen ? extentOf(printedArea(boxes)) : 0;
  const { sharpness, steadiness, detail } = measureDetail(measured);
  const glare = measureGlare(measured);
  const quality = {
    sharpness: rounded(sharpness),
    steadiness: rounded(steadiness),
    detail: rounded(detail),
    glare: rounded(glare),
    printed_px: Math.round(extent),
  };
  const reasons: ReasonCode[] = [];
  if (isTiny(raster)) reasons.push('document_too_small');
  else if (detail < LIMITS.detail) reasons.push('document_unreadable');
  else if (sharpness < LIMITS.sharpness) reasons.push('document_blurry');
  else if (glare > LIMITS.glare) reasons.push('document_glare');
  // One or two blocks of text, and no line of it: print that a movement has run together.
  else if (isTextSeen && steadiness < LIMITS.steadiness[limit]) reasons.push('document_blurry');
  else if (isTextSeen && steadiness > LIMITS.steadiness.explain && isFarAway(extent, raster))
    reasons.push('document_too_small');
  return { reasons, quality };
}

/**
 * Judges the photograph of a document's side by what there is to be read: sharpness, contrast, size, reflections and cuts are measured on
 * the lines of a machine-readable zone; where there is none, on the print; and where there is none of that either, on the whole. Says
 * nothing of what is printed.
 *
 * @param boxes lines of text as the detector found them, in pixels of `raster`
 * @returns measures in `quality`, as described in docs/recognition.md
 */
export function judgeDocument(
  raster: RgbRaster,
  boxes: readonly TextBox[] = [],
  { unread = false }: DocumentJudgeOptions = {},
): Judgement {
  const { brightness, contrast, saturated } = measureLight(raster, LIGHT_STEP);
  const merged = mergeCollinear(boxes);
  const print = merged.filter((box) => box.thickness <= THICKEST * Math.max(raster.width, raster.height));
  const limit: Limit = unread ? 'explain' : 'refuse';
  const zone = findZone(measureLines(raster, merged));
  const faults = zone
    ? judgeZone(zone, raster, limit)
    : print.length >= LEAST_LINES
      ? judgePrint(print, raster, shrinkTo(raster, MEASURED_SIDE), limit)
      : judgeWhole(merged, raster, shrinkTo(raster, MEASURED_SIDE), limit);
  return {
    reasons: faults.reasons,
    quality: {
      brightness: rounded(brightness),
      contrast: rounded(contrast),
      saturated: rounded(saturated),
      text_lines: merged.length,
      ...faults.quality,
    },
  };
}
