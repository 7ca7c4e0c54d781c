import { MRZ_FIELDS, type MrzField } from '../mrz.js';
import { agree, datesByOrder, type KnownDates } from './date-roles.js';
import { findDates, readingsOf, type DateKind, type DateMention } from './printed-dates.js';
import { numberedTexts } from './numbered-fields.js';
import { findLabels } from './find-labels.js';
import { hasSmallLetters, understandPage, type Page, type Piece, type PlacedLabel } from './page.js';
import type { PrintedFields, PrintedLine, PrintedValue } from './printed-line.js';
import { parseValue, readingsOn, REPAIRED } from './values.js';

const isField = (kind: string): kind is MrzField => (MRZ_FIELDS as readonly string[]).includes(kind);

/** Where a value stands in relation to its label. */
type Position = 'behind' | 'below' | 'beside';

interface Candidate {
  readonly label: PlacedLabel;
  readonly piece: Piece;
  readonly position: Position;
  /** Distance in heights of a line. */
  readonly cost: number;
  /** 0–1, of the place alone. */
  readonly factor: number;
}

/** Values stand at most this many heights below their labels. */
const FURTHEST_BELOW = 3.2;
const FURTHEST_BESIDE = 15;
/** Within a height of this part two lines stand on one row. */
const SAME_ROW = 0.45;

/** Print across the page, as specimens and void documents bear, is no value: so many times as high as a label. */
const FULL_HEIGHT = 2.6;

const unitOf = (a: PrintedLine, b: PrintedLine): number => Math.max(a.height, b.height);
const overlapping = (a: PrintedLine, b: PrintedLine, slack: number): boolean =>
  a.left < b.right + slack && b.left < a.right + slack;

function placeOf(
  label: PlacedLabel,
  piece: Piece,
  labels: readonly PlacedLabel[],
): Omit<Candidate, 'label' | 'piece'> | null {
  if (piece.behind) return piece.behind.label === label ? { position: 'behind', cost: 0, factor: 1 } : null;
  const [from, to] = [label.place, piece.place];
  if (to.height > FULL_HEIGHT * from.height) return null;
  const unit = unitOf(from, to);
  const down = (to.middle - from.middle) / unit;
  const gap = (to.left - from.right) / unit;
  if (Math.abs(down) <= SAME_ROW && gap >= -0.5 && gap <= FURTHEST_BESIDE) {
    const between = labels.some(
      ({ place }) =>
        place !== from &&
        Math.abs(place.middle - from.middle) <= SAME_ROW * unit &&
        place.left >= from.right - unit / 2 &&
        place.left < to.left,
    );
    return between
      ? null
      : { position: 'beside', cost: 0.8 + 0.3 * Math.max(0, gap), factor: gap <= 6 ? 1 : 0.85 };
  }
  if (down <= SAME_ROW || down > FURTHEST_BELOW || !overlapping(from, to, unit)) return null;
  if (to.left < from.left - 3 * unit) return null;
  const parted = labels.some(
    (other) =>
      other.kind !== label.kind &&
      other.place.middle > from.middle + SAME_ROW * unit &&
      other.place.middle < to.middle - SAME_ROW * unit &&
      overlapping(other.place, to, 0),
  );
  if (parted) return null;
  const aside = Math.abs(to.left - from.left) / unit;
  const near = down <= 1.8 ? 1 : down <= 2.4 ? 0.9 : 0.65;
  return { position: 'below', cost: down + 0.35 * aside, factor: near * (aside > 5 ? 0.85 : 1) };
}

/** Values that have a type of their own share a line with others without harm. */
type Substance = 'date' | 'number' | 'text';
const substanceOf = (kind: string): Substance =>
  ['date_of_birth', 'expires_on', 'issued_on'].includes(kind)
    ? 'date'
    : ['document_number', 'personal_number'].includes(kind)
      ? 'number'
      : 'text';

/** Whether a text may be what the label announces. */
function fits(label: PlacedLabel, { text }: Piece, page: Page): boolean {
  const { kind } = label;
  if (kind === 'title') return false;
  if (isField(kind)) return parseValue(kind, text, page) !== undefined;
  const isDate = findDates(text).length > 0;
  if (kind === 'issued_on') return isDate;
  if (kind === 'personal_number') return !isDate && /\d{3}/.test(text);
  return !isDate && /[\p{L}\d]/u.test(text);
}

interface LaidOutPage extends Page {
  /** Where dates and numbers stand, which nobody takes for labels. */
  readonly layout: Position | 'unknown';
}

