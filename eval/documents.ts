import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { decodeRgb, restrictLoaders } from '../src/adapters/images/decode.js';
import type { RgbRaster } from '../src/adapters/images/raster.js';
import { makeDocumentReader } from '../src/adapters/ocr/document-reader.js';
import type { DocumentReader, DocumentReading } from '../src/app/ports/document-reader.js';
import { EngineError } from '../src/domain/errors.js';
import { IMAGE_LIMITS } from '../src/domain/image-policy.js';
import { calibrate, calibrationTable, judgeFields, type FieldReading } from './documents/calibration.js';
import { DEGRADATIONS, type Degradation } from './documents/degrade.js';
import { renderPage, type PageCase } from './documents/page.js';
import { asMarkdown, tallyBy, tallyTable, type Reading, type Table } from './documents/tally.js';
import { parseTruth, trueFields, type DocumentTruth, type Fields } from './documents/truth.js';
import { isAcceptedWrong, judgeReading } from './documents/verdict.js';

export interface EvaluateDocumentsOptions {
  /** Folder of pictures with their `truth.json`. */
  readonly folder: string;
  /** Only these files of it; all, where none is named. */
  readonly only: readonly string[];
  /** Also copies made worse in all the ways of {@link DEGRADATIONS}. */
  readonly degrade: boolean;
  /** Where the page goes; a folder of its own in the place for temporary files where none is named. */
  readonly out?: string;
  /** One JSON object a line: each reading, then the summary. */
  readonly json: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Takes a line of the answer, without its end. */
  readonly print: (line: string) => void;
  /** Takes a line for the person who waits. */
  readonly progress: (line: string) => void;
}

/** A picture that was read, with all that is said of it. */
interface Result extends Reading {
  readonly file: string;
  readonly reading: DocumentReading | null;
  readonly error: string | null;
  readonly fields: readonly FieldReading[];
  /** For the page, where the reading went wrong. */
  readonly shown: PageCase | null;
}

const ORIGINAL = 'as it is';
/** Longer side of the pictures on the page. */
const SHOWN_SIDE = 640;

/** Reads a folder of documents, prints how right, how sure and how fast it went, and writes a page of what went wrong. */
export async function evaluateDocuments(options: EvaluateDocumentsOptions): Promise<void> {
  const { folder, only, degrade } = options;
  const truths = parseTruth(await readFile(path.join(folder, 'truth.json'), 'utf8'));
  // Pictures are made worse by the library that decodes uploads: nothing of them may stay in its cache, here as there.
  restrictLoaders();
  const reader = await makeDocumentReader();
  const results: Result[] = [];
  try {
    for (const [file, truth] of truths) {
      if (only.length > 0 && !only.includes(file)) continue;
      const front = await readFile(path.join(folder, file));
      const back = truth.back === undefined ? undefined : await readFile(path.join(folder, truth.back));
      const copies = [
        { name: truth.condition ?? ORIGINAL, make: () => Promise.resolve(front) },
        ...(degrade ? DEGRADATIONS : []),
      ];
      const original = degrade ? await decodeRgb(front, { maxSide: IMAGE_LIMITS.normalisedSide * 2 }) : null;
      for (const copy of copies) {
        const result = await readCopy(reader, { file, truth, back, copy, original, options });
        results.push(result);
        options.progress(inWords(result));
        if (options.json) options.print(JSON.stringify(asRecord(result)));
      }
    }
  } finally {
    await reader.close();
  }
  await report(results, options);
}

interface Job {
  readonly file: string;
  readonly truth: DocumentTruth;
  readonly back: Uint8Array | undefined;
  readonly copy: Degradation;
  readonly original: RgbRaster | null;
  readonly options: EvaluateDocumentsOptions;
}

const NO_RASTER: RgbRaster = { data: new Uint8Array(), width: 0, height: 0 };

async function readCopy(reader: DocumentReader, job: Job): Promise<Result> {
  const { file, truth, back, copy, original, options } = job;
  const front = await copy.make(original ?? NO_RASTER);
  const before = process.cpuUsage();
  const answer = await reader
    .read({ front, ...(back && { back }), today: options.today })
    .then((reading) => ({ reading, error: null }))
    .catch((error: unknown) => ({ reading: null, error: codeOf(error) }));
  const { user, system } = process.cpuUsage(before);
  const { reading } = answer;
  const verdict = judgeReading(truth, reading, options.today);
  const expected = trueFields(truth, options.today);
  const partial = truth.lines.length === 0;
  const wentWell = verdict.exact && (verdict.outcome === 'accept' || !verdict.checkable);
  return {
    file,
    format: truth.fmt,
    condition: copy.name,
    verdict,
    ms: (user + system) / 1000,
    ...answer,
    fields: reading ? judgeFields(reading, expected, { partial }) : [],
    shown: wentWell ? null : await forPage(job, front, answer, expected),
  };
}

