import type { DisclosureRow } from '../app/ports/third-parties.js';
import { presentDisclosure } from './present-third-parties.js';

const COLUMNS = [
  'id',
  'at',
  'tenant',
  'livemode',
  'recipient_id',
  'recipient',
  'kind',
  'purpose',
  'fields',
  'erased',
  'verification_id',
  'course_id',
  'people',
  'legal_basis',
  'learner_notice',
  'disclosed_by',
] as const satisfies readonly (keyof ReturnType<typeof presentDisclosure>)[];

/** A spreadsheet takes a cell that begins like this for a formula, and a recipient's name is anybody's text. */
const FORMULA = /^[=+\-@\t\r]/;

type Value = string | number | boolean | readonly string[] | null;

function cell(value: Value): string {
  const text = typeof value === 'object' ? (value ?? []).join(' ') : String(value);
  return `"${FORMULA.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`;
}

const line = (values: readonly Value[]): string => `${values.map(cell).join(',')}\r\n`;

/** The first line of the register as CSV (RFC 4180). */
export const REGISTER_HEAD = line(COLUMNS);

/** A line of the register as CSV; members that are lists have spaces between their items. */
export function registerLine(row: DisclosureRow): string {
  const presented = presentDisclosure(row);
  return line(COLUMNS.map((column) => presented[column]));
}
