import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { makeAesGcmSealer } from '../../src/adapters/aes-gcm-sealer.js';
import type { SealContext } from '../../src/app/ports/sealer.js';
import { KeyError } from '../../src/domain/errors.js';

const sealer = makeAesGcmSealer();
const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const CONTEXT: SealContext = {
  tenantId: 'ten_01',
  verificationId: 'ver_01',
  epoch: 1,
  purpose: 'blob:id_front',
  recordId: 'blb_01',
};
const PLAINTEXT = Buffer.from('what was photographed');
const HEADER_LENGTH = 17;
const TAG_LENGTH = 16;

function expectBroken(open: () => unknown): void {
  let error: unknown;
  try {
    open();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(KeyError);
  expect(error).toMatchObject({ code: 'seal_broken', message: 'seal_broken' });
}

/** HKDF-SHA-256 for up to one block of output, from RFC 5869 section 2. */
function hkdfOneBlock(key: Uint8Array, salt: Uint8Array, info: Uint8Array): Buffer {
  const extracted = createHmac('sha256', salt).update(key).digest();
  return createHmac('sha256', extracted)
    .update(info)
    .update(Buffer.from([1]))
    .digest();
}

/** The documented context: each part with its length as 32 bits before it. */
function contextBytes({ tenantId, verificationId, epoch, purpose, recordId }: SealContext): Buffer {
  const parts = ['lethe/seal/v1/1', tenantId, verificationId, `${epoch}`, purpose, recordId];
  return Buffer.concat(
    parts.map((part) => {
      const framed = Buffer.alloc(4 + Buffer.byteLength(part));
      framed.writeUInt32BE(Buffer.byteLength(part));
      framed.write(part, 4);
      return framed;
    }),
  );
}

describe('sealing', () => {
  it('gives back what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4096 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.record({
          tenantId: fc.string(),
          verificationId: fc.string(),
          epoch: fc.nat(),
          purpose: fc.string(),
          recordId: fc.string(),
        }),
        (plaintext, key, context) => {
          const { salt, sealed } = sealer.seal(key, context, plaintext);
          expect(Buffer.from(sealer.open(key, context, salt, sealed)).equals(plaintext)).toBe(true);
          expect(sealed).toHaveLength(HEADER_LENGTH + plaintext.length + TAG_LENGTH);
        },
      ),
    );
  });

  it('opens a view into a larger buffer', () => {
    const { salt, sealed } = sealer.seal(KEY, CONTEXT, PLAINTEXT);
    const larger = new Uint8Array(sealed.length + 20);
    larger.set(sealed, 7);
    const opened = sealer.open(KEY, CONTEXT, salt, larger.subarray(7, 7 + sealed.length));
    expect(Buffer.from(opened).equals(PLAINTEXT)).toBe(true);
  });

  it('leaves key, salt and plaintext as they were', () => {
    const key = Buffer.from(KEY);
    const plaintext = Buffer.from(PLAINTEXT);
    const { salt, sealed } = sealer.seal(key, CONTEXT, plaintext);
    const before = Buffer.from(salt);
    sealer.open(key, CONTEXT, salt, sealed);
    expect(key.equals(KEY)).toBe(true);
    expect(plaintext.equals(PLAINTEXT)).toBe(true);
    expect(before.equals(salt)).toBe(true);
  });

  it('never seals twice alike: salt and nonce are fresh', () => {
    const seals = Array.from({ length: 100 }, () => sealer.seal(KEY, CONTEXT, PLAINTEXT));
    expect(new Set(seals.map(({ salt }) => Buffer.from(salt).toString('hex'))).size).toBe(100);
    expect(new Set(seals.map(({ sealed }) => Buffer.from(sealed).subarray(5, 17).toString('hex'))).size).toBe(
      100,
    );
    for (const { salt } of seals) expect(salt).toHaveLength(32);
  });

  it('keeps the salt out of what is stored', () => {
    const { salt, sealed } = sealer.seal(KEY, CONTEXT, PLAINTEXT);
    expect(Buffer.from(sealed).includes(Buffer.from(salt))).toBe(false);
    expect(Buffer.from(sealed).includes(PLAINTEXT)).toBe(false);
  });
});

