import type { DocumentReading } from '../../app/ports/document-reader.js';
import { isStateCode, type MrzField } from '../../domain/mrz.js';
import type { ReasonCode } from '../../domain/reasons.js';
import { isClear, type MrzFinding } from './mrz-finder.js';

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
}

export type Judgement = Pick<DocumentReading, 'outcome' | 'reasons'>;

/** Width of a character in pixels below which OCR-B melts together. Measured: from 8.5 on zones are read exactly, at 6 no more. */
export const LEAST_PITCH = 8;
/**
 * Probability of the weakest character from which a reading needs no witness of its names, which no check digit covers. Exact readings
 * of photographed specimens reach from 0.5 to 0.95, wrong ones whose check digits held stayed below 0.4.
 */
const SURE = 0.85;

const hasKnownCodes = ({ issuer, nationality }: MrzEvidence['fields']): boolean =>
  issuer !== undefined && nationality !== undefined && isStateCode(issuer) && isStateCode(nationality);

const retry = (reason: ReasonCode): Judgement => ({ outcome: 'retry', reasons: [reason] });

/** Nothing machine-readable and hardly anything printed was found, or not clearly enough. */
export const UNREADABLE: Judgement = retry('document_unreadable');

/** What the picture itself suffers from says better than `document_unreadable` what a learner has to do otherwise. */
export const withPictureFaults = (judgement: Judgement, faults: readonly ReasonCode[]): Judgement => ({
  ...judgement,
  reasons:
    faults.length === 0
      ? judgement.reasons
      : [...new Set([...judgement.reasons.filter((code) => code !== 'document_unreadable'), ...faults])],
});

/**
 * Fit to decide on without a person only where all check digits hold and independent looks agree. Check digits alone prove little:
 * they say nothing of names, and a reading that is forced into a format satisfies them now and then by chance.
 */
export function judgeMrz(evidence: MrzEvidence): Judgement {
  const { finding, fields, confirmed, contradicted, secondReader } = evidence;
  if (finding.pitch < LEAST_PITCH) return retry('document_too_small');
  if (!isClear(finding) || secondReader === false) return UNREADABLE;
  // Read alike and surely in more than one crop: so it is the document that is wrong, not the reading.
  if (!finding.valid || contradicted.length > 0)
    return { outcome: 'review', reasons: ['document_inconsistent'] };
  if (!hasKnownCodes(fields)) return { outcome: 'review', reasons: ['document_unreadable'] };
  const namesInPrint =
    confirmed.has('surname') && (confirmed.has('given_names') || fields.given_names === undefined);
  // A visa's zone has three check digits only (ICAO 9303-7, 4.2), so print has to say its dates and number, too.
  const isVisa = finding.format === 'MRVA' || finding.format === 'MRVB';
  const trusted = isVisa
    ? namesInPrint && confirmed.has('date_of_birth') && confirmed.has('document_number')
    : namesInPrint || secondReader === true || (finding.votes >= 2 && finding.weakest >= SURE);
  return trusted
    ? { outcome: 'accept', reasons: [] }
    : { outcome: 'review', reasons: ['document_unreadable'] };
}
