import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { compactVerify, CompactSign, createLocalJWKSet, decodeProtectedHeader, UnsecuredJWT } from 'jose';
import { makeJwsSigner } from '../../src/adapters/jws-signer.js';
import type { Signer } from '../../src/app/ports/signer.js';
import { KeyError } from '../../src/domain/errors.js';
import { raceChildren, sourceUrl, WAIT_FOR_GO } from '../support/child.js';

const TYPE = 'lethe-test+jwt';
const CLAIMS = {
  iss: 'https://lethe.example',
  sub: 'ver_1',
  nested: { list: [1, 'two', null], flag: false },
};

interface SignerPlace {
  /** Another instance on the same keys, as another process would have it. */
  open(): Promise<Signer>;
  rotate(): Promise<void>;
}

async function expectInvalid(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KeyError);
  expect(error).toMatchObject({ code: 'signature_invalid', message: 'signature_invalid' });
}

/** What every signer keeps to. `make` gives a place without keys. */
export function describeSigner(name: string, make: () => Promise<SignerPlace>): void {
  describe(`signer: ${name}`, () => {
    let place: SignerPlace;
    let signer: Signer;
    beforeEach(async () => {
      place = await make();
      signer = await place.open();
    });

    it('signs what anybody verifies from the published keys alone', async () => {
      const jws = await signer.sign(TYPE, CLAIMS);
      const published = JSON.parse(JSON.stringify(await signer.jwks())) as Awaited<
        ReturnType<Signer['jwks']>
      >;
      const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(published));
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(CLAIMS);
      expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: TYPE, kid: published.keys[0]?.kid });
    });

    it('publishes no private part', async () => {
      for (const key of (await signer.jwks()).keys) {
        expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
        expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
      }
    });

    it('gives the claims of its own signature, also from another instance', async () => {
      const jws = await signer.sign(TYPE, CLAIMS);
      expect(await signer.verify(TYPE, jws)).toEqual(CLAIMS);
      expect(await (await place.open()).verify(TYPE, jws)).toEqual(CLAIMS);
    });

    it('takes no token of one kind for one of another', async () => {
      const jws = await signer.sign('lethe-eligibility+jwt', CLAIMS);
      await expectInvalid(signer.verify('lethe-deletion-receipt+jwt', jws));
      await expectInvalid(signer.verify('', jws));
    });

    it('refuses a changed character, wherever it stands', async () => {
      const jws = await signer.sign(TYPE, CLAIMS);
      for (const at of Array.from(jws).keys()) {
        const old = jws.charAt(at);
        // The last character of a 64-byte signature has four bits to spare: another first bit is another signature.
        const other = old === '.' ? '-' : old < 'a' ? 'z' : 'A';
        await expectInvalid(signer.verify(TYPE, jws.slice(0, at) + other + jws.slice(at + 1)));
      }
    });

    it('refuses what another key signed under its own key’s name', async () => {
      const { kid } = decodeProtectedHeader(await signer.sign(TYPE, CLAIMS));
      const { privateKey } = generateKeyPairSync('ed25519');
      const forged = await new CompactSign(Buffer.from(JSON.stringify(CLAIMS)))
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, ...(kid === undefined ? {} : { kid }) })
        .sign(privateKey);
      await expectInvalid(signer.verify(TYPE, forged));
    });

    it('refuses a signature under the public key as a shared secret, and none at all', async () => {
      const [key] = (await signer.jwks()).keys;
      const confused = await new CompactSign(Buffer.from(JSON.stringify(CLAIMS)))
        .setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: String(key?.kid) })
        .sign(Buffer.from(String(key?.x), 'base64url'));
      await expectInvalid(signer.verify(TYPE, confused));
      await expectInvalid(signer.verify(TYPE, new UnsecuredJWT(CLAIMS).encode()));
    });

    it.each(['', '.', '..', 'a.b.c', 'not a token', '{"payload":""}'])('refuses %j', async (text) => {
      await expectInvalid(signer.verify(TYPE, text));
    });

    it('verifies after a rotation what an older key signed, and signs with the new one', async () => {
      const old = await signer.sign(TYPE, { ...CLAIMS, sub: 'old' });
      await place.rotate();
      const renewed = await place.open();
      const fresh = await renewed.sign(TYPE, { ...CLAIMS, sub: 'new' });
      expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(old).kid);
      expect(await renewed.verify(TYPE, old)).toMatchObject({ sub: 'old' });
      const { keys } = await renewed.jwks();
      expect(keys.map(({ kid }) => kid)).toEqual([
        decodeProtectedHeader(fresh).kid,
        decodeProtectedHeader(old).kid,
      ]);
      await compactVerify(old, createLocalJWKSet({ keys }));
    });

    it('verifies and publishes at once what another process signs with a newer key', async () => {
      await signer.sign(TYPE, CLAIMS);
      await place.rotate();
      const fresh = await (await place.open()).sign(TYPE, CLAIMS);
      await compactVerify(fresh, createLocalJWKSet(await signer.jwks()));
      expect(await signer.verify(TYPE, fresh)).toEqual(CLAIMS);
      expect(decodeProtectedHeader(await signer.sign(TYPE, CLAIMS)).kid).toBe(
        decodeProtectedHeader(fresh).kid,
      );
    });

    it('has one first key when many start at the same time', async () => {
      const others = await Promise.all(Array.from({ length: 16 }, () => place.open()));
      const kids = await Promise.all(
        others.map(async (other) => decodeProtectedHeader(await other.sign(TYPE, CLAIMS)).kid),
      );
      expect(new Set(kids).size).toBe(1);
    });
  });
}

