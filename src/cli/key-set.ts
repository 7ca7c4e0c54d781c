import { readFile } from 'node:fs/promises';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';

/** The public keys of a service: from a file, or from the address where it publishes them. */
export async function keySet(source: string): Promise<JWTVerifyGetKey> {
  if (/^https?:/.test(source)) return createRemoteJWKSet(new URL(source));
  return createLocalJWKSet(JSON.parse(await readFile(source, 'utf8')) as JSONWebKeySet);
}

/** The claims of a JWS of that type which one of the keys has signed; rejects for any other. */
export async function verifyJws(typ: string, jws: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  return (await jwtVerify(jws, keys, { typ, algorithms: ['EdDSA'] })).payload;
}
