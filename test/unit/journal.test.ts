import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { auditHash, canonicalJson, firstBrokenLink } from '../../src/app/journal.js';
import type { AuditEntry } from '../../src/app/ports/store.js';

const START = '0'.repeat(64);

/** A sound chain, as the journal writes it. */
function chainOf(
  length: number,
  detail: (seq: number) => AuditEntry['detail'] = (seq) => ({ seq }),
): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const entry = {
      verificationId: 'ver_1',
      seq,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, seq)),
      actor: 'system',
      action: `action.${seq}`,
      detail: detail(seq),
      previousHash: entries.at(-1)?.hash ?? START,
    };
    entries.push({ ...entry, hash: auditHash(entry) });
  }
  return entries;
}

const replaced = (entries: readonly AuditEntry[], at: number, change: Partial<AuditEntry>): AuditEntry[] =>
  entries.map((entry, index) => (index === at ? { ...entry, ...change } : entry));

const rehashed = (entry: AuditEntry): AuditEntry => {
  const { hash: _, ...rest } = entry;
  return { ...rest, hash: auditHash(rest) };
};

describe('the audit chain', () => {
  const LENGTH = 7;
  const chain = chainOf(LENGTH);
  const places = Array.from({ length: LENGTH }, (_, index) => index);

  it('holds when nothing was touched', () => {
    for (let length = 0; length <= LENGTH; length++) expect(firstBrokenLink(chainOf(length))).toBeNull();
  });

  const CHANGES: readonly [string, (entry: AuditEntry) => Partial<AuditEntry>][] = [
    ['actor', () => ({ actor: 'learner' })],
    ['action', () => ({ action: 'status.approved' })],
    ['time, by a millisecond', (entry) => ({ at: new Date(entry.at.getTime() + 1) })],
    ['detail', (entry) => ({ detail: { ...entry.detail, more: true } })],
    ['verification', () => ({ verificationId: 'ver_2' })],
    ['link', () => ({ previousHash: 'f'.repeat(64) })],
    ['hash', () => ({ hash: 'f'.repeat(64) })],
  ];
  it.each(CHANGES)('breaks where the %s was changed', (_, change) => {
    for (const at of places) {
      const entry = chain[at];
      if (!entry) throw new Error('no such entry');
      expect(firstBrokenLink(replaced(chain, at, change(entry)))).toBe(at + 1);
    }
  });

  it('breaks behind an entry that was changed and hashed anew, unless it is the last', () => {
    for (const at of places) {
      const forged = chain.map((entry, index) =>
        index === at ? rehashed({ ...entry, actor: 'learner' }) : entry,
      );
      expect(firstBrokenLink(forged)).toBe(at === LENGTH - 1 ? null : at + 2);
    }
  });

  it('breaks where an entry was taken out', () => {
    for (const at of places.slice(0, -1))
      expect(firstBrokenLink(chain.filter((_, index) => index !== at))).toBe(at + 2);
  });

  it('cannot tell by itself that its end was cut off: the head in the receipt does', () => {
    const cut = chain.slice(0, -2);
    expect(firstBrokenLink(cut)).toBeNull();
    expect(cut.at(-1)?.hash).not.toBe(chain.at(-1)?.hash);
  });

  it('breaks where two entries changed places', () => {
    for (const at of places.slice(0, -1)) {
      const [one, other] = [chain[at], chain[at + 1]];
      if (!one || !other) throw new Error('no such entry');
      expect(firstBrokenLink([...chain.slice(0, at), other, one, ...chain.slice(at + 2)])).toBe(at + 2);
    }
  });

  it('breaks where an entry was put in, renumbered or not', () => {
    for (const at of places) {
      const before = chain[at];
      if (!before) throw new Error('no such entry');
      const extra = rehashed({ ...before, action: 'inserted', previousHash: before.previousHash });
      const put = [...chain.slice(0, at), extra, ...chain.slice(at)];
      expect(firstBrokenLink(put)).toBe(at + 1);
      const renumbered = put.map((entry, index) => ({ ...entry, seq: index + 1 }));
      expect(firstBrokenLink(renumbered)).toBe(at + 2);
    }
  });

  it('does not hold for entries of a chain that begins elsewhere', () => {
    const [first] = chain;
    if (!first) throw new Error('no such entry');
    expect(firstBrokenLink([rehashed({ ...first, previousHash: 'a'.repeat(64) })])).toBe(1);
  });

  it('hashes as documented: SHA-256 over the entry as JSON with sorted keys', () => {
    const text =
      '{"action":"a","actor":"system","at":"2026-01-01T00:00:00.000Z","detail":{"a":[1,{"b":null}],"z":"ü"},' +
      `"previousHash":"${START}","seq":1,"verificationId":"ver_1"}`;
    const entry = {
      verificationId: 'ver_1',
      seq: 1,
      at: new Date('2026-01-01T00:00:00Z'),
      actor: 'system',
      action: 'a',
      detail: { z: 'ü', a: [1, { b: null }] },
      previousHash: START,
    };
    expect(auditHash(entry)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('canonical JSON', () => {
  it('is the same however the members are ordered, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        const reversed = JSON.parse(JSON.stringify(plain), (_, member: unknown) =>
          member !== null && typeof member === 'object' && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).reverse())
            : member,
        ) as unknown;
        expect(canonicalJson(reversed)).toBe(canonicalJson(plain));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
        if (canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b)))
          expect(JSON.parse(a)).toEqual(JSON.parse(b));
      }),
    );
  });

  it('keeps the order of lists and leaves out what is undefined', () => {
    expect(canonicalJson({ b: [2, 1], a: undefined })).toBe('{"b":[2,1]}');
  });
});
