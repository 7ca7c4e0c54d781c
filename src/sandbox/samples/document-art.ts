import sharp from 'sharp';
import type { LicenceDetails } from './aamva-writer.js';
import type { MrzLines } from './mrz-writer.js';
import type { Person, PortraitStudio } from './portraits.js';
import { makeRandom } from './random.js';
import type { Raster } from './raster.js';
import { setText, textWidth, type TypeCase, type Typefaces, type TextStyle } from './type-setter.js';

/** What a sample document says. */
export interface SpecimenData {
  readonly person: Person;
  readonly surname: string;
  readonly givenNames: string;
  readonly placeOfBirth: string;
  readonly documentNumber: string;
  /** Dates as `YYYY-MM-DD`. */
  readonly dateOfBirth: string;
  readonly issuedOn: string;
  readonly expiresOn: string;
  /** `null` for a document without a machine-readable zone. */
  readonly mrz: MrzLines | null;
  /** `F` where nothing is said: all persons in the photographs are women. */
  readonly sex?: 'F' | 'M' | 'X';
  /** The names in another script, printed above their Latin spelling. */
  readonly nationalNames?: { readonly surname: string; readonly givenNames: string };
  /** A national identity number, where the document prints one. */
  readonly personalNumber?: string;
  /** What driving licences say besides. */
  readonly licence?: LicenceDetails;
  /** Text of the barcode on the back of a licence. */
  readonly barcode?: string;
}

/** What drawing needs. */
export interface DrawingKit {
  readonly typeCase: TypeCase;
  readonly studio: PortraitStudio;
  readonly grounds: GroundStore;
}

/** A rectangle in millimetres of the document. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const INK = '#1d2530';
const LABEL_INK = '#3f5a7c';
const SPECIMEN_INK = '#b3262e';

/** OCR-B size 1 has ten characters an inch (ICAO 9303-3, 4.3; ISO 1073-2). */
const MRZ_PITCH_MM = 2.54;
/** Em size at which the font's own advance (0.723 em) is that pitch, so that the characters have their standard size. */
const MRZ_EM_MM = MRZ_PITCH_MM / 0.723;
const MRZ_LINE_SPACING_MM = 6.35;
const MRZ_LOWEST_BASELINE_MM = 5.6;

const shape = (data: string, fill: string, more = ''): string => `<path d="${data}" fill="${fill}" ${more}/>`;

/** Where a field stands, how much width it has and how high its value's type is, in millimetres. */
export interface PlacedText {
  readonly x: number;
  readonly y: number;
  readonly room: number;
  readonly size: number;
}

