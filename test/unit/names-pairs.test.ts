import { describeNameMatch, matchNames } from '../../src/domain/names/match-names.js';
import { DIFFERENT_PERSONS } from '../support/names/different-persons.js';
import { documentOf } from '../support/names/pair.js';
import { SAME_PERSON } from '../support/names/same-person.js';

describe.each(Object.entries(DIFFERENT_PERSONS))('different persons: %s', (_, pairs) => {
  it.each(pairs)('%s is no match for %s', (expected, document) => {
    const { outcome, score } = matchNames(expected, documentOf(document));
    expect(outcome).not.toBe('match');
    expect(score).toBeLessThan(0.9);
  });
});

describe.each(SAME_PERSON)('one person: $shows', ({ outcome, pairs }) => {
  it.each(pairs)(`%s and %s: ${outcome}`, (expected, document) => {
    const result = matchNames(expected, documentOf(document));
    expect(result.outcome).toBe(outcome);
  });
});

describe('the lists', () => {
  it('are as long as they have to be, and name no pair twice', () => {
    const different = Object.values(DIFFERENT_PERSONS).flat();
    const same = SAME_PERSON.flatMap(({ pairs }) => pairs);
    expect(different.length).toBeGreaterThanOrEqual(150);
    expect(same.length).toBeGreaterThanOrEqual(250);
    for (const list of [different, same])
      expect(new Set(list.map((pair) => pair.join('|'))).size).toBe(list.length);
  });

  it('give a reason in a sentence for every pair', () => {
    for (const [expected, document] of SAME_PERSON.flatMap(({ pairs }) => pairs)) {
      const sentences = describeNameMatch(expected, documentOf(document));
      expect(sentences.length).toBeGreaterThan(0);
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/u);
    }
  });
});
