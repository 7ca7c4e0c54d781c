import fc from 'fast-check';
import { decodeGreedy, decodeMasked, SYMBOLS, type SymbolScores } from '../../src/adapters/ocr/ctc.js';
import { MRZ_ALPHABET, mrzShape } from '../../src/domain/mrz.js';

/** One step of a recogniser: probabilities of some characters (`_` = blank), the rest shared out among all. */
type Step = Readonly<Record<string, number>>;

function scoresOf(steps: readonly Step[]): SymbolScores {
  const logs = new Float64Array(steps.length * SYMBOLS);
  for (const [row, step] of steps.entries()) {
    const given = Object.values(step).reduce((sum, value) => sum + value, 0);
    const noise = (1 - given) / SYMBOLS;
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const character = symbol === 0 ? '_' : MRZ_ALPHABET.charAt(symbol - 1);
      logs[row * SYMBOLS + symbol] = Math.log((step[character] ?? 0) + noise);
    }
  }
  return { steps: steps.length, logs };
}

/** A recogniser that reads a text well: a blank after each character, as trained ones do. */
const spelled = (text: string, sureness = 0.95): Step[] =>
  [...text].flatMap((character) => [{ [character]: sureness }, { _: 0.95 }]);

describe('decoding to a fixed length', () => {
  it('gives what was written, for any line that fits the mask', () => {
    const [mask = ''] = mrzShape('TD2').masks;
    const line = fc.stringMatching(/^[ACI][A-Z<]{35}$/);
    fc.assert(
      fc.property(line, (text) => {
        expect(decodeMasked(scoresOf(spelled(text)), mask)?.text).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('puts back fillers that the recogniser ran together', () => {
    const steps = [
      ...spelled('AB'),
      { '<': 0.95 },
      { '<': 0.9, _: 0.05 },
      { '<': 0.9, _: 0.05 },
      ...spelled('C'),
    ];
    expect(decodeGreedy(scoresOf(steps))).toBe('AB<C');
    expect(decodeMasked(scoresOf(steps), 'aaaaa')?.text).toBe('AB<<C');
  });

  it('drops a character that the recogniser doubled', () => {
    const steps = [...spelled('A'), { B: 0.95 }, { _: 0.5, B: 0.45 }, { B: 0.6, _: 0.35 }, ...spelled('C')];
    expect(decodeGreedy(scoresOf(steps))).toBe('ABBC');
    expect(decodeMasked(scoresOf(steps), 'aaa')?.text).toBe('ABC');
  });

  it('takes a digit for the letter it looks like where only letters may stand, and surely', () => {
    const decoded = decodeMasked(scoresOf(spelled('UT0')), 'aaa');
    expect(decoded?.text).toBe('UTO');
    expect(decoded?.confidences[2]).toBeGreaterThan(0.9);
  });

  it('takes a letter for the digit it looks like where only digits may stand', () => {
    expect(decodeMasked(scoresOf(spelled('7S1IBO')), 'nnnnnn')?.text).toBe('751180');
  });

  it('leaves both as they are where both may stand', () => {
    expect(decodeMasked(scoresOf(spelled('O0I1')), 'xxxx')?.text).toBe('O0I1');
  });

  it('is unsure of a character that the recogniser did not see there', () => {
    const decoded = decodeMasked(scoresOf(spelled('13X')), 'aaa');
    expect(decoded?.text).toHaveLength(3);
    expect(decoded?.confidences[1]).toBeLessThan(0.1);
  });

  it('scores a clear line better than a doubtful one', () => {
    const clear = decodeMasked(scoresOf(spelled('ABC', 0.99)), 'aaa');
    const doubtful = decodeMasked(scoresOf(spelled('ABC', 0.5)), 'aaa');
    expect(clear?.score).toBeGreaterThan(doubtful?.score ?? 0);
    expect(clear?.score).toBeLessThan(0);
  });

  it('tells the steps at which characters were seen', () => {
    expect(decodeMasked(scoresOf(spelled('ABC')), 'aaa')?.frames).toEqual([0, 2, 4]);
  });

  it('has no answer for a line of fewer steps than characters', () => {
    expect(decodeMasked(scoresOf(spelled('A')), 'aaa')).toBeNull();
  });
});
