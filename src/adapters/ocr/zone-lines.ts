import type { ScoredLine } from './mrz-line.js';
import { alignBlocks, aspect, besides, facing, rowPosition, standsBeside, type TextBox } from './text-box.js';

/** A line of 30 to 44 characters is at least this many times as long as it is thick. */
const LEAST_ASPECT = 11;
const MOST_LINES = 10;
const FRAGMENT_ASPECT = 4;
const MOST_FRAGMENTS = 4;
/** Four thicknesses at most from one line of a zone to the next. */
const FARTHEST_ROW = 4;
/** Distance of two lines in widths of a character: 6.35 mm to 2.54 mm (ICAO 9303-3, 4.4). */
const ROW_PITCHES = 2.5;
/** A line of a zone that is cut out neatly is longer than this many times its thickness, with all three lines of a card's. */
const NEAT_ASPECT = 19;
const MOST_SLIMMED = 3;

/** Lines that may be part of a zone, most likely first, each as long as its block, all facing one way. */
export function zoneLines(boxes: readonly TextBox[]): TextBox[] {
  const long = boxes.filter((box) => aspect(box) > LEAST_ASPECT).sort((a, b) => b.length - a.length);
  // Of a line that lies over a security print the detector may have kept a fragment only: its neighbour vouches for it.
  const fragments = boxes.filter(
    (box) =>
      aspect(box) > FRAGMENT_ASPECT &&
      aspect(box) <= LEAST_ASPECT &&
      long.some((line) => line.length > 20 * box.thickness && standsBeside(line, box)),
  );
  const [longest] = long;
  if (!longest) return [];
  const found = [...long.slice(0, MOST_LINES), ...fragments.slice(0, MOST_FRAGMENTS)];
  return [...alignBlocks(found), ...slimmed(long)].map((box) => facing(box, longest));
}

/**
 * Of lines that stand close the detector may take one for twice as thick as it is, and of two but one: those are tried again as the
 * parts they may consist of.
 */
function slimmed(long: readonly TextBox[]): readonly TextBox[] {
  return long
    .filter((box) => aspect(box) < NEAT_ASPECT)
    .slice(0, MOST_SLIMMED)
    .flatMap((box) => {
      const slim = { ...box, thickness: box.thickness * 0.55 };
      return [slim, besides(slim, -0.25 * box.thickness), besides(slim, 0.25 * box.thickness)];
    });
}

/** Runs of lines, near one below the other, that may be one zone. */
export function stacks(lines: readonly ScoredLine[]): ScoredLine[][] {
  const found: ScoredLine[][] = [];
  const nextAfter = (line: ScoredLine, from: number): number[] => {
    const below: number[] = [];
    for (let i = from; i < Math.min(lines.length, from + 2); i++) {
      const other = lines[i];
      if (!other) continue;
      const distance = rowPosition(other.box) - rowPosition(line.box);
      if (distance >= 0.5 * line.box.thickness && distance <= FARTHEST_ROW * line.box.thickness)
        below.push(i);
    }
    return below;
  };
  for (const [i, first] of lines.entries())
    for (const j of nextAfter(first, i + 1)) {
      const second = lines[j];
      if (!second) continue;
      found.push([first, second]);
      for (const k of nextAfter(second, j + 1)) {
        const third = lines[k];
        if (third) found.push([first, second, third]);
      }
    }
  return found;
}

/**
 * Where the neighbours of a line must lie that alone was found of its zone: the detector may have lost the other one altogether.
 * The plain reading of the line gives the width of its characters, and that the distance of the lines.
 */
export function withLostNeighbours({ box, plain }: ScoredLine): readonly TextBox[] {
  const distance = (box.length / plain.length) * ROW_PITCHES;
  return [box, besides(box, -distance), besides(box, distance)];
}
