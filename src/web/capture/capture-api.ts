import type { components } from '../../http/api-types.js';
import type { ApiClient } from '../lib/api-client.js';

type Schemas = components['schemas'];
export type CaptureView = Schemas['CaptureView'];
export type Slot = Schemas['Slot'];
export type Policy = Schemas['Notices'];
export type Challenge = Schemas['Challenge'];
export type UploadResult = Schemas['UploadResult'];
export type PhotoSource = 'camera' | 'upload';

/** A link for another device, good for one use. */
export interface OpenHandover {
  readonly url: string;
  /** Milliseconds that it was still good for when it was answered, by the server's clock. */
  readonly left: number;
  /** Changes nothing as long as the link is unused. @throws Problem `forbidden` once another device has taken over */
  askAgain(signal: AbortSignal): Promise<void>;
}

/** What nobody else's key can be: `randomUUID` is not there over plain HTTP. */
const freshKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The calls of one verification's learner; each answers with things as they stand then. */
export function makeCaptureApi(client: ApiClient, verificationId: string) {
  const base = `/v1/verifications/${verificationId}`;
  const view = async (method: string, path: string, json?: object) =>
    (await client.call<CaptureView>(method, `${base}${path}`, json === undefined ? {} : { json })).body;
  return {
    view: () => view('GET', '/capture'),
    consent: (given: { policy_version: string; biometrics: boolean; cross_border: boolean }) =>
      view('POST', '/consent', given),
    async upload(slot: Slot, photo: Blob, source: PhotoSource): Promise<UploadResult> {
      const form = new FormData();
      form.set('source', source);
      // A fixed name: the file's own may say who or where.
      form.set(slot, photo, 'photo');
      return (await client.call<UploadResult>('POST', `${base}/images`, { form })).body;
    },
    remove: (slot: Slot) => view('DELETE', `/images/${slot}`),
    makeChallenge: async (): Promise<Challenge> =>
      (await client.call<Challenge>('POST', `${base}/challenge`)).body,
    async answerChallenge(
      challengeId: string,
      frames: readonly { readonly photo: Blob; readonly at: number }[],
    ): Promise<void> {
      const form = new FormData();
      form.set('challenge_id', challengeId);
      for (const { photo, at } of frames) {
        form.append('frames', photo, 'frame');
        form.append('taken_at', String(at));
      }
      await client.call('POST', `${base}/challenge/frames`, { form });
    },
    /** Each call makes a link, and the one before it stops working. */
    async handover(): Promise<OpenHandover> {
      const headers = { 'Idempotency-Key': freshKey() };
      const path = `${base}/handover`;
      const { body, servedAt } = await client.call<Schemas['Handover']>('POST', path, { headers });
      return {
        url: body.url,
        left: Date.parse(body.expires_at) - (servedAt ?? new Date()).getTime(),
        // A repeated call is answered with what the first one made.
        askAgain: async (signal) => void (await client.call('POST', path, { headers, signal })),
      };
    },
    submit: () => view('POST', '/submit'),
    cancel: () => view('POST', '/cancel'),
    withdraw: () => view('DELETE', '/consent'),
    events: (lastEventId: string | null, signal: AbortSignal) =>
      client.open(`${base}/events`, {
        signal,
        headers: lastEventId === null ? {} : { 'Last-Event-ID': lastEventId },
      }),
  };
}

export type CaptureApi = ReturnType<typeof makeCaptureApi>;
