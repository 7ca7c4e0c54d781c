import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { systemClock } from '../adapters/clocks.js';
import { makeDocumentReader } from '../adapters/ocr/document-reader.js';
import type { DocumentReader, DocumentReading } from '../app/ports/document-reader.js';
import type { ExitCode } from './command-line.js';

export interface ReadDeps {
  readonly reader: DocumentReader;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Takes one line of the answer, without its end. */
  readonly print: (line: string) => void;
  /** Takes one line for the person at the terminal. */
  readonly warn: (line: string) => void;
}

/** What is said of a file that is missing or no picture: the same shape, so that a script needs to know one only. */
const NOTHING_READ: DocumentReading = {
  outcome: 'retry',
  reasons: ['document_unreadable'],
  document_type: 'none',
  mrz: null,
  barcode: null,
  fields: {},
  confidence: {},
  quality: {},
  private_regions: {},
};

/** `lethe read FILE… [--json]`: reads documents on this machine; nothing is kept. @returns 0, or 1 where a file was no picture */
export async function runRead(files: readonly string[], { json }: { json: boolean }): Promise<ExitCode> {
  const line = (stream: NodeJS.WriteStream) => (text: string) => stream.write(`${text}\n`);
  const reader = await makeDocumentReader();
  try {
    return await readFiles(files, json, {
      reader,
      today: systemClock.now().toISOString().slice(0, 10),
      print: line(process.stdout),
      warn: line(process.stderr),
    });
  } finally {
    await reader.close();
  }
}

/** Reads one file after the other, and prints a line for each. */
export async function readFiles(files: readonly string[], json: boolean, deps: ReadDeps): Promise<ExitCode> {
  const { reader, today, print, warn } = deps;
  let unread = 0;
  for (const file of files) {
    const start = performance.now();
    const reading = await readFile(file)
      .then((front) => reader.read({ front, today }))
      .catch(() => null);
    if (!reading) unread++;
    const ms = Math.round(performance.now() - start);
    // Where numbers stand that must not be stored is for the store: here nothing is kept.
    const { private_regions: _regions, ...told } = reading ?? NOTHING_READ;
    const shown = { file, ...told, ms };
    print(json ? JSON.stringify(shown) : inWords(shown));
  }
  if (unread > 0) warn(`${unread} of ${files.length} files could not be read as a picture`);
  return unread > 0 ? 1 : 0;
}

/** A few lines for a person at a terminal. What a document says is the attacker's text: control characters are left out. */
function inWords({
  file,
  outcome,
  reasons,
  document_type,
  mrz,
  fields,
  confidence,
  ms,
}: Omit<DocumentReading, 'private_regions'> & {
  readonly file: string;
  readonly ms: number;
}): string {
  const printable = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  return [
    `${file}: ${[outcome, ...reasons].join(' ')} (${document_type}, ${ms} ms)`,
    ...(mrz ? [...mrz.lines, mrz.valid ? 'all check digits hold' : 'check digits do not hold'] : []),
    ...Object.entries(fields).map(
      ([name, value]) =>
        `${name} ${printable(value)} (${(confidence[name as keyof typeof confidence] ?? 0).toFixed(2)})`,
    ),
  ].join('\n  ');
}
