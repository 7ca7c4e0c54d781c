/** Text of the largest PDF417 code there can be: 2,710 digits (ISO/IEC 15438, 5.1). What is longer did not come from one. */
const LONGEST_TEXT = 2710;

/** A data element: three letters that say what it is, and its value as it stands. */
export interface Element {
  readonly id: string;
  readonly value: string;
}

/** The outer form of an AAMVA file: header and the subfile of the card holder. */
export interface Envelope {
  readonly issuerNumber: string;
  /** 1 (2000) to 11 (2025) so far. */
  readonly version: number;
  readonly elements: readonly Element[];
  /** The header is, to the letter, that of the standard. */
  readonly headerHolds: boolean;
  /** Each subfile stands where the header says, and is as long. */
  readonly offsetsHold: boolean;
}

/**
 * Compliance indicator, separators, file type, issuer and version (AAMVA DL/ID Card Design Standard 2020, D.12.3). Separators and file type
 * are read leniently here, as some issuers err, and held against the standard afterwards.
 */
const HEADER = /^@[^A-Z]{1,4}(ANSI |AAMVA)(\d{6})(\d{2})/;
const SEPARATORS = '@\n\x1e\r';
/** The first edition (2000) wrote AAMVA, all others ANSI; and it had no version of the jurisdiction's own. */
const FIRST_EDITION = 1;
const JURISDICTION_VERSION_LENGTH = 2;
const ENTRIES_LENGTH = 2;
const DESIGNATOR_LENGTH = 10;
const MOST_SUBFILES = 10;
/** A subfile's length may be counted with or without its terminator. */
const LENGTH_TOLERANCE = 2;

interface Designator {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

/** Subfiles of the card holder: driver licence, identification card, enhanced licence. Those that begin with Z are the issuer's own. */
const HOLDER_TYPES = ['DL', 'ID', 'EN'];

function readDesignators(
  text: string,
  at: number,
): { designators: readonly Designator[]; end: number } | null {
  const entries = Number(/^\d{2}/.exec(text.slice(at, at + ENTRIES_LENGTH))?.[0] ?? Number.NaN);
  if (!(entries >= 1 && entries <= MOST_SUBFILES)) return null;
  const designators: Designator[] = [];
  let start = at + ENTRIES_LENGTH;
  for (let entry = 0; entry < entries; entry++, start += DESIGNATOR_LENGTH) {
    const [, type, offset, length] =
      /^([A-Z]{2})(\d{4})(\d{4})$/.exec(text.slice(start, start + DESIGNATOR_LENGTH)) ?? [];
    if (type === undefined) return null;
    designators.push({ type, offset: Number(offset), length: Number(length) });
  }
  return { designators, end: start };
}

/** Where a subfile that begins at `offset` ends: its segment terminator, or the end of the text. */
function endOf(text: string, offset: number): number {
  const terminator = text.indexOf('\r', offset);
  return terminator < 0 ? text.length : terminator;
}

function standsThere(text: string, { type, offset, length }: Designator, contentStart: number): boolean {
  if (offset < contentStart || !text.startsWith(type, offset)) return false;
  const extent = endOf(text, offset) + 1 - offset;
  return Math.abs(extent - length) <= LENGTH_TOLERANCE;
}

/** Where the holder's subfile begins: as its designator says, or else where its type is first met behind the header. */
function holderStart(text: string, designators: readonly Designator[], contentStart: number): number {
  const said = designators.find(({ type }) => HOLDER_TYPES.includes(type));
  if (said && said.offset >= contentStart && text.startsWith(said.type, said.offset)) return said.offset;
  const rest = text.slice(contentStart);
  const met = HOLDER_TYPES.map((type) => rest.search(new RegExp(`(^|[\\r\\n])${type}D[A-Z]{2}`)))
    .filter((index) => index >= 0)
    .sort((a, b) => a - b)[0];
  if (met === undefined) return -1;
  return contentStart + met + (/[\r\n]/.test(rest.charAt(met)) ? 1 : 0);
}

function readElements(subfile: string): readonly Element[] {
  return subfile.split('\n').flatMap((piece) => {
    const [, id, value] = /^(D[A-Z]{2})([^]*)$/.exec(piece) ?? [];
    return id !== undefined && value !== undefined ? [{ id, value }] : [];
  });
}

/**
 * Opens an AAMVA file.
 *
 * @param text of the code, control characters included
 * @returns `null` where it is no such file, or holds no licence or identity card
 */
export function openEnvelope(text: string): Envelope | null {
  if (text.length > LONGEST_TEXT) return null;
  const header = HEADER.exec(text);
  if (!header) return null;
  const [all, fileType, issuerNumber, versionDigits] = header;
  if (issuerNumber === undefined || versionDigits === undefined) return null;
  const version = Number(versionDigits);
  const isFirst = version <= FIRST_EDITION;
  const ownVersion = isFirst ? 0 : JURISDICTION_VERSION_LENGTH;
  const list = readDesignators(text, all.length + ownVersion);
  const contentStart = list?.end ?? all.length;
  const designators = list?.designators ?? [];
  const start = holderStart(text, designators, contentStart);
  if (start < 0) return null;
  const isHolder = ({ type }: Designator) => HOLDER_TYPES.includes(type);
  return {
    issuerNumber,
    version,
    elements: readElements(text.slice(start + 2, endOf(text, start))),
    headerHolds:
      text.startsWith(SEPARATORS) &&
      (fileType === 'ANSI ' || isFirst) &&
      version >= FIRST_EDITION &&
      list !== null,
    offsetsHold:
      designators.filter(isHolder).length === 1 &&
      designators.every((designator) => standsThere(text, designator, contentStart)),
  };
}
