import type { PrintedLine } from '../../domain/document-fields.js';
import type { RgbRaster } from '../images/raster.js';
import type { ReadText, TextRecogniser } from './line-recogniser.js';
import { aspect, cropLine, facing, grown, rowPosition, turned, type TextBox } from './text-box.js';

/** A line of print with the place it was read from. */
export interface ReadLine extends PrintedLine {
  readonly box: TextBox;
}

/** Print reaches a little beyond the detector's box. */
const SIDEWAYS = 0.3;
/** Longer than any line of print at the recogniser's height. */
const MOST_ASPECT = 40;
const LEAST_ASPECT = 0.6;
/** Lines read at most: a page of a book is no document, and shall not hold up the next one. */
const MOST_LINES = 48;
/** Lines by which the reading direction is found out. */
const PROBES = 3;
/** Width of a printed character in heights of its line's box, on the average of the fonts of documents. */
const CHARACTER_ASPECT = 0.5;

const readable = (box: TextBox): boolean => aspect(box) >= LEAST_ASPECT && aspect(box) <= MOST_ASPECT;

export async function readLine(
  raster: RgbRaster,
  box: TextBox,
  recogniser: TextRecogniser,
): Promise<ReadText> {
  return recogniser.readText(cropLine(raster, grown(box, 1, SIDEWAYS), recogniser.lineHeight));
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
  enough: (lines: readonly ReadLine[]) => boolean,
): Promise<readonly ReadLine[]> {
  const lines: ReadLine[] = [];
  const places = aligned(boxes, direction);
  for (const [index, box] of boxes.slice(0, MOST_LINES).entries()) {
    const read = await readLine(raster, facing(box, direction), recogniser);
    if (read.text !== '') lines.push({ ...placed(places[index] ?? box, read), box: facing(box, direction) });
    if (enough(lines)) break;
  }
  return lines;
}

/** How unlike the shape of a line is to that of any of the texts looked for. */
function unlikeness(box: TextBox, texts: readonly string[]): number {
  const characters = aspect(box) / CHARACTER_ASPECT;
  return Math.min(...texts.map((text) => Math.abs(Math.log(characters / Math.max(1, text.length)))));
}

/** What is looked for on a page. */
export interface PrintSearch {
  /** Texts to be found: lines that are about as long as one of them are read first. */
  readonly texts: readonly string[];
  /** Whether what was read so far will do. */
  readonly enough: (lines: readonly ReadLine[]) => boolean;
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
  search: PrintSearch = { texts: [], enough: () => false },
): Promise<readonly ReadLine[]> {
  const usable = boxes.filter(readable);
  const page = direction ?? (await findDirection(raster, usable, recogniser));
  if (!page) return [];
  const ordered = usable
    .map((box) => ({ box, cost: search.texts.length === 0 ? -box.length : unlikeness(box, search.texts) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ box }) => box);
  return readLines(raster, ordered, page, recogniser, search.enough);
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
  for (const probe of probes.map((box) => facing(box, longest))) {
    upright += (await readLine(raster, probe, recogniser)).confidence;
    inverted += (await readLine(raster, turned(probe), recogniser)).confidence;
  }
  return inverted > upright ? turned(longest) : longest;
}
