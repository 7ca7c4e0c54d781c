/**
 * Accuracy and speed of the document reader on a folder with `truth.json`: `{file: {fmt, lines, check_digits: boolean[]}}`.
 * Run: node --import ./test/support/ts-loader.mjs eval/documents.ts FOLDER [FILE…]
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeDocumentReader } from '../src/adapters/ocr/document-reader.js';

interface Truth {
  readonly fmt: string;
  readonly lines: readonly string[];
  readonly check_digits: readonly boolean[];
}

const [folder, ...only] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: documents.ts FOLDER [FILE…]');
const truths = JSON.parse(await readFile(path.join(folder, 'truth.json'), 'utf8')) as Record<string, Truth>;
const today = new Date().toISOString().slice(0, 10);
const reader = await makeDocumentReader();

const count = { files: 0, checkable: 0, valid: 0, exact: 0, validButWrong: 0, accepted: 0, acceptedWrong: 0 };
const times: number[] = [];
for (const [file, truth] of Object.entries(truths)) {
  if (only.length > 0 && !only.includes(file)) continue;
  const front = await readFile(path.join(folder, file));
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { mrz, outcome, reasons, document_type, quality } = await reader.read({ front, today });
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  times.push((user + system) / 1000);
  const exact = mrz?.lines.join() === truth.lines.join();
  const checkable = truth.check_digits.every(Boolean);
  count.files++;
  count.checkable += Number(checkable);
  count.valid += Number(checkable && mrz?.valid === true);
  count.exact += Number(exact);
  count.validButWrong += Number(mrz?.valid === true && !exact);
  count.accepted += Number(outcome === 'accept');
  count.acceptedWrong += Number(outcome === 'accept' && !exact);
  const said = [
    document_type,
    mrz?.valid ? 'digits right' : 'digits wrong',
    exact ? 'exact' : 'not exact',
    outcome,
    ...reasons,
    `weakest ${quality['mrz_weakest'] ?? '–'} score ${quality['mrz_score'] ?? '–'} votes ${quality['mrz_votes'] ?? 0} print ${quality['print_confirmed'] ?? 0}`,
    `${ms.toFixed(0)} ms, ${times.at(-1)?.toFixed(0)} ms of processor`,
  ];
  process.stdout.write(`${file.padEnd(28)} ${said.join(' · ')}\n`);
}
const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
process.stdout.write(
  `${JSON.stringify(count)}\nmedian ${median.toFixed(0)} ms of processor, RSS ${Math.round(process.memoryUsage().rss / 1e6)} MB\n`,
);
await reader.close();
