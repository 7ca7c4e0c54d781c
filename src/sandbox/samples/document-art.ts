import sharp from 'sharp';
import type { MrzLines } from './mrz-writer.js';
import type { Person, PortraitStudio } from './portraits.js';
import { makeRandom } from './random.js';
import type { Raster } from './raster.js';
import { setText, type Typefaces, type TextStyle } from './type-setter.js';

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
}

/** What drawing needs. */
export interface DrawingKit {
  readonly typefaces: Typefaces;
  readonly studio: PortraitStudio;
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

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `1994-03-07` as `07 MAR 1994`, the form of the visual zone (ICAO 9303-3, 3.7.1.2). */
export function printedDate(isoDate: string): string {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  return `${day} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

const shape = (data: string, fill: string, more = ''): string => `<path d="${data}" fill="${fill}" ${more}/>`;

/** Draws with millimetres as units and the lower-case names of a document's parts. */
export function makePen(typefaces: Typefaces) {
  const text = (
    content: string,
    x: number,
    y: number,
    style: Partial<TextStyle> & { ink?: string },
  ): string =>
    shape(setText(content, x, y, { face: typefaces.regular, size: 3, ...style }), style.ink ?? INK);
  return {
    text,

    /** A label in small type with its value below. */
    field(label: string, value: string, x: number, y: number, size = 3.3): string {
      return (
        text(label, x, y, { size: size * 0.56, ink: LABEL_INK }) +
        text(value, x, y + size * 1.12, { face: typefaces.bold, size })
      );
    },

    /** A heading in two languages. */
    heading(english: string, french: string, x: number, y: number, size: number): string {
      const bold = setText(english, x, y, { face: typefaces.bold, size });
      return shape(bold, LABEL_INK) + text(french, x, y + size * 0.9, { size: size * 0.7, ink: LABEL_INK });
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

/** A rosette: circles whose radius swings, turned against one another. */
function rosette(x: number, y: number, radius: number): string {
  return Array.from({ length: 9 }, (_, ring) =>
    polyline(
      Array.from({ length: 181 }, (_, step) => {
        const turn = (step / 180) * 2 * Math.PI;
        const swing = radius * (0.68 + 0.3 * Math.sin(turn * 9 + ring * 0.7));
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
}

/** The document's paper: a tint with guilloche-like lines. */
export function drawGround(style: GroundStyle): string {
  const { width, height, radius } = style;
  const bands = [0.14, 0.38, 0.62, 0.88].map((part, i) => waveBand(width, part * height, `band-${i}`));
  const stroke = (data: string, colour: string): string =>
    `<path d="${data}" fill="none" stroke="${colour}" stroke-width="0.11" opacity="0.5"/>`;
  return (
    `<defs><linearGradient id="tint" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${style.from}"/>` +
    `<stop offset="1" stop-color="${style.to}"/></linearGradient>` +
    `<clipPath id="paper"><rect width="${width}" height="${height}" rx="${radius}"/></clipPath></defs>` +
    `<rect width="${width}" height="${height}" rx="${radius}" fill="url(#tint)"/>` +
    `<g clip-path="url(#paper)">${bands.map((band, i) => stroke(band, style.lines[i % 2 === 0 ? 0 : 1])).join('')}` +
    `${stroke(rosette(style.rosette.x, style.rosette.y, style.rosette.radius), style.lines[1])}</g>`
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

/**
 * Rasterises a drawing in millimetres and sets the portraits into it. The text is outlines, so no font is looked up.
 *
 * @param width of the raster in pixels
 */
export async function rasterise(
  drawing: string,
  size: { readonly width: number; readonly height: number },
  width: number,
  portraits: readonly PlacedPortrait[],
  studio: PortraitStudio,
): Promise<Raster> {
  const scale = width / size.width;
  const height = Math.round(size.height * scale);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none">${drawing}</svg>`;
  const layers = await Promise.all(portraits.map((placed) => portraitLayer(placed, scale, studio)));
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .composite(layers)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 4 };
}
