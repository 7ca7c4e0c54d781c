import sharp from 'sharp';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { makePortraitNetworks } from '../../src/adapters/face/portrait-networks.js';
import { makePresenceEngine } from '../../src/adapters/face/presence-engine.js';
import { drawPoses, judgeChallenge, type Pose } from '../../src/domain/challenge.js';
import { composeStill } from '../../eval/attacks/compose.js';
import { suspicionsOfSelfie } from '../../src/domain/capture-cues.js';
import { FACE_POLICY } from '../../src/domain/face-policy.js';
import { makePortraitStudio } from '../../src/sandbox/samples/portraits.js';
import { headAround, turnHead, TURNS } from '../support/turned-head.js';

const faces = makeFaceEngine();
const networks = makePortraitNetworks();
const engine = makePresenceEngine(() => Promise.resolve(faces), networks);
afterAll(async () => {
  await networks.close();
  await faces.close();
});

const studio = makePortraitStudio();
const selfieOf = (subject: 'clara' | 'maria' | 'iris') => studio.selfie({ subject, seed: 'q', blur: 0 });

async function framesOf(selfie: Buffer, poses: readonly Pose[]): Promise<readonly Buffer[]> {
  const [face] = await faces.detect(selfie);
  return Promise.all(poses.map((pose, index) => turnHead(selfie, TURNS[pose], index + 1, headAround(face!))));
}

/** What the engine and the rules make of frames. */
async function judged(selfie: Buffer, frames: readonly Buffer[], poses: readonly Pose[]) {
  const seen = await engine.observe(frames, selfie);
  const timed = seen.map((one, index) => ({ ...one, at: index * 900 }));
  return judgeChallenge(poses, timed, 20_000, { otherPerson: FACE_POLICY.uncertain });
}

const ORDERS: readonly (readonly Pose[])[] = [
  ['front', 'left', 'up', 'right'],
  ['front', 'down', 'right', 'left'],
];

describe('frames of a head that turns', () => {
  it.each(['clara', 'maria', 'iris'] as const)(
    'answer the order that they follow, and no other: %s',
    async (person) => {
      const selfie = await selfieOf(person);
      for (const order of ORDERS) {
        const frames = await framesOf(selfie, order);
        expect(await judged(selfie, frames, order)).toEqual({ outcome: 'pass', signs: [] });
        const [other] = ORDERS.filter((one) => one !== order);
        expect((await judged(selfie, frames, other ?? [])).signs).toEqual(['wrong_order']);
      }
    },
  );

  it('of somebody else are told from the selfie', async () => {
    const order: readonly Pose[] = ['front', 'left', 'up', 'right'];
    const frames = await framesOf(await selfieOf('maria'), order);
    expect(await judged(await selfieOf('clara'), frames, order)).toEqual({
      outcome: 'fail',
      signs: ['other_person'],
    });
  });

  it('that were sent twice are seen, and two pictures of one pose are not taken for that', async () => {
    const selfie = await selfieOf('clara');
    const [first, again] = await framesOf(selfie, ['front', 'front']);
    const [, twice] = await engine.observe([first!, first!], selfie);
    const [, another] = await engine.observe([first!, again!], selfie);
    expect(twice?.change).toBe(0);
    expect(another?.change).toBeGreaterThan(0.1);
    expect(
      (
        await judged(
          selfie,
          [first!, first!, again!, again!],
          drawPoses(() => 0),
        )
      ).signs,
    ).toContain('repeated_frame');
  });

  it('that come again later are seen, and so is a picture in which nothing but the face moves', async () => {
    const selfie = await selfieOf('maria');
    const [face] = await faces.detect(selfie);
    const head = headAround(face!);
    const poses: readonly Pose[] = ['front', 'left', 'up', 'right'];
    const [front, left] = await framesOf(selfie, poses);
    const looped = await engine.observe([front!, left!, front!], selfie);
    expect(looped[2]?.change).toBe(0);
    expect(looped[2]?.frozen).toBeLessThan(0.1);

    const animated = await Promise.all(poses.map((pose) => turnHead(selfie, TURNS[pose], 1, head)));
    expect((await judged(selfie, animated, poses)).signs).toEqual(['frozen_picture']);
    const quiet = await Promise.all(poses.map((pose, seed) => turnHead(selfie, TURNS[pose], seed, head, 1)));
    expect(await judged(selfie, quiet, poses)).toEqual({ outcome: 'pass', signs: [] });
  });
});

it('sees nobody where nobody is, and two where two are', async () => {
  const selfie = await selfieOf('clara');
  const nobody = await studio.selfie({ subject: 'nobody', seed: 'q', blur: 0 });
  const two = await studio.selfie({ subject: 'two', seed: 'q', blur: 0 });
  const [empty, crowd] = await engine.observe([nobody, two], selfie);
  expect(empty).toMatchObject({ faces: 0, yaw: null, pitch: null, similarity: null });
  expect(crowd?.faces).toBe(2);
});

describe('what is told of a selfie', () => {
  const living = { liveness: 0.9, pattern: 5 };
  it('is an injection where its file names a program, beside whatever else is seen', () => {
    expect(suspicionsOfSelfie({ ...living, altered: true })).toEqual(['capture_injection_suspected']);
    expect(suspicionsOfSelfie({ liveness: 0.01, pattern: null, altered: true })).toEqual([
      'presentation_attack_suspected',
      'capture_injection_suspected',
    ]);
    expect(suspicionsOfSelfie({ ...living, altered: false })).toEqual([]);
    expect(suspicionsOfSelfie(living)).toEqual([]);
  });
});

describe('one picture', () => {
  it('of a living face is not suspected', async () => {
    const { liveness, pattern } = await engine.look(await selfieOf('clara'));
    expect(liveness).toBeGreaterThan(0.1);
    expect(pattern).toBeLessThan(12);
  });

  it.each(['print, close', 'print, cut out', 'print with its border'] as const)(
    'of a %s is',
    async (kind) => {
      const cues = await engine.look(await composeStill(kind, await selfieOf('maria')));
      expect(suspicionsOfSelfie(cues)).toEqual(['presentation_attack_suspected']);
    },
  );

  it('in which nobody is says nothing', async () => {
    const nobody = await studio.selfie({ subject: 'nobody', seed: 'q', blur: 0 });
    const cues = await engine.look(nobody);
    expect(cues).toEqual({ liveness: null, pattern: null });
    expect(suspicionsOfSelfie(cues)).toEqual([]);
  });
});

it('refuses what is no picture', async () => {
  const selfie = await selfieOf('clara');
  await expect(engine.observe([Buffer.from('no picture')], selfie)).rejects.toThrow('image_undecodable');
  const empty = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  expect(await engine.observe([empty], empty)).toEqual([
    { faces: 0, yaw: null, pitch: null, similarity: null, change: null, frozen: null },
  ]);
});
