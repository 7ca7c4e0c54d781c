import type { DocumentReading } from '../../app/ports/document-reader.js';
import type { AamvaDocument } from '../../domain/aamva.js';
import type { crossCheckZones } from '../../domain/document-fields.js';
import { isStateCode, type MrzField } from '../../domain/mrz.js';
import type { ReasonCode } from '../../domain/reasons.js';
import { isSameText, type MrzCandidate } from './mrz-candidate.js';
import type { MrzFinding } from './mrz-finder.js';

/** What speaks for or against a reading of a machine-readable zone. */
export interface MrzEvidence {
  readonly finding: MrzFinding;
  readonly fields: Readonly<Partial<Record<MrzField, string>>>;
  /** Fields that stand in print as well. */
  readonly confirmed: ReadonlySet<MrzField>;
  /** Fields of which print says something else. */
  readonly contradicted: readonly MrzField[];
  /** What a recogniser of another make read in the same place; `null` where it could not read it. */
  readonly second: MrzCandidate | null;
}

export type Judgement = Pick<DocumentReading, 'outcome' | 'reasons'>;

/** Width of a character in pixels below which a zone that is not read is refused for its size: a nearer photograph will do. */
export const LEAST_PITCH = 8;
/** Width of a character below which even two readers that agree are not believed. Measured: from 5.2 on they were always right. */
const ILLEGIBLE_PITCH = 5;
/**
 * Probabilities of the weakest character from which a reading is believed that both readers agree on. `checked`: any character, where check
 * digits hold beside it. `least` and `mean`: of the characters that no check digit covers, the lower of both readers', and their mean;
 * less is asked for where print says the same names, but not of letters that a check digit covers in vain.
 *
 * Measured on degraded copies of photographed specimens (304 readings): the wrong ones that two readers agreed on had a mean of 0.66 and
 * 0.78 in a letter of a blurred name, and one failed its check digits; four of five right ones lie above 0.9.
 */
const FLOORS = {
  checked: 0.35,
  namesInPrint: { least: 0.5, mean: 0.68 },
  zoneAlone: { least: 0.7, mean: 0.85 },
} as const;

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

function isSure(finding: MrzFinding, second: MrzCandidate | null, namesInPrint: boolean): boolean {
  if (second === null || !isSameText(second, finding)) return false;
  const floor = namesInPrint ? FLOORS.namesInPrint : FLOORS.zoneAlone;
  const passes = (one: number, other: number, { least, mean } = floor) =>
    Math.min(one, other) >= least && (one + other) / 2 >= mean;
  if (!passes(finding.weakestUnchecked, second.weakestUnchecked)) return false;
  // Names in print say nothing of what else no check digit proves.
  if (!passes(finding.weakestIndistinct, second.weakestIndistinct, FLOORS.zoneAlone)) return false;
  // Where digits fail, only a sure reading tells that the document is wrong and not the reading.
  return finding.valid
    ? Math.min(finding.weakest, second.weakest) >= FLOORS.checked
    : passes(finding.weakest, second.weakest);
}

/** Whether a zone could be believed if print said the same: where not, whatever print says, it has to be photographed again. */
export const isBelievable = ({ finding, second }: Pick<MrzEvidence, 'finding' | 'second'>): boolean =>
  isSure(finding, second, true) && finding.pitch >= ILLEGIBLE_PITCH;

/**
 * Fit to decide on without a person only where all check digits hold, and two readers of different make read the same, both surely.
 * Check digits alone prove little: they say nothing of names, and a reading that is forced into a format satisfies them now and then
 * by chance.
 */
export function judgeMrz({ finding, fields, confirmed, contradicted, second }: MrzEvidence): Judgement {
  const namesInPrint =
    confirmed.has('surname') && (confirmed.has('given_names') || fields.given_names === undefined);
  if (!isSure(finding, second, namesInPrint) || finding.pitch < ILLEGIBLE_PITCH)
    return finding.pitch < LEAST_PITCH ? retry('document_too_small') : UNREADABLE;
  // Read alike and surely by both: so it is the document that is wrong, not the reading.
  if (!finding.valid || contradicted.length > 0 || !hasKnownCodes(fields))
    return { outcome: 'review', reasons: ['document_inconsistent'] };
  // A visa's zone has three check digits only (ICAO 9303-7, 4.2), so print has to say its dates and number, too.
  const isVisa = finding.format === 'MRVA' || finding.format === 'MRVB';
  const trusted =
    !isVisa || (namesInPrint && confirmed.has('date_of_birth') && confirmed.has('document_number'));
  return trusted
    ? { outcome: 'accept', reasons: [] }
    : { outcome: 'review', reasons: ['document_unreadable'] };
}

/**
 * A licence's code bears no check digits that a forger could not write as well: it is believed where the print beside it says the same of
 * the holder, and nothing else.
 */
export function judgeBarcode(
  document: AamvaDocument,
  { confirmed, contradicted }: ReturnType<typeof crossCheckZones>,
): Judgement {
  if (contradicted.length > 0 || !document.valid)
    return { outcome: 'review', reasons: ['document_inconsistent'] };
  const { fields, nameTruncated } = document;
  const holder = ['surname', 'given_names', 'date_of_birth'] as const;
  const isSame = holder.every(
    (name) => confirmed.has(name) || (name === 'given_names' && fields.given_names === undefined),
  );
  return isSame && !nameTruncated && fields.surname !== undefined
    ? { outcome: 'accept', reasons: [] }
    : { outcome: 'review', reasons: ['document_unreadable'] };
}
