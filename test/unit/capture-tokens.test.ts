import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { makeCaptureTokens } from '../../src/adapters/capture-tokens.js';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import type { CaptureClaim, CaptureTokens } from '../../src/app/ports/capture-tokens.js';

let keyDir: string;
let tokens: CaptureTokens;
beforeAll(async () => {
  keyDir = await mkdtemp(path.join(os.tmpdir(), 'lethe-tokens-'));
  tokens = await makeCaptureTokens({ keyDir });
});
afterAll(() => rm(keyDir, { recursive: true, force: true }));

const ids = makeIds();
const claimOf = (more: Partial<CaptureClaim> = {}): CaptureClaim => ({
  verificationId: ids.next('verification'),
  livemode: false,
  generation: 1,
  ...more,
});

const MAC_LENGTH = 43;
/** The token of `claim` with the MAC of another. */
const withMacOf = (token: string, other: string) => token.slice(0, -MAC_LENGTH) + other.slice(-MAC_LENGTH);

describe('capture tokens', () => {
  it('say what they were issued for', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 0, max: 2 ** 31 - 1 }), (livemode, generation) => {
        const claim = claimOf({ livemode, generation });
        expect(tokens.verify(tokens.issue(claim))).toEqual(claim);
      }),
    );
  });

  it('are derived: the same claim gives the same token, also after a restart', async () => {
    const claim = claimOf();
    expect(tokens.issue(claim)).toBe(tokens.issue(claim));
    expect((await makeCaptureTokens({ keyDir })).issue(claim)).toBe(tokens.issue(claim));
  });

  it('begin with lct_, fit into a URL fragment, and are of one length whatever they say', () => {
    const made = [0, 1, 9, 10, 99, 12_345, 2 ** 31 - 1].flatMap((generation) =>
      [true, false].map((livemode) => tokens.issue(claimOf({ livemode, generation }))),
    );
    for (const token of made) expect(token).toMatch(/^lct_[A-Za-z0-9_-]+$/);
    expect(new Set(made.map((token) => token.length)).size).toBe(1);
  });

  it.each<[string, (claim: CaptureClaim) => CaptureClaim]>([
    ['generation', (claim) => ({ ...claim, generation: claim.generation + 1 })],
    ['mode', (claim) => ({ ...claim, livemode: !claim.livemode })],
    ['verification', (claim) => ({ ...claim, verificationId: ids.next('verification') })],
  ])('are refused with the MAC of another %s', (_, change) => {
    const claim = claimOf();
    const [token, other] = [tokens.issue(claim), tokens.issue(change(claim))];
    expect(tokens.verify(withMacOf(token, other))).toBeNull();
    expect(tokens.verify(withMacOf(other, token))).toBeNull();
  });

  it('are refused when any character is another, also one that decodes alike', () => {
    const token = tokens.issue(claimOf({ generation: 7 }));
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const at of Array.from(token).keys())
      for (const character of alphabet) {
        if (character === token.charAt(at)) continue;
        expect(tokens.verify(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
      }
  });

  it('are refused when issued under another key', async () => {
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'lethe-tokens-'));
    try {
      const foreign = await makeCaptureTokens({ keyDir: elsewhere });
      expect(tokens.verify(foreign.issue(claimOf()))).toBeNull();
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('have a key of their own, which makes no other kind of secret', async () => {
    const key = await readFile(path.join(keyDir, 'capture-token-v1.key'));
    expect(key).toHaveLength(32);
    const copied = await mkdtemp(path.join(os.tmpdir(), 'lethe-tokens-'));
    try {
      await writeFile(path.join(copied, 'capture-token-v1.key'), key);
      const claim = claimOf();
      expect((await makeCaptureTokens({ keyDir: copied })).verify(tokens.issue(claim))).toEqual(claim);
    } finally {
      await rm(copied, { recursive: true, force: true });
    }
  });

  it('are refused when they are no tokens', () => {
    const token = tokens.issue(claimOf());
    const misshapen = [
      '',
      'lct_',
      token.slice(0, -1),
      `${token}A`,
      `${token}\n`,
      ` ${token}`,
      token.toUpperCase(),
      token.replace('lct_1', 'lct_2'),
      token.replace('lct_', 'lk_test_'),
      token.replace(/_0+1_/, '_1_'),
      token.replace(/_0+1_/, '_-000000001_'),
    ];
    for (const text of misshapen) expect(tokens.verify(text)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => tokens.verify(text) === null));
    fc.assert(fc.property(fc.string(), (text) => tokens.verify(`lct_1t${text}`) === null));
  });
});
