import fc from 'fast-check';
import {
  isOpen,
  OPEN_STATUSES,
  STATUSES,
  transition,
  type Effect,
  type EventKind,
  type Status,
  type Transition,
} from '../../src/domain/state-machine.js';

/**
 * CONTRACT, "Status × event", cell by cell, in the order of its columns: requires_input, processing, in_review, approved, declined,
 * canceled, expired, revoked. `=` no change, `-` 409 `invalid_state`, `!` 409 `no_attempts_left`, else the status that follows.
 * Where attempts decide there are two rows: some left, none left.
 */
const TABLE: Readonly<Record<EventKind, string | { readonly left: string; readonly none: string }>> = {
  capture_changed: '= - - - - - - -',
  submit: 'processing = - - - - - -',
  engines_pass: '= approved = = = = = =',
  engines_ask_again: {
    left: '= requires_input = = = = = =',
    none: '= in_review = = = = = =',
  },
  engines_unsure: '= in_review = = = = = =',
  engines_decline: '= declined = = = = = =',
  review_approve: '- - approved - - - - -',
  review_decline: '- - declined - - - - -',
  review_ask_again: {
    left: '- - requires_input - - - - -',
    none: '- - ! - - - - -',
  },
  cancel: 'canceled canceled canceled - - = - -',
  consent_withdrawn: 'canceled canceled canceled = = = = =',
  capture_lapsed: 'expired = = = = = = =',
  age_limit_reached: 'expired expired expired = = = = =',
  erasure_requested: 'canceled canceled canceled = = = = =',
  revoke: '- - - revoked - - - =',
  appeal: '- - - - requires_input - - -',
  token_renewed: '= - - - - - - -',
  course_added: '= = = = - - - -',
};

const EVENTS = Object.keys(TABLE) as EventKind[];

interface Cell {
  readonly event: EventKind;
  readonly status: Status;
  readonly attemptsLeft: number;
  readonly expected: string;
}

const CELLS: readonly Cell[] = EVENTS.flatMap((event) => {
  const rows = TABLE[event];
  const { left, none } = typeof rows === 'string' ? { left: rows, none: rows } : rows;
  return [
    { row: left, attemptsLeft: 2 },
    { row: left, attemptsLeft: 1 },
    { row: none, attemptsLeft: 0 },
  ].flatMap(({ row, attemptsLeft }) =>
    row.split(' ').map((expected, column) => {
      const status = STATUSES[column];
      if (status === undefined) throw new Error('a row has too many cells');
      return { event, status, attemptsLeft, expected };
    }),
  );
});

/** What has to follow from a move, whichever event made it. Written from CONTRACT, not from the code. */
function effectsOf(from: Status, to: Status): readonly Effect[] {
  // All of it was forgotten: what begins is new.
  if (from === 'declined') return ['open_epoch'];
  const effects: Effect[] = [];
  if (from === 'in_review') effects.push('close_review');
  if (to === 'in_review') effects.push('open_review');
  if (to === 'processing') effects.push('run_engines');
  if (to === 'approved') effects.push('set_validity');
  // An attempt ends where the learner is asked again and where the verification ends; a revoked one ended when it was approved.
  if (to === 'requires_input' || (!isOpen(to) && to !== 'revoked')) effects.push('close_attempt');
  if (to === 'requires_input') effects.push('open_attempt');
  if (!isOpen(to)) effects.push('forget');
  return effects;
}

