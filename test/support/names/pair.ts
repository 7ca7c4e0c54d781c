import type { DocumentName } from '../../../src/domain/names/match-names.js';

/** The name asked for, and the document's: `SURNAME<<GIVEN<NAMES` as a zone writes it, or `Surname / Given names` in print. */
export type Pair = readonly [expected: string, document: string];

/** A document of a kind that has room for the name: cut-off names have tests of their own. */
export function documentOf(text: string): DocumentName {
  if (text.includes(' / ')) {
    const [surname = '', givenNames = ''] = text.split(' / ');
    return { surname, givenNames, source: 'printed' };
  }
  const [surname = '', givenNames = ''] = text.split('<<').map((part) => part.replace(/</g, ' '));
  return { surname, givenNames, source: 'mrz', nameFieldLength: 99 };
}
