/**
 * What the judgement of pictures is worth: documents and selfies are spoilt in known ways, and each reason that is given is held against
 * what was done to the picture and whether the engines still cope with it. A reason is right where the picture has that fault and suffers
 * from it; to refuse what is read all the same is an error.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFaceEngine } from '../src/adapters/face/face-engine.js';
import { decodeRgb } from '../src/adapters/images/decode.js';
import { judgeDocument } from '../src/adapters/images/judge-document.js';
import { judgeSelfieFaces } from '../src/adapters/images/judge-selfie.js';
import { makeDocumentReader } from '../src/adapters/ocr/document-reader.js';
import { makeTextDetector } from '../src/adapters/ocr/text-detector.js';
import { parseCsv } from '../src/cli/csv.js';
import { FACE_POLICY } from '../src/domain/face-policy.js';
import { IMAGE_LIMITS } from '../src/domain/image-policy.js';
import type { ReasonCode } from '../src/domain/reasons.js';
import { degradationsOf, selfieDegradationsOf } from './degradations.js';

/** The side at which text is looked for when a picture comes in. */
const DETECTION_SIDE = 640;
/** Loss of similarity from which a selfie counts as suffering: it lifts one pair in fifty below the pass mark. */
const FACE_LOSS = 0.05;
/** Similarity above the pass mark from which a pair is looked at. */
const MARGIN = 0.1;

/** What one reason is worth. */
interface Tally {
  /** Given, and of these rightly. */
  given: number;
  right: number;
  /** Pictures that have the fault and are not read for it, and of these those for which the reason was given. */
  faulty: number;
  told: number;
}

/** Where a reason is given: when the picture comes in, or when it was not read. */
type Stage = 'upload' | 'in all';

class Scores {
  readonly #tallies = new Map<string, Tally>();
  #readable = 0;
  #refused = 0;

  of(stage: Stage, reason: string): Tally {
    const key = `${reason} | ${stage}`;
    const tally = this.#tallies.get(key) ?? { given: 0, right: 0, faulty: 0, told: 0 };
    this.#tallies.set(key, tally);
    return tally;
  }

  add(
    stage: Stage,
    reasons: readonly string[],
    picture: { readonly fault: string; readonly suffers: boolean; readonly fails: boolean },
  ): void {
    for (const reason of reasons) {
      const tally = this.of(stage, reason);
      tally.given++;
      tally.right += Number(reason === picture.fault && picture.suffers);
    }
    if (picture.fault !== 'none' && picture.fails) {
      const tally = this.of(stage, picture.fault);
      tally.faulty++;
      tally.told += Number(reasons.includes(picture.fault));
    }
    if (stage !== 'upload' || picture.suffers) return;
    this.#readable++;
    this.#refused += Number(reasons.length > 0);
  }

  print(title: string): void {
    const share = (part: number, whole: number) =>
      whole === 0 ? '–' : `${(part / whole).toFixed(3)} (${part} of ${whole})`;
    const rows = [...this.#tallies.entries()]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([key, { given, right, faulty, told }]) =>
          `| ${key} | ${share(right, given)} | ${share(told, faulty)} |`,
      );
    process.stdout.write(
      `\n${[`| ${title}: reason | given at | precision | recall |`, '| --- | --- | --- | --- |', ...rows].join('\n')}\n` +
        `refused although the engines cope: ${this.#refused} of ${this.#readable}\n`,
    );
  }
}

async function readJson(file: string): Promise<Record<string, { readonly lines: readonly string[] }> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Record<string, { readonly lines: readonly string[] }>);
}

interface Reading {
  readonly exact: boolean;
  readonly outcome: string;
}

