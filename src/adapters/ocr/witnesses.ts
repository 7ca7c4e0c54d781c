import { confirmedByPrint } from '../../domain/document-fields.js';
import type { MrzField, MrzFormat } from '../../domain/mrz.js';
import { distance } from '../../domain/printed/letters.js';
import type { RgbRaster } from '../images/raster.js';
import type { MrzLineRecogniser, TextRecogniser } from './line-recogniser.js';
import { readPrint, readQuickly, type QuickLine, type ReadLine } from './printed-zone.js';
import { standsIn, type TextBox } from './text-box.js';

/** The print around a zone, as far as it was read. */
export interface Witnesses {
  /**
   * Every line, as the reader of zones sees it: it knows capitals and digits only, and costs next to nothing. It tells where to look, and
   * confirms nothing: what it misread in the zone it would misread in print, too.
   */
  readonly quick: readonly QuickLine[];
  /** The lines that the general recogniser read, which knows labels as well. */
  readonly thorough: readonly ReadLine[];
}

export interface WitnessSearch {
  readonly raster: RgbRaster;
  readonly boxes: readonly TextBox[];
  /** A line that faces the way the page does; `null` where nothing tells. */
  readonly direction: TextBox | null;
  /** Lines of the zone, where it stands on this side. */
  readonly zone: readonly TextBox[];
  readonly format: MrzFormat;
  readonly fields: Readonly<Partial<Record<MrzField, string>>>;
  /** Whether anything that print says can still matter: a zone that is not believed in any case needs no witness. */
  readonly believable: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** What print is searched for until it is found: whom the document is about. The rest is well covered by check digits. */
const WITNESSED: readonly MrzField[] = ['surname', 'given_names', 'date_of_birth'];

/** Print that is read beside a zone, in heights of its lines: data pages bear up to 215. */
const MOST_WITNESSES = 220;

const squeezed = (text: string): string => text.replace(/[^A-Z0-9]/g, '');
const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** 0 (nothing in common) to 1 (the same), by edit distance. */
function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 0 : 1 - distance(a, b, longest) / longest;
}

/** How much a line, quickly read, resembles anything that is looked for. */
function promise(text: string, fields: WitnessSearch['fields']): number {
  const words = [fields.surname ?? '', fields.given_names ?? '', ...(fields.given_names ?? '').split(' ')]
    .map(squeezed)
    .filter((word) => word.length > 1);
  if (fields.document_number !== undefined) words.push(squeezed(fields.document_number));
  const [year = '', month = '', day = ''] = (fields.date_of_birth ?? '').split('-');
  // With the month as a number, or as a word of whatever language.
  const dates = [day + month + year, year + month + day, day + year, day + month + year.slice(2)];
  return Math.max(
    0,
    ...words.map((word) => likeness(squeezed(text), word)),
    ...(day === '' ? [] : dates.map((date) => likeness(digitsOf(text), date))),
  );
}

/**
 * Reads print until it says whom the document is about, as the zone does. Where it does not say so, all of it is read: what contradicts
 * the zone must not be missed.
 */
export async function readWitnesses(
  { raster, boxes, direction, zone, format, fields, believable, today }: WitnessSearch,
  recogniser: MrzLineRecogniser,
  print: TextRecogniser,
): Promise<Witnesses> {
  const others = boxes.filter((box) => !zone.some((line) => standsIn(line, box)));
  const quick = direction ? await readQuickly(raster, others, direction, recogniser) : [];
  // A visa's zone has three check digits only (ICAO 9303-7, 4.2).
  const sought: readonly MrzField[] =
    format === 'MRVA' || format === 'MRVB' ? [...WITNESSED, 'document_number'] : WITNESSED;
  const isConfirmed = (lines: readonly ReadLine[]) => {
    const confirmed = confirmedByPrint(fields, lines, today);
    return sought.every((name) => fields[name] === undefined || confirmed.has(name));
  };
  // The zone of a TD1 card stands on its back, which says nothing else of the holder (ICAO 9303-5, 2.2.1).
  if (!believable || (format === 'TD1' && zone.length > 0)) return { quick, thorough: [] };
  const likely = quick
    .map(({ source, text }) => ({ source, promise: promise(text, fields) }))
    .sort((a, b) => b.promise - a.promise)
    .map(({ source }) => source);
  const thorough = await readPrint(raster, others, direction, print, {
    likely,
    enough: isConfirmed,
    most: MOST_WITNESSES,
  });
  return { quick, thorough };
}
