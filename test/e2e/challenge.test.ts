import sharp from 'sharp';
import { turnHead, TURNS } from '../support/turned-head.js';
import { makeApi, type Answer, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

type Pose = keyof typeof TURNS;
interface Case {
  readonly id: string;
  readonly token: string;
}

async function sampleImage(name: string): Promise<Buffer> {
  return (await api.call('GET', `/v1/test/images/${name}.jpg`, { token: sandbox.info.api_key })).bytes;
}

/** A learner with the consent asked for and both pictures there. */
async function readyCase({ biometrics = true } = {}): Promise<Case> {
  const sample = (await api.samples()).find(({ name }) => name === 'approve');
  const v = await api.create({
    full_name: sample?.full_name ?? '',
    date_of_birth: sample?.date_of_birth ?? '',
  });
  await api.consent(v.id, v.token, biometrics);
  const { status } = await api.upload(v.id, v.token, { id_front: 'approve', selfie: 'approve_selfie' });
  expect(status).toBe(200);
  return v;
}

const make = ({ id, token }: Case) => api.call('POST', `/v1/verifications/${id}/challenge`, { token });

function send(
  { id, token }: Case,
  challengeId: string,
  frames: readonly Buffer[],
  times: readonly (number | string)[] = frames.map((_, index) => 50_000 + index * 700),
): Promise<Answer> {
  const form = new FormData();
  form.set('challenge_id', challengeId);
  for (const frame of frames) form.append('frames', new Blob([new Uint8Array(frame)]), 'frame.jpg');
  for (const time of times) form.append('taken_at', String(time));
  return api.call('POST', `/v1/verifications/${id}/challenge/frames`, { token, form });
}

const framesOf = async (poses: readonly Pose[], selfie = 'approve_selfie') => {
  const picture = await sampleImage(selfie);
  return Promise.all(poses.map((pose, index) => turnHead(picture, TURNS[pose], index + 1)));
};

async function submitted(v: Case) {
  await api.call('POST', `/v1/verifications/${v.id}/submit`, { token: v.token });
  return api.until(v.id, ({ status }) => status !== 'processing');
}

const presenceIn = (view: { checks: { name: string; outcome: string }[] }) =>
  view.checks.find(({ name }) => name === 'presence')?.outcome;

/** A camera takes its time; the service knows when it asked. */
const whileTurning = () => new Promise((resolve) => setTimeout(resolve, 1_500));

describe('a selfie that says of itself that it was altered', () => {
  it('goes to a person, and the learner is not told why', async () => {
    const v = await readyCase();
    const selfie = await sharp(await sampleImage('approve_selfie'))
      .withExif({ IFD0: { Software: 'Adobe Photoshop 25.9 (Windows)' } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const { body } = await api.upload(v.id, v.token, { selfie });
    expect(body).toMatchObject({ images: { selfie: { outcome: 'accepted', reasons: [] } } });
    const decided = await submitted(v);
    expect(decided.status).toBe('in_review');
    expect(decided.reasons.map(({ code }: { code: string }) => code)).toEqual([
      'capture_injection_suspected',
    ]);
    const capture = await api.call('GET', `/v1/verifications/${v.id}/capture`, { token: v.token });
    expect(JSON.stringify(capture.body)).not.toContain('capture_injection');
  });
});

describe('a challenge', () => {
  it('that is answered in its order leaves the way to an approval open, and nothing of its frames', async () => {
    const v = await readyCase();
    const { status, body } = await make(v);
    expect(status).toBe(201);
    expect(body.poses).toHaveLength(4);
    await whileTurning();
    const answer = await send(v, body.challenge_id as string, await framesOf(body.poses as Pose[]));
    expect(answer).toMatchObject({ status: 202, body: { challenge_id: body.challenge_id, received: 4 } });
    const decided = await submitted(v);
    expect(decided.status).toBe('approved');
    expect(presenceIn(decided)).toBe('pass');
    const capture = await api.call('GET', `/v1/verifications/${v.id}/capture`, { token: v.token });
    expect(JSON.stringify(capture.body)).not.toContain('presence');
  });

  it('that is answered in another order goes to a person, and the learner is not told why', async () => {
    const v = await readyCase();
    const { body } = await make(v);
    const [first, ...turns] = body.poses as Pose[];
    await whileTurning();
    await send(v, body.challenge_id as string, await framesOf([first!, ...turns.toReversed(), turns[1]!]));
    const decided = await submitted(v);
    expect(decided.status).toBe('in_review');
    expect(decided.reasons.map(({ code }: { code: string }) => code)).toContain(
      'presentation_attack_suspected',
    );
    expect(presenceIn(decided)).toBe('fail');
    const capture = await api.call('GET', `/v1/verifications/${v.id}/capture`, { token: v.token });
    expect(JSON.stringify(capture.body)).not.toContain('presentation_attack');
  });

  it('that repeats a frame is suspected of injection, also when the next one is good', async () => {
    const v = await readyCase();
    const first = (await make(v)).body;
    const [frame] = await framesOf(['front']);
    await whileTurning();
    expect((await send(v, first.challenge_id as string, Array<Buffer>(4).fill(frame!))).status).toBe(202);
    const second = (await make(v)).body;
    await whileTurning();
    await send(v, second.challenge_id as string, await framesOf(second.poses as Pose[]));
    const decided = await submitted(v);
    expect(decided.status).toBe('in_review');
    expect(decided.reasons.map(({ code }: { code: string }) => code)).toContain(
      'capture_injection_suspected',
    );
  });

  it('counts for nothing once another selfie has taken the place of the one it was compared with', async () => {
    const v = await readyCase();
    const { body } = await make(v);
    await send(
      v,
      body.challenge_id as string,
      await framesOf(['front', 'left', 'left', 'left'], 'face_mismatch_selfie'),
    );
    await api.upload(v.id, v.token, { selfie: 'approve_selfie' });
    const decided = await submitted(v);
    expect(decided.status).toBe('approved');
    expect(presenceIn(decided)).toBe('not_run');
  });

  it('has one answer, is replaced by the next, and there are five', async () => {
    const v = await readyCase();
    const first = (await make(v)).body;
    const second = (await make(v)).body;
    const frames = await framesOf(['front', 'left', 'up', 'right']);
    const over = { status: 409, body: { code: 'challenge_over' } };
    expect(await send(v, first.challenge_id as string, frames)).toMatchObject(over);
    expect((await send(v, second.challenge_id as string, frames)).status).toBe(202);
    expect(await send(v, second.challenge_id as string, frames)).toMatchObject(over);
    for (let more = 0; more < 3; more++) expect((await make(v)).status).toBe(201);
    expect(await make(v)).toMatchObject({ status: 409, body: { code: 'challenge_limit_reached' } });
  });

  it('runs out', async () => {
    const v = await readyCase();
    const { body } = await make(v);
    await api.platform('POST', '/v1/test/clock', { advance: 'PT4M' });
    expect(
      await send(v, body.challenge_id as string, await framesOf(['front', 'left', 'up', 'right'])),
    ).toMatchObject({
      status: 409,
      body: { code: 'challenge_over' },
    });
  });

  it('wants consent to biometrics, a selfie, and a case that is open', async () => {
    const manual = await readyCase({ biometrics: false });
    expect(await make(manual)).toMatchObject({ status: 409, body: { code: 'consent_missing' } });
    const bare = await api.create();
    expect(await make(bare)).toMatchObject({ status: 409, body: { code: 'consent_missing' } });
    await api.consent(bare.id, bare.token);
    const { body } = await make(bare);
    const frames = await framesOf(['front', 'left', 'up', 'right']);
    expect(await send(bare, body.challenge_id as string, frames)).toMatchObject({
      status: 409,
      body: { code: 'selfie_missing' },
    });
    await api.call('POST', `/v1/verifications/${bare.id}/cancel`, { token: bare.token });
    expect(await make(bare)).toMatchObject({ status: 409, body: { code: 'invalid_state' } });
  });

  it('takes well-formed answers only', async () => {
    const v = await readyCase();
    const { body } = await make(v);
    const id = body.challenge_id as string;
    const frames = await framesOf(['front', 'left', 'up', 'right']);
    const refused = async (answer: Promise<Answer>, pointer: string) =>
      expect(await answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    await refused(send(v, 'chl_x', frames), 'challenge_id');
    await refused(send(v, id, frames.slice(0, 3)), 'frames');
    await refused(send(v, id, frames, [1, 2, 3]), 'taken_at');
    await refused(send(v, id, frames, [1, 2, 'soon', 4]), 'taken_at');
    expect(await send(v, id, Array<Buffer>(17).fill(frames[0]!))).toMatchObject({ status: 422 });
    expect(await send(v, id, [...frames.slice(0, 3), Buffer.alloc(2 * 1024 * 1024 + 1)])).toMatchObject({
      status: 413,
    });
    // A refused answer is none: the challenge still stands. One that cannot be decoded was looked at.
    expect(await send(v, id, [...frames.slice(0, 3), Buffer.from('no picture')])).toMatchObject({
      status: 422,
      body: { code: 'image_undecodable' },
    });
  });

  it('of another learner is not there', async () => {
    const [mine, other] = [await readyCase(), await readyCase()];
    const { body } = await make(other);
    expect(
      await send(mine, body.challenge_id as string, await framesOf(['front', 'left', 'up', 'right'])),
    ).toMatchObject({ status: 409, body: { code: 'challenge_over' } });
    expect(
      await api.call('POST', `/v1/verifications/${other.id}/challenge`, { token: mine.token }),
    ).toMatchObject({
      status: 404,
    });
  });
});
