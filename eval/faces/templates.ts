import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, EngineError } from '../../src/domain/errors.js';
import { IMAGE_LIMITS } from '../../src/domain/image-policy.js';
import { decodeRgb } from '../../src/adapters/images/decode.js';
import type { FaceEngine } from '../../src/app/ports/face-engine.js';
import type { FaceCondition } from './degrade.js';
import type { Pair } from './pairs.js';

/** Templates of pictures by their name; `null` where no face was found or the picture could not be read. */
export type Templates = ReadonlyMap<string, Float32Array | null>;

export interface TemplateSets {
  /** Of the pictures as they are. */
  readonly clean: Templates;
  /** Of each condition by its name, of the pictures that stand second in a pair. */
  readonly degraded: ReadonlyMap<string, Templates>;
}

type Engine = Pick<FaceEngine, 'detect' | 'embed'>;

async function templateOf(engine: Engine, image: Uint8Array): Promise<Float32Array | null> {
  try {
    return (await engine.embed(image)).template;
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}

/** The picture made worse, or `null` where it cannot be read. */
async function degrade(
  engine: Engine,
  image: Uint8Array,
  { make }: FaceCondition,
): Promise<Uint8Array | null> {
  try {
    const photograph = await decodeRgb(image, { maxSide: IMAGE_LIMITS.normalisedSide });
    const [face = null] = await engine.detect(image);
    return await make(photograph, face);
  } catch (error) {
    if (error instanceof AppError || error instanceof EngineError) return null;
    throw error;
  }
}

/**
 * Computes the templates of all pictures of a list of pairs, each once however many pairs it stands in.
 * @param folder to which the names are relative
 */
export async function embedSets(
  engine: Engine,
  pairs: readonly Pair[],
  folder: string,
  conditions: readonly FaceCondition[],
  progress: (line: string) => void,
): Promise<TemplateSets> {
  const names = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const seconds = new Set(pairs.map(({ b }) => b));
  const clean = new Map<string, Float32Array | null>();
  const degraded = new Map(conditions.map(({ name }) => [name, new Map<string, Float32Array | null>()]));
  for (const [i, name] of names.entries()) {
    const image = await readFile(path.resolve(folder, name));
    clean.set(name, await templateOf(engine, image));
    for (const condition of seconds.has(name) ? conditions : []) {
      const worse = await degrade(engine, image, condition);
      degraded.get(condition.name)?.set(name, worse === null ? null : await templateOf(engine, worse));
    }
    if ((i + 1) % 50 === 0) progress(`${i + 1} of ${names.length} pictures`);
  }
  return { clean, degraded };
}
