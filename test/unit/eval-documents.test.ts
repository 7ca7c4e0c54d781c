import sharp from 'sharp';
import { calibrate, judgeFields } from '../../eval/documents/calibration.js';
import { DEGRADATIONS } from '../../eval/documents/degrade.js';
import { escapeHtml, renderPage, type PageCase } from '../../eval/documents/page.js';
import {
  asMarkdown,
  percentile,
  tally,
  tallyBy,
  tallyTable,
  type Reading,
} from '../../eval/documents/tally.js';
import { compareTexts, editDistance } from '../../eval/documents/text-difference.js';
import { parseTruth, trueFields, type DocumentTruth } from '../../eval/documents/truth.js';
import { isAcceptedWrong, judgeReading } from '../../eval/documents/verdict.js';
import { writeTd3 } from '../../src/sandbox/samples/mrz-writer.js';
import { HOLDER } from '../support/document-holder.js';

const TODAY = '2026-11-24';
const LINES = writeTd3({ ...HOLDER, surname: 'Hartwell', givenNames: 'Amelia' });
const TRUTH: DocumentTruth = { fmt: 'TD3', lines: LINES, check_digits: [true, true, true, true, true] };

const read = (
  lines: readonly string[],
  valid: boolean,
  outcome: 'accept' | 'retry' | 'review' = 'accept',
) => ({
  outcome,
  mrz: { lines, valid, check_digits: {} },
  fields: {},
  confidence: {},
});
const misread = LINES.with(0, LINES[0]?.replace('HARTWELL', 'HARTWEL1') ?? '');

describe('the truth of a folder', () => {
  it('is read with what is optional', () => {
    const entry = {
      fmt: 'none',
      fields: { surname: 'BRAGA', shoe_size: '43' },
      condition: 'glare',
      back: 'b.jpg',
    };
    expect(parseTruth(JSON.stringify({ 'a.jpg': entry })).get('a.jpg')).toEqual({
      fmt: 'none',
      lines: [],
      check_digits: [],
      fields: { surname: 'BRAGA' },
      condition: 'glare',
      back: 'b.jpg',
    });
  });

  it.each(['', 'null', '[]', '{"a":1}', '{"a":{"fmt":"TD3","lines":"x"}}', '{"a":{"lines":[]}}'])(
    'is refused where it is malformed: %s',
    (json) => {
      expect(() => parseTruth(json)).toThrow('truth_malformed');
    },
  );

  it('gives the fields of the zone, else the listed ones', () => {
    expect(trueFields(TRUTH, TODAY)).toMatchObject({ surname: 'HARTWELL', date_of_birth: '1994-03-17' });
    const printed: DocumentTruth = { fmt: 'none', lines: [], check_digits: [], fields: { sex: 'F' } };
    expect(trueFields(printed, TODAY)).toEqual({ sex: 'F' });
  });
});

describe('a verdict', () => {
  it('tells exact from valid', () => {
    expect(judgeReading(TRUTH, read(LINES, true), TODAY)).toEqual({
      checkable: true,
      digitsRight: true,
      exact: true,
      outcome: 'accept',
    });
    const wrong = judgeReading(TRUTH, read(misread, true), TODAY);
    expect(wrong).toMatchObject({ digitsRight: true, exact: false });
    expect(isAcceptedWrong(wrong)).toBe(true);
    expect(isAcceptedWrong(judgeReading(TRUTH, read(misread, true, 'review'), TODAY))).toBe(false);
  });

  it('holds a document without a zone against its listed fields', () => {
    const truth: DocumentTruth = { fmt: 'none', lines: [], check_digits: [], fields: { surname: 'BRAGA' } };
    const reading = { outcome: 'review', mrz: null, confidence: {} } as const;
    const exactOf = (surname: string) =>
      judgeReading(truth, { ...reading, fields: { surname, sex: 'F' } }, TODAY).exact;
    expect([exactOf('BRAGA'), exactOf('BRAGO')]).toEqual([true, false]);
  });

  it('of a refusal is neither exact nor valid', () => {
    expect(judgeReading(TRUTH, null, TODAY)).toMatchObject({
      outcome: 'error',
      exact: false,
      digitsRight: false,
    });
  });
});