let scratch: string;
const freshFolder = () => mkdtemp(path.join(scratch, 'keys-'));
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'lethe-signer-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describeSigner('local files', async () => {
  const keyDir = await freshFolder();
  return {
    open: () => makeJwsSigner({ keyDir }),
    rotate: async () => (await makeJwsSigner({ keyDir })).rotate(),
  };
});

describe('local signing keys', () => {
  const signerIn = (keyDir: string) =>
    `
    const { makeJwsSigner } = await import(${JSON.stringify(sourceUrl('adapters/jws-signer.ts'))});` +
    `const open = () => makeJwsSigner({ keyDir: ${JSON.stringify(keyDir)} });`;

  it('are one though several processes make the first at once, and stay one when they rotate at once', async () => {
    const keyDir = await freshFolder();
    const sign = `${signerIn(keyDir)} ${WAIT_FOR_GO}
      const signer = await open(); console.log(await signer.sign('${TYPE}', { pid: process.pid }));`;
    const signed = await raceChildren([sign, sign, sign]);
    const here = await makeJwsSigner({ keyDir });
    expect((await here.jwks()).keys).toHaveLength(1);
    for (const jws of signed) expect(await here.verify(TYPE, jws.trim())).toHaveProperty('pid');

    const rotate = `${signerIn(keyDir)} const signer = await open(); ${WAIT_FOR_GO} await signer.rotate();`;
    await raceChildren([rotate, rotate]);
    const { keys } = await here.jwks();
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const jws of signed) expect(await here.verify(TYPE, jws.trim())).toHaveProperty('pid');
  });

  it('belong to their owner alone', async () => {
    const keyDir = await freshFolder();
    await makeJwsSigner({ keyDir });
    const folder = path.join(keyDir, 'signing');
    const files = await readdir(folder);
    expect(files).toEqual(['signing-0001.jwk']);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(folder, 'signing-0001.jwk'))).mode & 0o777).toBe(0o600);
  });

  it('that are damaged stop the start without a word of what is in them', async () => {
    const keyDir = await freshFolder();
    await makeJwsSigner({ keyDir });
    const file = path.join(keyDir, 'signing', 'signing-0001.jwk');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -2));
    const error = await makeJwsSigner({ keyDir }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(KeyError);
    expect(error).toMatchObject({ message: 'keys_unavailable' });
    expect((error as KeyError).cause).toBeUndefined();
  });
});
