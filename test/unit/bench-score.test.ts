import { isExact } from '../../bench/reading/score.js';
import type { DocumentTruth } from '../../eval/documents/truth.js';

const ZONE: DocumentTruth = {
  fmt: 'TD1',
  lines: ['I<UTOKX4031552<7', '9106125F3405013'],
  check_digits: [true],
};
const PRINT: DocumentTruth = {
  fmt: 'none',
  lines: [],
  check_digits: [],
  fields: { surname: 'BRAGA', given_names: 'ANNA MARIE', date_of_birth: '1991-06-12', sex: 'F' },
};

describe('a zone', () => {
  it('is exact to the character where lines are given', () => {
    const answer = (lines: readonly string[]) => isExact({ kind: 'document', lines, fields: {} }, ZONE);
    expect(answer(ZONE.lines)).toBe(true);
    expect(answer(ZONE.lines.toReversed())).toBe(false);
    expect(answer(ZONE.lines.slice(0, 1))).toBe(false);
  });

  it('is exact where all its lines stand in a text, whatever its spaces and fillers look like', () => {
    const answer = (text: string) => isExact({ kind: 'text', text }, ZONE);
    expect(answer('SPECIMEN\n I〈UTO KX4031552<7 \n\n9106125f3405013\n')).toBe(true);
    expect(answer('I<UTOKX4031552<7\n9106125F34O5013')).toBe(false);
    expect(answer('I<UTOKX4031552<79106125F340\n5013')).toBe(false);
  });
});

describe('print', () => {
  it('is exact where each field is as listed', () => {
    const answer = (surname: string) =>
      isExact(
        {
          kind: 'document',
          lines: [],
          fields: { surname, given_names: 'ANNA-MARIE', date_of_birth: '1991-06-12' },
        },
        PRINT,
      );
    expect([answer('BRAGA'), answer('BRAG'), answer('')]).toEqual([true, false, false]);
  });

  it.each([
    ['12 JUN 1991', true],
    ['12.06.1991', true],
    ['06/12/1991', true],
    ['1991-06-12', true],
    ['13.06.1991', false],
  ])('is exact where each value stands in a text, a date in any form: %s', (date, exact) => {
    expect(isExact({ kind: 'text', text: `Surname Braga\nAnna Marie\n${date}` }, PRINT)).toBe(exact);
  });
});
