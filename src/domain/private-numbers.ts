import type { PrintedLine } from './document-fields.js';
import { doubtfulNationalNumbers } from './private-numbers/misread-number.js';
import { findNationalNumbers, type DocumentContext } from './private-numbers/national-number.js';
import { doubtfulCardNumbers, findCardNumbers } from './private-numbers/payment-card.js';
import type { PrivateSpan } from './private-numbers/span.js';

export { isPaymentCard } from './private-numbers/payment-card.js';
export { privateColumns } from './private-numbers/zone-columns.js';
export type { DocumentContext } from './private-numbers/national-number.js';
export type { PrivateNumberKind, PrivateSpan } from './private-numbers/span.js';

const covers = (outer: PrivateSpan, inner: PrivateSpan): boolean =>
  outer.line === inner.line && outer.from <= inner.from && outer.to >= inner.to;

/**
 * Payment cards and national numbers among lines of print, for masking. Spans that lie within another are left out.
 *
 * @param lines all lines of one side, in the frame in which the text runs from left to right
 * @param context what the document's own reading says: its number, and the states that issued it or whose citizen it names
 * @returns places only, never the numbers; in order of lines
 */
export function findPrivateNumbers(
  lines: readonly PrintedLine[],
  context: DocumentContext = {},
): readonly PrivateSpan[] {
  const found = [...findCardNumbers(lines), ...findNationalNumbers(lines, context)];
  return found
    .filter(
      (span, index) =>
        !found.some(
          (other, place) => place !== index && covers(other, span) && (!covers(span, other) || place < index),
        ),
    )
    .sort((a, b) => a.line - b.line || a.from - b.from);
}

/**
 * Lines in which a private number may stand that {@link findPrivateNumbers} cannot see, because it was not read as it is printed: worth
 * another look by a better reader.
 *
 * @param isSure whether a line was read so surely that no character of it is missing, by its index
 * @returns indices of lines
 */
export function doubtfulNumbers(
  lines: readonly PrintedLine[],
  context: DocumentContext,
  isSure: (line: number) => boolean,
): ReadonlySet<number> {
  return new Set([...doubtfulCardNumbers(lines), ...doubtfulNationalNumbers(lines, context, isSure)]);
}
