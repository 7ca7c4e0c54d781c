import { makeIds } from '../../src/adapters/ulid-ids.js';
import { ID_PREFIXES, isId, type IdKind } from '../../src/domain/ids.js';

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

describe('ids', () => {
  const ids = makeIds();

  it.each(KINDS)('of a %s are its prefix and a lower-case ULID, and of no other kind', (kind) => {
    const id = ids.next(kind);
    expect(id).toMatch(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(KINDS.filter((other) => isId(other, id))).toEqual([kind]);
  });

  it('order by creation, also within one millisecond', () => {
    const made = Array.from({ length: 5_000 }, () => ids.next('task'));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('have prefixes that no two kinds share', () => {
    expect(new Set(Object.values(ID_PREFIXES)).size).toBe(KINDS.length);
  });

  it.each([
    '',
    'ver_',
    'ver_01JD4Z5M0Q3V8X2C7K9N1B6R4T',
    'ver_01jd4z5m0q3v8x2c7k9n1b6r4',
    'ver_01jd4z5m0q3v8x2c7k9n1b6r4tt',
    'ver_01jd4z5m0q3v8x2c7k9n1b6r4u',
    'ver_01jd4z5m0q3v8x2c7k9n1b6r4t\n',
    'xver_01jd4z5m0q3v8x2c7k9n1b6r4t',
    'ver-01jd4z5m0q3v8x2c7k9n1b6r4t',
  ])('%j is none of a verification', (text) => {
    expect(isId('verification', text)).toBe(false);
  });

  it('name objects at random: 128 bits, no order, no time', () => {
    const made = Array.from({ length: 1_000 }, () => ids.random());
    for (const name of made) expect(name).toMatch(/^[a-z0-9]{32}$/);
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).not.toEqual(made);
    // Each place of 1,000 random names shows all sixteen digits; a time or a counter would hold still in front.
    for (let at = 0; at < 32; at++) expect(new Set(made.map((name) => name.charAt(at))).size).toBe(16);
  });
});
