/**
 * How many composed attacks are noticed, and how many honest pictures are suspected, a kind each: APCER and BPCER in the words of ISO/IEC
 * 30107-3, without claiming its conformance. What is not noticed is not let through by that: a face still has to match.
 */
import sharp, { type Sharp } from 'sharp';
import { makeFaceEngine } from '../src/adapters/face/face-engine.js';
import { makePortraitNetworks } from '../src/adapters/face/portrait-networks.js';
import { makePresenceEngine } from '../src/adapters/face/presence-engine.js';
import { saysAltered } from '../src/adapters/images/file-traces.js';
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
/** Grey levels of noise of cameras, in poor and in good light. */
const HONEST_GRAINS = [4, 1] as const;

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

const posed = ({ selfie, head }: Try, poses: readonly Pose[], grain?: number) =>
  Promise.all(poses.map((pose, index) => turnHead(selfie, TURNS[pose], index + 1, head, grain)));

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
  'frames that come again in a loop': async (attempt, poses) => {
    const loop = await posed(attempt, poses.slice(0, 2));
    return poses.map((_pose, index) => loop[index % loop.length]!);
  },
  'a photograph animated in time, as a camera would take it': (attempt, poses) => posed(attempt, poses),
  'a photograph animated in time, one noise for all frames': ({ selfie, head }, poses) =>
    Promise.all(poses.map((pose) => turnHead(selfie, TURNS[pose], 1, head))),
  'a photograph animated in time, without noise': (attempt, poses) => posed(attempt, poses, 0),
};

/** What a file says of itself, by where it comes from. */
const FILES = {
  'saved by an editor': (selfie) =>
    sharp(selfie).withExif({ IFD0: { Software: 'Adobe Photoshop 25.9 (Windows)' } }),
  'made by a generator': (selfie) =>
    sharp(selfie).withExif({ IFD2: { UserComment: 'a woman, Steps: 30, Sampler: Euler a, CFG scale: 7' } }),
  'made by a generator, its words taken out': (selfie) => sharp(selfie),
} as const satisfies Record<string, (selfie: Buffer) => Sharp>;
const HONEST_FILE = (selfie: Buffer) =>
  sharp(selfie).withExif({ IFD0: { Make: 'Apple', Model: 'iPhone 15', Software: '18.1' } });

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
  for (const grain of HONEST_GRAINS) {
    const turned = await outcomes((attempt, poses) => posed(attempt, poses, grain));
    print(
      `heads that turn as asked, noise of ${grain}, suspected (BPCER): ${share(turned.fail, tries.length)}`,
    );
  }

  const countAltered = async (write: (selfie: Buffer) => Sharp) => {
    const said = await Promise.all(
      tries.map(async ({ selfie }) => saysAltered(await write(selfie).jpeg().toBuffer())),
    );
    return said.filter(Boolean).length;
  };
  const files: (readonly string[])[] = [];
  for (const [kind, write] of Object.entries(FILES))
    files.push([kind, share(tries.length - (await countAltered(write)), tries.length)]);
  print(asMarkdown({ title: 'Words in a file', head: ['attack', 'not noticed (APCER)'], rows: files }));
  print(`files of a telephone, suspected (BPCER): ${share(await countAltered(HONEST_FILE), tries.length)}`);
  await networks.close();
  await faces.close();
}
