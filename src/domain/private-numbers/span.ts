/** Numbers that stand on documents and cards, and that this service neither needs nor keeps. */
export type PrivateNumberKind = 'payment_card' | 'national_number';

/** A part of a line of print that bears a private number, or a part of one. */
export interface PrivateSpan {
  readonly kind: PrivateNumberKind;
  /** Index into the lines given. */
  readonly line: number;
  /** First character of the line's text, from 0. */
  readonly from: number;
  /** Character after the last. */
  readonly to: number;
  /**
   * The same as fractions (0–1) of the line's length on paper, with a margin: recognisers drop spaces and letters are not equally wide,
   * so that places between characters are estimates.
   */
  readonly start: number;
  readonly end: number;
}

/** Widths of characters in shares of a digit's, on the average of the fonts of documents. */
function widthOf(character: string): number {
  if (/[\s.,:;'’`|!()[\]ijlItfr]/.test(character)) return 0.55;
  if (/[mwMW@%]/.test(character)) return 1.5;
  return /\p{Lu}/u.test(character) ? 1.2 : 1;
}

/** Margin on either side, in widths of a digit. */
const MARGIN = 1;

const widthOfAll = (text: string): number =>
  [...text].reduce((sum, character) => sum + widthOf(character), 0);

/** A span of a line's text with its place on paper. What has nothing but signs beside it reaches to the line's end. */
export function spanOf(
  kind: PrivateNumberKind,
  line: number,
  text: string,
  from: number,
  to: number,
): PrivateSpan {
  const whole = widthOfAll(text);
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const isFirst = !/[\p{L}\p{N}]/u.test(before);
  const isLast = !/[\p{L}\p{N}]/u.test(after);
  return {
    kind,
    line,
    from,
    to,
    start: isFirst ? 0 : Math.max(0, (widthOfAll(before) - MARGIN) / whole),
    end: isLast ? 1 : Math.min(1, (whole - widthOfAll(after) + MARGIN) / whole),
  };
}