describe('the documented format', () => {
  // Made once with the functions above and `createCipheriv`, and fixed: a change of the format must not go unnoticed.
  const SALT = Buffer.from('a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf', 'hex');
  const NONCE = Buffer.from('c0c1c2c3c4c5c6c7c8c9cacb', 'hex');
  const HEADER = Buffer.concat([Buffer.from('LTH'), Buffer.from([1, 1]), NONCE]);
  const SUBKEY = '1be593b837396a4f8823ab689c924670df2f1c0c91cc9e32a0d743f9bbdfdc65';
  const SEALED =
    '4c54480101c0c1c2c3c4c5c6c7c8c9cacba010d4826707e9108a5001e19b49bc99eb3d08b6a1a2ff288ad9cc995b15eb4f8a24c4828e';

  it('opens a sealing that was computed step by step from RFC 5869 and AES-256-GCM', () => {
    const info = contextBytes(CONTEXT);
    const subkey = hkdfOneBlock(KEY, SALT, info);
    const cipher = createCipheriv('aes-256-gcm', subkey, NONCE);
    cipher.setAAD(Buffer.concat([HEADER, info]));
    const sealed = Buffer.concat([HEADER, cipher.update(PLAINTEXT), cipher.final(), cipher.getAuthTag()]);
    expect(subkey.toString('hex')).toBe(SUBKEY);
    expect(sealed.toString('hex')).toBe(SEALED);
    expect(Buffer.from(sealer.open(KEY, CONTEXT, SALT, sealed)).equals(PLAINTEXT)).toBe(true);
  });

  it('opens the fixed vector', () => {
    const opened = sealer.open(KEY, CONTEXT, SALT, Buffer.from(SEALED, 'hex'));
    expect(Buffer.from(opened).toString()).toBe('what was photographed');
  });

  it('is what sealing writes', () => {
    const { salt, sealed } = sealer.seal(KEY, CONTEXT, PLAINTEXT);
    const bytes = Buffer.from(sealed);
    expect(bytes.subarray(0, 5).toString('hex')).toBe('4c54480101');
    const info = contextBytes(CONTEXT);
    const decipher = createDecipheriv('aes-256-gcm', hkdfOneBlock(KEY, salt, info), bytes.subarray(5, 17), {
      authTagLength: TAG_LENGTH,
    });
    decipher.setAAD(Buffer.concat([bytes.subarray(0, HEADER_LENGTH), info]));
    decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
    const opened = Buffer.concat([
      decipher.update(bytes.subarray(HEADER_LENGTH, -TAG_LENGTH)),
      decipher.final(),
    ]);
    expect(opened.equals(PLAINTEXT)).toBe(true);
  });
});

describe('a seal is broken', () => {
  const { salt, sealed } = sealer.seal(KEY, CONTEXT, PLAINTEXT);

  it.each<[string, SealContext]>([
    ['another tenant', { ...CONTEXT, tenantId: 'ten_02' }],
    ['another verification', { ...CONTEXT, verificationId: 'ver_02' }],
    ['another epoch', { ...CONTEXT, epoch: 2 }],
    ['another slot', { ...CONTEXT, purpose: 'blob:selfie' }],
    ['a field instead of a blob', { ...CONTEXT, purpose: 'field:id_front' }],
    ['another record', { ...CONTEXT, recordId: 'blb_02' }],
    ['parts that run together alike', { ...CONTEXT, tenantId: 'ten_01v', verificationId: 'er_01' }],
    ['parts in each other’s place', { ...CONTEXT, tenantId: 'ver_01', verificationId: 'ten_01' }],
  ])('by %s', (_, context) => {
    expectBroken(() => sealer.open(KEY, context, salt, sealed));
  });

  it('by a change of any single bit of header, ciphertext or tag', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expectBroken(() => sealer.open(KEY, CONTEXT, salt, changed));
    }
  });

  it('by a change of any single bit of the key or the salt', () => {
    for (let bit = 0; bit < 256; bit++) {
      const flip = (bytes: Uint8Array) => {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return changed;
      };
      expectBroken(() => sealer.open(flip(KEY), CONTEXT, salt, sealed));
      expectBroken(() => sealer.open(KEY, CONTEXT, flip(salt), sealed));
    }
  });

  it('by the loss of the salt', () => {
    expectBroken(() => sealer.open(KEY, CONTEXT, new Uint8Array(0), sealed));
    expectBroken(() => sealer.open(KEY, CONTEXT, new Uint8Array(32), sealed));
    const sibling = sealer.seal(KEY, CONTEXT, PLAINTEXT);
    expectBroken(() => sealer.open(KEY, CONTEXT, sibling.salt, sealed));
  });

  it('by any shortening or lengthening', () => {
    for (let length = 0; length < sealed.length; length++) {
      expectBroken(() => sealer.open(KEY, CONTEXT, salt, sealed.slice(0, length)));
      expectBroken(() => sealer.open(KEY, CONTEXT, salt, sealed.slice(sealed.length - length)));
    }
    expectBroken(() => sealer.open(KEY, CONTEXT, salt, Buffer.concat([sealed, Buffer.alloc(1)])));
  });

  it('by bytes that were never sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expectBroken(() => sealer.open(KEY, CONTEXT, salt, bytes));
      }),
    );
  });
});
