import type { PrintedLine } from '../../domain/document-fields.js';
import type { RgbRaster } from '../images/raster.js';
import { decodeGreedy } from './ctc.js';
import type { MrzLineRecogniser, ReadText, TextRecogniser } from './line-recogniser.js';
import { aspect, cropLine, facing, grown, rowPosition, turned, type TextBox } from './text-box.js';

/** A line of print with the place it was read from. */
export interface ReadLine extends PrintedLine {
  /** As the detector found it, facing the way it is read. */
  readonly box: TextBox;
}

export interface QuickLine extends ReadLine {
  /** The box that was given for it. */
  readonly source: TextBox;
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
/** What a quick reading is taken for: enough to find a word by, too little to hold it against anything. */
const QUICK_CONFIDENCE = 0.5;

const readable = (box: TextBox): boolean => aspect(box) >= LEAST_ASPECT && aspect(box) <= MOST_ASPECT;

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

/** Reads lines until `enough` says so or none is left. */
async function readLines(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  direction: TextBox,
  recogniser: TextRecogniser,
  { enough, most }: Pick<PrintSearch, 'enough' | 'most'>,
): Promise<readonly ReadLine[]> {
  const lines: ReadLine[] = [];
  const places = aligned(boxes, direction);
  let length = 0;
  for (const [index, box] of boxes.slice(0, MOST_LINES).entries()) {
    length += aspect(box);
    if (length > most) break;
    const read = await readLine(raster, facing(box, direction), recogniser);
    if (read.text !== '') lines.push({ ...placed(places[index] ?? box, read), box: facing(box, direction) });
    if (enough(lines)) break;
  }
  return lines;
}

/** What is looked for on a page. */
export interface PrintSearch {
  /** The lines that may hold it, the likeliest first; lines that are not among them come last. */
  readonly likely: readonly TextBox[];
  /** Whether what was read so far will do. */
  readonly enough: (lines: readonly ReadLine[]) => boolean;
  /** Length of all lines read, in heights of theirs. */
  readonly most: number;
}

/**
 * Reads the print of a page.
 *
 * @param direction a line that faces the way the page does; `null` where nothing tells it yet: the longest lines are then tried both ways up
 * @param search without it all lines are read
 */
export async function readPrint(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  direction: TextBox | null,
  recogniser: TextRecogniser,
  search: PrintSearch = { likely: [], enough: () => false, most: MOST_PRINT },
): Promise<readonly ReadLine[]> {
  const usable = boxes.filter(readable);
  const page = direction ?? (await findDirection(raster, usable, recogniser));
  if (!page) return [];
  const rest = usable
    .filter((box) => !search.likely.includes(box))
    .sort((one, other) => other.length - one.length);
  const ordered = [...search.likely.filter(readable), ...rest];
  return readLines(raster, ordered, page, recogniser, search);
}

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

/**
 * Reads lines by the reader of zones, for what is printed in capitals and digits. Spaces are lost, small letters come out as something
 * else: whole words that are found in it are there, what is not found may still be.
 *
 * @param direction a line that faces the way the page does
 */
export async function readQuickly(
  raster: RgbRaster,
  boxes: readonly TextBox[],
  direction: TextBox,
  recogniser: MrzLineRecogniser,
): Promise<readonly QuickLine[]> {
  const lines: QuickLine[] = [];
  const usable = boxes.filter(readable).slice(0, MOST_LINES);
  const places = aligned(usable, direction);
  for (const [index, box] of usable.entries()) {
    const turnedRight = facing(box, direction);
    const crop = cropLine(raster, grown(turnedRight, 1, SIDEWAYS), recogniser);
    const text = decodeGreedy(await recogniser.scoreLine(crop))
      .replaceAll('<', ' ')
      .trim();
    if (text === '') continue;
    const place = placed(places[index] ?? box, { text, confidence: QUICK_CONFIDENCE });
    lines.push({ ...place, box: turnedRight, source: box });
  }
  return lines;
}

/** Digits from which a line that was read quickly may bear a number that matters. */
const NUMBER_DIGITS = 6;
/** Length of all that is read again for them, in heights of the lines. */
const MOST_NUMBERS = 60;

/** Lines that were read quickly, with those that may bear a long number read again by a recogniser that knows labels. */
export async function readNumbers(
  raster: RgbRaster,
  quick: readonly QuickLine[],
  recogniser: TextRecogniser,
): Promise<readonly ReadLine[]> {
  const lines: ReadLine[] = [];
  let length = 0;
  for (const line of quick) {
    const mayBeNumber = line.text.replace(/\D/g, '').length >= NUMBER_DIGITS;
    const isRead = mayBeNumber && length + aspect(line.box) <= MOST_NUMBERS;
    if (isRead) length += aspect(line.box);
    lines.push(isRead ? { ...line, ...(await readLine(raster, line.box, recogniser)) } : line);
  }
  return lines;
}
