import { readFile } from 'node:fs/promises';
import { makeSandboxClock, systemClock } from '../adapters/clocks.js';
import { makeJwsSigner } from '../adapters/jws-signer.js';
import { makePostgresStore } from '../adapters/postgres/store.js';
import type { Signer } from '../app/ports/signer.js';
import { verifyAudit, type AuditReport } from '../app/verify-audit.js';
import { readConfig } from '../config.js';
import { KeyError } from '../domain/errors.js';
import { parse, UsageError, type ExitCode } from './command-line.js';
import { keySet, verifyJws } from './key-set.js';

/**
 * Goes through every chain, leaf and checkpoint of the database. Signatures are checked with the key directory's keys or, better for whoever
 * does not trust the machine, with a key set that was kept elsewhere. FILEs hold checkpoints (compact JWS) that were kept elsewhere.
 */
export async function runAudit(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    json: { type: 'boolean' },
    jwks: { type: 'string' },
  });
  const [action, ...files] = positionals;
  if (action !== 'verify') throw new UsageError('verify [FILE…]');
  const known = await Promise.all(files.map(async (file) => (await readFile(file, 'utf8')).trim()));
  const config = readConfig();
  const { jwks } = values;
  const signer =
    typeof jwks === 'string' ? await signerOf(jwks) : await makeJwsSigner({ keyDir: config.keyDir });
  const store = makePostgresStore({
    url: config.databaseUrl,
    poolSize: 2,
    onConnectionError: () => undefined,
  });
  try {
    const sandboxClock = makeSandboxClock(() => store);
    if (config.sandbox) await sandboxClock.refresh();
    const now = (config.sandbox ? sandboxClock : systemClock).now();
    const report = await verifyAudit({ read: store.read, signer }, now, known);
    process.stdout.write(`${values['json'] === true ? JSON.stringify(asJson(report)) : asText(report)}\n`);
    return report.ok ? 0 : 1;
  } finally {
    await store.close();
  }
}

/** Verifies with published keys. */
async function signerOf(jwks: string): Promise<Pick<Signer, 'verify'>> {
  const keys = await keySet(jwks);
  return {
    async verify(typ, jws) {
      try {
        return await verifyJws(typ, jws, keys);
      } catch {
        throw new KeyError('signature_invalid');
      }
    },
  };
}

const asJson = ({ fault, ...counts }: AuditReport) => ({
  ...counts,
  fault: fault && {
    code: fault.code,
    subject: fault.subject ?? null,
    seq: fault.seq ?? null,
    checkpoint: fault.checkpoint ?? null,
    log_index: fault.logIndex ?? null,
  },
});

function asText({ fault, subjects, entries, checkpoints, length, head }: AuditReport): string {
  if (!fault)
    return (
      `The audit log holds: ${entries} entries of ${subjects} subjects, ${checkpoints} checkpoints over ` +
      `${length} leaves, head ${head ?? 'none'}.`
    );
  const places = [
    fault.subject === undefined ? '' : `subject ${fault.subject}`,
    fault.seq === undefined ? '' : `seq ${fault.seq}`,
    fault.checkpoint === undefined ? '' : `checkpoint ${fault.checkpoint}`,
    fault.logIndex === undefined ? '' : `log index ${fault.logIndex}`,
  ];
  return `The audit log does not hold: ${[fault.code, ...places.filter(Boolean)].join(', ')}.`;
}
