import fc from 'fast-check';
import {
  CHALLENGE_LIMITS,
  drawPoses,
  judgeChallenge,
  suspicionsOf,
  type FrameEvidence,
  type Pose,
} from '../../src/domain/challenge.js';
import { presenceOf, type ChallengeAnswer } from '../../src/app/challenge-evidence.js';

const ANGLES: Readonly<Record<Pose, { yaw: number; pitch: number }>> = {
  front: { yaw: 4, pitch: -12 },
  left: { yaw: -14, pitch: -9 },
  right: { yaw: 24, pitch: -15 },
  up: { yaw: 3, pitch: 2 },
  down: { yaw: 6, pitch: -27 },
};

const frame = (pose: Pose, index: number, more: Partial<FrameEvidence> = {}): FrameEvidence => ({
  faces: 1,
  ...ANGLES[pose],
  similarity: 0.7,
  change: index === 0 ? null : 6,
  frozen: index === 0 ? null : 0.02,
  at: index * 900,
  ...more,
});
const framesOf = (poses: readonly Pose[]) => poses.map((pose, index) => frame(pose, index));
const ORDER: readonly Pose[] = ['front', 'left', 'up', 'right'];
const judge = (frames: readonly FrameEvidence[], answeredAfter = 8_000) =>
  judgeChallenge(ORDER, frames, answeredAfter, { otherPerson: 0.3 });
const withFrame = (at: number, more: Partial<FrameEvidence>) =>
  framesOf(ORDER).map((one, index) => (index === at ? { ...one, ...more } : one));

describe('an order of poses', () => {
  const pick = fc.func(fc.nat({ max: 1_000 }));

  it('begins to the front, and has no two turns alike in a row', () => {
    fc.assert(
      fc.property(pick, (random) => {
        const poses = drawPoses((below) => random(below) % below);
        expect(poses).toHaveLength(CHALLENGE_LIMITS.turns + 1);
        expect(poses[0]).toBe('front');
        expect(poses.slice(1)).not.toContain('front');
        poses.slice(1).forEach((pose, index) => expect(pose).not.toBe(poses[index]));
      }),
    );
  });

  it('may be any of 36', () => {
    const drawn = new Set<string>();
    for (let first = 0; first < 4; first++)
      for (let second = 0; second < 3; second++)
        for (let third = 0; third < 3; third++) {
          const picks = [first, second, third];
          drawn.add(drawPoses(() => picks.shift() ?? 0).join());
        }
    expect(drawn.size).toBe(36);
  });
});

