import { MRZ_FIELDS, MRZ_FORMATS, parseMrz, type MrzField, type MrzFormat } from '../../src/domain/mrz.js';

export type Fields = Readonly<Partial<Record<MrzField, string>>>;

/** What a picture of the folder shows. */
export interface DocumentTruth {
  /** A format of ICAO 9303, or any other word (`none`, `AAMVA`) for a document without a machine-readable zone. */
  readonly fmt: string;
  /** Lines of the zone as printed; none for a document without one. */
  readonly lines: readonly string[];
  /** Which check digits hold in the printed lines: specimens are often printed with wrong ones. */
  readonly check_digits: readonly boolean[];
  /** How the picture was taken, for example `glare`; figures are given by it as well. */
  readonly condition?: string;
  /** What is printed, for documents without a zone: fields as the reader names them. */
  readonly fields?: Fields;
  /** File that shows the back. */
  readonly back?: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = <T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);
const isText = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

function parseFields(value: unknown): Fields | undefined {
  if (!isRecord(value)) return undefined;
  const fields: Partial<Record<MrzField, string>> = {};
  for (const name of MRZ_FIELDS) {
    const text = value[name];
    if (isText(text)) fields[name] = text;
  }
  return fields;
}

function parseEntry(entry: unknown): DocumentTruth {
  if (!isRecord(entry) || !isText(entry['fmt'])) throw new Error('truth_malformed');
  const { fmt, lines = [], check_digits = [], condition, back } = entry;
  if (!listOf(lines, isText) || !listOf(check_digits, isBoolean)) throw new Error('truth_malformed');
  const fields = parseFields(entry['fields']);
  return {
    fmt,
    lines,
    check_digits,
    ...(isText(condition) && { condition }),
    ...(fields && { fields }),
    ...(isText(back) && { back }),
  };
}

/**
 * The entries of a `truth.json`, by file name.
 *
 * @throws Error `truth_malformed`
 */
export function parseTruth(json: string): ReadonlyMap<string, DocumentTruth> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new Error('truth_malformed');
  }
  if (!isRecord(parsed)) throw new Error('truth_malformed');
  return new Map(Object.entries(parsed).map(([file, entry]) => [file, parseEntry(entry)]));
}

const isFormat = (name: string): name is MrzFormat => MRZ_FORMATS.some((format) => format === name);

/** The true fields: of the printed zone, else as listed. @param today `YYYY-MM-DD`, for the century */
export function trueFields({ fmt, lines, fields }: DocumentTruth, today: string): Fields {
  return lines.length > 0 && isFormat(fmt) ? parseMrz(fmt, lines, today) : (fields ?? {});
}
