import { readFileSync } from 'node:fs';
import path from 'node:path';
import { importJWK, SignJWT, type JWK } from 'jose';
import { lethe } from './command.js';
import type { Sandbox } from './sandbox.js';

/** Runs `lethe` on the sandbox, as its operator would; the JSON lines that it printed. */
export async function operate(sandbox: Sandbox, ...args: readonly string[]) {
  const { code, stdout, stderr } = await lethe(...args, '--data-dir', sandbox.dataDir);
  const printed = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
  return { code, printed, complaint: stderr };
}

/** A token of the sandbox's identity provider, for staff that it does not seed. */
export async function staffToken(
  sandbox: Sandbox,
  claims: { readonly sub: string; readonly roles: readonly string[]; readonly tenants: readonly string[] },
): Promise<string> {
  const { token_issuer, audience, kid } = seededToken(sandbox.info.tokens.privacy_officer);
  const secret = JSON.parse(readFileSync(path.join(sandbox.dataDir, 'issuer', 'staff.jwk'), 'utf8')) as JWK;
  return new SignJWT({ roles: claims.roles, tenants: claims.tenants })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setIssuer(token_issuer)
    .setAudience(audience)
    .setSubject(claims.sub)
    .setExpirationTime('1h')
    .sign(await importJWK(secret, 'EdDSA'));
}

function seededToken(token: string) {
  const part = (index: number) =>
    JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8')) as Record<
      string,
      string
    >;
  return { token_issuer: part(1)['iss'] ?? '', audience: part(1)['aud'] ?? '', kid: part(0)['kid'] ?? '' };
}