describe('an answer', () => {
  it('passes in the order that was asked for', () => {
    expect(judge(framesOf(ORDER))).toEqual({ outcome: 'pass', signs: [] });
  });

  it('passes with looks to the front and movements in between, and poses held for several frames', () => {
    const between = { yaw: -2, pitch: -11 };
    const frames = [
      frame('front', 0),
      frame('left', 1, between),
      ...(['left', 'left', 'front', 'up', 'up', 'front', 'right'] as const).map((pose, i) =>
        frame(pose, i + 2),
      ),
    ];
    expect(judge(frames)).toEqual({ outcome: 'pass', signs: [] });
  });

  it.each<readonly [string, readonly Pose[]]>([
    ['another order', ['front', 'up', 'left', 'right']],
    ['the other side', ['front', 'right', 'up', 'left']],
    ['a turn too few', ['front', 'left', 'up', 'up']],
    ['a turn too many', ['front', 'left', 'up', 'down', 'right']],
    ['no turn at all', ['front', 'front', 'front', 'front']],
  ])('fails with %s', (_what, poses) => {
    expect(judge(framesOf(poses))).toEqual({ outcome: 'fail', signs: ['wrong_order'] });
  });

  it('passes for one order only', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Pose[]>('left', 'right', 'up', 'down'), { maxLength: 6 }),
        (turns) => {
          const { outcome } = judge(framesOf(['front', ...turns]), 60_000);
          const held = turns.filter((turn, index) => turn !== turns[index - 1]);
          expect(outcome === 'pass').toBe(held.join() === 'left,up,right');
        },
      ),
    );
  });

  it('fails with somebody else in any frame', () => {
    expect(judge(withFrame(2, { similarity: 0.1 }))).toEqual({ outcome: 'fail', signs: ['other_person'] });
  });

  it('fails with a frame that was sent twice', () => {
    expect(judge(withFrame(3, { change: 0.01 }))).toEqual({ outcome: 'fail', signs: ['repeated_frame'] });
  });

  it('fails with a picture that stands still around the face in every frame, and not in one alone', () => {
    expect(judge(withFrame(2, { frozen: 0.9 }))).toEqual({ outcome: 'pass', signs: [] });
    const still = framesOf(ORDER).map((one, index) => (index === 0 ? one : { ...one, frozen: 0.6 }));
    expect(judge(still)).toEqual({ outcome: 'fail', signs: ['frozen_picture'] });
    expect(suspicionsOf(['frozen_picture'])).toEqual(['capture_injection_suspected']);
  });

  it.each([
    ['in disorder', withFrame(2, { at: 100 }), 8_000],
    ['before it was asked for', framesOf(ORDER), 500],
  ])('fails with frames that were taken %s', (_what, frames, answeredAfter) => {
    expect(judge(frames, answeredAfter)).toEqual({ outcome: 'fail', signs: ['impossible_time'] });
  });

  it.each([
    ['nobody', { faces: 0, yaw: null, pitch: null, similarity: null }],
    ['two people', { faces: 2 }],
  ])('says nothing where a frame shows %s', (_what, more) => {
    expect(judge(withFrame(1, more))).toEqual({ outcome: 'uncertain', signs: [] });
    expect(judge(withFrame(0, more))).toEqual({ outcome: 'uncertain', signs: [] });
  });

  it('says nothing without any frame', () => {
    expect(judge([])).toEqual({ outcome: 'uncertain', signs: [] });
  });
});

describe('what a person is told', () => {
  it('names the kind of attack once', () => {
    expect(suspicionsOf(['other_person', 'wrong_order'])).toEqual(['presentation_attack_suspected']);
    expect(suspicionsOf(['repeated_frame', 'impossible_time', 'wrong_order'])).toEqual([
      'capture_injection_suspected',
      'presentation_attack_suspected',
    ]);
    expect(suspicionsOf([])).toEqual([]);
  });
});

describe('the answers of an attempt', () => {
  const stored = [
    { id: 'blb_front', slot: 'id_front' as const },
    { id: 'blb_selfie', slot: 'selfie' as const },
  ];
  const passed: ChallengeAnswer = { outcome: 'pass', signs: [], selfieBlob: 'blb_selfie' };
  const failed = (...signs: ChallengeAnswer['signs']): ChallengeAnswer => ({
    outcome: 'fail',
    signs,
    selfieBlob: 'blb_selfie',
  });
  const presence = (...answers: ChallengeAnswer[]) => presenceOf({ answers }, stored);

  it('say nothing where there are none, or the last one says nothing', () => {
    expect(presenceOf(null, stored)).toEqual({ outcome: null, signs: [] });
    expect(presence()).toEqual({ outcome: null, signs: [] });
    expect(presence(passed, { ...passed, outcome: 'uncertain' })).toEqual({ outcome: null, signs: [] });
  });

  it('count by the last one', () => {
    expect(presence(failed('wrong_order'), passed)).toEqual({ outcome: 'pass', signs: [] });
    expect(presence(passed, failed('wrong_order'))).toEqual({ outcome: 'fail', signs: ['wrong_order'] });
  });

  it('do not make good that somebody else was seen, or no camera', () => {
    expect(presence(failed('other_person'), passed)).toEqual({ outcome: 'fail', signs: ['other_person'] });
    expect(presence(failed('repeated_frame'), passed)).toEqual({
      outcome: 'fail',
      signs: ['repeated_frame'],
    });
  });

  it('count for the selfie only with which their frames were compared', () => {
    expect(presence({ ...passed, selfieBlob: 'blb_earlier' })).toEqual({ outcome: null, signs: [] });
    expect(presenceOf({ answers: [passed] }, [])).toEqual({ outcome: null, signs: [] });
  });
});
