import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { FaceEngine } from '../app/ports/face-engine.js';
import { FACE_POLICY } from '../domain/face-policy.js';
import { parseCsv } from './csv.js';
import type { ExitCode } from './command-line.js';

export interface MatchDeps {
  readonly engine: Pick<FaceEngine, 'compare' | 'embed'>;
  /** Similarity (0–1) of two templates of that engine. */
  readonly similarity: (a: Float32Array, b: Float32Array) => number;
  /** Images that the engine can work on at the same time; 1 unless told. */
  readonly concurrency?: number;
  /** Takes one line of the answer, without its end. */
  readonly print: (line: string) => void;
  /** Takes one line for the person at the terminal. */
  readonly warn: (line: string) => void;
}

export interface MatchRequest {
  /** Two images, unless `pairs` is given. */
  readonly files: readonly string[];
  /** A CSV file with columns `a` and `b`: paths relative to it. */
  readonly pairs?: string;
  readonly json: boolean;
}

const EXIT = { done: 0, failed: 1, wrongUse: 2 } as const satisfies Record<string, ExitCode>;

const isMatch = (score: number | null): boolean => score !== null && score > FACE_POLICY.pass;

/** Six digits tell apart all that matters and keep the lines short. */
const rounded = (score: number | null): number | null => (score === null ? null : Number(score.toFixed(6)));

/**
 * `lethe match A B` and `lethe match --pairs FILE.csv`. Nothing is kept of the images.
 * @returns the exit code: 0 done, 1 an image could not be read, 2 wrong use
 */
export async function runMatch(request: MatchRequest, deps: MatchDeps): Promise<ExitCode> {
  if (request.pairs !== undefined) {
    if (request.files.length > 0) return wrongUse(deps);
    return matchPairs(request.pairs, request.json, deps);
  }
  const [a, b, ...rest] = request.files;
  if (a === undefined || b === undefined || rest.length > 0) return wrongUse(deps);
  return matchTwo(a, b, request.json, deps);
}

function wrongUse({ warn }: MatchDeps): ExitCode {
  warn('usage: lethe match A B [--json] | lethe match --pairs FILE.csv [--json]');
  return EXIT.wrongUse;
}

async function matchTwo(
  a: string,
  b: string,
  json: boolean,
  { engine, print, warn }: MatchDeps,
): Promise<ExitCode> {
  try {
    const images = [await readFile(a), await readFile(b)] as const;
    const start = performance.now();
    const { score, faces } = await engine.compare(...images);
    const ms = Math.round(performance.now() - start);
    const match = isMatch(score);
    if (json) print(JSON.stringify({ score: rounded(score), match, faces, ms }));
    else
      print(
        `${match ? 'match' : 'no match'}  score ${formatScore(score)}  faces ${faces.join(' and ')}  ${ms} ms`,
      );
    return EXIT.done;
  } catch {
    warn('an image could not be read');
    return EXIT.failed;
  }
}

async function matchPairs(csv: string, json: boolean, deps: MatchDeps): Promise<ExitCode> {
  const { print, warn, similarity } = deps;
  const text = await readFile(csv, 'utf8').catch(() => null);
  if (text === null) {
    warn('the list of pairs could not be read');
    return EXIT.failed;
  }
  const pairs = parseCsv(text);
  if (pairs.some(({ a, b }) => a === undefined || b === undefined)) {
    warn('the list of pairs needs the columns a and b');
    return EXIT.wrongUse;
  }
  const { templates, unread } = await embedAll(pairs, path.dirname(csv), deps);
  for (const { a = '', b = '' } of pairs) {
    const first = templates.get(a);
    const second = templates.get(b);
    const score = first && second ? similarity(first, second) : null;
    const match = isMatch(score);
    if (json) print(JSON.stringify({ a, b, score: rounded(score), match }));
    else print(`${match ? 'match' : 'no match'}\t${formatScore(score)}\t${a}\t${b}`);
  }
  if (unread > 0) warn(`${unread} images could not be read`);
  return unread > 0 ? EXIT.failed : EXIT.done;
}

/** Templates by path, each image computed once however many pairs it stands in; images without a face or unreadable are left out. */
async function embedAll(
  pairs: readonly Record<string, string>[],
  folder: string,
  { engine, concurrency = 1 }: MatchDeps,
): Promise<{ templates: Map<string, Float32Array>; unread: number }> {
  const templates = new Map<string, Float32Array>();
  const names = new Set(pairs.flatMap(({ a = '', b = '' }) => [a, b])).values();
  let unread = 0;
  const work = async () => {
    // All workers draw from one iterator, so none waits for another's slow image.
    for (const name of names) {
      try {
        const { template } = await engine.embed(await readFile(path.resolve(folder, name)));
        if (template !== null) templates.set(name, template);
      } catch {
        unread++;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { templates, unread };
}

const formatScore = (score: number | null): string => (score === null ? '–' : score.toFixed(3));
