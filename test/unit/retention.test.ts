import { FORGET_WITHIN, RETENTION } from '../../src/domain/retention.js';
import { LIMITS } from '../../src/domain/verification.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RULES = Object.entries(RETENTION);

describe('retention', () => {
  it.each(RULES)('%s: says what is kept and until when, in a sentence each', (_, { keeps, until }) => {
    expect(keeps).toMatch(/^[A-Z].{10,}\.$/);
    expect(until).toMatch(/^[A-Z0-9].*\.$/);
  });

  it('covers each kind of data that is personal, and never keeps a template', () => {
    expect(RULES.map(([kind]) => kind)).toEqual(
      expect.arrayContaining([
        'image',
        'expected_identity',
        'extracted_fields',
        'reviewer_note',
        'consent',
        'audit',
      ]),
    );
    expect(RETENTION.face_template.until).toBe('Never stored.');
  });

  it.each(['image', 'expected_identity', 'extracted_fields'] as const)(
    '%s: what is promised is what the service holds itself to',
    (kind) => {
      expect(RETENTION[kind].keeps).toContain('encrypted');
      expect(RETENTION[kind].until).toContain(`within ${FORGET_WITHIN / MINUTE} minutes`);
      expect(RETENTION[kind].until).toContain(`${LIMITS.epochAge / DAY} days after you began`);
    },
  );

  it('keeps repeated requests as long as they are promised to be recognised', () => {
    expect(RETENTION.idempotency.until).toBe(`${LIMITS.idempotencyKept / HOUR} hours.`);
  });

  it('has a deadline of fifteen minutes, as CONTRACT says', () => {
    expect(FORGET_WITHIN).toBe(15 * MINUTE);
  });
});
