import type { DocumentTruth, Fields } from '../../eval/documents/truth.js';
import type { MrzField } from '../../src/domain/mrz.js';

/** What a reader gives: lines and fields, or text in which somebody has still to find them. */
export type Answer =
  | { readonly kind: 'document'; readonly lines: readonly string[]; readonly fields: Fields }
  | { readonly kind: 'text'; readonly text: string };

/** Fields that count on a document without a zone: a sex or a state is a letter or three that stand in any text. */
const PRINTED = [
  'surname',
  'given_names',
  'date_of_birth',
  'document_number',
  'expires_on',
] as const satisfies readonly MrzField[];

/** Glyphs that general readers take fillers for. */
const FILLER_LOOKALIKES = /[〈＜《«‹]/g;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const zoneText = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .replace(FILLER_LOOKALIKES, '<')
    .split('\n')
    .map((line) => line.replace(/\s/g, ''));

const compact = (text: string): string =>
  text
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

/** A date in all the orders that documents print it in, without what parts it. */
function dateForms(isoDate: string): readonly string[] {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  const name = MONTHS[Number(month) - 1] ?? '';
  return [day + month + year, day + name + year, month + day + year, year + month + day];
}

const isDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

/** Whether a value stands anywhere in a text, whatever is between its characters: more than a program could make of it. */
function standsIn(text: string, value: string): boolean {
  const forms = isDate(value) ? dateForms(value) : [compact(value)];
  return forms.some((form) => compact(text).includes(form));
}

/**
 * Whether a document was read exactly: all lines of its zone, or all listed fields of its print. Where a reader gives text only, it is
 * enough that they stand in it somewhere, which favours that reader.
 */
export function isExact(answer: Answer, { lines, fields = {} }: DocumentTruth): boolean {
  if (lines.length > 0) {
    if (answer.kind === 'document') return answer.lines.join('\n') === lines.join('\n');
    const read = zoneText(answer.text);
    return lines.every((line) => read.some((other) => other.includes(line)));
  }
  return PRINTED.every((name) => {
    const value = fields[name];
    if (value === undefined) return true;
    return answer.kind === 'document'
      ? compact(answer.fields[name] ?? '') === compact(value)
      : standsIn(answer.text, value);
  });
}
