/**
 * Accuracy and speed of the face engine on a list of pairs: `a,b,same` (1 = one person), paths relative to the file.
 * Run: node --import ./test/support/ts-loader.mjs eval/faces.ts PAIRS.csv [A.jpg B.jpg]; the two images are compared 40 times for the time.
 */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { makeFaceEngine, similarity } from '../src/adapters/face/face-engine.js';
import { parseCsv } from '../src/cli/csv.js';
import { runMatch } from '../src/cli/match.js';
import { FACE_POLICY } from '../src/domain/face-policy.js';

const FALSE_MATCH_RATE = 0.001;

interface Scores {
  readonly genuine: number[];
  readonly impostor: number[];
}

const shareFrom = (sorted: readonly number[], threshold: number): number =>
  sorted.filter((score) => score >= threshold).length / sorted.length;

/** Where false matches and false non-matches are equally frequent: the smaller maximum of the two over all thresholds. */
function equalErrorRate({ genuine, impostor }: Scores): number {
  const rates = [...genuine, ...impostor].map((threshold) =>
    Math.max(shareFrom(impostor, threshold), 1 - shareFrom(genuine, threshold)),
  );
  return Math.min(...rates);
}

/** Share of genuine pairs above the score that all but `rate` of the impostor pairs stay below. */
function trueAcceptRate({ genuine, impostor }: Scores, rate: number): { rate: number; threshold: number } {
  const highestFirst = impostor.toSorted((a, b) => b - a);
  const threshold = highestFirst[Math.floor(rate * highestFirst.length)] ?? 0;
  return { rate: genuine.filter((score) => score > threshold).length / genuine.length, threshold };
}

async function scorePairs(
  csv: string,
  engine: ReturnType<typeof makeFaceEngine>,
): Promise<Scores & { none: number }> {
  const lines: { score: number | null }[] = [];
  await runMatch(
    { files: [], pairs: csv, json: true },
    {
      engine,
      similarity,
      print: (line) => lines.push(JSON.parse(line) as { score: number | null }),
      warn: (line) => process.stderr.write(`${line}\n`),
    },
  );
  const same = parseCsv(await readFile(csv, 'utf8')).map((pair) => pair['same'] === '1');
  // A pair without a face counts as the lowest score: for a genuine learner it is a failure all the same.
  const scored = lines.map(({ score }, i) => ({ score: score ?? 0, same: same[i] }));
  return {
    genuine: scored.filter((pair) => pair.same).map(({ score }) => score),
    impostor: scored.filter((pair) => !pair.same).map(({ score }) => score),
    none: lines.filter(({ score }) => score === null).length,
  };
}

async function medianTime(engine: ReturnType<typeof makeFaceEngine>, a: string, b: string): Promise<number> {
  const images = [await readFile(a), await readFile(b)] as const;
  const times: number[] = [];
  for (let run = 0; run < 40; run++) {
    const start = performance.now();
    await engine.compare(...images);
    times.push(performance.now() - start);
  }
  return times.toSorted((x, y) => x - y)[20] ?? 0;
}

const [csv, a, b] = process.argv.slice(2);
if (csv === undefined) throw new Error('usage: faces.ts PAIRS.csv [A.jpg B.jpg]');
const engine = makeFaceEngine();
const scores = await scorePairs(csv, engine);
const accepted = trueAcceptRate(scores, FALSE_MATCH_RATE);
const countAbove = (all: readonly number[]) => all.filter((score) => score > FACE_POLICY.pass).length;
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
process.stdout.write(
  [
    `pairs ${scores.genuine.length} genuine, ${scores.impostor.length} impostor, ${scores.none} without a face`,
    `EER ${percent(equalErrorRate(scores))}`,
    `TAR ${percent(accepted.rate)} at FAR ${percent(FALSE_MATCH_RATE)}, threshold ${accepted.threshold.toFixed(3)}`,
    `above the pass mark ${FACE_POLICY.pass}: ${countAbove(scores.impostor)} of the impostors, ${countAbove(scores.genuine)} of the genuine`,
    ...(a !== undefined && b !== undefined
      ? [`median ${(await medianTime(engine, a, b)).toFixed(0)} ms a comparison`]
      : []),
    `RSS ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    '',
  ].join('\n'),
);
await engine.close();
