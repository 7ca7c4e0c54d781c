import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeRgb } from '../src/adapters/images/decode.js';
import type { RgbRaster } from '../src/adapters/images/raster.js';
import { makeLineFinder } from '../src/adapters/ocr/line-finder.js';
import { mergeCollinear, offsetFrom, type TextBox } from '../src/adapters/ocr/text-box.js';
import { makeTextDetector } from '../src/adapters/ocr/text-detector.js';

/** A line in a photograph, in its pixels and radians. */
interface TrueLine {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly thickness: number;
  readonly angle: number;
}

const boxOf = ({ x, y, ...line }: TrueLine): TextBox => ({ cx: x, cy: y, score: 1, ...line });

/** Ends of a line, and lines, this near to the border or beyond it are left aside: nobody can say what is seen of them. */
const BORDER = 4;
/** Lower lines nobody can read. */
const LOWEST = 7;
/** Photographs are drawn at the size at which they are searched. */
const SIDE = 384;

function isWhole({ cx, cy, length, angle }: TextBox, { width, height }: RgbRaster): boolean {
  return [-1, 1].every((end) => {
    const x = cx + (end * length * Math.cos(angle)) / 2;
    const y = cy + (end * length * Math.sin(angle)) / 2;
    return x > BORDER && y > BORDER && x < width - BORDER && y < height - BORDER;
  });
}

/** Share of what both boxes cover of what either does, taken along and across the first one. */
function overlap(a: TextBox, b: TextBox): number {
  const { along, across } = offsetFrom(a, b);
  const shared = (offset: number, one: number, other: number) =>
    Math.max(0, Math.min(one / 2, offset + other / 2) - Math.max(-one / 2, offset - other / 2));
  const both = shared(along, a.length, b.length) * shared(across, a.thickness, b.thickness);
  return both / (a.length * a.thickness + b.length * b.thickness - both);
}

const FOUND = 0.5;
const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** Groups by the height of the box, in pixels. */
const GROUPS = [
  { name: 'below 10 pixels', from: LOWEST, to: 10 },
  { name: '10 to 16', from: 10, to: 16 },
  { name: '16 to 24', from: 16, to: 24 },
  { name: 'higher', from: 24, to: Infinity },
  { name: '**all**', from: LOWEST, to: Infinity },
] as const;

/**
 * Prints how many lines are found on a folder of pages that `training/render_set.py --pages` wrote, by the project's own finder and by the
 * general detector: found are those that a box overlaps by half.
 */
export async function evaluatePages(folder: string): Promise<void> {
  const truths = JSON.parse(await readFile(path.join(folder, 'truth.json'), 'utf8')) as Record<
    string,
    readonly TrueLine[]
  >;
  const finders = [
    { name: 'finder', detector: await makeLineFinder() },
    { name: 'pp-ocrv4', detector: await makeTextDetector() },
  ];
  const tallies = finders.map(() => ({ found: GROUPS.map(() => 0), boxes: 0, right: 0 }));
  const lines = GROUPS.map(() => 0);
  for (const [file, truth] of Object.entries(truths)) {
    const raster = await decodeRgb(await readFile(path.join(folder, file)), { maxSide: 4000 });
    const all = truth.map(boxOf);
    const whole = all.filter((line) => isWhole(line, raster));
    const groupsOf = ({ thickness }: TextBox) =>
      [...GROUPS.keys()].filter(
        (group) => thickness >= (GROUPS[group]?.from ?? 0) && thickness < (GROUPS[group]?.to ?? 0),
      );
    for (const line of whole) for (const group of groupsOf(line)) lines[group]!++;
    for (const [index, { detector }] of finders.entries()) {
      const boxes = mergeCollinear(await detector.detect(raster, SIDE));
      const tally = tallies[index]!;
      for (const line of whole)
        if (boxes.some((box) => overlap(line, box) >= FOUND))
          for (const group of groupsOf(line)) tally.found[group]!++;
      const seen = boxes.filter((box) => isWhole(box, raster));
      tally.boxes += seen.length;
      tally.right += seen.filter((box) => all.some((line) => overlap(line, box) >= FOUND)).length;
    }
  }
  const out = [
    `| height of the line | lines | ${finders.map(({ name }) => `${name}: found`).join(' | ')} |`,
    `| --- | --- | ${finders.map(() => '---').join(' | ')} |`,
    ...GROUPS.map(
      ({ name }, group) =>
        `| ${name} | ${lines[group]} | ${tallies.map(({ found }) => percent(found[group]!, lines[group]!)).join(' | ')} |`,
    ),
    `| of the boxes, a line | | ${tallies.map(({ right, boxes }) => percent(right, boxes)).join(' | ')} |`,
  ];
  process.stdout.write(`${out.join('\n')}\n`);
  for (const { detector } of finders) await detector.close();
}
