/** Speed, memory and robustness of the engines. Run: `npm run bench -- reading`, `… faces`, `… hostile`, `… fuzz`, `… audit` or `… sweep`; see README.md beside. */
import { parseArgs } from 'node:util';
import { benchAudit } from './audit.js';
import { benchFaces } from './faces.js';
import { benchFuzz } from './fuzz.js';
import { benchHostile } from './hostile.js';
import { benchReading } from './reading.js';
import { benchSweep } from './sweep.js';
import { drawMaterial } from './reading/material.js';

const USAGE = `usage:
  npm run bench -- reading [--documents DIR] [--rounds N] [--flat N] [--long] [--core N]
  npm run bench -- faces [--peers] [--rounds N] [--flat N] [--long] [--core N]
  npm run bench -- hostile [--count N] [--seed TEXT]
  npm run bench -- fuzz [--count N] [--seed TEXT]
  npm run bench -- audit [--rounds N] [--long]
  npm run bench -- sweep [--long]
  npm run bench -- draw DIR [--set bench|conditions]
`;

class WrongUse extends Error {}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        documents: { type: 'string' },
        rounds: { type: 'string' },
        flat: { type: 'string' },
        long: { type: 'boolean', default: false },
        core: { type: 'string' },
        peers: { type: 'boolean', default: false },
        count: { type: 'string' },
        seed: { type: 'string' },
        set: { type: 'string', default: 'bench' },
      },
    });
  } catch {
    throw new WrongUse();
  }
}

function wholeNumber(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new WrongUse();
  return value;
}

/** Rounds of which the first only warms up. */
const ROUNDS = { short: '4', long: '6' } as const;
/** Documents read in one process to see whether memory stays. */
const FLAT = { short: '100', long: '1000' } as const;

/** The same for faces, which are compared much faster than a document is read. */
const FACE_ROUNDS = { short: '20', long: '60' } as const;
const FACE_FLAT = { short: '200', long: '2000' } as const;

/** Turns of each way to write the audit trail, and how long a turn is. */
const AUDIT_ROUNDS = { short: '5', long: '15' } as const;
const AUDIT_SECONDS = 4;

/** Finished verifications beside those that are due. */
const SWEEP_SIZES = { short: [1_000, 100_000], long: [1_000, 100_000, 1_000_000] } as const;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const { documents, long, core } = values;
  const [command, ...rest] = positionals;
  if (command !== 'draw' && rest.length > 0) throw new WrongUse();
  const today = new Date().toISOString().slice(0, 10);
  const length = long ? 'long' : 'short';
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  switch (command) {
    case 'reading':
      return benchReading({
        ...(documents !== undefined && { documents }),
        rounds: wholeNumber(values.rounds ?? ROUNDS[length], 4),
        flat: wholeNumber(values.flat ?? FLAT[length], 0),
        ...(core !== undefined && { core: wholeNumber(core, 0) }),
        today,
        print,
        progress,
      });
    case 'faces':
      return benchFaces({
        rounds: wholeNumber(values.rounds ?? FACE_ROUNDS[length], 2),
        flat: wholeNumber(values.flat ?? FACE_FLAT[length], 0),
        peers: values.peers,
        ...(core !== undefined && { core: wholeNumber(core, 0) }),
        print,
        progress,
      });
    case 'hostile':
      return benchHostile({
        count: wholeNumber(values.count ?? '500', 1),
        seed: values.seed ?? 'hostile',
        print,
        progress,
      });
    case 'fuzz':
      return benchFuzz({
        count: wholeNumber(values.count ?? '20000', 1),
        seed: values.seed ?? 'fuzz',
        print,
        progress,
      });
    case 'audit':
      return benchAudit({
        rounds: wholeNumber(values.rounds ?? AUDIT_ROUNDS[length], 1),
        seconds: AUDIT_SECONDS,
        print,
        progress,
      });
    case 'sweep':
      return benchSweep({ sizes: SWEEP_SIZES[length], print, progress });
    case 'draw': {
      const [folder, ...more] = rest;
      const { set } = values;
      if (folder === undefined || more.length > 0 || (set !== 'bench' && set !== 'conditions'))
        throw new WrongUse();
      return drawMaterial(folder, set, today);
    }
    default:
      throw new WrongUse();
  }
}

// Ended from outside, it still clears away what it drew.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof WrongUse) process.stderr.write(USAGE);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'failed'}\n`);
  process.exitCode = error instanceof WrongUse ? 2 : 1;
}
