import { readFile } from 'node:fs/promises';
import { RECEIPT_TYPE } from '../domain/deletion.js';
import { parse, UsageError, type ExitCode } from './command-line.js';
import { keySet, verifyJws } from './key-set.js';

/**
 * Verifies a deletion receipt offline or against a service's key set. FILE holds the compact JWS, or the JSON that the API answers with.
 * Without `--jwks` the keys are fetched from the issuer that the receipt names.
 */
export async function runReceipt(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, { jwks: { type: 'string' } });
  const [action, file] = positionals;
  if (action !== 'verify' || !file) throw new UsageError('verify FILE');
  const jws = readJws(await readFile(file, 'utf8'));
  const keys = await keySet(typeof values['jwks'] === 'string' ? values['jwks'] : issuerKeys(jws));
  try {
    const payload = await verifyJws(RECEIPT_TYPE, jws, keys);
    process.stdout.write(`${JSON.stringify({ valid: true, ...payload })}\n`);
    return 0;
  } catch {
    process.stdout.write(`${JSON.stringify({ valid: false })}\n`);
    return 1;
  }
}

function readJws(content: string): string {
  const text = content.trim();
  if (!text.startsWith('{')) return text;
  const { receipt } = JSON.parse(text) as { receipt?: unknown };
  if (typeof receipt !== 'string') throw new UsageError('the file holds no receipt');
  return receipt;
}

function issuerKeys(jws: string): string {
  try {
    const [, payload = ''] = jws.split('.');
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { iss?: unknown };
    return new URL(`${String(iss)}/.well-known/jwks.json`).href;
  } catch {
    throw new UsageError('the file holds no receipt');
  }
}
