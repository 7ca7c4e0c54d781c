import { drawDistributions, drawTradeOff } from '../../eval/faces/curves.js';
import { FACE_CONDITIONS } from '../../eval/faces/degrade.js';
import {
  equalErrorRate,
  errorCurve,
  findOperatingPoint,
  outcomeAt,
  outcomeAtFmr,
  sortScores,
} from '../../eval/faces/error-rates.js';
import {
  figuresOf,
  groupTable,
  operatingTable,
  overviewTable,
  ratesTable,
  tailTable,
} from '../../eval/faces/figures.js';
import { boundedThreshold, fitTail, tailRateAt } from '../../eval/faces/tail-model.js';
import { exactInterval, upperBound } from '../../eval/faces/intervals.js';
import { renderFacesPage } from '../../eval/faces/page.js';
import { embedSets } from '../../eval/faces/templates.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { readPairs } from '../../eval/faces/pairs.js';
import { EngineError } from '../../src/domain/errors.js';
import { asMarkdown } from '../../eval/documents/tally.js';
import { cropFace } from '../support/pictures.js';

describe('intervals', () => {
  it('are those of Clopper and Pearson', () => {
    // Published: 5 of 100 lies in 1.64–11.28 %; 10 of 20 in 27.20–72.80 %.
    expect(exactInterval(5, 100).low).toBeCloseTo(0.0164, 4);
    expect(exactInterval(5, 100).high).toBeCloseTo(0.1128, 4);
    expect(exactInterval(10, 20).low).toBeCloseTo(0.272, 4);
    expect(exactInterval(10, 20).high).toBeCloseTo(0.728, 4);
    expect(exactInterval(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.3085, 4) as number });
    expect(exactInterval(10, 10)).toEqual({ low: expect.closeTo(0.6915, 4) as number, high: 1 });
  });

  it('bound what was never seen by about three in the trials', () => {
    expect(upperBound(0, 4500)).toBeCloseTo(1 - 0.05 ** (1 / 4500), 9);
    expect(upperBound(0, 29_955)).toBeGreaterThan(1e-4);
    expect(upperBound(0, 29_956)).toBeLessThanOrEqual(1e-4);
    expect(upperBound(0, 0)).toBe(1);
  });
});

describe('error rates', () => {
  const scores = sortScores([0.9, 0.8, 0.7, 0.2], [0.1, 0.2, 0.3, 0.4]);

  it('count a score above the threshold as a match', () => {
    const { fmr, fnmr } = outcomeAt(scores, 0.2);
    expect([fmr.events, fmr.trials, fnmr.events, fnmr.trials]).toEqual([2, 4, 1, 4]);
  });

  it('find the lowest threshold with no more false matches than asked', () => {
    expect(outcomeAtFmr(scores, 0.25).threshold).toBe(0.3);
    expect(outcomeAtFmr(scores, 0.24).threshold).toBe(0.4);
    expect(outcomeAtFmr(scores, 0.24).fmr.events).toBe(0);
  });

  it('meet where both are equally frequent', () => {
    expect(equalErrorRate(scores)).toBe(0.25);
    expect(equalErrorRate(sortScores([0.8], [0.2]))).toBe(0);
    expect(equalErrorRate(sortScores([0.2], [0.8]))).toBe(1);
    expect(errorCurve(scores).at(0)).toEqual({ fmr: 0.75, fnmr: 0 });
  });

  it('say of too few pairs what they prove', () => {
    const point = findOperatingPoint(scores, 1e-4);
    expect(point.isMet).toBe(false);
    expect(point.threshold).toBe(0.4);
    expect(point.proven).toBeCloseTo(1 - 0.05 ** (1 / 4), 9);
  });

  it('prove an operating point on enough pairs, and let in what the bound lets in', () => {
    const impostor = Array.from({ length: 50_000 }, (_, i) => i / 100_000);
    const point = findOperatingPoint(sortScores([0.9], impostor), 1e-4);
    expect(point.isMet).toBe(true);
    expect(point.proven).toBeLessThanOrEqual(1e-4);
    expect(upperBound(point.fmr.events + 1, 50_000)).toBeGreaterThan(1e-4);
    expect(point.fmr.events).toBe(1);
  });
});