/** Draws with millimetres as units and the lower-case names of a document's parts. */
export function makePen(typefaces: Typefaces) {
  const text = (
    content: string,
    x: number,
    y: number,
    style: Partial<TextStyle> & { ink?: string },
  ): string =>
    shape(setText(content, x, y, { face: typefaces.regular, size: 3, ...style }), style.ink ?? INK);

  /** Text that is set smaller where it would be wider than its room, as card printers do with long names. */
  const fitted: typeof text extends (...given: infer Given) => string
    ? (...given: [...Given, room: number]) => string
    : never = (content, x, y, style, room) => {
    const full = { face: typefaces.regular, size: 3, ...style };
    const width = textWidth(content, full);
    return text(content, x, y, width > room ? { ...full, size: (full.size * room) / width } : full);
  };

  return {
    text,
    fitted,

    /** A label in small type with its value below; a second line of the value, as names in two scripts have it, is set closer. */
    field(label: string, values: readonly string[], place: PlacedText): string {
      const { x, y, room, size } = place;
      const valueSize = values.length > 1 ? size * 0.78 : size;
      const first = y + (values.length > 1 ? size * 0.88 : size * 1.12);
      return (
        fitted(label, x, y, { size: size * 0.56, ink: LABEL_INK }, room) +
        values
          .map((value, i) =>
            fitted(value, x, first + i * size * 0.8, { face: typefaces.bold, size: valueSize }, room),
          )
          .join('')
      );
    },

    /** A label with its value behind it on the same line. */
    inlineField(label: string, values: readonly string[], place: PlacedText, gap: number): string {
      const { x, y, room, size } = place;
      const indent = label === '' ? 0 : gap;
      const labelStyle = { size: size * 0.72, ink: LABEL_INK };
      return (
        (label === '' ? '' : text(label, x, y, labelStyle)) +
        values
          .map((value, i) =>
            fitted(value, x + indent, y + i * size * 1.05, { face: typefaces.bold, size }, room - indent),
          )
          .join('')
      );
    },

    /** A heading in two languages. */
    heading([upper, lower]: readonly [string, string], x: number, y: number, size: number): string {
      const bold = setText(upper, x, y, { face: typefaces.bold, size });
      return shape(bold, LABEL_INK) + text(lower, x, y + size * 0.9, { size: size * 0.7, ink: LABEL_INK });
    },

    /** The mark that keeps a sample from being taken for a document; pale enough to leave what is printed over it readable. */
    specimenMark(x: number, y: number, size: number, angle: number): string {
      const data = setText('SPECIMEN', x, y, { face: typefaces.bold, size, anchor: 'middle' });
      return shape(data, SPECIMEN_INK, `opacity="0.13" transform="rotate(${angle} ${x} ${y})"`);
    },

    specimenStamp(x: number, y: number, size: number): string {
      return shape(
        setText('SPECIMEN', x, y, { face: typefaces.bold, size, anchor: 'end' }),
        SPECIMEN_INK,
        'opacity="0.85"',
      );
    },

    /** Lines of OCR-B, centred, the lowest at its place above the lower edge. */
    mrz(lines: MrzLines, width: number, height: number): string {
      return lines
        .map((line, i) => {
          const x = (width - line.length * MRZ_PITCH_MM) / 2;
          const y = height - MRZ_LOWEST_BASELINE_MM - (lines.length - 1 - i) * MRZ_LINE_SPACING_MM;
          const style = { face: typefaces.ocrB, size: MRZ_EM_MM, pitch: MRZ_PITCH_MM };
          return shape(setText(line, x, y, style), '#14161a');
        })
        .join('');
    },
  };
}

const polyline = (points: readonly (readonly [number, number])[]): string =>
  `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}`;

/** A band of waves that share their shape and differ in phase, as security printing has them. */
function waveBand(width: number, middle: number, seed: string): string {
  const random = makeRandom(seed);
  const longWave = random.between(1.5, 3);
  const shortWave = random.between(4, 7);
  const phase = random.between(0, Math.PI * 2);
  const lines = Array.from({ length: 14 }, (_, line) => {
    const shift = line * 0.16;
    return polyline(
      Array.from({ length: 121 }, (_, step) => {
        const t = step / 120;
        const slow = Math.sin(t * longWave * 2 * Math.PI + phase + shift) * 5;
        const fast = Math.sin(t * shortWave * 2 * Math.PI - shift * 2) * 2.2;
        return [t * width, middle + slow + fast] as const;
      }),
    );
  });
  return lines.join('');
}

const PETALS = 9;

/** A rosette: circles whose radius swings, turned against one another. */
function rosette({ x, y, radius }: GroundStyle['rosette'], petals: number): string {
  return Array.from({ length: 9 }, (_, ring) =>
    polyline(
      Array.from({ length: 181 }, (_, step) => {
        const turn = (step / 180) * 2 * Math.PI;
        const swing = radius * (0.68 + 0.3 * Math.sin(turn * petals + ring * 0.7));
        return [x + swing * Math.cos(turn), y + swing * Math.sin(turn)] as const;
      }),
    ),
  ).join('');
}

export interface GroundStyle {
  readonly width: number;
  readonly height: number;
  /** Corner radius (ISO/IEC 7810 cards: 3.18 mm). */
  readonly radius: number;
  readonly from: string;
  readonly to: string;
  readonly lines: readonly [string, string];
  readonly rosette: { readonly x: number; readonly y: number; readonly radius: number };
  /** Shapes the lines. */
  readonly seed: string;
}

