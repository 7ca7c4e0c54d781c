import {
  judgeBarcode,
  judgeMrz,
  UNREADABLE,
  withPictureFaults,
  type MrzEvidence,
} from '../../src/adapters/ocr/judge-reading.js';
import type { MrzFinding } from '../../src/adapters/ocr/mrz-finder.js';
import type { AamvaDocument } from '../../src/domain/aamva.js';
import type { MrzField } from '../../src/domain/mrz.js';

const LINES = ['P<UTO', 'L898902C3'];

const finding = (changes: Partial<MrzFinding> = {}): MrzFinding => ({
  format: 'TD3',
  lines: LINES,
  checks: {},
  valid: true,
  score: -0.1,
  confidences: [],
  weakest: 0.9,
  weakestUnchecked: 0.9,
  weakestIndistinct: 0.9,
  boxes: [],
  fittedBoxes: null,
  pitch: 20,
  votes: 2,
  ...changes,
});

const evidence = (changes: Partial<MrzEvidence> = {}): MrzEvidence => ({
  finding: finding(),
  fields: { surname: 'ERIKSSON', given_names: 'ANNA', issuer: 'UTO', nationality: 'UTO' },
  confirmed: new Set<MrzField>(['surname', 'given_names', 'date_of_birth']),
  contradicted: [],
  second: finding(),
  ...changes,
});

const none: ReadonlySet<MrzField> = new Set();
const accepted = { outcome: 'accept', reasons: [] };
const unreadable = { outcome: 'retry', reasons: ['document_unreadable'] };
const unwitnessed = { outcome: 'review', reasons: ['document_unreadable'] };
const inconsistent = { outcome: 'review', reasons: ['document_inconsistent'] };

describe('a zone whose check digits hold', () => {
  it('is accepted with its names in print', () => {
    expect(judgeMrz(evidence())).toEqual(accepted);
  });

  it('is accepted without given names where the document has none', () => {
    const fields = { surname: 'ARKFREITH', issuer: 'UTO', nationality: 'UTO' };
    expect(judgeMrz(evidence({ fields, confirmed: new Set<MrzField>(['surname']) }))).toEqual(accepted);
  });

  it('is accepted without print where both readers are sure', () => {
    expect(judgeMrz(evidence({ confirmed: none }))).toEqual(accepted);
  });

  it('has to be photographed again where the second reader read anything else, or nothing', () => {
    const other = finding({ lines: ['P<UTO', 'L898902C4'] });
    expect(judgeMrz(evidence({ second: other }))).toEqual(unreadable);
    expect(judgeMrz(evidence({ second: null }))).toEqual(unreadable);
  });

  const doubt = (weakest: number) => finding({ weakest, weakestUnchecked: weakest });

  it.each([
    ['the reader', { finding: doubt(0.6) }],
    ['its witness', { second: doubt(0.6) }],
    ['both', { finding: doubt(0.8), second: doubt(0.8) }],
  ])('with a doubt of %s is believed beside its names in print, and not alone', (_, changes) => {
    expect(judgeMrz(evidence(changes))).toEqual(accepted);
    expect(judgeMrz(evidence({ ...changes, confirmed: none }))).toEqual(unreadable);
  });

  it('with a doubt in digits only is believed, for their check digits hold', () => {
    const doubtful = { finding: finding({ weakest: 0.4 }), second: finding({ weakest: 0.4 }) };
    expect(judgeMrz(evidence({ ...doubtful, confirmed: none }))).toEqual(accepted);
  });

  it.each([
    ['the reader', { finding: finding({ weakest: 0.3 }) }],
    ['its witness', { second: finding({ weakest: 0.3 }) }],
    ['a name', { finding: doubt(0.45) }],
  ])('with a great doubt of %s has to be photographed again', (_, changes) => {
    expect(judgeMrz(evidence(changes))).toEqual(unreadable);
  });

  it('with a doubt in what no check digit tells from its like is not believed for its names in print', () => {
    const doubtful = {
      finding: finding({ weakestIndistinct: 0.8 }),
      second: finding({ weakestIndistinct: 0.76 }),
    };
    expect(judgeMrz(evidence(doubtful))).toEqual(unreadable);
  });

  it('has to be photographed nearer when its characters are too small to be sure of', () => {
    const small = { outcome: 'retry', reasons: ['document_too_small'] };
    expect(judgeMrz(evidence({ finding: finding({ pitch: 4.5 }) }))).toEqual(small);
    expect(judgeMrz(evidence({ finding: finding({ pitch: 7, weakest: 0.3 }) }))).toEqual(small);
    expect(judgeMrz(evidence({ finding: finding({ pitch: 7 }) }))).toEqual(accepted);
  });

  it('is looked at by a person when its state does not exist', () => {
    const fields = { surname: 'ERIKSSON', issuer: 'UTO', nationality: 'OTO' };
    expect(judgeMrz(evidence({ fields }))).toEqual(inconsistent);
  });

  it('is inconsistent when print says something else', () => {
    expect(judgeMrz(evidence({ contradicted: ['surname'] }))).toEqual(inconsistent);
  });
});