/** How surely a name is what stands behind its label, and not the label again in a language that is not known here. */
function nameBehind({ label, piece }: Candidate, page: LaidOutPage): number {
  const { parting } = piece.behind ?? { parting: '' };
  if (parting.includes('/') || parting.includes('(')) return 0;
  if (parting.includes(':')) return 1;
  const words = piece.text.trim();
  if (hasSmallLetters(words)) return page.layout === 'behind' ? 0.9 : 0;
  if (page.layout === 'below') return 0;
  if (label.glued) return label.cost === 0 ? 0.65 : 0;
  return page.layout === 'behind' ? 0.97 : 0.8;
}

function candidatesOf(page: Page): readonly Candidate[] {
  return page.labels.flatMap((label) =>
    page.pieces.flatMap((piece) => {
      const place = placeOf(label, piece, page.labels);
      return place && fits(label, piece, page) ? [{ label, piece, ...place }] : [];
    }),
  );
}

function layoutOf(candidates: readonly Candidate[]): LaidOutPage['layout'] {
  const counts = { behind: 0, below: 0, beside: 0 };
  const nearest = new Map<PlacedLabel, Candidate>();
  for (const candidate of candidates) {
    if (substanceOf(candidate.label.kind) === 'text') continue;
    const before = nearest.get(candidate.label);
    if (!before || candidate.cost < before.cost) nearest.set(candidate.label, candidate);
  }
  for (const { position } of nearest.values()) counts[position]++;
  const [most] = (['below', 'behind', 'beside'] as const).toSorted((a, b) => counts[b] - counts[a]);
  return most !== undefined && counts[most] > 0 ? most : 'unknown';
}

const isName = (kind: string): boolean => kind === 'surname' || kind === 'given_names' || kind === 'name';

/** What the layout of the page says of a candidate. */
function judged(candidate: Candidate, page: LaidOutPage): Candidate | null {
  const { label, piece, position } = candidate;
  if (!isName(label.kind)) {
    // `Code/Cod` is a label, and Cod a state.
    const isLabelAgain =
      label.kind === 'issuer' && position === 'behind' && piece.behind?.parting.includes('/');
    return isLabelAgain ? null : candidate;
  }
  let { factor, cost } = candidate;
  if (position === 'behind') factor *= nameBehind(candidate, page);
  else if (page.capitals && hasSmallLetters(piece.text)) factor *= 0.55;
  if (page.layout !== 'unknown' && position !== page.layout) {
    cost += 2;
    if (position === 'beside') factor *= 0.75;
  }
  return factor <= 0 ? null : { ...candidate, cost, factor };
}

/** Each label takes the nearest text that fits, and no text is taken twice. */
function assign(candidates: readonly Candidate[]): readonly Candidate[] {
  const taken: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => a.cost - b.cost)) {
    const isTaken = taken.some(
      (other) =>
        other.label === candidate.label ||
        (other.piece === candidate.piece &&
          substanceOf(other.label.kind) === substanceOf(candidate.label.kind)),
    );
    if (!isTaken) taken.push(candidate);
  }
  return taken;
}

/** Less sure for every letter of the label that was misread. */
const labelFactor = ({ cost, kind }: PlacedLabel): number =>
  kind === 'other' ? 0 : cost === 0 ? 1 : cost <= 0.5 ? 0.98 : cost <= 1 ? 0.95 : cost <= 2 ? 0.9 : 0.82;

/** A page of which a date was settled by the order of others is a little less sure of it. */
const ORDERED = 0.95;

function isOrdered(text: string, kind: 'birth' | 'expiry', page: Page): boolean {
  return findDates(text, true).some((mention) => readingsOf(mention, kind, page.today, 'unknown').length > 1);
}

const RUN_TOGETHER = 0.65;

type Found = Partial<Record<MrzField, PrintedValue>>;

function keep(found: Found, field: MrzField, value: PrintedValue): void {
  const before = found[field];
  if (!before) found[field] = value;
  else if (before.value === value.value) {
    if (value.confidence > before.confidence) found[field] = value;
  } else {
    // Two labels of one field with different values: one of them was misread, and which is not known.
    const [better, worse] = before.confidence >= value.confidence ? [before, value] : [value, before];
    found[field] =
      worse.confidence > better.confidence * 0.8
        ? { ...better, confidence: better.confidence * 0.6 }
        : better;
  }
}

const FULL_NAME = /^([^,]{2,}),\s*([^,]{2,}),?$/;

