import sharp, { type OverlayOptions } from 'sharp';
import type { Watermarker } from '../../app/ports/watermarker.js';

const WIDTH = 5;
const HEIGHT = 7;
/** A character with the space beside and below it; the shade takes one dot of it. */
const CELL_WIDTH = WIDTH + 1;
const CELL_HEIGHT = HEIGHT + 2;

/** Five by seven dots a character, a row a number: the service has no fonts, and needs none for this. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  C: [14, 17, 16, 16, 16, 17, 14],
  D: [28, 18, 17, 17, 17, 18, 28],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  G: [14, 17, 16, 23, 17, 17, 15],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  J: [7, 2, 2, 2, 2, 18, 12],
  K: [17, 18, 20, 24, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 17, 25, 21, 19, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  P: [30, 17, 17, 30, 16, 16, 16],
  Q: [14, 17, 17, 17, 21, 18, 13],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
  V: [17, 17, 17, 17, 17, 10, 4],
  W: [17, 17, 17, 21, 21, 21, 10],
  X: [17, 17, 10, 4, 10, 17, 17],
  Y: [17, 17, 17, 10, 4, 4, 4],
  Z: [31, 1, 2, 4, 8, 16, 31],
  ':': [0, 4, 4, 0, 4, 4, 0],
  '.': [0, 0, 0, 0, 0, 12, 12],
  '-': [0, 0, 0, 31, 0, 0, 0],
  _: [0, 0, 0, 0, 0, 0, 31],
  '@': [14, 17, 1, 13, 21, 21, 14],
};

/** Share of full opacity, of the letters and of the shade that keeps them legible on light ground. */
const LETTER_ALPHA = 120;
const SHADE_ALPHA = 70;

/** Share of the image's width that one mark takes, where its letters can be that large. */
const MARK_SHARE = 1 / 3;
/** Free space between marks, in heights of a mark's line. */
const GAP_LINES = 4;

interface Block {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Cuts the text into lines of at most `columns` characters, for a narrow image bears no long line. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += columns) lines.push(text.slice(at, at + columns));
  return lines;
}

/** Lines of text as an RGBA block, each dot `scale` pixels wide, light letters with a dark shade. */
function drawBlock(lines: readonly string[], scale: number): Block {
  const longest = Math.max(...lines.map((line) => line.length));
  const width = (longest * CELL_WIDTH + 1) * scale;
  const height = (lines.length * CELL_HEIGHT + 1) * scale;
  const data = Buffer.alloc(width * height * 4);
  const dot = (column: number, row: number, level: number, alpha: number) => {
    const pixel = Buffer.from([level, level, level, alpha]);
    for (let y = row * scale; y < (row + 1) * scale; y++)
      data.fill(pixel, (y * width + column * scale) * 4, (y * width + (column + 1) * scale) * 4);
  };
  const paint = (offset: number, level: number, alpha: number) => {
    lines.forEach((line, row) => {
      [...line.toUpperCase()].forEach((character, column) => {
        (GLYPHS[character] ?? []).forEach((bits, y) => {
          for (let x = 0; x < WIDTH; x++)
            if (bits & (1 << (WIDTH - 1 - x)))
              dot(column * CELL_WIDTH + x + offset, row * CELL_HEIGHT + y + offset, level, alpha);
        });
      });
    });
  };
  paint(1, 0, SHADE_ALPHA);
  paint(0, 255, LETTER_ALPHA);
  return { data, width, height };
}

/** Where marks stand: in rows from edge to edge, each second row shifted by half a mark, the last one flush with the far edges. */
function placesOf(
  block: Block,
  width: number,
  height: number,
  gap: number,
): readonly { left: number; top: number }[] {
  const steps = (size: number, room: number, step: number, shift: number): number[] => {
    const last = room - size;
    const at: number[] = [];
    for (let offset = shift; offset + size <= last; offset += step) at.push(Math.round(offset));
    return [...at, last];
  };
  return steps(block.height, height, block.height + gap, gap / 2).flatMap((top, row) =>
    steps(block.width, width, block.width * 1.25, row % 2 === 0 ? 0 : block.width / 2).map((left) => ({
      left,
      top,
    })),
  );
}

/** Repeats the mark over the whole image, so that no crop of use is without it. */
export function makeWatermarker(): Watermarker {
  return {
    async mark(image, text) {
      const { width, height } = await sharp(image).metadata();
      const scale = Math.max(1, Math.round((width * MARK_SHARE) / ((text.length + 2) * CELL_WIDTH)));
      const columns = Math.max(1, Math.floor((width / scale - 1) / CELL_WIDTH));
      const block = drawBlock(wrap(text, columns), scale);
      const overlays: OverlayOptions[] = placesOf(block, width, height, CELL_HEIGHT * scale * GAP_LINES).map(
        (place) => ({
          input: block.data,
          raw: { width: block.width, height: block.height, channels: 4 },
          ...place,
        }),
      );
      return sharp(image).composite(overlays).jpeg({ quality: 85 }).toBuffer();
    },
  };
}
