import type { DocumentName } from './names/types.js';

/** Characters of the name field in the machine-readable zone (ICAO 9303-4, -5, -6, -7). */
const NAME_FIELD: Readonly<Record<string, number>> = { TD1: 30, TD2: 31, TD3: 39, MRVA: 39, MRVB: 31 };

/** The name on a document as {@link matchNames} wants it, or `null` where none was read. */
export function documentName(
  fields: Readonly<Record<string, string | undefined>>,
  document: { readonly type: string | null; readonly mrzRead: boolean },
): DocumentName | null {
  const { surname, given_names: givenNames } = fields;
  if (surname === undefined && givenNames === undefined) return null;
  const nameFieldLength = document.mrzRead && document.type !== null ? NAME_FIELD[document.type] : undefined;
  return {
    surname: surname ?? '',
    givenNames: givenNames ?? '',
    source: document.mrzRead ? 'mrz' : 'printed',
    ...(nameFieldLength === undefined ? {} : { nameFieldLength }),
  };
}
