import type { PrintedLine } from '../../domain/document-fields.js';
import { doubtfulNumbers, type DocumentContext } from '../../domain/private-numbers.js';
import type { RgbRaster } from '../images/raster.js';
import type { ReadText, TextRecogniser } from './line-recogniser.js';
import { aspect, cropLine, facing, grown, rowPosition, turned, type TextBox } from './text-box.js';

/** A line of print with the place it was read from. */
export interface ReadLine extends PrintedLine {
  /** As the detector found it, facing the way it is read. */
  readonly box: TextBox;
  /** Read by the general recogniser, after the quick one. */
  readonly again?: true;
}

/** Print reaches a little beyond the detector's box. */
const SIDEWAYS = 0.3;
/** Longer than any line of print at the recogniser's height. */
const MOST_ASPECT = 40;
const LEAST_ASPECT = 0.6;
/** Lines read at most: a page of a book is no document, and shall not hold up the next one. */
const MOST_LINES = 48;
/** Length of all lines read, in heights of theirs: time goes with it, and a document bears less than this. */
const MOST_PRINT = 320;
/** Lines by which the reading direction is found out, and how much of each is read for it, in heights. */
const PROBES = 3;
const PROBED = 10;
/** In pixels: print lower than that, with what a box leaves above and below, nobody reads. */
const LEAST_THICKNESS = 8;
const readable = (box: TextBox): boolean =>
  aspect(box) >= LEAST_ASPECT && aspect(box) <= MOST_ASPECT && box.thickness >= LEAST_THICKNESS;

export async function readLine(
  raster: RgbRaster,
  box: TextBox,
  recogniser: TextRecogniser,
): Promise<ReadText> {
  return recogniser.readText(cropLine(raster, grown(box, 1, SIDEWAYS), recogniser));
}

/** A line in the frame of its own reading direction, in pixels. */
function placed(box: TextBox, { text, confidence }: ReadText): ReadLine {
  const along = box.cx * Math.cos(box.angle) + box.cy * Math.sin(box.angle);
  return {
    text,
    confidence,
    left: along - box.length / 2,
    right: along + box.length / 2,
    middle: rowPosition(box),
    height: box.thickness,
    box,
  };
}

/** All boxes as if each ran in exactly the same direction: places can then be compared. */
function aligned(boxes: readonly TextBox[], direction: TextBox): TextBox[] {
  return boxes.map((box) => {
    const turnedRight = facing(box, direction);
    // A box about as high as it is long says nothing of its own direction.
    return { ...turnedRight, angle: direction.angle };
  });
}

/** What the quick reader's word is taken for where print is held against a zone: it may confirm it, and not contradict it (ADR 0017). */
const QUICK_CONFIDENCE = 0.5;

export const asWitness = (line: ReadLine): ReadLine =>
  line.again === true ? line : { ...line, confidence: Math.min(line.confidence, QUICK_CONFIDENCE) };

/** Lines in which something was read. */
export const withText = (lines: readonly ReadLine[]): readonly ReadLine[] =>
  lines.filter(({ text }) => text !== '');

/**
 * Reads the print of a page, the longest lines first. Lines in which nothing was read are there with an empty text: another may read them.
 *
 * @param direction a line that faces the way the page does; `null` where nothing tells it yet: the longest lines are then tried both ways up
 * @param compass tries them: one whose confidence tells print from print that stands on its head
 */
export async function readLines(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  direction: TextBox | null,
  recogniser: TextRecogniser,
  compass: TextRecogniser = recogniser,
): Promise<readonly ReadLine[]> {
  const usable = boxes.filter(readable).sort((one, other) => other.length - one.length);
  const page = direction ?? (await findDirection(raster, usable, compass));
  if (!page) return [];
  const places = aligned(usable, page);
  const lines: ReadLine[] = [];
  let length = 0;
  for (const [index, box] of usable.slice(0, MOST_LINES).entries()) {
    length += aspect(box);
    if (length > MOST_PRINT) break;
    const upright = facing(box, page);
    const read = await readLine(raster, upright, recogniser);
    lines.push({ ...placed(places[index] ?? box, read), box: upright });
  }
  return lines;
}