/** The document's paper: a tint with guilloche-like lines. */
function drawGround(style: GroundStyle): string {
  const { width, height, radius, seed } = style;
  const bands = [0.14, 0.38, 0.62, 0.88].map((part, i) => waveBand(width, part * height, `${seed}band-${i}`));
  const petals = seed === '' ? PETALS : Math.round(makeRandom(`${seed}petals`).between(5, 17));
  const stroke = (data: string, colour: string): string =>
    `<path d="${data}" fill="none" stroke="${colour}" stroke-width="0.11" opacity="0.5"/>`;
  return (
    `<defs><linearGradient id="tint" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${style.from}"/>` +
    `<stop offset="1" stop-color="${style.to}"/></linearGradient>` +
    `<clipPath id="paper"><rect width="${width}" height="${height}" rx="${radius}"/></clipPath></defs>` +
    `<rect width="${width}" height="${height}" rx="${radius}" fill="url(#tint)"/>` +
    `<g clip-path="url(#paper)">${bands.map((band, i) => stroke(band, style.lines[i % 2 === 0 ? 0 : 1])).join('')}` +
    `${stroke(rosette(style.rosette, petals), style.lines[1])}</g>`
  );
}

/** A portrait on the document; a ghost is pale and lies in the ground. */
export interface PlacedPortrait {
  readonly person: Person;
  readonly box: Box;
  /** 0–1. */
  readonly opacity: number;
}

async function portraitLayer(placed: PlacedPortrait, scale: number, studio: PortraitStudio) {
  const width = Math.round(placed.box.width * scale);
  const height = Math.round(placed.box.height * scale);
  const portrait = await studio.portrait(placed.person, width, height);
  const input = await sharp(portrait.data, { raw: { width, height, channels: 3 } })
    .ensureAlpha(placed.opacity)
    .raw()
    .toBuffer();
  return {
    input,
    raw: { width, height, channels: 4 as const },
    left: Math.round(placed.box.x * scale),
    top: Math.round(placed.box.y * scale),
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const asSvg = (drawing: string, size: Size, width: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${heightOf(size, width)}" ` +
      `viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none">${drawing}</svg>`,
  );

const heightOf = (size: Size, width: number): number => Math.round((size.height * width) / size.width);

async function rasteriseSvg(svg: Buffer): Promise<Raster> {
  const { data, info } = await sharp(svg).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 4 };
}

/**
 * Rasterises a drawing in millimetres. Text in it is outlines, so no font is looked up.
 *
 * @param width of the raster in pixels
 */
export const rasterise = (drawing: string, size: Size, width: number): Promise<Raster> =>
  rasteriseSvg(asSvg(drawing, size, width));

/** Grounds that were drawn last. Their lines take half the time of a drawing, and samples of one kind share them. */
export type GroundStore = (style: GroundStyle, width: number) => Promise<Raster>;

/** Each holds up to eight megabytes. */
const GROUNDS_KEPT = 4;

export function makeGroundStore(): GroundStore {
  const kept = new Map<string, Promise<Raster>>();
  return (style, width) => {
    const key = JSON.stringify([style, width]);
    const known = kept.get(key);
    const ground = known ?? rasterise(drawGround(style), style, width);
    // Behind all others: a map keeps the order in which it was filled.
    kept.delete(key);
    kept.set(key, ground);
    const [oldest] = kept.keys();
    if (kept.size > GROUNDS_KEPT && oldest !== undefined) kept.delete(oldest);
    return ground;
  };
}

/**
 * Rasterises what is printed on a ground and sets the portraits into it.
 *
 * @param print in millimetres
 * @param width of the raster in pixels
 */
export async function printOn(
  ground: GroundStyle,
  print: string,
  width: number,
  portraits: readonly PlacedPortrait[],
  { grounds, studio }: DrawingKit,
): Promise<Raster> {
  const paper = await grounds(ground, width);
  const scale = width / ground.width;
  const placed = await Promise.all(portraits.map((portrait) => portraitLayer(portrait, scale, studio)));
  const data = await sharp(paper.data, { raw: { width, height: paper.height, channels: 4 } })
    .composite([{ input: asSvg(print, ground, width) }, ...placed])
    .raw()
    .toBuffer();
  return { ...paper, data };
}
