import {
  judgeMrz,
  UNREADABLE,
  withPictureFaults,
  type MrzEvidence,
} from '../../src/adapters/ocr/judge-reading.js';
import type { MrzFinding } from '../../src/adapters/ocr/mrz-finder.js';
import type { MrzField } from '../../src/domain/mrz.js';

const finding = (changes: Partial<MrzFinding> = {}): MrzFinding => ({
  format: 'TD3',
  lines: [],
  checks: {},
  valid: true,
  score: -0.1,
  confidences: [],
  weakest: 0.7,
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
  secondReader: null,
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

  it('is looked at by a person without any witness', () => {
    expect(judgeMrz(evidence({ confirmed: none }))).toEqual(unwitnessed);
  });

  it('is accepted on the agreement of a second recogniser, and not against it', () => {
    expect(judgeMrz(evidence({ confirmed: none, secondReader: true }))).toEqual(accepted);
    expect(judgeMrz(evidence({ secondReader: false }))).toEqual(unreadable);
  });

  it('is accepted without a witness only when read twice and very surely', () => {
    const sure = finding({ weakest: 0.9 });
    expect(judgeMrz(evidence({ confirmed: none, finding: sure }))).toEqual(accepted);
    expect(judgeMrz(evidence({ confirmed: none, finding: { ...sure, votes: 1 } }))).toEqual(unwitnessed);
  });

  it.each([
    ['a weak character', { weakest: 0.3 }],
    ['a reading that no other crop gave', { votes: 1, weakest: 0.6 }],
    ['an improbable line', { score: -1.4 }],
  ])('has to be photographed again for %s', (_, changes) => {
    expect(judgeMrz(evidence({ finding: finding(changes) }))).toEqual(unreadable);
  });

  it('has to be photographed nearer when its characters are too small', () => {
    expect(judgeMrz(evidence({ finding: finding({ pitch: 6 }) }))).toEqual({
      outcome: 'retry',
      reasons: ['document_too_small'],
    });
  });

  it('is looked at by a person when its state does not exist', () => {
    const fields = { surname: 'ERIKSSON', issuer: 'UTO', nationality: 'OTO' };
    expect(judgeMrz(evidence({ fields }))).toEqual(unwitnessed);
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
  it('is the document’s fault when it was read clearly and twice', () => {
    expect(judgeMrz(evidence({ finding: finding({ valid: false }) }))).toEqual(inconsistent);
  });

  it.each([{ votes: 1, weakest: 0.95 }, { weakest: 0.4 }])('is a misreading otherwise: %p', (changes) => {
    expect(judgeMrz(evidence({ finding: finding({ valid: false, ...changes }) }))).toEqual(unreadable);
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