describe('a tally', () => {
  const reading = (format: string, exact: boolean, ms: number): Reading => ({
    format,
    condition: 'as it is',
    ms,
    verdict: { checkable: format === 'TD3', digitsRight: true, exact, outcome: exact ? 'accept' : 'retry' },
  });
  const readings = [reading('TD3', true, 100), reading('TD3', false, 300), reading('TD1', false, 200)];

  it('counts what is right, wrong and refused', () => {
    expect(tally('all', readings)).toEqual({
      group: 'all',
      documents: 3,
      checkable: 2,
      digits_right: 2,
      exact: 1,
      digits_right_text_wrong: 2,
      accept: 1,
      review: 0,
      retry: 2,
      error: 0,
      accepted_wrong: 0,
      median_ms: 200,
      p95_ms: 300,
    });
  });

  it('is made by group, with one of all, and printed as a table', () => {
    const tallies = tallyBy(readings, 'format');
    expect(tallies.map(({ group, documents }) => [group, documents])).toEqual([
      ['TD3', 2],
      ['TD1', 1],
      ['all', 3],
    ]);
    const [title, , head, , first] = asMarkdown(tallyTable('By format', tallies)).split('\n');
    expect(title).toBe('## By format');
    expect(head?.split('|')).toHaveLength(first?.split('|').length ?? 0);
    expect(first).toBe('| TD3 | 2 | 2 of 2 | 1 | 1 | 1 | 0 | 1 | 0 | 0 | 100 | 300 |');
  });

  it('takes the nearest rank for a percentile', () => {
    const values = [5, 1, 4, 2, 3];
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0)]).toEqual([3, 5, 1]);
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe('calibration', () => {
  it('puts a value on a bound into the bin above, and 1 into the last', () => {
    const bins = calibrate(
      [0, 0.5, 0.7, 0.9, 0.99, 1].map((confidence, i) => ({ confidence, right: i % 2 === 0 })),
    );
    expect(bins.map(({ fields }) => fields)).toEqual([1, 1, 1, 1, 2]);
    expect(bins.map(({ right }) => right)).toEqual([1, 0, 1, 0, 1]);
    expect(bins.at(-1)?.mean_confidence).toBeCloseTo(0.995, 6);
  });

  it('takes a field that the document does not have for wrong, unless the truth is partial', () => {
    const reading = {
      fields: { surname: 'BRAGA', sex: 'F' },
      confidence: { surname: 0.9, sex: 0.4 },
    } as const;
    const truth = { surname: 'BRAGA' };
    expect(judgeFields(reading, truth, { partial: false })).toEqual([
      { confidence: 0.9, right: true },
      { confidence: 0.4, right: false },
    ]);
    expect(judgeFields(reading, truth, { partial: true })).toEqual([{ confidence: 0.9, right: true }]);
  });
});

describe('texts', () => {
  it('are compared place by place where they are of one length', () => {
    expect(compareTexts('AB0D', 'ABOD')).toEqual([
      { differs: false, read: 'AB', truth: 'AB' },
      { differs: true, read: '0', truth: 'O' },
      { differs: false, read: 'D', truth: 'D' },
    ]);
  });

  it('are aligned with the fewest changes otherwise', () => {
    expect(compareTexts('HARTWEL', 'HARTWELL')).toContainEqual({ differs: true, read: '', truth: 'L' });
    const segments = compareTexts('XHARTWEL', 'HARTVELL<');
    expect(segments.map(({ read: text }) => text).join('')).toBe('XHARTWEL');
    expect(segments.map(({ truth }) => truth).join('')).toBe('HARTVELL<');
    const changes = segments
      .filter(({ differs }) => differs)
      .reduce((sum, one) => sum + Math.max(one.read.length, one.truth.length), 0);
    expect(changes).toBe(editDistance('XHARTWEL', 'HARTVELL<'));
  });

  it.each([
    ['', '', 0],
    ['', 'ABC', 3],
    ['KITTEN', 'SITTING', 3],
  ])('%s and %s are %i changes apart', (a, b, changes) => {
    expect(editDistance(a, b)).toBe(changes);
  });
});

describe('the page', () => {
  const HOSTILE = `<script>alert("1")</script>&'\u202e\u0000`;
  const shown: PageCase = {
    file: HOSTILE,
    format: HOSTILE,
    condition: HOSTILE,
    picture: Buffer.from('jpeg'),
    outcome: 'retry',
    reasons: [HOSTILE],
    read: ['P<UTOHARTWEL1', HOSTILE],
    truth: ['P<UTOHARTWELL', HOSTILE],
    quality: { [HOSTILE]: 0.12345 },
  };
  const page = renderPage(
    HOSTILE,
    [{ title: HOSTILE, head: [HOSTILE], rows: [[HOSTILE]] }],
    [{ title: HOSTILE, cases: [shown] }],
  );

  it('escapes text for any place, and shows what would turn or hide it', () => {
    expect(escapeHtml(HOSTILE)).toBe(
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;\u{fffd}\u{fffd}',
    );
  });

  it('lets no text become markup, wherever it stands', () => {
    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u202e');
    expect(page.split('&lt;script&gt;').length - 1).toBeGreaterThanOrEqual(10);
    expect(page).toContain("default-src 'none'");
  });

  it('marks the characters that differ, on both sides', () => {
    expect(page).toContain('P&lt;UTOHARTWEL<mark>1</mark>');
    expect(page).toContain('P&lt;UTOHARTWEL<mark>L</mark>');
    expect(page.match(/<mark>/g)).toHaveLength(2);
  });

  it('carries the pictures in itself', () => {
    expect(page).toContain(`data:image/jpeg;base64,${Buffer.from('jpeg').toString('base64')}`);
  });
});

describe('degraded copies', () => {
  const [width, height] = [120, 80];
  const raster = { data: new Uint8Array(width * height * 3).map((_, i) => (i * 7) % 256), width, height };

  it.each(DEGRADATIONS.map((degradation) => [degradation.name, degradation] as const))(
    '%s: a picture, the same each time, and not the original',
    async (_, { make }) => {
      const [first, second] = [await make(raster), await make(raster)];
      expect(first).toEqual(second);
      const { data, info } = await sharp(first).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(3);
      expect(info.width === width && info.height === height && data.equals(raster.data)).toBe(false);
    },
  );

  it('bear different names', () => {
    expect(new Set(DEGRADATIONS.map(({ name }) => name)).size).toBe(DEGRADATIONS.length);
  });
});
