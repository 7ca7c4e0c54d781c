import { squeezed } from './letters.js';
import { findPageLabels, languagesOf, type FoundLabel } from './find-labels.js';
import { findDates, type DateOrder } from './printed-dates.js';
import { partOf, type PrintedLine } from './printed-line.js';
import { issuerOfTitle } from './state-names.js';
import type { LabelKind } from './label-table.js';
import type { PageContext } from './values.js';

/** A label with its place. */
export interface PlacedLabel extends FoundLabel {
  readonly line: number;
  readonly place: PrintedLine;
}

/** A text that may be a value: what is no label on a line. */
export interface Piece {
  readonly text: string;
  readonly line: number;
  readonly place: PrintedLine;
  /** The label that it follows on its line, and what stands between the two. */
  readonly behind?: { readonly label: PlacedLabel; readonly parting: string };
}

export interface Page extends PageContext {
  readonly labels: readonly PlacedLabel[];
  readonly pieces: readonly Piece[];
  readonly american: boolean;
  readonly issuer: { readonly code: string; readonly line: number; readonly sole: boolean } | null;
  /** Values stand in capitals, so that print in small letters is none. */
  readonly capitals: boolean;
}

const PARTING = /^[\s.,:;/()\-–_|*#°'’]*/;
const LOWER = /\p{Ll}/gu;
/** Small letters that are capitals in small: recognisers tell them by size alone. */
const SIZE_ONLY = /[ckopsuvwxz]/g;

export const hasSmallLetters = (text: string): boolean =>
  (text.replace(SIZE_ONLY, '').match(LOWER) ?? []).length >= 2;

const SPAN = /[\dOQILSB]{2}\s*[-–—]\s*[\dOQILSB]{2}[./ ]/i;

/** Dates stand apart from what shares their line; a span of time stays in one. */
function splitAtDates(piece: Piece, line: PrintedLine, offset: number): readonly Piece[] {
  const dates = findDates(piece.text);
  const [first] = dates;
  if (!first) return [piece];
  const cuts: [number, number][] = [];
  for (const { start, end } of dates) {
    const last = cuts.at(-1);
    if (last && /^\s*[-–—]\s*$/.test(piece.text.slice(last[1], start))) last[1] = end;
    else cuts.push([start, end]);
  }
  // A span of time of which but one end was read: the other says which.
  if (SPAN.test(piece.text)) return [piece];
  const pieces: Piece[] = [];
  const add = (start: number, end: number, behind: boolean) => {
    const text = piece.text.slice(start, end);
    if (squeezed(text).length < 1) return;
    pieces.push({
      text,
      line: piece.line,
      place: partOf(line, offset + start, offset + end),
      ...(behind && piece.behind ? { behind: piece.behind } : {}),
    });
  };
  let from = 0;
  for (const [start, end] of cuts) {
    if (start > from) add(from, start, from === 0);
    add(start, end, from === 0 || piece.behind !== undefined);
    from = end;
  }
  add(from, piece.text.length, false);
  return pieces;
}

function piecesOf(line: PrintedLine, index: number, labels: readonly PlacedLabel[]): readonly Piece[] {
  const whole = { text: line.text, line: index, place: line };
  if (labels.length === 0) return splitAtDates(whole, line, 0);
  const pieces: Piece[] = [];
  for (const [position, label] of labels.entries()) {
    const rest = line.text.slice(label.end, labels[position + 1]?.start ?? line.text.length);
    const parting = PARTING.exec(rest)?.[0] ?? '';
    const text = rest.slice(parting.length).trimEnd();
    if (text === '') continue;
    const start = label.end + parting.length;
    const piece = {
      text,
      line: index,
      place: partOf(line, start, start + text.length),
      behind: { label, parting },
    };
    pieces.push(...splitAtDates(piece, line, start));
  }
  return pieces;
}

/** Abbreviations of North American cards. */
const AMERICAN_LABELS = /^(?:LN|FN|DOB|EXP|ISS|DLN|DL|DD|HGT|WGT|RSTR|END)$/;
const LEAST_AMERICAN = 3;
const LICENCE = /LICEN[CS]E|DRIVER|IDENTIFICATION|PERMISDECONDUIRE/;

function isAmerican(
  lines: readonly PrintedLine[],
  labels: readonly PlacedLabel[],
  issuer: string | undefined,
): boolean {
  if (issuer !== undefined) return issuer === 'USA' || issuer === 'CAN';
  const abbreviations = labels.filter(({ line, start, end }) =>
    AMERICAN_LABELS.test(squeezed(lines[line]?.text.slice(start, end) ?? '')),
  );
  return (
    new Set(abbreviations.map(({ line, start, end }) => lines[line]?.text.slice(start, end))).size >=
      LEAST_AMERICAN || lines.some(({ text }) => /DRIVER'?S? ?LICENSE/i.test(text))
  );
}

/** Which way round a page writes its dates: any date that can be read in one way only settles it for all, else who issued it. */
function dateOrder(
  lines: readonly PrintedLine[],
  languages: ReadonlySet<string>,
  issuer: string | undefined,
  american: boolean,
): DateOrder {
  const mentions = lines.flatMap(({ text }) => findDates(text));
  const numbers = mentions.flatMap(({ readings }) => readings.filter(({ order }) => order !== undefined));
  const beyondMonths = (order: DateOrder) =>
    numbers.some((reading) => reading.order === order && reading.day > 12 && reading.month <= 12);
  const [dayFirst, monthFirst] = [beyondMonths('day-first'), beyondMonths('month-first')];
  if (dayFirst !== monthFirst) return dayFirst ? 'day-first' : 'month-first';
  if (dayFirst) return 'unknown';
  if (issuer === 'USA') return 'month-first';
  // Canada and whoever imitates it write dates in every way.
  if (issuer !== undefined && issuer !== 'CAN') return 'day-first';
  const european = [...languages].some((language) => language !== 'en' && language !== 'fr');
  if (european) return 'day-first';
  return american && issuer === undefined && lines.some(({ text }) => /LICENSE/i.test(text))
    ? 'month-first'
    : 'unknown';
}

/** The state that issued the document, by the first line of those without labels that names one. */
function titleOf(lines: readonly PrintedLine[], labels: readonly PlacedLabel[]): Page['issuer'] {
  const isLicence = lines.some(({ text }) => LICENCE.test(squeezed(text)));
  const top = Math.min(...lines.map(({ middle }) => middle));
  const bottom = Math.max(...lines.map(({ middle }) => middle));
  const titles = lines
    .map((line, index) => ({ line, index }))
    .filter(
      ({ index }) =>
        !labels.some((label) => label.line === index && label.kind !== 'other' && label.kind !== 'title'),
    )
    // A title heads its page; further down stand places and nationalities.
    .filter(({ line }) => line.middle <= top + (bottom - top) * TITLE_SHARE)
    .sort((a, b) => a.line.middle - b.line.middle)
    .flatMap(({ line, index }) => {
      const code = issuerOfTitle(line.text, isLicence);
      return code === undefined ? [] : [{ code, line: index }];
    });
  const [first] = titles;
  return first ? { ...first, sole: titles.every(({ code }) => code === first.code) } : null;
}
const TITLE_SHARE = 0.3;

/** What stands before a label, be it in a language that is not known, belongs to it as far as the stroke says so or nothing else does. */
function labelPlace(line: PrintedLine, label: FoundLabel, before: FoundLabel | undefined): PrintedLine {
  const from = before?.end ?? 0;
  const gap = line.text.slice(from, label.start);
  const belongs = /\p{L}/u.test(gap) && (before === undefined || /[/|]\s*$/.test(gap));
  return partOf(line, belongs ? from : label.start, label.end);
}

/** What the page is, before its labels are settled. */
interface Titles {
  readonly kinds: ReadonlySet<LabelKind>;
  readonly isLicence: boolean;
  readonly isNorthAmerican: boolean;
}

/** Cards of a licence have a number of their own beside that of the licence. */
const CARD = /^CARD/;

/** A label of a name means what the others leave over. */
function resolveLabel(label: PlacedLabel, { kinds, isLicence, isNorthAmerican }: Titles): PlacedLabel {
  if (isLicence && label.kind === 'document_number' && CARD.test(squeezed(label.place.text)))
    return { ...label, kind: 'personal_number' };
  // Elsewhere it is a part of a title.
  if (!isNorthAmerican && squeezed(label.place.text) === 'ID') return { ...label, kind: 'other' };
  if (label.kind !== 'name') return label;
  if (kinds.has('surname') && kinds.has('given_names')) return { ...label, kind: 'other' };
  if (kinds.has('surname')) return { ...label, kind: 'given_names' };
  return kinds.has('given_names') ? { ...label, kind: 'surname' } : label;
}

/** Takes a page apart into labels and what may be their values. */
export function understandPage(lines: readonly PrintedLine[], today: string): Page {
  const found = findPageLabels(lines);
  const kinds = new Set(found.flat().map(({ kind }) => kind));
  const has = (pattern: RegExp) => lines.some(({ text }) => pattern.test(squeezed(text)));
  const titles: Titles = {
    kinds,
    isLicence: has(/DRIV|LICEN[CS]E/),
    isNorthAmerican: has(/DRIVERS?LICENSE|IDENTIFICATIONCARD/),
  };
  const placed = found.map((labels, index) =>
    labels.flatMap((label, position) => {
      const line = lines[index];
      return line
        ? [
            resolveLabel(
              { ...label, line: index, place: labelPlace(line, label, labels[position - 1]) },
              titles,
            ),
          ]
        : [];
    }),
  );
  const labels = placed.flat();
  const pieces = lines.flatMap((line, index) => piecesOf(line, index, placed[index] ?? []));
  const issuer = titleOf(lines, labels);
  const languages = languagesOf(found);
  const american = isAmerican(lines, labels, issuer?.code);
  const words = pieces.filter(
    ({ text, behind }) => !behind && /\p{L}{3}/u.test(text) && findDates(text).length === 0,
  );
  const capitals = words.filter(({ text }) => !hasSmallLetters(text)).length * 2 > words.length;
  return {
    today,
    order: dateOrder(lines, languages, issuer?.code, american),
    languages,
    fullYears: lines.some(({ text }) => findDates(text).some(({ year }) => year.length === 4)),
    labels,
    pieces,
    american,
    issuer,
    capitals,
  };
}
