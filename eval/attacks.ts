/**
 * How many composed attacks are noticed, and how many honest pictures are suspected, a kind each: APCER and BPCER in the words of ISO/IEC
 * 30107-3, without claiming its conformance. What is not noticed is not let through by that: a face still has to match.
 */
import { makeFaceEngine } from '../src/adapters/face/face-engine.js';
import { makePortraitNetworks } from '../src/adapters/face/portrait-networks.js';
import { makePresenceEngine } from '../src/adapters/face/presence-engine.js';
import { suspicionsOfSelfie } from '../src/domain/capture-cues.js';
import { drawPoses, judgeChallenge, type Pose } from '../src/domain/challenge.js';
import { FACE_POLICY } from '../src/domain/face-policy.js';
import { makePortraitStudio, type Person } from '../src/sandbox/samples/portraits.js';
import { makeRandom, type Random } from '../src/sandbox/samples/random.js';
import { headAround, turnHead, TURNS, type Head } from '../test/support/turned-head.js';
import { composeStill, STILL_ATTACKS, type StillAttack } from './attacks/compose.js';
import { asMarkdown } from './documents/tally.js';

const PERSONS: readonly Person[] = ['clara', 'maria', 'zoe', 'asa', 'nadia', 'iris', 'lena'];
const SEEDS = ['a', 'b', 'c'] as const;
const FRAME_MS = 900;

interface Try {
  readonly person: Person;
  readonly selfie: Buffer;
  readonly head: Head;
  readonly random: Random;
}

/** Frames of an answer to an order of poses, for one kind of attack. */
type FrameAttack = (
  attempt: Try,
  poses: readonly Pose[],
  others: readonly Try[],
) => Promise<readonly Buffer[]>;

const posed = ({ selfie, head }: Try, poses: readonly Pose[]) =>
  Promise.all(poses.map((pose, index) => turnHead(selfie, TURNS[pose], index + 1, head)));

const shuffled = (poses: readonly Pose[], random: Random): readonly Pose[] => {
  const drawn = drawPoses((below) => Math.floor(random.next() * below));
  return drawn.join() === poses.join() ? shuffled(poses, random) : drawn;
};

const FRAME_ATTACKS: Readonly<Record<string, FrameAttack>> = {
  'a photograph that is held still': (attempt, poses) =>
    posed(
      attempt,
      poses.map(() => 'front' as const),
    ),
  'one frame, repeated': async (attempt, poses) => {
    const [frame] = await posed(attempt, ['front']);
    return poses.map(() => frame!);
  },
  'a recording of another order': (attempt, poses) => posed(attempt, shuffled(poses, attempt.random)),
  'somebody else who turns as asked': async ({ person }, poses, others) =>
    posed(
      others.find((other) => other.person !== person)!,
      poses,
    ),
  'a photograph animated in time': (attempt, poses) => posed(attempt, poses),
};

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} % (${part} of ${whole})`;

/** Composes attacks on the sample persons, and prints what becomes of them. */
export async function evaluateAttacks(print: (line: string) => void): Promise<void> {
  const faces = makeFaceEngine();
  const networks = makePortraitNetworks();
  const engine = makePresenceEngine(() => Promise.resolve(faces), networks);
  const studio = makePortraitStudio();
  const tries: Try[] = [];
  for (const person of PERSONS)
    for (const seed of SEEDS) {
      const selfie = await studio.selfie({ subject: person, seed, blur: 0 });
      const [face] = await faces.detect(selfie);
      if (!face) throw new Error('a sample selfie shows no face');
      tries.push({ person, selfie, head: headAround(face), random: makeRandom(`${person}/${seed}`) });
    }
  const isSuspected = async (picture: Buffer) => suspicionsOfSelfie(await engine.look(picture)).length > 0;
  const countOf = async (pictures: readonly Promise<Buffer>[]) => {
    let suspected = 0;
    for (const picture of pictures) suspected += Number(await isSuspected(await picture));
    return suspected;
  };

  const stills: (readonly string[])[] = [];
  for (const kind of Object.keys(STILL_ATTACKS) as StillAttack[]) {
    const noticed = await countOf(tries.map(({ selfie }) => composeStill(kind, selfie)));
    stills.push([kind, share(tries.length - noticed, tries.length)]);
  }
  const honest = await countOf(tries.map(({ selfie }) => Promise.resolve(selfie)));
  print(asMarkdown({ title: 'One picture', head: ['attack', 'not noticed (APCER)'], rows: stills }));
  print(`honest selfies suspected (BPCER): ${share(honest, tries.length)}\n`);

  const outcomes = async (attack: FrameAttack) => {
    const counts = { pass: 0, fail: 0, uncertain: 0 };
    for (const attempt of tries) {
      const poses = drawPoses((below) => Math.floor(attempt.random.next() * below));
      const frames = await attack(attempt, poses, tries);
      const seen = await engine.observe(frames, attempt.selfie);
      const evidence = seen.map((one, index) => ({ ...one, at: index * FRAME_MS }));
      const rules = { otherPerson: FACE_POLICY.uncertain };
      counts[judgeChallenge(poses, evidence, poses.length * FRAME_MS, rules).outcome]++;
    }
    return counts;
  };
  const rows: (readonly string[])[] = [];
  for (const [kind, attack] of Object.entries(FRAME_ATTACKS)) {
    const { pass, uncertain } = await outcomes(attack);
    rows.push([kind, share(pass + uncertain, tries.length)]);
  }
  print(asMarkdown({ title: 'Frames of a challenge', head: ['attack', 'not noticed (APCER)'], rows }));
  const turned = await outcomes((attempt, poses) => posed(attempt, poses));
  print(`heads that turn as asked, suspected (BPCER): ${share(turned.fail, tries.length)}`);
  await networks.close();
  await faces.close();
}