/** A fault without a code is one of the program, not of a picture. */
function codeOf(error: unknown): string {
  if (error instanceof EngineError) return error.code;
  throw error;
}

const listed = (fields: Fields): readonly string[] =>
  Object.entries(fields).map(([name, value]) => `${name}: ${value}`);

async function forPage(
  { file, truth, copy }: Job,
  front: Uint8Array,
  { reading, error }: Pick<Result, 'reading' | 'error'>,
  expected: Fields,
): Promise<PageCase> {
  const hasZone = truth.lines.length > 0;
  return {
    file,
    format: truth.fmt,
    condition: copy.name,
    picture: await smallCopy(front),
    outcome: reading?.outcome ?? 'error',
    reasons: reading?.reasons ?? [error ?? ''],
    read: (hasZone ? reading?.mrz?.lines : reading && listed(reading.fields)) ?? [],
    truth: hasZone ? truth.lines : listed(expected),
    quality: reading?.quality ?? {},
  };
}

const smallCopy = (bytes: Uint8Array): Promise<Buffer> =>
  sharp(bytes, { failOn: 'none' })
    .autoOrient()
    .resize({ width: SHOWN_SIDE, height: SHOWN_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 60 })
    .toBuffer()
    // What is too broken to be shown is listed without its picture.
    .catch(() => Buffer.alloc(0));

/** Without the text: that is on the page only. */
const asRecord = ({ file, format, condition, verdict, ms, reading, error }: Result) => ({
  file,
  format,
  condition,
  ...verdict,
  reasons: reading?.reasons ?? [],
  error,
  quality: reading?.quality ?? {},
  ms: Math.round(ms),
});

function inWords({ file, condition, verdict, reading, error, ms }: Result): string {
  const said = [
    condition,
    verdict.exact ? 'exact' : 'NOT exact',
    verdict.digitsRight ? 'digits right' : 'digits wrong',
    isAcceptedWrong(verdict) ? 'ACCEPTED WRONG' : verdict.outcome,
    ...(reading?.reasons ?? [error]),
    `${ms.toFixed(0)} ms`,
  ];
  return `${file.padEnd(28)} ${said.join(' · ')}`;
}

async function report(results: readonly Result[], options: EvaluateDocumentsOptions): Promise<void> {
  const conditions = tallyBy(results, 'condition');
  const formats = tallyBy(results, 'format');
  const bins = calibrate(results.flatMap(({ fields }) => fields));
  // Two groups mean one condition and the sum of all.
  const hasConditions = conditions.length > 2;
  const tables: readonly Table[] = [
    tallyTable('By format', formats),
    ...(hasConditions ? [tallyTable('By condition', conditions)] : []),
    calibrationTable('Confidence of fields', bins),
  ];
  const memory = {
    rss_mb: Math.round(process.memoryUsage().rss / 1e6),
    peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1000),
  };
  const page = await writePage(results, tables, options.out);
  if (options.json) {
    const [total] = formats.slice(-1);
    options.print(
      JSON.stringify({ summary: total, formats, conditions, calibration: bins, ...memory, page }),
    );
    return;
  }
  for (const table of tables) options.print(asMarkdown(table));
  options.print(`RSS ${memory.rss_mb} MB, at most ${memory.peak_rss_mb} MB, with this tool's own work`);
  options.print(`What went wrong, with pictures: ${page}`);
}

/** @returns the page's path. It may show whom the documents belong to, so nobody else may read it. */
async function writePage(
  results: readonly Result[],
  tables: readonly Table[],
  out: string | undefined,
): Promise<string> {
  const casesOf = (test: (result: Result) => boolean) =>
    results.flatMap((result) => (result.shown && test(result) ? [result.shown] : []));
  const html = renderPage('What the document reader got wrong', tables, [
    { title: 'Accepted but wrong', cases: casesOf(({ verdict }) => isAcceptedWrong(verdict)) },
    {
      title: 'Not exactly read, not accepted',
      cases: casesOf(({ verdict }) => !verdict.exact && !isAcceptedWrong(verdict)),
    },
    { title: 'Exactly read, yet not accepted', cases: casesOf(({ verdict }) => verdict.exact) },
  ]);
  const file = out ?? path.join(await mkdtemp(path.join(tmpdir(), 'lethe-eval-')), 'documents.html');
  // A file that was there would keep its own, perhaps wider, permissions.
  await rm(file, { force: true });
  await writeFile(file, html, { mode: 0o600, flag: 'wx' });
  return file;
}
