import fc from 'fast-check';
import { STATUSES } from '../../src/domain/state-machine.js';
import {
  EVENT_TYPES,
  firstState,
  nextTry,
  WEBHOOK_LIMITS,
  type DeliveryState,
} from '../../src/domain/webhooks.js';

const BEGIN = new Date('2026-06-01T00:00:00Z');
const { firstWait, longestWait, giveUpAfter } = WEBHOOK_LIMITS;
const at = (ms: number) => new Date(BEGIN.getTime() + ms);

const failed = fc.record({
  failures: fc.integer({ min: 1, max: 10_000 }),
  elapsed: fc.integer({ min: 0, max: giveUpAfter - 1 }),
  retryAfter: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 365 * 24 * 3_600_000 })),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('the next try of a delivery that failed', () => {
  it('comes after now and within the three days, and no later than the longest wait', () => {
    fc.assert(
      fc.property(failed, ({ failures, elapsed, retryAfter, random }) => {
        const next = nextTry({ failures, firstTriedAt: BEGIN, now: at(elapsed), retryAfter, random });
        expect(next!.getTime()).toBeGreaterThanOrEqual(at(elapsed).getTime());
        expect(next!.getTime()).toBeLessThanOrEqual(at(giveUpAfter).getTime());
        expect(next!.getTime()).toBeLessThanOrEqual(at(elapsed + longestWait).getTime());
      }),
    );
  });

  it('is spread over a span that doubles with each failure up to the longest wait', () => {
    fc.assert(
      fc.property(failed, ({ failures, random }) => {
        const next = nextTry({ failures, firstTriedAt: BEGIN, now: BEGIN, retryAfter: 0, random });
        const span = Math.min(longestWait, firstWait * 2 ** (failures - 1));
        // Within a millisecond: times are whole ones.
        expect(Math.abs(next!.getTime() - BEGIN.getTime() - random * span)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is not before what the receiver asked for, up to the longest wait', () => {
    fc.assert(
      fc.property(failed, ({ failures, elapsed, retryAfter, random }) => {
        const next = nextTry({ failures, firstTriedAt: BEGIN, now: at(elapsed), retryAfter, random });
        const asked = Math.min(retryAfter, longestWait, giveUpAfter - elapsed);
        expect(next!.getTime()).toBeGreaterThanOrEqual(at(elapsed + asked).getTime());
      }),
    );
  });

  it('is given up when the three days are over, and not before', () => {
    const told = { failures: 40, firstTriedAt: BEGIN, retryAfter: 0, random: 0.999 };
    expect(nextTry({ ...told, now: at(giveUpAfter - 1) })).toEqual(at(giveUpAfter));
    expect(nextTry({ ...told, now: at(giveUpAfter) })).toBeNull();
    expect(nextTry({ ...told, now: at(giveUpAfter * 5) })).toBeNull();
  });

  it('is tried some dozens of times in all, however the dice fall', () => {
    for (const random of [0.2, 0.5, 0.999]) {
      let [tries, now] = [1, BEGIN];
      for (;;) {
        const next = nextTry({ failures: tries, firstTriedAt: BEGIN, now, retryAfter: 0, random });
        if (!next) break;
        [tries, now] = [tries + 1, next];
      }
      expect(tries).toBeGreaterThan(20);
      expect(tries).toBeLessThan(100);
    }
  });
});

describe('where the delivery of a new event begins', () => {
  const before: (DeliveryState | null)[] = [null, 'ready', 'waiting', 'parked', 'delivered', 'again'];
  const expected = ['ready', 'waiting', 'waiting', 'parked', 'ready', 'ready'];

  it.each(before.map((state, index) => [state, expected[index]] as const))(
    'behind %s: %s',
    (state, begins) => {
      expect(firstState('enabled', state)).toBe(begins);
      expect(firstState('disabled', state)).toBe('parked');
    },
  );
});

describe('the types of events', () => {
  it('name every status, the creation, the erasure, and the policy', () => {
    const expected = [...STATUSES, 'created', 'redacted'].map((name) => `verification.${name}`);
    expect([...EVENT_TYPES].sort()).toEqual([...expected, 'policy.revised'].sort());
  });
});