describe('state machine', () => {
  it('has a cell for each status and event', () => {
    expect(STATUSES).toEqual([
      'requires_input',
      'processing',
      'in_review',
      'approved',
      'declined',
      'canceled',
      'expired',
      'revoked',
    ]);
    expect(CELLS).toHaveLength(EVENTS.length * STATUSES.length * 3);
    expect(EVENTS).toHaveLength(18);
  });

  it.each(CELLS)(
    '$event in $status with $attemptsLeft attempts left: $expected',
    ({ event, status, attemptsLeft, expected }) => {
      const step = transition({ status, attemptsLeft }, event);
      const wanted: Transition['kind'] =
        expected === '=' ? 'stay' : /[-!]/.test(expected) ? 'refuse' : 'move';
      expect(step.kind).toBe(wanted);
      if (step.kind === 'refuse')
        expect(step.code).toBe(expected === '!' ? 'no_attempts_left' : 'invalid_state');
      if (step.kind === 'move') {
        expect(step.to).toBe(expected);
        expect([...step.effects].sort()).toEqual([...effectsOf(status, step.to)].sort());
      }
    },
  );

  it('closes an attempt before it opens the next', () => {
    for (const { event, status, attemptsLeft } of CELLS) {
      const step = transition({ status, attemptsLeft }, event);
      if (step.kind !== 'move' || !step.effects.includes('open_attempt')) continue;
      expect(step.effects.indexOf('close_attempt')).toBeLessThan(step.effects.indexOf('open_attempt'));
    }
  });

  it('counts exactly the three first statuses as open', () => {
    expect(STATUSES.filter(isOpen)).toEqual([...OPEN_STATUSES]);
    expect(OPEN_STATUSES).toEqual(['requires_input', 'processing', 'in_review']);
  });
});

describe('any course of events', () => {
  const courses = fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 });

  /** Follows the events as `advance` would; what was done on the way. */
  function follow(events: readonly EventKind[], attempts: number) {
    let status: Status = 'requires_input';
    let attemptsLeft = attempts - 1;
    const steps: { from: Status; to: Status; effects: readonly Effect[]; event: EventKind }[] = [];
    for (const event of events) {
      const step = transition({ status, attemptsLeft }, event);
      if (step.kind !== 'move') continue;
      steps.push({ from: status, to: step.to, effects: step.effects, event });
      if (step.effects.includes('open_attempt')) attemptsLeft--;
      status = step.to;
    }
    return { status, attemptsLeft, steps };
  }
  const count = (steps: ReturnType<typeof follow>['steps'], effect: Effect) =>
    steps.filter(({ effects }) => effects.includes(effect)).length;

  it('never leaves an end, but for the withdrawal of an approval and the appeal of a decline', () => {
    fc.assert(
      fc.property(courses, fc.integer({ min: 1, max: 4 }), (events, attempts) => {
        for (const { from, to, event } of follow(events, attempts).steps)
          if (!isOpen(from))
            expect([from, to]).toEqual(
              event === 'appeal' ? ['declined', 'requires_input'] : ['approved', 'revoked'],
            );
      }),
    );
  });

  it('never opens more attempts than there are', () => {
    fc.assert(
      fc.property(courses, fc.integer({ min: 1, max: 4 }), (events, attempts) => {
        const { attemptsLeft, steps } = follow(events, attempts);
        expect(attemptsLeft).toBeGreaterThanOrEqual(0);
        expect(count(steps, 'open_attempt')).toBeLessThan(attempts);
      }),
    );
  });

  it('has a review open exactly while it is in review', () => {
    fc.assert(
      fc.property(courses, (events) => {
        const { status, steps } = follow(events, 3);
        expect(count(steps, 'open_review') - count(steps, 'close_review')).toBe(
          status === 'in_review' ? 1 : 0,
        );
      }),
    );
  });

  it('asks to forget whenever it has ended, and never before, in each epoch', () => {
    fc.assert(
      fc.property(courses, (events) => {
        const { status, steps } = follow(events, 3);
        const opened = steps.findLastIndex(({ effects }) => effects.includes('open_epoch'));
        const before = steps.slice(0, opened + 1);
        expect(count(before, 'forget')).toBe(count(before, 'open_epoch'));
        expect(count(steps.slice(opened + 1), 'forget') > 0).toBe(!isOpen(status));
      }),
      // Appeals are rare among random courses.
      {
        examples: [
          [['submit', 'engines_decline', 'appeal']],
          [['submit', 'engines_decline', 'appeal', 'cancel']],
        ],
      },
    );
  });

  it('approves only by engines that pass while processing or by a person in review', () => {
    fc.assert(
      fc.property(courses, (events) => {
        for (const { from, to, event } of follow(events, 3).steps)
          if (to === 'approved')
            expect([
              ['processing', 'engines_pass'],
              ['in_review', 'review_approve'],
            ]).toContainEqual([from, event]);
      }),
    );
  });
});
