import fc from 'fast-check';
import { ageOn, isCalendarDate } from '../../src/domain/dates.js';

describe('calendar dates', () => {
  it.each(['2024-02-29', '2000-02-29', '1900-02-28', '2026-12-31', '0001-01-01', '9999-12-31'])(
    '%s is one',
    (text) => {
      expect(isCalendarDate(text)).toBe(true);
    },
  );

  it.each([
    '',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '0000-01-01',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '2026-01-01\n',
    '٢٠٢٦-٠١-٠١',
  ])('%j is none', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });

  it('are all the days there are', () => {
    const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(days, (date) => isCalendarDate(date.toISOString().slice(0, 10))));
  });
});

describe('age', () => {
  it.each([
    ['2008-06-15', '2026-06-14', 17],
    ['2008-06-15', '2026-06-15', 18],
    ['2008-06-15', '2026-12-31', 18],
    ['2008-12-31', '2026-01-01', 17],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2008-02-29', '2028-02-29', 20],
    ['2026-06-15', '2026-06-15', 0],
    ['2027-01-01', '2026-06-15', -1],
  ])('of who was born on %s is on %s %d years', (born, today, years) => {
    expect(ageOn(born, today)).toBe(years);
  });

  it('never falls from one day to the next, and rises by one year at most', () => {
    const day = fc.integer({ min: 0, max: 40_000 });
    const text = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(day, day, (born, today) => {
        const step = ageOn(text(born), text(today + 1)) - ageOn(text(born), text(today));
        expect([0, 1]).toContain(step);
      }),
    );
  });
});