async function evaluateDocumentQuality(folder: string, seed: string): Promise<boolean> {
  const truths = await readJson(path.join(folder, 'truth.json'));
  if (truths === null) return false;
  const today = new Date().toISOString().slice(0, 10);
  const [reader, detector] = [await makeDocumentReader(), await makeTextDetector()];
  const scores = new Scores();
  let refusedOriginals = 0;
  for (const [file, { lines }] of Object.entries(truths)) {
    const read = async (front: Uint8Array): Promise<Reading> => {
      const { mrz, outcome } = await reader.read({ front, today });
      return { exact: mrz?.lines.join() === lines.join(), outcome };
    };
    let original: Reading | null = null;
    for await (const { fault, name, image } of degradationsOf(
      await readFile(path.join(folder, file)),
      `${seed}/${file}`,
    )) {
      const reading = await read(image);
      original ??= reading;
      // What is not read even as it is says nothing of the faults.
      if (!original.exact) break;
      const raster = await decodeRgb(image, { maxSide: IMAGE_LIMITS.normalisedSide });
      const boxes = await detector.detect(raster, DETECTION_SIDE);
      const fails = !reading.exact;
      const suffers = fails || (reading.outcome === 'retry' && original.outcome !== 'retry');
      const upload = judgeDocument(raster, boxes).reasons;
      const later = suffers ? judgeDocument(raster, boxes, { unread: true }).reasons : [];
      scores.add('upload', upload, { fault, suffers, fails });
      scores.add('in all', upload.length > 0 ? upload : later, { fault, suffers, fails });
      refusedOriginals += Number(name === 'original' && upload.length > 0);
    }
    process.stderr.write('.');
  }
  scores.print('documents');
  process.stdout.write(`originals refused: ${refusedOriginals}\n`);
  await reader.close();
  await detector.close();
  return true;
}

/** One picture a person, and another of the same person to compare it with. */
async function genuinePairs(folder: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readFile(path.join(folder, 'pairs.csv'), 'utf8').catch(() => '');
  const seen = new Set<string>();
  const pairs: (readonly [string, string])[] = [];
  for (const { a, b, same } of parseCsv(text)) {
    if (same !== '1' || a === undefined || b === undefined || seen.has(path.dirname(b))) continue;
    seen.add(path.dirname(b));
    pairs.push([path.join(folder, a), path.join(folder, b)]);
  }
  return pairs;
}

async function evaluateSelfieQuality(folder: string, seed: string): Promise<boolean> {
  const pairs = await genuinePairs(folder);
  if (pairs.length === 0) return false;
  const engine = makeFaceEngine();
  const scores = new Scores();
  for (const [portrait, selfie] of pairs) {
    const document = await readFile(portrait);
    let original: number | null = null;
    for await (const { fault, image } of selfieDegradationsOf(await readFile(selfie), `${seed}/${selfie}`)) {
      const similarity = (await engine.compare(document, image)).score ?? 0;
      original ??= similarity;
      // A pair that hardly passes as it is falls with anything.
      if (original <= FACE_POLICY.pass + MARGIN) break;
      const raster = await decodeRgb(image, { maxSide: IMAGE_LIMITS.normalisedSide });
      const reasons: readonly ReasonCode[] = judgeSelfieFaces(raster, await engine.detect(image)).reasons;
      const fails = similarity <= FACE_POLICY.pass;
      scores.add('upload', reasons, { fault, fails, suffers: fails || original - similarity >= FACE_LOSS });
    }
  }
  scores.print('selfies');
  await engine.close();
  return true;
}

/**
 * Prints precision and recall of each reason, for a folder with `truth.json` (pictures of documents, as `--documents` takes), one with
 * `pairs.csv` (as `--faces` takes), or one that holds such folders as `documents` and `faces`. Pictures are spoilt in memory.
 *
 * @param options `seed`: another one spoils them by other amounts, at other places
 * @throws Error where there is neither
 */
export async function evaluateQuality(
  folder: string,
  options: { readonly seed?: string } = {},
): Promise<void> {
  const { seed = 'quality' } = options;
  const done: boolean[] = [];
  for (const place of [folder, path.join(folder, 'documents')])
    done.push(await evaluateDocumentQuality(place, seed));
  for (const place of [folder, path.join(folder, 'faces')])
    done.push(await evaluateSelfieQuality(place, seed));
  if (!done.includes(true)) throw new Error('neither truth.json nor pairs.csv was found');
}
