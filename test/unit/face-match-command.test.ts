import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { parseCsv } from '../../src/cli/csv.js';
import { runMatch, type MatchRequest } from '../../src/cli/match.js';
import { FACE_POLICY } from '../../src/domain/face-policy.js';
import { sourceUrl, startChild } from '../support/child.js';
import { cropFace, printedPage } from '../support/pictures.js';

const engine = makeFaceEngine();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'match-'));
  await writeFile(path.join(folder, 'a.jpg'), await cropFace('sample1', 0));
  await writeFile(path.join(folder, 'b, same.jpg'), await cropFace('sample3', 0));
  await writeFile(path.join(folder, 'c.jpg'), await cropFace('sample6', 0));
  await writeFile(path.join(folder, 'page.jpg'), await printedPage());
  await writeFile(path.join(folder, 'broken.jpg'), 'no picture');
  await writeFile(
    path.join(folder, 'pairs.csv'),
    'a,b,same\na.jpg,"b, same.jpg",1\r\na.jpg,c.jpg,0\n"b, same.jpg",c.jpg,0\na.jpg,page.jpg,0\n',
  );
  await writeFile(path.join(folder, 'with-broken.csv'), 'b,a\na.jpg,broken.jpg\nc.jpg,a.jpg\n');
  await writeFile(path.join(folder, 'wrong.csv'), 'x,y\n1,2\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await engine.close();
});

const at = (name: string) => path.join(folder, name);

async function run(request: Partial<MatchRequest>, concurrency = 1) {
  const lines: string[] = [];
  const warnings: string[] = [];
  let embedded = 0;
  const counting = {
    compare: (a: Uint8Array, b: Uint8Array) => engine.compare(a, b),
    embed: (image: Uint8Array) => {
      embedded++;
      return engine.embed(image);
    },
  };
  const code = await runMatch(
    { files: [], json: true, ...request },
    {
      engine: counting,
      similarity: engine.similarity,
      concurrency,
      print: (line) => lines.push(line),
      warn: (line) => warnings.push(line),
    },
  );
  return {
    code,
    lines,
    answers: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    warnings,
    embedded,
  };
}

