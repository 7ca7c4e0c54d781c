import type { DocumentReading } from '../../app/ports/document-reader.js';
import { isStateCode, type MrzField } from '../../domain/mrz.js';
import type { ReasonCode } from '../../domain/reasons.js';
import type { MrzFinding } from './mrz-finder.js';

/** What speaks for or against a reading of a machine-readable zone. */
export interface MrzEvidence {
  readonly finding: MrzFinding;
  readonly fields: Readonly<Partial<Record<MrzField, string>>>;
  /** Fields that stand in print as well. */
  readonly confirmed: ReadonlySet<MrzField>;
  /** Fields of which print says something else. */
  readonly contradicted: readonly MrzField[];
  /** Whether a recogniser of another make read the same; `null` where there is none. */
  readonly secondReader: boolean | null;
  /** What the picture itself suffers from. */
  readonly pictureFaults: readonly ReasonCode[];
}

export type Judgement = Pick<DocumentReading, 'outcome' | 'reasons'>;

/** Width of a character in pixels below which OCR-B melts together. Measured: from 8.5 on zones are read exactly, at 6 no more. */
export const LEAST_PITCH = 8;
/** Logarithm of the probability a character. Exact readings of photographed specimens lie above −0.93, most above −0.35. */
const SCORE_FLOOR = -1;
/**
 * Probability of the weakest character. Wrong readings whose check digits held stayed below 0.4; exact ones reach from 0.5 to 0.95.
 * Without any witness of the names, which no check digit covers, a reading has to be surer.
 */
const WEAKEST = { witnessed: 0.5, alone: 0.85 } as const;

const hasKnownCodes = ({ issuer, nationality }: MrzEvidence['fields']): boolean =>
  issuer !== undefined && nationality !== undefined && isStateCode(issuer) && isStateCode(nationality);

const retry = (faults: readonly ReasonCode[]): Judgement => ({
  outcome: 'retry',
  reasons: faults.length > 0 ? faults : ['document_unreadable'],
});

/** Nothing machine-readable and hardly anything printed was found. */
export const judgeUnreadable = retry;

/**
 * Fit to decide on without a person only where all check digits hold and independent looks agree. Check digits alone prove little:
 * they say nothing of names, and a reading that is forced into a format satisfies them now and then by chance.
 */
export function judgeMrz(evidence: MrzEvidence): Judgement {
  const { finding, fields, confirmed, contradicted, secondReader, pictureFaults } = evidence;
  if (finding.pitch < LEAST_PITCH) return retry(['document_too_small']);
  const clear = finding.votes >= 2 && finding.weakest >= WEAKEST.witnessed && finding.score > SCORE_FLOOR;
  if (!clear || secondReader === false) return retry(pictureFaults);
  // Read alike and surely more than once: so it is the document that is wrong, not the reading.
  if (!finding.valid || contradicted.length > 0)
    return { outcome: 'review', reasons: ['document_inconsistent'] };
  if (!hasKnownCodes(fields)) return { outcome: 'review', reasons: ['document_unreadable'] };
  const namesInPrint = confirmed.has('surname') && (confirmed.has('given_names') || fields.given_names === undefined);
  // A visa's zone has three check digits only (ICAO 9303-7, 4.2), so print has to say its dates and number, too.
  const isVisa = finding.format === 'MRVA' || finding.format === 'MRVB';
  const trusted = isVisa
    ? namesInPrint && confirmed.has('date_of_birth') && confirmed.has('document_number')
    : namesInPrint || secondReader === true || finding.weakest >= WEAKEST.alone;
  return trusted
    ? { outcome: 'accept', reasons: [] }
    : { outcome: 'review', reasons: ['document_unreadable'] };
}