describe('tail of impostor scores', () => {
  /** Scores whose excess over `start` is exactly so distributed, for the highest twentieth of `count`. */
  const withTail = (count: number, start: number, excessOf: (share: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => {
      const above = (count - i - 0.5) / count;
      return above > 0.05 ? (start * (1 - above)) / 0.95 : start + excessOf(above / 0.05);
    }).sort();
  const exponential = withTail(4500, 0.2, (share) => -0.03 * Math.log(share));
  const ending = withTail(4500, 0.2, (share) => (0.04 / 0.25) * (1 - share ** 0.25));

  it('is taken for what it is, and its rates are found beyond the highest score', () => {
    const tail = fitTail(exponential);
    expect(tail?.pairs).toBe(225);
    expect(tail?.start).toBeCloseTo(0.2, 2);
    expect(tail?.likeliest.shape).toBeCloseTo(0, 1);
    // One in 20 lies in the tail, and e^-5 of those lie so high.
    const { estimate, upper } = tailRateAt(tail!, 0.35);
    expect(Math.log(estimate)).toBeCloseTo(Math.log(0.05 * Math.exp(-5)), 0);
    expect(upper).toBeGreaterThan(0.05 * Math.exp(-5));
  });

  it('that comes to an end is told from one that does not', () => {
    const tail = fitTail(ending)!;
    expect(tail.likeliest.shape).toBeLessThan(-0.15);
    expect(tailRateAt(tail, 0.2 + 0.04 / 0.25).estimate).toBeLessThan(1e-6);
    expect(boundedThreshold(tail, 1e-4)).toBeLessThan(boundedThreshold(fitTail(exponential)!, 1e-4));
  });

  it('bounds a rate from one threshold on', () => {
    const tail = fitTail(ending)!;
    const threshold = boundedThreshold(tail, 1e-4);
    expect(tailRateAt(tail, threshold).upper).toBeLessThanOrEqual(1e-4);
    expect(tailRateAt(tail, threshold - 0.001).upper).toBeGreaterThan(1e-4);
    // The bound narrows as pairs are added that say the same.
    const more = fitTail(withTail(13_500, 0.2, (share) => (0.04 / 0.25) * (1 - share ** 0.25)))!;
    expect(boundedThreshold(more, 1e-4)).toBeLessThan(threshold);
  });

  it('is not looked for in a handful of pairs', () => {
    expect(fitTail(exponential.slice(0, 900))).toBeNull();
    expect(fitTail(new Float64Array())).toBeNull();
  });
});

describe('figures', () => {
  const pair = (isGenuine: boolean, score: number | null, group = '') => ({
    a: 'a.jpg',
    b: 'b.jpg',
    isGenuine,
    group,
    score,
  });

  it('count a pair without a face as the lowest score', () => {
    const figures = figuresOf(
      'clean',
      [pair(true, null), pair(true, 0.9), pair(false, null), pair(false, 0.1)],
      0.45,
    );
    expect(figures.withoutFace).toBe(2);
    expect(figures.atPass.fnmr.events).toBe(1);
    expect(figures.atPass.fmr.events).toBe(0);
  });

  it('are given for each group at one threshold, where pairs name groups', () => {
    const pairs = [pair(true, 0.3, 'b'), pair(false, 0.1, 'b'), pair(true, 0.9, 'a'), pair(false, 0.5, 'a')];
    const table = groupTable(figuresOf('clean', pairs, 0.45), 0.45);
    expect(table?.rows.map(([group]) => group)).toEqual(['a', 'b']);
    expect(String(table?.rows[0]?.[5])).toMatch(/^1 of 1 /);
    expect(String(table?.rows[1]?.[6])).toMatch(/^100\.00 % \(1 of 1/);
    expect(groupTable(figuresOf('clean', [pair(true, 0.9)], 0.45), 0.45)).toBeNull();
  });

  it('say what the tail of impostor scores comes to at a mark, where there is one', () => {
    const impostors = Array.from({ length: 2000 }, (_, i) => pair(false, i / 10_000));
    const [row] = tailTable([figuresOf('clean', impostors, 0.3)], 0.3).rows;
    expect(row?.slice(0, 3)).toEqual(['clean', '0.190', 100]);
    expect(Number(row?.[5])).toBeLessThan(1e-4);
    expect(tailTable([figuresOf('few', [pair(false, 0.1)], 0.3)], 0.3).rows[0]?.[1]).toBe('too few pairs');
  });

  it('stand in tables', () => {
    const all = [figuresOf('clean', [pair(true, 0.9), pair(false, 0.1)], 0.45)];
    const text = [overviewTable(all), ratesTable(all), operatingTable(all, 0.45)].map(asMarkdown).join('\n');
    expect(text).toContain('| clean | 1 | 1 | 0 | 0.00 % |');
    expect(text).toContain('too few pairs');
    expect(text).toContain('pass mark 0.45');
  });
});

describe('page of faces', () => {
  const scores = sortScores([0.9, 0.8], [0.1, 0.2]);
  const svg = drawDistributions(scores, 0.45);

  it('bears curves, and neither script nor a link to anywhere', () => {
    const html = renderFacesPage(
      [{ title: 'T', head: ['h'], rows: [['<script>alert(1)</script>']] }],
      [
        { title: 'scores', svg },
        { title: 'errors', svg: drawTradeOff([{ name: 'clean', scores }]) },
      ],
      [
        {
          title: 'worst',
          pairs: [{ a: '<b>.jpg', b: 'b.jpg', score: null, pictures: [Buffer.from('x'), null] }],
        },
      ],
    );
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).not.toMatch(/<script|href=|src="http/);
    expect(html).toContain('&lt;b&gt;.jpg');
    expect(html).toContain('no face');
  });

  it('draws every curve within its frame', () => {
    const numbers = [...svg.matchAll(/points="([^"]+)"/g)].flatMap(([, points = '']) =>
      points.split(' ').map((point) => point.split(',').map(Number)),
    );
    expect(numbers.length).toBeGreaterThan(100);
    for (const [x = NaN, y = NaN] of numbers) {
      expect(x >= 56 && x <= 544).toBe(true);
      expect(y >= 16 && y <= 256).toBe(true);
    }
  });
});

describe('templates of a list', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'faces-'));
    await writeFile(path.join(folder, 'a.jpg'), await cropFace('sample1', 0));
    await writeFile(path.join(folder, 'b.jpg'), await cropFace('sample3', 0));
    await writeFile(path.join(folder, 'broken.jpg'), 'no picture');
    await writeFile(
      path.join(folder, 'pairs.csv'),
      'a,b,same,group\na.jpg,b.jpg,1,x\nb.jpg,a.jpg,1,x\na.jpg,broken.jpg,0,y\n',
    );
    await writeFile(path.join(folder, 'wrong.csv'), 'a,b\n1,2\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Tells which pictures it saw by their width; a real engine is asked elsewhere. */
  function countingEngine() {
    const widths: number[] = [];
    return {
      widths,
      detect: () => Promise.resolve([{ left: 200, top: 100, width: 150, height: 180, score: 1 }]),
      async embed(image: Uint8Array) {
        const { width } = await sharp(image)
          .metadata()
          .catch(() => {
            throw new EngineError('image_undecodable');
          });
        widths.push(width);
        return { template: Float32Array.of(1), faces: 1 };
      },
    };
  }

  it('are computed once a picture and condition, and are missing where a picture cannot be read', async () => {
    const pairs = await readPairs(path.join(folder, 'pairs.csv'));
    expect(pairs.map(({ isGenuine, group }) => [isGenuine, group])).toEqual([
      [true, 'x'],
      [true, 'x'],
      [false, 'y'],
    ]);
    const engine = countingEngine();
    const { clean, degraded } = await embedSets(engine, pairs, folder, FACE_CONDITIONS, () => undefined);
    expect([...clean.keys()].sort()).toEqual(['a.jpg', 'b.jpg', 'broken.jpg']);
    expect(clean.get('broken.jpg')).toBeNull();
    expect(engine.widths).toHaveLength(2 + 2 * FACE_CONDITIONS.length);
    expect([...(degraded.get('printed')?.keys() ?? [])].sort()).toEqual(['a.jpg', 'b.jpg', 'broken.jpg']);
    expect(degraded.get('printed')?.get('broken.jpg')).toBeNull();
  });

  it('are refused of a list without the columns', async () => {
    await expect(readPairs(path.join(folder, 'wrong.csv'))).rejects.toThrow('pairs_need_columns');
  });

  it('are of faces as high as on a document, and each condition is another picture', async () => {
    const { data, info } = await sharp(await cropFace('sample1', 0))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const photograph = { data, width: info.width, height: info.height };
    const face = { left: 200, top: 100, width: 150, height: 180, score: 1 };
    const made = await Promise.all(FACE_CONDITIONS.map(({ make }) => make(photograph, face)));
    const stats = await Promise.all(
      made.map(async (image) => {
        const { width } = await sharp(image).metadata();
        const { sharpness, channels } = await sharp(image).stats();
        return { width, sharpness, mean: channels[0]?.mean ?? 0 };
      }),
    );
    const [printed, glare, smoothed] = stats;
    expect(stats.map(({ width }) => width)).toEqual(new Array(3).fill(Math.round(info.width / 2)));
    expect(glare?.mean).toBeGreaterThan((printed?.mean ?? 0) + 1);
    expect(smoothed?.sharpness).toBeLessThan(printed?.sharpness ?? 0);
  });
});
