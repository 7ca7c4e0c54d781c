import fc from 'fast-check';
import { inForce, revisedNotice, type PolicyVersion } from '../../src/domain/policy.js';

const DAY = 24 * 3_600_000;
const at = (text: string) => new Date(text);
const after = (date: Date, ms: number) => new Date(date.getTime() + ms);

const version = (name: string, published: string, effective = published): PolicyVersion => ({
  version: name,
  publishedAt: at(published),
  effectiveAt: at(effective),
  digest: '0'.repeat(64),
  document: {
    title: name,
    summary: '',
    purposes: [],
    collects: [],
    never_collects: [],
    processing_country: 'SE',
    contact: '',
  },
});

const FIRST = version('1', '2026-01-01T00:00:00Z');
const SECOND = version('2', '2026-03-01T00:00:00Z', '2026-03-15T00:00:00Z');

describe('the policy in force', () => {
  it('is none before any took effect', () => {
    expect(inForce([], at('2026-01-01T00:00:00Z'))).toBeUndefined();
    expect(inForce([FIRST], after(FIRST.effectiveAt, -1))).toBeUndefined();
  });

  it('is a version from the very moment it takes effect', () => {
    expect(inForce([FIRST], FIRST.effectiveAt)).toBe(FIRST);
  });

  it('stays the old one until the announced one takes effect', () => {
    for (const versions of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ]) {
      expect(inForce(versions, SECOND.publishedAt)).toBe(FIRST);
      expect(inForce(versions, after(SECOND.effectiveAt, -1))).toBe(FIRST);
      expect(inForce(versions, SECOND.effectiveAt)).toBe(SECOND);
      expect(inForce(versions, after(SECOND.effectiveAt, 1000 * DAY))).toBe(SECOND);
    }
  });

  it('is the last published of two that take effect together', () => {
    const slip = version('2a', '2026-03-01T00:00:00Z', '2026-03-15T00:00:00Z');
    const correction = version('2b', '2026-03-02T00:00:00Z', '2026-03-15T00:00:00Z');
    for (const versions of [
      [slip, correction],
      [correction, slip],
    ])
      expect(inForce(versions, slip.effectiveAt)).toBe(correction);
  });

  it('is in effect, and no other one in effect is later', () => {
    const day = fc.integer({ min: 0, max: 400 }).map((days) => after(FIRST.effectiveAt, days * DAY));
    const versions = fc.array(
      day.map((date) => version('x', date.toISOString())),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(versions, day, (published, now) => {
        const before = [...published];
        const binding = inForce(published, now);
        expect(published).toEqual(before);
        const effective = published.filter(({ effectiveAt }) => effectiveAt <= now);
        expect(binding === undefined).toBe(effective.length === 0);
        for (const other of effective)
          expect(binding?.effectiveAt.getTime()).toBeGreaterThanOrEqual(other.effectiveAt.getTime());
      }),
    );
  });
});

describe('the notice of a revision', () => {
  it('is not given for no version, nor ever for the first', () => {
    expect(revisedNotice([], FIRST.effectiveAt)).toBeNull();
    for (const days of [0, 1, 6, 7, 8])
      expect(revisedNotice([FIRST], after(FIRST.effectiveAt, days * DAY))).toBeNull();
  });

  it.each<[string, Date, string | null]>([
    ['not before it is published', after(SECOND.publishedAt, -1), null],
    ['from its publication', SECOND.publishedAt, 'Revised (2026-03-15)'],
    ['while it is announced', after(SECOND.effectiveAt, -1), 'Revised (2026-03-15)'],
    ['when it takes effect', SECOND.effectiveAt, 'Revised (2026-03-15)'],
    ['to the last moment of the seventh day', after(SECOND.effectiveAt, 7 * DAY - 1), 'Revised (2026-03-15)'],
    ['no longer once seven days have passed', after(SECOND.effectiveAt, 7 * DAY), null],
    ['nor ever after', after(SECOND.effectiveAt, 300 * DAY), null],
  ])('is given %s', (_, now, notice) => {
    expect(revisedNotice([FIRST, SECOND], now)).toBe(notice);
    expect(revisedNotice([SECOND, FIRST], now)).toBe(notice);
  });

  it('is about the change that was published last', () => {
    const third = version('3', '2026-03-17T00:00:00Z', '2026-04-01T00:00:00Z');
    expect(revisedNotice([FIRST, SECOND, third], at('2026-03-16T00:00:00Z'))).toBe('Revised (2026-03-15)');
    expect(revisedNotice([third, SECOND, FIRST], at('2026-03-18T00:00:00Z'))).toBe('Revised (2026-04-01)');
  });

  it('falls back to a change that is still news when the later one is over', () => {
    const quick = version('3', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
    expect(revisedNotice([FIRST, SECOND, quick], at('2026-03-12T00:00:00Z'))).toBe('Revised (2026-03-15)');
  });
});
