import { grown, offsetFrom, stretched, besides, type TextBox } from '../ocr/text-box.js';
import type { RgbRaster } from './raster.js';
import { measureLine, type LineWindow } from './text-line.js';
import { BOX_GROWTH, type TextZone } from './text-zone.js';

/** Characters a row and rows of the formats of ICAO 9303-4 to 9303-7. */
const FORMATS = [
  { characters: 30, rows: 3 },
  { characters: 36, rows: 2 },
  { characters: 44, rows: 2 },
] as const;
const LONGEST_ROW = 44;
/** How far the measured count of characters may be off in a whole row. */
const COUNT_ERROR = 0.95;

/** The format whose rows are as long as the zone's, if one's are. */
const formatOf = ({ characters }: TextZone) =>
  FORMATS.find((format) => Math.abs(format.characters - characters) <= COUNT_ERROR) ?? null;

/** Room between a zone's end and the border, in thicknesses of a line, up to which the border may have cut it. */
const TOUCHING = 0.85;
const CLOSE = 0.17;
/** Room that a missing row would need beside the outermost one, in pitches of a character, to its middle and to its foot. */
const ROW_PITCH = 2.45;
const ROW_FOOT = 0.7;

/** Distance from a point to the nearest border, negative outside. */
const roomAt = (x: number, y: number, { width, height }: RgbRaster): number =>
  Math.min(x, y, width - x, height - y);

/** Least distance of the ends of the zone's rows to the border, in thicknesses. */
export function roomAtEnds({ rows }: TextZone, raster: RgbRaster): number {
  let least = Infinity;
  for (const { box } of rows)
    for (const side of [-0.5, 0.5]) {
      const x = box.cx + side * box.length * Math.cos(box.angle);
      const y = box.cy + side * box.length * Math.sin(box.angle);
      least = Math.min(least, roomAt(x, y, raster) / box.thickness);
    }
  return least;
}

function rowDistance({ rows, pitch }: TextZone): number {
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last || first === last) return ROW_PITCH * pitch;
  return Math.abs(offsetFrom(first.box, last.box).across) / (rows.length - 1);
}

/** Rows right outside the zone, above and below, as long as its own. */
function rowsBeside(zone: TextZone): readonly TextBox[] {
  const { rows } = zone;
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return [];
  const distance = rowDistance(zone);
  return [besides(first.box, -distance), besides(last.box, distance)];
}

/**
 * Whether the border of the picture cuts a zone: characters are missing at an end that lies at the border, or a row is missing and
 * there is no room for it within the picture.
 */
export function isZoneCutOff(zone: TextZone, raster: RgbRaster): boolean {
  const format = formatOf(zone);
  const room = roomAtEnds(zone, raster);
  if (!format) return room < TOUCHING;
  // A data page's zone that lost eight characters is as long as that of the rarer TD2, which has a margin.
  if (format.characters === 36 && room < CLOSE) return true;
  if (zone.rows.length >= format.rows) return false;
  if (room < CLOSE) return true;
  const distance = rowDistance(zone);
  return rowsBeside(zone).some(
    ({ cx, cy }) => roomAt(cx, cy, raster) < ROW_FOOT * zone.pitch - 0.1 * distance,
  );
}

/** Contrast, as a share of the zone's usual one, below which a window counts as washed out. */
const WASHED_CONTRAST = 0.4;
/** Luma by which a reflection is lighter than the paper, where nothing need be printed. */
const LIGHTER = 22;
/** Share of a window that is white without any drawing. */
const MOSTLY_BLOWN = 0.5;
/** Luma by which washed-out print may be darker than the usual paper: shading, but no blot. */
const DARKER = 12;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/**
 * Characters of a zone that a reflection has washed out: in its rows, beyond their ends where they are too short for any format, and in
 * a row that is missing altogether.
 */
export function washedCharacters(zone: TextZone, raster: RgbRaster): number {
  const { rows, pitch } = zone;
  const windows = rows.flatMap(({ measures }) => measures.windows.slice(1, -1));
  const paper = median(windows.map((window) => window.paper));
  const contrast = median(windows.map((window) => window.paper - window.ink));
  const isPale = (window: LineWindow) => window.paper - window.ink < WASHED_CONTRAST * contrast;
  const isLit = (window: LineWindow) =>
    isPale(window) && (window.blown > MOSTLY_BLOWN || window.paper >= paper + LIGHTER);
  const isWashed = (window: LineWindow) => isPale(window) && window.paper >= paper - DARKER;

  const [reference] = rows;
  if (!reference) return 0;
  const { box: base } = reference;
  let from = Infinity;
  let to = -Infinity;
  for (const { box } of rows) {
    const { along } = offsetFrom(base, box);
    const half = box.length / 2 - (BOX_GROWTH / 2) * box.thickness;
    from = Math.min(from, along - half);
    to = Math.max(to, along + half);
  }
  const format = formatOf(zone);
  const beyond = format ? 0 : Math.max(0, LONGEST_ROW - zone.characters) * pitch;
  /** Measured windows of a row with their middles, along the row from the base's middle. */
  const windowsIn = (box: TextBox, start: number, end: number): readonly LineWindow[] => {
    const { along } = offsetFrom(base, box);
    if (end - start < 2 * pitch) return [];
    return measureLine(raster, stretched(grown(box, 0.8, 0), start - along, end - along)).windows;
  };
  const charactersOf = (start: number, end: number, count: number, all: number) =>
    all === 0 ? 0 : ((end - start) / pitch) * (count / all);

  /** Windows that are lit without a gap from a row's end outwards: writing in between is a row that was not found in full. */
  const litFrom = (outwards: readonly LineWindow[]): number => {
    // At its rim, a reflection is no lighter than paper yet.
    const start = outwards[0] && isPale(outwards[0]) && !isLit(outwards[0]) ? 1 : 0;
    const end = outwards.findIndex((window, i) => i >= start && !isLit(window));
    return (end < 0 ? outwards.length : end) - start;
  };

  let washed = 0;
  for (const { box } of rows) {
    const inside = windowsIn(box, from, to);
    washed += charactersOf(from, to, inside.filter(isWashed).length, inside.length);
    if (beyond === 0) continue;
    for (const [start, end, isBefore] of [
      [from - beyond, from, true],
      [to, to + beyond, false],
    ] as const) {
      const all = windowsIn(box, start, end);
      // What lies beyond the picture repeats its border.
      const there = all.filter((_, i) =>
        isInside(box, base, start + ((i + 0.5) / all.length) * (end - start), raster),
      );
      washed += charactersOf(start, end, litFrom(isBefore ? there.toReversed() : there), all.length);
    }
  }
  const missing = (format?.rows ?? 2) - rows.length;
  if (missing > 0)
    washed += Math.max(
      ...rowsBeside(zone).map((box) => {
        const there = windowsIn(box, from, to);
        return charactersOf(from, to, there.filter(isLit).length, there.length);
      }),
    );
  return washed;
}

function isInside(box: TextBox, base: TextBox, along: number, raster: RgbRaster): boolean {
  const offset = along - offsetFrom(base, box).along;
  const x = box.cx + offset * Math.cos(box.angle);
  const y = box.cy + offset * Math.sin(box.angle);
  return roomAt(x, y, raster) > 0;
}
