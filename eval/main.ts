/** Measures the engines on material with ground truth. Run: `npm run eval -- --documents DIR`; see README.md beside. */
import { parseArgs } from 'node:util';
import { evaluateAttacks } from './attacks.js';
import { evaluateDocuments } from './documents.js';
import { evaluateFaces } from './faces.js';
import { evaluateLines } from './lines.js';
import { evaluatePages } from './pages.js';
import { evaluateQuality } from './quality.js';

const USAGE = `usage:
  npm run eval -- --documents DIR [--degrade] [--out FILE.html] [--json] [FILE…]
  npm run eval -- --lines DIR
  npm run eval -- --pages DIR
  npm run eval -- --faces DIR [--degrade] [--engine faceplugin|dlib] [--out FILE.html]
  npm run eval -- --quality DIR [--seed TEXT]
  npm run eval -- --attacks
`;

class WrongUse extends Error {}

const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text}\n`);

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        documents: { type: 'string' },
        lines: { type: 'string' },
        pages: { type: 'string' },
        faces: { type: 'string' },
        quality: { type: 'string' },
        engine: { type: 'string' },
        attacks: { type: 'boolean', default: false },
        seed: { type: 'string' },
        degrade: { type: 'boolean', default: false },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch {
    throw new WrongUse();
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const {
    attacks,
    documents,
    lines,
    pages,
    faces,
    quality,
    engine = 'faceplugin',
    degrade,
    out,
    json,
    seed,
  } = values;
  const folders = [documents, lines, pages, faces, quality].filter((folder) => folder !== undefined);
  if (folders.length + Number(attacks) !== 1) throw new WrongUse();
  // What belongs to some kinds only is not silently left aside elsewhere.
  const writesPage = documents !== undefined || faces !== undefined;
  if (!writesPage && (degrade || out !== undefined)) throw new WrongUse();
  if (documents === undefined && (json || positionals.length > 0)) throw new WrongUse();
  if (quality === undefined && seed !== undefined) throw new WrongUse();
  if (faces === undefined && values.engine !== undefined) throw new WrongUse();
  if (engine !== 'faceplugin' && engine !== 'dlib') throw new WrongUse();
  if (documents !== undefined)
    return evaluateDocuments({
      folder: documents,
      only: positionals,
      degrade,
      json,
      ...(out !== undefined && { out }),
      today: new Date().toISOString().slice(0, 10),
      print: line(process.stdout),
      progress: line(process.stderr),
    });
  if (attacks) return evaluateAttacks(line(process.stdout));
  if (lines !== undefined) return evaluateLines(lines);
  if (pages !== undefined) return evaluatePages(pages);
  if (quality !== undefined) return evaluateQuality(quality, seed === undefined ? {} : { seed });
  return evaluateFaces({
    folder: faces ?? '',
    degrade,
    engine,
    ...(out !== undefined && { out }),
    print: line(process.stdout),
    progress: line(process.stderr),
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof WrongUse) process.stderr.write(USAGE);
  else process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = error instanceof WrongUse ? 2 : 1;
}
