import type { PrintedLine } from '../document-fields.js';
import { distance, withoutLookalikes } from '../printed/letters.js';
import type { DocumentContext } from './national-number.js';
import { FORMS, MOST_LOOKALIKES } from './number-forms.js';
import { asDigit, asLetter, isDate, isZoneText, partsOf, rowsOf } from './printed-rows.js';

/** Characters from which a document's own number is told by likeness. */
const LEAST_CHARACTERS = 5;

/** Words of which half at least are digits, with nothing but a few signs between them. */
const NUMBER_RUN = /[A-Z0-9]*\d[A-Z0-9]*(?:[ ./+()–—-]{1,3}[A-Z0-9]*\d[A-Z0-9]*)*/g;
const YEARS = /^(?:(?:19|20)\d\d[ ./–—-]*)+$/;
/** Characters that a number may have been given which do not even look like its own, and how many it may have lost or doubled. */
const MISREAD = { sure: { strange: 0, lost: 0 }, unsure: { strange: 2, lost: 1 } } as const;

/** Characters of a run that do not belong where a form has its digits and letters. */
const strangeIn = (characters: string, places: string): number =>
  [...characters].filter((character, index) => {
    const place = places[index];
    return place === '9'
      ? !/\d/.test(asDigit(character))
      : place === 'A' && !/[A-Z]/.test(asLetter(character));
  }).length;

/**
 * Whether a run of digits may be a national number of which a recogniser got characters wrong: by its length, by where it has letters, and by
 * whether anything parts its groups as such a number's are parted. Its check digits would not hold, so they are not asked.
 */
function mayBeMisread(run: string, states: readonly string[], { strange, lost }: Misreading): boolean {
  const characters = run.replace(/[^A-Z0-9]/g, '');
  if (characters.replace(/\D/g, '').length * 2 < characters.length) return false;
  if (YEARS.test([...run].map(asDigit).join('')) || isDate(run)) return false;
  const isParted = /[./+()–—-]/.test(run);
  return FORMS.some(({ places, isParted: wantsSigns, scheme }) => {
    const off = Math.abs(characters.length - places.length);
    if (off > lost || (wantsSigns && !isParted)) return false;
    if (scheme.isWeak && !scheme.states.some((state) => states.includes(state))) return false;
    // Where a character is missing, only a form of one kind of places can still be held against the run.
    if (off > 0 && /[^9]/.test(places)) return false;
    return strangeIn(characters, off > 0 ? '9'.repeat(characters.length) : places) <= strange;
  });
}

type Misreading = (typeof MISREAD)['sure' | 'unsure'];

/**
 * Lines in which a national number may stand that was not read as it is printed.
 *
 * @param isSure whether a line was read so surely that no character of it is missing, by its index
 * @returns indices of lines; a number may stand in several that lie side by side
 */
export function doubtfulNationalNumbers(
  lines: readonly PrintedLine[],
  { document_number, states = [] }: DocumentContext,
  isSure: (line: number) => boolean,
): ReadonlySet<number> {
  const own = withoutLookalikes((document_number ?? '').replace(/[^A-Z0-9]/g, ''));
  const isOwn = (run: string) =>
    own.length >= LEAST_CHARACTERS &&
    distance(withoutLookalikes(run.replace(/[^A-Z0-9]/g, '')), own, MOST_LOOKALIKES) <= MOST_LOOKALIKES;
  return new Set(
    rowsOf(lines)
      .filter((row) => !isZoneText(row.text))
      .flatMap((row) =>
        [...row.text.matchAll(NUMBER_RUN)].flatMap((match) => {
          const [run] = match;
          const parts = partsOf(row, match.index, match.index + run.length).map(({ line }) => line);
          const misreading = parts.every(isSure) ? MISREAD.sure : MISREAD.unsure;
          return mayBeMisread(run, states, misreading) && !isOwn(run) ? parts : [];
        }),
      ),
  );
}