/** The same, without what could not be read. */
export const readPrint = async (...page: Parameters<typeof readLines>): Promise<readonly ReadLine[]> =>
  withText(await readLines(...page));

/** Likeness to what is sought from which a line may be it. */
export const PROMISING = 0.5;

/** How lines are read again. */
export interface Rereading {
  /** How much a line promises, 0–1: the most promising are read first, and one that promises little cannot be what was wanting. */
  readonly promise: (line: ReadLine) => number;
  /** Lines that promise less are left as they are. */
  readonly least: number;
  /** Whether the lines, as far as they were read again, will do. */
  readonly enough: (lines: readonly ReadLine[]) => boolean;
  /** Length of all that is read again, in heights of the lines. */
  readonly most: number;
}

/** Lines with one after the other read again by another recogniser, until they will do. */
export async function rereadLines(
  raster: RgbRaster,
  lines: readonly ReadLine[],
  recogniser: TextRecogniser,
  { promise, least, enough, most }: Rereading,
): Promise<readonly ReadLine[]> {
  const reread = [...lines];
  const order = lines
    .map((line, index) => ({ index, line, promise: promise(line) }))
    .filter((entry) => entry.line.again !== true && entry.promise >= least)
    .sort((a, b) => b.promise - a.promise);
  let length = 0;
  let isNews = true;
  for (const { index, line } of order) {
    if (isNews && enough(reread)) break;
    length += aspect(line.box);
    if (length > most) break;
    const read = await readAgain(raster, line, recogniser);
    reread[index] = read;
    isNews = promise(read) >= PROMISING;
  }
  return reread;
}

const readAgain = async (
  raster: RgbRaster,
  line: ReadLine,
  recogniser: TextRecogniser,
): Promise<ReadLine> => ({
  ...line,
  ...(await readLine(raster, line.box, recogniser)),
  again: true,
});

async function findDirection(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  recogniser: TextRecogniser,
): Promise<TextBox | null> {
  const probes = boxes.toSorted((a, b) => b.length - a.length).slice(0, PROBES);
  const [longest] = probes;
  if (!longest) return null;
  let upright = 0;
  let inverted = 0;
  for (const box of probes) {
    const probe = facing({ ...box, length: Math.min(box.length, PROBED * box.thickness) }, longest);
    upright += (await readLine(raster, probe, recogniser)).confidence;
    inverted += (await readLine(raster, turned(probe), recogniser)).confidence;
  }
  return inverted > upright ? turned(longest) : longest;
}

/** Confidence from which a number is as the quick reader has it, but for letters that look alike, which the search for numbers allows for … */
const SURE = 0.99;
/** … and from which at least none of its characters is missing. */
const COMPLETE = 0.9;
/** Length of all that is read again for them, in heights of the lines. */
const MOST_NUMBERS = 60;

/**
 * Lines with those read again, if they were not, in which a number that has to be masked may have been misread.
 *
 * @param context what the document's own reading says of it
 */
export async function rereadNumbers(
  raster: RgbRaster,
  lines: readonly ReadLine[],
  recogniser: TextRecogniser,
  context: DocumentContext,
): Promise<readonly ReadLine[]> {
  const reread = new Map<number, ReadLine>();
  const isComplete = (index: number) => (lines[index]?.confidence ?? 0) >= COMPLETE;
  let length = 0;
  for (const index of doubtfulNumbers(lines, context, isComplete)) {
    const line = lines[index];
    if (!line || line.again === true || line.confidence >= SURE) continue;
    length += aspect(line.box);
    if (length > MOST_NUMBERS) break;
    reread.set(index, await readAgain(raster, line, recogniser));
  }
  return reread.size === 0 ? lines : lines.map((line, index) => reread.get(index) ?? line);
}