function takeText(
  found: Found,
  kind: string,
  { text, line, factor }: { text: string; line: number; factor: number },
  page: Page,
  lines: readonly PrintedLine[],
): void {
  const confidence = (lines[line]?.confidence ?? 0) * factor;
  if (kind === 'name') {
    const [, surname, given] = FULL_NAME.exec(text.trim()) ?? [];
    if (surname === undefined || given === undefined) return;
    takeText(found, 'surname', { text: surname, line, factor }, page, lines);
    takeText(found, 'given_names', { text: given, line, factor }, page, lines);
    return;
  }
  if (!isField(kind)) return;
  const parsed = parseValue(kind, text, page);
  if (!parsed) return;
  // The code of the state stands before the number in many layouts, and may have run together with it.
  const code = page.issuer?.code;
  const prefixed =
    kind === 'document_number' && code !== undefined && parsed.value.startsWith(code) && code.length === 3;
  const ordered =
    (kind === 'date_of_birth' && isOrdered(text, 'birth', page)) ||
    (kind === 'expires_on' && isOrdered(text, 'expiry', page));
  keep(found, kind, {
    value: parsed.value,
    confidence: confidence * parsed.factor * (ordered ? ORDERED : 1) * (prefixed ? RUN_TOGETHER : 1),
    line,
  });
}

/** The second line of a name that may be printed over two: right below the first, in the same print. */
function lineBelow({ piece }: Candidate, page: Page, taken: ReadonlySet<Piece>): Piece | undefined {
  const { place } = piece;
  return page.pieces.find(
    (other) =>
      !taken.has(other) &&
      other.behind === undefined &&
      other.place.middle > place.middle + 0.5 * place.height &&
      other.place.middle < place.middle + 1.85 * place.height &&
      Math.abs(other.place.left - place.left) < place.height &&
      Math.abs(other.place.height - place.height) < 0.35 * place.height &&
      parseValue('given_names', other.text, page) !== undefined &&
      hasSmallLetters(other.text) === hasSmallLetters(piece.text),
  );
}

/** Whether a label follows, which proves that the line above it does not belong to one that was not read. */
const isFollowed = (next: Piece, label: PlacedLabel, page: Page): boolean =>
  page.labels.some(
    (other) =>
      other !== label &&
      overlapping(other.place, next.place, 0) &&
      other.place.middle > next.place.middle &&
      other.place.middle < next.place.middle + 2.6 * next.place.height,
  );

/** A join of two lines is a little less sure than either. */
const JOINED = 0.95;
/** A name below which another line stands that may be the rest of it. */
const UNENDED = 0.7;

interface NameText {
  readonly kind: string;
  readonly text: string;
  readonly factor: number;
}

/** A name with its second line, if it has one. */
function wholeName(candidate: Candidate, page: Page, used: ReadonlySet<Piece>): NameText {
  const { label, piece, position } = candidate;
  const text = piece.text.trim();
  const next = position === 'behind' ? undefined : lineBelow(candidate, page, used);
  if (!next) return { kind: label.kind, text, factor: 1 };
  const joined = `${text}${text.endsWith('-') ? '' : ' '}${next.text.trim()}`;
  // `LAST,` above `FIRST MIDDLE`
  if (text.endsWith(',') && label.kind !== 'given_names')
    return { kind: 'name', text: joined, factor: JOINED };
  return isFollowed(next, label, page)
    ? { kind: label.kind, text: joined, factor: JOINED }
    : { kind: label.kind, text, factor: UNENDED };
}

function readLabelled(
  found: Found,
  page: LaidOutPage,
  taken: readonly Candidate[],
  lines: readonly PrintedLine[],
): void {
  const used = new Set(taken.map(({ piece }) => piece));
  for (const candidate of taken) {
    const { label, piece } = candidate;
    const { kind, text, factor } = isName(label.kind)
      ? wholeName(candidate, page, used)
      : { kind: label.kind, text: piece.text, factor: 1 };
    const sure = candidate.factor * labelFactor(label) * factor;
    takeText(found, kind, { text, line: piece.line, factor: sure }, page, lines);
  }
}

