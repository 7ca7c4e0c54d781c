import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { makeIds } from '../../src/adapters/ulid-ids.js';
import { auditHash, canonicalJson, firstBrokenLink, makeJournal } from '../../src/app/journal.js';
import type { AuditEntry } from '../../src/app/ports/audit.js';
import type { Repositories } from '../../src/app/ports/store.js';
import type { Verification } from '../../src/domain/verification.js';

const START = '0'.repeat(64);

/** A sound chain, as the journal writes it. */
function chainOf(
  length: number,
  detail: (seq: number) => AuditEntry['detail'] = (seq) => ({ seq }),
): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const entry = {
      subjectId: 'ver_1',
      tenantId: 'ten_1',
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
    ['subject', () => ({ subjectId: 'ver_2' })],
    ['tenant', () => ({ tenantId: 'ten_2' })],
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
      `"previousHash":"${START}","seq":1,"subjectId":"ver_1","tenantId":"ten_1"}`;
    const entry = {
      subjectId: 'ver_1',
      tenantId: 'ten_1',
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

describe('the journal', () => {
  const NOW = new Date('2026-06-01T12:00:00Z');
  const VERIFICATION: Verification = {
    id: 'ver_1',
    tenantId: 'ten_1',
    livemode: true,
    learnerRef: 'learner-of-the-platform',
    orderRef: 'order-1',
    status: 'declined',
    method: 'biometric',
    attempt: 1,
    maxAttempts: 3,
    uploadsUsed: 2,
    minimumAge: null,
    returnUrl: null,
    locale: 'en',
    reasons: [{ code: 'document_inconsistent' }, { code: 'name_mismatch' }],
    epoch: 1,
    epochOpenedAt: NOW,
    captureGeneration: 1,
    handoverGeneration: null,
    handoverExpiresAt: null,
    readerGeneration: null,
    captureExpiresAt: NOW,
    createdAt: NOW,
    submittedAt: NOW,
    decidedAt: NOW,
    validUntil: null,
    erasedAt: null,
    redactionStatus: 'none',
    redactionDueAt: null,
    redactionDoneAt: null,
    hold: null,
    sequence: 6,
    rowVersion: 1,
  };

  /** The few repositories that the journal writes to, in memory. */
  function makeRows() {
    const entries: AuditEntry[] = [];
    const events: Parameters<Repositories['events']['insert']>[0][] = [];
    const tx: {
      events: Pick<Repositories['events'], 'insert'>;
      audit: Pick<Repositories['audit'], 'last' | 'insert'>;
      verifications: Pick<Repositories['verifications'], 'update'>;
    } = {
      audit: {
        last: (id) => Promise.resolve(entries.findLast(({ subjectId }) => subjectId === id) ?? null),
        insert: (entry) => Promise.resolve(void entries.push(entry)),
      },
      verifications: { update: (_, patch) => Promise.resolve({ ...VERIFICATION, ...patch }) },
      events: { insert: (row) => Promise.resolve(void events.push(row)) },
    };
    return { entries, events, tx: tx as unknown as Repositories };
  }
  const journal = makeJournal({ clock: { now: () => NOW }, ids: makeIds() });

  it('chains the entries of each verification by itself', async () => {
    const { entries, tx } = makeRows();
    for (const id of ['ver_1', 'ver_2', 'ver_1', 'ver_1', 'ver_2'])
      await journal.audit(tx, { id, tenantId: 'ten_1' }, 'system', 'status.processing', { attempt: 1 });
    for (const [id, length] of [
      ['ver_1', 3],
      ['ver_2', 2],
    ] as const) {
      const chain = entries.filter(({ subjectId }) => subjectId === id);
      expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length }, (_, index) => index + 1));
      expect(firstBrokenLink(chain)).toBeNull();
    }
    expect(entries.every(({ tenantId, at }) => tenantId === 'ten_1' && at === NOW)).toBe(true);
  });

  it('never goes back in time within a chain, though clocks differ', async () => {
    const { entries, tx } = makeRows();
    for (const offset of [0, -5000, 1000]) {
      const clock = { now: () => new Date(NOW.getTime() + offset) };
      await makeJournal({ clock, ids: makeIds() }).audit(
        tx,
        { id: 'ver_1', tenantId: 'ten_1' },
        'system',
        'a',
      );
    }
    expect(entries.map(({ at }) => at.getTime() - NOW.getTime())).toEqual([0, 0, 1000]);
    expect(firstBrokenLink(entries)).toBeNull();
  });

  it('counts events, and puts status, codes and the purchase into them and nothing of the person', async () => {
    const { events, tx } = makeRows();
    const counted = await journal.emit(tx, VERIFICATION, 'declined');
    expect(counted.sequence).toBe(7);
    const [event] = events;
    expect(event).toMatchObject({
      type: 'verification.declined',
      tenantId: 'ten_1',
      livemode: true,
      verificationId: 'ver_1',
      sequence: 7,
      createdAt: NOW,
    });
    expect(event?.payload).toEqual({
      id: 'ver_1',
      sequence: 7,
      status: 'declined',
      reasons: ['document_inconsistent', 'name_mismatch'],
      purchase: { eligible: false, refund: 'recommended' },
    });
    expect(JSON.stringify(event)).not.toContain('learner');
  });
});
