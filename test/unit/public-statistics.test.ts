import fc from 'fast-check';
import {
  K_THRESHOLD,
  monthOf,
  monthsDue,
  monthStart,
  nextMonth,
  publicCells,
  suppress,
  type MonthCount,
} from '../../src/domain/public-statistics.js';
import { STATUSES } from '../../src/domain/state-machine.js';

type Cells = Readonly<Record<string, number | null>>;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const hiddenIn = (cells: Cells) => Object.keys(cells).filter((name) => cells[name] === null);

/**
 * What somebody knows of each hidden cell who has every published number and can add: bounds, narrowed until nothing changes any more.
 */
function knownBounds(
  started: number | null,
  breakdown: Cells,
): Readonly<Record<string, [low: number, high: number]>> {
  const hidden = hiddenIn(breakdown);
  const published = sum(Object.values(breakdown).filter((cell) => cell !== null));
  const total = started === null ? [0, K_THRESHOLD - 1] : [started, started];
  const bounds: Record<string, [number, number]> = Object.fromEntries(
    hidden.map((name) => [name, [0, Infinity]]),
  );
  for (let changed = true; changed;) {
    changed = false;
    for (const name of hidden) {
      const others = hidden.filter((other) => other !== name);
      const low = Math.max(
        bounds[name]![0],
        total[0]! - published - sum(others.map((other) => bounds[other]![1])),
      );
      const high = Math.min(
        bounds[name]![1],
        total[1]! - published - sum(others.map((other) => bounds[other]![0])),
      );
      if (low > bounds[name]![0] || high < bounds[name]![1]) {
        bounds[name] = [low, high];
        changed = true;
      }
    }
  }
  return bounds;
}

const monthCounts = fc.array(
  fc.record<MonthCount>({
    status: fc.constantFrom(...STATUSES),
    method: fc.constantFrom('biometric', 'manual'),
    count: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 10_000 })),
  }),
  { maxLength: 16 },
);

describe('what is published of a month', () => {
  it('is every number, where none is small', () => {
    const cells = publicCells([
      { status: 'approved', method: 'biometric', count: 80 },
      { status: 'declined', method: 'biometric', count: 20 },
      { status: 'canceled', method: 'manual', count: 11 },
      { status: 'expired', method: 'manual', count: 12 },
      { status: 'revoked', method: 'biometric', count: 10 },
      { status: 'requires_input', method: 'manual', count: 7 },
      { status: 'processing', method: 'biometric', count: 3 },
      { status: 'in_review', method: 'biometric', count: 5 },
    ]);
    expect(cells).toEqual({
      started: 148,
      outcomes: { open: 15, canceled: 11, expired: 12, revoked: 10, declined: 20, approved: 80 },
      methods: { manual: 30, biometric: 118 },
    });
  });

  it('hides a small number, and others with it so that the total does not give it away', () => {
    const cells = publicCells([
      { status: 'approved', method: 'biometric', count: 80 },
      { status: 'declined', method: 'biometric', count: 3 },
      { status: 'canceled', method: 'biometric', count: 20 },
      { status: 'expired', method: 'biometric', count: 20 },
      { status: 'revoked', method: 'biometric', count: 20 },
      { status: 'in_review', method: 'biometric', count: 20 },
    ]);
    expect(cells).toEqual({
      started: 163,
      outcomes: { open: null, canceled: 20, expired: 20, revoked: 20, declined: null, approved: 80 },
      methods: { manual: null, biometric: null },
    });
  });

  it('is nothing at all of a month with few people, or none', () => {
    for (const counts of [[], [{ status: 'approved', method: 'biometric', count: 9 } as const]])
      expect(publicCells(counts)).toEqual({
        started: null,
        outcomes: {
          open: null,
          canceled: null,
          expired: null,
          revoked: null,
          declined: null,
          approved: null,
        },
        methods: { manual: null, biometric: null },
      });
  });

  it('holds no number below the threshold, and adds up where it is whole', () => {
    fc.assert(
      fc.property(monthCounts, (counts) => {
        const { started, outcomes, methods } = publicCells(counts);
        for (const breakdown of [outcomes, methods]) {
          const cells = Object.values(breakdown);
          for (const cell of [started, ...cells])
            if (cell !== null) expect(cell).toBeGreaterThanOrEqual(K_THRESHOLD);
          if (!cells.includes(null)) expect(sum(cells as number[])).toBe(started);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves at least as many possibilities for a hidden number as the threshold itself, to whoever adds and subtracts', () => {
    fc.assert(
      fc.property(monthCounts, (counts) => {
        const { started, outcomes, methods } = publicCells(counts);
        for (const breakdown of [outcomes, methods])
          for (const [low, high] of Object.values(knownBounds(started, breakdown)))
            expect(high - low + 1).toBeGreaterThanOrEqual(K_THRESHOLD);
      }),
      { numRuns: 2_000 },
    );
  });

  it('hides nothing that tells who knows the rule by heart, either', () => {
    // Every table there is, with a small threshold: an attacker who runs this very code on all of them finds those with the same result.
    const k = 3;
    const order = ['a', 'b', 'c', 'd'] as const;
    const largest = 9;
    const possible = new Map<string, Record<string, Set<number>>>();
    for (let table = 0; table < (largest + 1) ** order.length; table++) {
      const cells = Object.fromEntries(
        order.map((name, place) => [name, Math.floor(table / (largest + 1) ** place) % (largest + 1)]),
      ) as Record<(typeof order)[number], number>;
      const total = sum(Object.values(cells));
      // A total so large that the tables with that sum do not all stand in the enumeration says nothing here.
      const published = suppress(cells, order, k);
      const held = sum(hiddenIn(published).map((name) => cells[name as 'a']));
      if (total < k || held > largest) continue;
      const key = JSON.stringify([total, published]);
      const seen =
        possible.get(key) ?? Object.fromEntries(hiddenIn(published).map((name) => [name, new Set()]));
      for (const name of hiddenIn(published)) seen[name]!.add(cells[name as 'a']);
      possible.set(key, seen);
    }
    expect(possible.size).toBeGreaterThan(1_000);
    for (const seen of possible.values())
      for (const values of Object.values(seen)) expect(values.size).toBeGreaterThanOrEqual(k);
  });
});

describe('the months that are due', () => {
  it('are those whose third day after the end has passed', () => {
    expect(monthsDue('2026-10', new Date('2026-11-03T23:59:59.999Z'), 12)).toEqual([]);
    expect(monthsDue('2026-10', new Date('2026-11-04T00:00:00Z'), 12)).toEqual(['2026-10']);
    expect(monthsDue('2026-11', new Date('2027-02-10T00:00:00Z'), 12)).toEqual([
      '2026-11',
      '2026-12',
      '2027-01',
    ]);
    expect(monthsDue('2026-11', new Date('2030-01-01T00:00:00Z'), 2)).toEqual(['2026-11', '2026-12']);
    expect(monthsDue('2027-01', new Date('2026-12-31T00:00:00Z'), 12)).toEqual([]);
  });

  it('follow each other over the end of a year', () => {
    expect(nextMonth('2026-12')).toBe('2027-01');
    expect(nextMonth('2028-02')).toBe('2028-03');
    expect(monthOf(new Date('2026-12-31T23:59:59.999Z'))).toBe('2026-12');
    expect(monthStart('2027-01')).toEqual(new Date('2027-01-01T00:00:00Z'));
  });
});
