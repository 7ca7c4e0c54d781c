import { readFile } from 'node:fs/promises';
import path from 'node:path';
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

/**
 * Prints accuracy and speed of the face engine on a folder with `pairs.csv`: `a,b,same` (1 = one person), paths relative to the file.
 *
 * @param timed two images that are compared 40 times for the time
 */
export async function evaluateFaces(folder: string, timed?: readonly [string, string]): Promise<void> {
  const engine = makeFaceEngine();
  try {
    const scores = await scorePairs(path.join(folder, 'pairs.csv'), engine);
    const accepted = trueAcceptRate(scores, FALSE_MATCH_RATE);
    const countAbove = (all: readonly number[]) => all.filter((score) => score > FACE_POLICY.pass).length;
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
    process.stdout.write(
      [
        `pairs ${scores.genuine.length} genuine, ${scores.impostor.length} impostor, ${scores.none} without a face`,
        `EER ${percent(equalErrorRate(scores))}`,
        `TAR ${percent(accepted.rate)} at FAR ${percent(FALSE_MATCH_RATE)}, threshold ${accepted.threshold.toFixed(3)}`,
        `above the pass mark ${FACE_POLICY.pass}: ${countAbove(scores.impostor)} of the impostors, ${countAbove(scores.genuine)} of the genuine`,
        ...(timed ? [`median ${(await medianTime(engine, ...timed)).toFixed(0)} ms a comparison`] : []),
        `RSS ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
        '',
      ].join('\n'),
    );
  } finally {
    await engine.close();
  }
}
