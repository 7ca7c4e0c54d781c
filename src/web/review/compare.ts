import type { Review } from './review-api.js';

export type FieldVerdict = 'same' | 'differs' | 'unsure' | 'notAsked' | 'notRead';

export interface ComparedField {
  readonly field: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly verdict: FieldVerdict;
}

const CHECK_OF: Readonly<Record<string, string>> = {
  name: 'name_match',
  date_of_birth: 'date_of_birth_match',
};
const SHOWN = ['document_number', 'expires_on', 'issuer', 'nationality', 'sex'] as const;

/**
 * Expected beside found. Whether two names agree is a matter of transliteration, particles and cut-off lines, which the service has
 * judged (ICAO 9303-3): its check decides the mark. Only where no check was run does the page compare by itself, letter by letter.
 */
export function compareFields({ expected, extracted, checks }: Review): readonly ComparedField[] {
  const read = (name: string) => extracted?.[name] ?? null;
  const name = [read('given_names'), read('surname')]
    .filter((part) => part !== null && part !== '')
    .join(' ');
  const rows: ComparedField[] = [
    row('name', expected?.full_name ?? null, name === '' ? null : name),
    row('date_of_birth', expected?.date_of_birth ?? null, read('date_of_birth')),
    ...SHOWN.flatMap((field) => (read(field) === null ? [] : [row(field, null, read(field))])),
  ];
  return rows.filter(({ expected: asked, found }) => asked !== null || found !== null);

  function row(field: string, asked: string | null, found: string | null): ComparedField {
    return { field, expected: asked, found, verdict: judge(field, asked, found) };
  }

  function judge(field: string, asked: string | null, found: string | null): FieldVerdict {
    if (asked === null) return 'notAsked';
    if (found === null) return 'notRead';
    switch (checks.find((check) => check.name === CHECK_OF[field])?.outcome) {
      case 'pass':
        return 'same';
      case 'fail':
        return 'differs';
      case 'uncertain':
        return 'unsure';
      case 'not_run':
      case undefined:
        return plain(asked) === plain(found) ? 'same' : 'differs';
    }
  }
}

const plain = (text: string): string =>
  text.normalize('NFKC').toLocaleUpperCase('en').replaceAll(/\s+/g, ' ').trim();
