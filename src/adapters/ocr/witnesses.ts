import {
  crossCheckZones,
  printedDates,
  readPrintedFields,
  type CrossCheck,
  type ZoneFields,
} from '../../domain/document-fields.js';
import { MRZ_FIELDS, type MrzField, type MrzFormat } from '../../domain/mrz.js';
import { distance } from '../../domain/printed/letters.js';
import type { RgbRaster } from '../images/raster.js';
import type { TextRecogniser } from './line-recogniser.js';
import { asWitness, PROMISING, readLines, rereadLines, withText, type ReadLine } from './printed-zone.js';
import { standsIn, type TextBox } from './text-box.js';

export interface WitnessSearch {
  readonly raster: RgbRaster;
  readonly boxes: readonly TextBox[];
  /** Looks for lines more thoroughly than those were; `null` where that has been done. */
  readonly searchAgain: (() => Promise<readonly TextBox[]>) | null;
  /** A line that faces the way the page does; `null` where nothing tells. */
  readonly direction: TextBox | null;
  /** Lines of the zone, where it stands on this side. */
  readonly zone: readonly TextBox[];
  readonly format: MrzFormat;
  /** What the zone says, without what its check digits contradict. */
  readonly fields: ZoneFields;
  /** Whether anything that print says can still matter: a zone that is not believed in any case needs no witness. */
  readonly believable: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** What print is searched for until it is found: whom the document is about. The rest is well covered by check digits. */
const WITNESSED: readonly MrzField[] = ['surname', 'given_names', 'date_of_birth'];

/** Print that is read beside a zone, in heights of its lines: data pages bear up to 215. */
const MOST_WITNESSES = 220;

const squeezed = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** 0 (nothing in common) to 1 (the same), by edit distance. */
function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 0 : 1 - distance(a, b, longest) / longest;
}

/** How much a line, quickly read, resembles anything that is looked for. */
function promise(text: string, fields: ZoneFields): number {
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

/** Of these print has the last word: no check digit covers them (ICAO 9303-3, 4.9). */
const NAMES: readonly MrzField[] = ['surname', 'given_names'];

/** Print around a zone, and how it stands to the zone. */
export interface Witnesses extends CrossCheck {
  readonly lines: readonly ReadLine[];
}

/**
 * Reads the print around a zone: all of it by the project's own reader, which costs little, and what that leaves open by the general one:
 * the lines that may say whom the document is about, the likeliest first, until they say it as the zone does. Where no name is found, or
 * anything seems to differ, lines are looked for more thoroughly, and in the end all are read again: what contradicts the zone must not be
 * missed. So they are where the birth date is not found but another date is; a page without one is none: not every page bears it.
 */
export async function readWitnesses(
  { raster, boxes, searchAgain, direction, zone, format, fields, believable, today }: WitnessSearch,
  quick: TextRecogniser,
  thorough: TextRecogniser,
): Promise<Witnesses> {
  const holdAgainst = (read: readonly ReadLine[], as: (line: ReadLine) => ReadLine): CrossCheck => {
    const lines = read.map(as);
    return crossCheckZones({ mrz: fields, printed: readPrintedFields(lines, today), lines, today });
  };
  const readAtOnce = (found: readonly TextBox[]) => {
    const others = found.filter((box) => !zone.some((line) => standsIn(line, box)));
    return readLines(raster, others, direction, quick, thorough);
  };
  // A visa's zone has three check digits only (ICAO 9303-7, 4.2).
  const sought: readonly MrzField[] =
    format === 'MRVA' || format === 'MRVB' ? [...WITNESSED, 'document_number'] : WITNESSED;
  const says = (names: readonly MrzField[], { confirmed, contradicted }: CrossCheck) =>
    contradicted.length === 0 && names.every((name) => fields[name] === undefined || confirmed.has(name));
  const reread = (lines: readonly ReadLine[], wanting: ZoneFields, least: number) =>
    rereadLines(raster, lines, thorough, {
      promise: ({ text }) => promise(text, wanting),
      least,
      enough: (so) => says(sought, holdAgainst(so, asSuspect)),
      most: MOST_WITNESSES,
    });
  /** What lines say once those that promise something were read again, if they had to be. */
  const hear = async (lines: readonly ReadLine[]): Promise<Witnesses> => {
    const atOnce = holdAgainst(lines, asSuspect);
    if (says(sought, atOnce)) return { lines, ...atOnce };
    const wanting = Object.fromEntries(
      MRZ_FIELDS.filter((name) => !atOnce.confirmed.has(name)).map((name) => [name, fields[name]]),
    );
    const again = await reread(lines, wanting, PROMISING);
    return { lines: again, ...holdAgainst(again, asSuspect) };
  };
  const isOtherDate = ({ text }: ReadLine) => {
    const dates = [...printedDates(text, 'birth', today), ...printedDates(text, 'expiry', today)];
    return (
      dates.length > 0 && !dates.some((date) => date === fields.date_of_birth || date === fields.expires_on)
    );
  };
  /** Names are found, and nothing speaks against the zone: no date stands where that of birth is missing. */
  const isHarmless = (heard: Witnesses): boolean =>
    says(NAMES, heard) && (says(['date_of_birth'], heard) || !heard.lines.some(isOtherDate));
  const done = ({ lines, ...check }: Witnesses): Witnesses => ({ lines: withText(lines), ...check });

  const lines = await readAtOnce(boxes);
  // The zone of a TD1 card stands on its back, which says nothing else of the holder (ICAO 9303-5, 2.2.1).
  if (!believable || (format === 'TD1' && zone.length > 0))
    return done({ lines, ...holdAgainst(lines, asWitness) });
  let heard = await hear(lines);
  if (searchAgain && !isHarmless(heard)) heard = await hear(await readAtOnce(await searchAgain()));
  if (isHarmless(heard)) return done(heard);
  const all = await reread(heard.lines, fields, 0);
  return done({ lines: all, ...holdAgainst(all, asWitness) });
}

/** A line as if the quick reader had been sure of it: what it saw has to be looked at, however unsurely it saw it. */
const asSuspect = (line: ReadLine): ReadLine => (line.again === true ? line : { ...line, confidence: 1 });