function readNumbered(found: Found, page: Page, lines: readonly PrintedLine[]): readonly number[] {
  const numbered = numberedTexts(lines, page.american);
  const european = !page.american && numbered.length > 0;
  const context = european && page.order === 'unknown' ? { ...page, order: 'day-first' as const } : page;
  for (const { kind, text, line, factor } of numbered) {
    // A number with a label behind it announces what the label says.
    const [label] = findLabels({ text });
    const leading = label?.start === 0 ? label : undefined;
    const value = leading ? text.slice(leading.end).replace(/^[\s:.]+/, '') : text.replace(/^ID:?\s+/, '');
    if (leading && value === '') continue;
    takeText(found, leading?.kind ?? kind, { text: value, line, factor }, context, lines);
  }
  return numbered.map(({ line }) => line);
}

/** Confidence in what only its place among other dates tells. */
const BY_ORDER = 0.6;
/** The state in the title of a page is that of the issuer, but on visas and the like. */
const BY_TITLE = 0.85;

function issueDate(page: Page, taken: readonly Candidate[]): string | undefined {
  const issued = taken.find(({ label }) => label.kind === 'issued_on');
  const [mention] = issued ? findDates(issued.piece.text, true) : [];
  const readings = mention ? readingsOn(mention, 'birth', page) : [];
  return readings.length === 1 ? readings[0] : undefined;
}

function settleDates(
  found: Found,
  page: Page,
  taken: readonly Candidate[],
  numbered: readonly number[],
  lines: readonly PrintedLine[],
): void {
  const known: KnownDates = {
    birth: found.date_of_birth?.value,
    expiry: found.expires_on?.value,
    issue: issueDate(page, taken),
  };
  if (!agree(known, page.today)) {
    // One of them stands under the wrong label, and nothing tells which.
    if (!agree({ birth: known.birth }, page.today)) delete found.date_of_birth;
    else if (agree({ ...known, issue: undefined }, page.today))
      weaken(found, ['date_of_birth', 'expires_on'], 0.6);
    else {
      delete found.date_of_birth;
      delete found.expires_on;
    }
    return;
  }
  const used = new Set(taken.map(({ piece }) => piece));
  const loose = page.pieces
    .filter((piece) => !used.has(piece) && !numbered.includes(piece.line))
    .flatMap((piece) => findDates(piece.text, true).map((mention) => ({ mention, line: piece.line })));
  const only = (mention: DateMention, kind: DateKind) => {
    const readings = readingsOn(mention, kind, page);
    return readings.length === 1 ? readings[0] : undefined;
  };
  const dates = loose
    .map(({ mention, line }) => ({
      past: only(mention, 'birth'),
      coming: only(mention, 'expiry'),
      line,
      factor: mention.repaired ? BY_ORDER * REPAIRED : BY_ORDER,
    }))
    .filter(({ past, coming }) => ![past, coming].some((date) => Object.values(known).includes(date)))
    .filter((date, index, all) => all.findIndex((same) => same.coming === date.coming) === index);
  const guess = datesByOrder(known, dates, page.today);
  for (const [field, value] of [
    ['date_of_birth', guess.birth],
    ['expires_on', guess.expiry],
  ] as const) {
    const date = dates.find(
      ({ past, coming }) => value !== undefined && (past === value || coming === value),
    );
    if (found[field] || value === undefined || !date) continue;
    const confidence = (lines[date.line]?.confidence ?? 0) * date.factor;
    found[field] = { value, confidence, line: date.line };
  }
}

function weaken(found: Found, fields: readonly MrzField[], factor: number): void {
  for (const field of fields) {
    const value = found[field];
    if (value) found[field] = { ...value, confidence: value.confidence * factor };
  }
}

/**
 * The fields that a page announces by labels of the main European languages, by the numbers of driving licences, and, less surely, by
 * the order of its dates and its title. What may be read in two ways is left out: a wrong value is worse than none.
 *
 * @param today `YYYY-MM-DD`, for years of two digits
 */
export function readPrintedFields(lines: readonly PrintedLine[], today: string): PrintedFields {
  if (lines.length === 0) return {};
  const page = understandPage(lines, today);
  const candidates = candidatesOf(page);
  const laidOut: LaidOutPage = { ...page, layout: layoutOf(candidates) };
  const taken = assign(candidates.flatMap((candidate) => judged(candidate, laidOut) ?? []));
  const found: Found = {};
  readLabelled(found, laidOut, taken, lines);
  const numbered = readNumbered(found, page, lines);
  settleDates(found, page, taken, numbered, lines);
  if (!found.issuer && page.issuer) {
    const { code, line, sole } = page.issuer;
    const confidence = (lines[line]?.confidence ?? 0) * BY_TITLE * (sole ? 1 : 0.7);
    found.issuer = { value: code, confidence, line };
  }
  return found;
}
