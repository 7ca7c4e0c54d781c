import { readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

/** Objects in the sandbox's storage. */
const objects = () =>
  readdirSync(path.join(sandbox.dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length;

async function withConsent(expected?: { full_name: string }) {
  const v = await api.create(expected);
  await api.consent(v.id, v.token);
  return v;
}
const upload = (v: { id: string; token: string }, parts: Record<string, Buffer | string>) =>
  api.upload(v.id, v.token, parts);

describe('the learner', () => {
  it('is told what is left to do, in order, with the notices', async () => {
    const { id, token } = await api.create();
    const capture = async () => (await api.call('GET', `/v1/verifications/${id}/capture`, { token })).body;
    expect(await capture()).toMatchObject({
      status: 'requires_input',
      to_do: ['consent', 'id_front', 'selfie', 'submit'],
    });
    expect((await capture()).notices.purposes.length).toBeGreaterThan(0);
    await api.consent(id, token);
    expect((await capture()).to_do).toEqual(['id_front', 'selfie', 'submit']);
    expect((await upload({ id, token }, { id_front: 'approve' })).body).toMatchObject({
      received: ['id_front'],
      images: { id_front: { outcome: 'accepted' } },
    });
    expect((await capture()).to_do).toEqual(['selfie', 'submit']);
    expect(await api.call('POST', `/v1/verifications/${id}/submit`, { token })).toMatchObject({
      status: 409,
      body: { code: 'selfie_missing' },
    });
    const view = JSON.stringify(await capture());
    for (const secret of ['learner_ref', 'Eriksson', '"score"']) expect(view).not.toContain(secret);
  });

  it('has nothing stored without consent', async () => {
    const v = await api.create();
    const before = objects();
    expect(await upload(v, { id_front: 'approve', selfie: 'approve_selfie' })).toMatchObject({
      status: 409,
      body: { code: 'consent_missing' },
    });
    expect(objects()).toBe(before);
    expect((await api.get(v.id)).received).toEqual([]);
  });

  it('can replace and take back a picture; the older one is gone', async () => {
    const v = await withConsent();
    const before = objects();
    await upload(v, { id_front: 'approve' });
    await upload(v, { id_front: 'approve' });
    expect(
      (await api.call('DELETE', `/v1/verifications/${v.id}/images/id_front`, { token: v.token })).body
        .received,
    ).toEqual([]);
    const left = Date.now() + 20_000;
    while (objects() > before && Date.now() < left) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(objects()).toBe(before);
  });

  it('can withdraw: all that was sent is erased', async () => {
    const v = await withConsent();
    await upload(v, { id_front: 'approve', selfie: 'approve_selfie' });
    const { body } = await api.call('DELETE', `/v1/verifications/${v.id}/consent`, { token: v.token });
    expect(body).toMatchObject({ status: 'canceled', reasons: [{ code: 'consent_withdrawn' }] });
    await api.until(v.id, ({ redaction }) => redaction.status === 'done');
    const receipt = await api.platform('GET', `/v1/verifications/${v.id}/deletion_receipt`);
    expect(receipt.status).toBe(200);
    expect((await upload(v, { id_front: 'approve' })).status).toBe(409);
  });

  it('follows the progress as it happens, and resumes', async () => {
    const [sample] = (await api.samples()).filter(({ name }) => name === 'approve');
    const v = await withConsent({ full_name: sample!.full_name });
    await upload(v, { id_front: 'approve', selfie: 'approve_selfie' });
    const read = async (headers: Record<string, string> = {}) => {
      const response = await fetch(`${sandbox.info.base_url}/v1/verifications/${v.id}/events`, {
        headers: { Authorization: `Bearer ${v.token}`, ...headers },
      });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      return response.text();
    };
    const stream = read();
    await api.call('POST', `/v1/verifications/${v.id}/submit`, { token: v.token });
    const text = await stream;
    for (const expected of [
      '"step":"read_document"',
      '"step":"match_face"',
      '"status":"processing"',
      '"status":"approved"',
    ])
      expect(text).toContain(expected);
    expect(text.trimEnd().endsWith('data: {"status":"approved"}')).toBe(true);
    expect(await read({ 'Last-Event-ID': '999999999' })).toBe(
      'event: status\ndata: {"status":"approved"}\n\n',
    );
  });
});

describe('pictures that cannot be used', () => {
  it.each([
    ['id_front', 'blurry', 'document_blurry'],
    ['id_front', 'glare', 'document_glare'],
    ['id_front', 'cut_off', 'document_cut_off'],
    ['id_front', 'too_small', 'document_too_small'],
    ['selfie', 'selfie_no_face', 'selfie_no_face'],
    ['selfie', 'selfie_multiple_faces', 'selfie_multiple_faces'],
    ['selfie', 'selfie_blurry', 'selfie_low_quality'],
  ])('%s %s is refused at once with %s', async (slot, sample, code) => {
    const v = await withConsent();
    const before = objects();
    const { status, body } = await upload(v, { [slot]: sample });
    expect(status).toBe(422);
    expect(body.code).toBe('images_rejected');
    expect(body.errors).toContainEqual({ pointer: slot, code });
    expect(objects()).toBe(before);
  });

  it('keeps the good one of two', async () => {
    const v = await withConsent();
    const { status, body } = await upload(v, { id_front: 'approve', selfie: 'selfie_no_face' });
    expect(status).toBe(200);
    expect(body.received).toEqual(['id_front']);
    expect(body.images.selfie).toMatchObject({
      outcome: 'rejected',
      reasons: [{ code: 'selfie_no_face', slot: 'selfie' }],
    });
  });

  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="900" height="600"/></svg>',
  );
  it.each([
    ['an SVG', svg, 415, 'unsupported_media_type'],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n'), 415, 'unsupported_media_type'],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1'), 415, 'unsupported_media_type'],
    ['nothing', Buffer.alloc(0), 415, 'unsupported_media_type'],
  ])('%s is refused by its content', async (_what, bytes, status, code) => {
    const v = await withConsent();
    expect(await upload(v, { id_front: bytes })).toMatchObject({ status, body: { code } });
  });

  it('refuses a part that is too large, a picture with too many pixels, and a damaged one', async () => {
    const v = await withConsent();
    expect(await upload(v, { id_front: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
    const huge = await sharp({ create: { width: 8000, height: 5100, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    expect(await upload(v, { id_front: huge })).toMatchObject({
      status: 422,
      body: { code: 'image_too_many_pixels' },
    });
    const whole = await api.sampleImage('approve');
    expect(await upload(v, { id_front: whole.subarray(0, whole.length / 2) })).toMatchObject({
      status: 422,
      body: { code: 'image_undecodable' },
    });
  });

  it('refuses parts that it does not know', async () => {
    const v = await withConsent();
    expect(await upload(v, { credit_card: 'approve' })).toMatchObject({
      status: 422,
      body: { code: 'unexpected_field' },
    });
    const form = new FormData();
    form.set('id_front', new Blob([new Uint8Array(await api.sampleImage('approve'))]), 'a.jpg');
    form.set('email', 'a@b.c');
    expect(
      (await api.call('POST', `/v1/verifications/${v.id}/images`, { token: v.token, form })).status,
    ).toBe(422);
  });
});

describe('races', () => {
  it('two uploads of one slot: one wins, the other is told', async () => {
    const v = await withConsent();
    const answers = await Promise.all([
      upload(v, { id_front: 'approve' }),
      upload(v, { id_front: 'expired' }),
      upload(v, { id_front: 'approve' }),
    ]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(1).every((status) => status === 200 || status === 409)).toBe(true);
    expect(statuses).toContain(409);
    for (const { status, body } of answers) if (status === 409) expect(body.code).toBe('upload_superseded');
    expect((await api.get(v.id)).received).toEqual(['id_front']);
  });

  it('an upload against a cancellation leaves nothing', async () => {
    const v = await withConsent();
    const [uploaded] = await Promise.all([
      upload(v, { id_front: 'approve' }),
      api.call('POST', `/v1/verifications/${v.id}/cancel`, { token: v.token }),
    ]);
    expect([200, 409]).toContain(uploaded.status);
    await api.until(v.id, ({ redaction }) => redaction.status === 'done');
    expect((await api.get(v.id)).received).toEqual([]);
  });
});
