import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import { readOrCreateKeyFile } from '../adapters/key-files.js';

export const STAFF_AUDIENCE = 'lethe-sandbox';

const STAFF = {
  reviewer: ['reviewer'],
  reviewer_2: ['reviewer'],
  senior_reviewer: ['reviewer', 'senior_reviewer'],
  privacy_officer: ['privacy_officer'],
  privacy_officer_2: ['privacy_officer'],
  auditor: ['auditor'],
} as const;

export type StaffTokens = Readonly<Record<keyof typeof STAFF, string>>;

/**
 * The sandbox's own identity provider: a key pair in the data dir whose public half the API fetches and checks like any operator's. Returns
 * the file that the API serves it from, and a token for each member of the staff.
 */
export async function makeStaffIssuer(options: {
  readonly dataDir: string;
  readonly issuer: string;
  readonly tenantId: string;
}): Promise<{ readonly jwksFile: string; readonly tokens: StaffTokens }> {
  const folder = path.join(options.dataDir, 'issuer');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = JSON.parse(
    (await readOrCreateKeyFile(path.join(folder, 'staff.jwk'), newKey)).toString('utf8'),
  ) as JWK;
  const { d, ...published } = secret;
  if (d === undefined) throw new Error('staff_key_broken');
  const kid = await calculateJwkThumbprint(published);
  const jwksFile = path.join(folder, 'jwks.json');
  await writeFile(jwksFile, JSON.stringify({ keys: [{ ...published, kid, alg: 'EdDSA', use: 'sig' }] }));
  await chmod(jwksFile, 0o600);

  const key = await importJWK(secret, 'EdDSA');
  const tokenOf = (subject: string, roles: readonly string[]) =>
    new SignJWT({ roles, tenants: [options.tenantId] })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(options.issuer)
      .setAudience(STAFF_AUDIENCE)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('30d')
      .sign(key);
  const entries = await Promise.all(
    Object.entries(STAFF).map(async ([name, roles]) => [name, await tokenOf(name, roles)] as const),
  );
  return { jwksFile, tokens: Object.fromEntries(entries) as unknown as StaffTokens };
}

async function newKey(): Promise<Uint8Array> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return Buffer.from(JSON.stringify(await exportJWK(privateKey)));
}
