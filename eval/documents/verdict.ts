import type { DocumentReading } from '../../src/app/ports/document-reader.js';
import { MRZ_FIELDS } from '../../src/domain/mrz.js';
import { trueFields, type DocumentTruth } from './truth.js';

/** What the reader made of one picture, held against the truth. */
export interface Verdict {
  /** All check digits hold in what is printed, so that a right reading can have them all right. */
  readonly checkable: boolean;
  /** All check digits hold in what was read. */
  readonly digitsRight: boolean;
  /** The zone's text is as printed to the character; without a zone: all listed fields are. */
  readonly exact: boolean;
  /** `error`: the reader refused the picture with a code. */
  readonly outcome: DocumentReading['outcome'] | 'error';
}

export type ReadResult = Pick<DocumentReading, 'outcome' | 'mrz' | 'fields' | 'confidence'>;

function isExact(truth: DocumentTruth, reading: ReadResult, today: string): boolean {
  if (truth.lines.length > 0) return reading.mrz?.lines.join('\n') === truth.lines.join('\n');
  const expected = trueFields(truth, today);
  return MRZ_FIELDS.every((name) => expected[name] === undefined || expected[name] === reading.fields[name]);
}

/** @param reading `null` where the reader threw a coded error. @param today `YYYY-MM-DD` */
export function judgeReading(truth: DocumentTruth, reading: ReadResult | null, today: string): Verdict {
  return {
    checkable: truth.lines.length > 0 && truth.check_digits.every(Boolean),
    digitsRight: reading?.mrz?.valid === true,
    exact: reading !== null && isExact(truth, reading, today),
    outcome: reading?.outcome ?? 'error',
  };
}

/** The error that counts: a wrong text that no person will see. */
export const isAcceptedWrong = ({ outcome, exact }: Verdict): boolean => outcome === 'accept' && !exact;