describe('lethe match', () => {
  it('answers for two images on one line', async () => {
    const { code, answers } = await run({ files: [at('a.jpg'), at('b, same.jpg')] });
    expect(code).toBe(0);
    expect(answers).toHaveLength(1);
    const [answer] = answers;
    expect(Object.keys(answer ?? {})).toEqual(['score', 'match', 'faces', 'ms']);
    expect(answer).toMatchObject({ match: true, faces: [1, 1] });
    expect(answer?.['score']).toBeGreaterThan(FACE_POLICY.pass);
  });

  it('says null, and no match, where no face is', async () => {
    const { code, answers } = await run({ files: [at('a.jpg'), at('page.jpg')] });
    expect(code).toBe(0);
    expect(answers[0]).toMatchObject({ score: null, match: false, faces: [1, 0] });
  });

  it('answers a line a pair, in the order of the list, with each image embedded once', async () => {
    const { code, answers, embedded } = await run({ pairs: at('pairs.csv') });
    expect(code).toBe(0);
    expect(embedded).toBe(4);
    expect(answers.map(({ a, b, match }) => [a, b, match])).toEqual([
      ['a.jpg', 'b, same.jpg', true],
      ['a.jpg', 'c.jpg', false],
      ['b, same.jpg', 'c.jpg', false],
      ['a.jpg', 'page.jpg', false],
    ]);
    expect(Object.keys(answers[0] ?? {})).toEqual(['a', 'b', 'score', 'match']);
    expect(answers[3]).toMatchObject({ score: null });
  });

  it('gives the same scores as one comparison at a time, and with several workers', async () => {
    const [single] = (await run({ files: [at('a.jpg'), at('b, same.jpg')] })).answers;
    const alone = await run({ pairs: at('pairs.csv') });
    const together = await run({ pairs: at('pairs.csv') }, 3);
    expect(together.answers).toEqual(alone.answers);
    expect(alone.answers[0]?.['score']).toBeCloseTo(Number(single?.['score']), 5);
  });

  it('goes on past an image that cannot be read, and fails in the end without naming it', async () => {
    const { code, answers, warnings } = await run({ pairs: at('with-broken.csv') });
    expect(code).toBe(1);
    expect(answers.map(({ a, score }) => [a, typeof score])).toEqual([
      ['broken.jpg', 'object'],
      ['a.jpg', 'number'],
    ]);
    expect(warnings.join()).not.toContain('broken');
  });

  it.each([
    [{ files: ['one'] }, 2],
    [{ files: ['one', 'two', 'three'] }, 2],
    [{ files: ['one'], pairs: 'list.csv' }, 2],
    [{ files: ['missing-a', 'missing-b'] }, 1],
    [{ pairs: 'missing.csv' }, 1],
  ])('ends %p with exit code %i and prints nothing', async (request, expected) => {
    const { code, lines, warnings } = await run(request);
    expect(code).toBe(expected);
    expect(lines).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('refuses a list without the two columns', async () => {
    expect((await run({ pairs: at('wrong.csv') })).code).toBe(2);
  });

  it('speaks plainly without --json', async () => {
    const { lines } = await runPlain();
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^match\t0\.\d{3}\ta\.jpg\tb, same\.jpg$/);
    expect(lines[3]).toMatch(/^no match\t–\t/);
  });
});

async function runPlain() {
  const lines: string[] = [];
  await runMatch(
    { files: [], pairs: at('pairs.csv'), json: false },
    {
      engine,
      similarity: engine.similarity,
      print: (line) => lines.push(line),
      warn: (line) => lines.push(line),
    },
  );
  return { lines };
}

describe('lethe match as it is started', () => {
  /** The command in a process of its own, with one setting in its environment; its exit code last. */
  async function started(faceEngine: string): Promise<readonly string[]> {
    const argv = ['match', at('a.jpg'), at('b, same.jpg'), '--json'];
    const { output } = startChild(`
      process.env.FACE_ENGINE = ${JSON.stringify(faceEngine)};
      process.argv.splice(1, Infinity, 'lethe', ...${JSON.stringify(argv)});
      await import(${JSON.stringify(sourceUrl('main.ts'))});
      console.log(process.exitCode);
      process.exitCode = 0;
    `);
    return (await output).trim().split('\n');
  }

  it('compares with the engine that is configured, on one scale', async () => {
    const answers = await Promise.all(
      ['', 'dlib'].map(async (name) => {
        const [line = '', code] = await started(name);
        expect(code).toBe('0');
        return JSON.parse(line) as { readonly score: number; readonly match: boolean };
      }),
    );
    expect(answers.map(({ match }) => match)).toEqual([true, true]);
    const { score: usual = NaN } = (await run({ files: [at('a.jpg'), at('b, same.jpg')] })).answers[0] as {
      score?: number;
    };
    expect(answers[0]?.score).toBeCloseTo(usual, 5);
    expect(Math.abs((answers[1]?.score ?? 0) - usual)).toBeGreaterThan(0.001);
  });

  it('refuses an engine that it does not know', async () => {
    expect(await started('eigenfaces')).toEqual(['2']);
  });
});

describe('comma-separated values', () => {
  it('reads quotes, doubled quotes, line ends within them, and short records', () => {
    expect(parseCsv('\uFEFFa,b\r\n"1 ""x"", y","two\nlines"\r\n\r\nonly')).toEqual([
      { a: '1 "x", y', b: 'two\nlines' },
      { a: 'only', b: '' },
    ]);
  });

  it('is empty for an empty text', () => {
    expect(parseCsv('')).toEqual([]);
    expect(parseCsv('a,b\n')).toEqual([]);
  });
});