describe('a zone of a visa', () => {
  const visa = finding({ format: 'MRVA', weakest: 0.95 });

  it('needs its number and date of birth in print, for it has no composite digit', () => {
    expect(judgeMrz(evidence({ finding: visa }))).toEqual(unwitnessed);
    const confirmed = new Set<MrzField>(['surname', 'given_names', 'date_of_birth', 'document_number']);
    expect(judgeMrz(evidence({ finding: visa, confirmed }))).toEqual(accepted);
  });
});

describe('a zone whose check digits do not hold', () => {
  it('is the document’s fault when both readers surely read it so', () => {
    expect(judgeMrz(evidence({ finding: finding({ valid: false }) }))).toEqual(inconsistent);
  });

  it('is a misreading otherwise', () => {
    const wrong = finding({ valid: false, weakest: 0.4 });
    expect(judgeMrz(evidence({ finding: wrong }))).toEqual(unreadable);
  });
});

describe('a licence with a barcode', () => {
  const licence = (changes: Partial<AamvaDocument> = {}): AamvaDocument => ({
    valid: true,
    faults: [],
    fields: { surname: 'SAMPLE', given_names: 'JORDAN LEE', date_of_birth: '1990-05-17' },
    nameTruncated: false,
    barcode: {},
    ...changes,
  });
  const agreed = {
    confirmed: new Set<MrzField>(['surname', 'given_names', 'date_of_birth']),
    contradicted: [],
  };

  it('is accepted where print says the same of the holder', () => {
    expect(judgeBarcode(licence(), agreed)).toEqual(accepted);
  });

  it('is looked at where print leaves something open, or the name was cut', () => {
    const confirmed = new Set<MrzField>(['surname', 'date_of_birth']);
    expect(judgeBarcode(licence(), { ...agreed, confirmed })).toEqual(unwitnessed);
    expect(judgeBarcode(licence({ nameTruncated: true }), agreed)).toEqual(unwitnessed);
  });

  it('is inconsistent where print says something else, or no issuer writes such a file', () => {
    expect(judgeBarcode(licence(), { ...agreed, contradicted: ['surname'] })).toEqual(inconsistent);
    expect(judgeBarcode(licence({ valid: false, faults: ['dates'] }), agreed)).toEqual(inconsistent);
  });
});

describe('faults of the picture', () => {
  it('take the place of the general reason', () => {
    expect(withPictureFaults(UNREADABLE, ['document_glare'])).toEqual({
      outcome: 'retry',
      reasons: ['document_glare'],
    });
  });

  it('stand beside a reason that says more', () => {
    const small = { outcome: 'retry', reasons: ['document_too_small'] } as const;
    expect(withPictureFaults(small, ['document_too_small', 'document_blurry']).reasons).toEqual([
      'document_too_small',
      'document_blurry',
    ]);
  });

  it('change nothing where there are none', () => {
    expect(withPictureFaults(UNREADABLE, [])).toEqual(UNREADABLE);
  });
});
