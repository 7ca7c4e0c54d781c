import { NATIONAL_SCHEMES, type NationalScheme } from './national-schemes.js';

/** Letters taken for digits, or the other way round, in a number that no label announces. */
export const MOST_LOOKALIKES = 2;

/** One layout of a scheme, ready to be looked for. */
export interface Form {
  readonly pattern: RegExp;
  /** The same, to ask whether it occurs at all: cheaper than looking for all its places. */
  readonly probe: RegExp;
  /** The layout without its signs: which place is a digit, a letter, either. */
  readonly places: string;
  /** Digits that must stand together, with nothing but signs and letters like them between, for a number of this form to be there. */
  readonly leastDigits: number;
  /** Digits without a sign between them, into which a recogniser may have put a space. */
  readonly isRun: boolean;
  /** Signs other than spaces stand between its groups. */
  readonly isParted: boolean;
  readonly scheme: NationalScheme;
}

const CLASSES: Readonly<Record<string, string>> = {
  '9': '[0-9OQDILZSGB]',
  A: '[A-Z0-9]',
  X: '[A-Z0-9]',
  S: '[A-Z+–—-]',
  '-': '\\s?[–—-]\\s?',
  '.': '[.,·]\\s?',
  ' ': '\\s',
  '/': '\\s?/\\s?',
  '+': '\\s?\\+\\s?',
  '(': '\\s?\\(',
  ')': '\\)',
};

function formOf(scheme: NationalScheme, layout: string): Form {
  const isRun = /^9{9,}$/.test(layout);
  const body = [...layout].map((sign) => CLASSES[sign] ?? sign).join(isRun ? '\\s?' : '');
  // Not within a longer word, nor a part of a number that goes on behind a sign.
  const pattern = new RegExp(`(?<![A-Z0-9<]|[0-9][.,/+–—-])${body}(?![A-Z0-9<]|[.,/+–—-][0-9])`, 'g');
  const leastDigits =
    Math.max(...layout.split(/[AXS]/).map((run) => run.replace(/[^9]/g, '').length)) - MOST_LOOKALIKES;
  const places = layout.replace(/[^9AXS]/g, '');
  return {
    pattern,
    probe: new RegExp(pattern.source),
    places,
    leastDigits,
    isRun,
    isParted: /[^9AXS ]/.test(layout),
    scheme,
  };
}

/** Every layout of every scheme that is known. */
export const FORMS: readonly Form[] = NATIONAL_SCHEMES.flatMap((scheme) =>
  scheme.layouts.map((layout) => formOf(scheme, layout)),
);
