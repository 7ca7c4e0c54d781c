import { setTimeout as sleep } from 'node:timers/promises';
import { violationsOf } from './api-description.js';
import type { SandboxInfo } from './sandbox.js';

/** Answers are checked against the description; here any member may be asked for. */
type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body of a JSON answer, else `null`. */
  readonly body: Json;
  readonly bytes: Buffer;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SampleInfo {
  readonly name: string;
  readonly slot: string;
  readonly full_name: string;
  readonly date_of_birth: string;
  readonly minimum_age: number | null;
  readonly pairs_with: readonly string[];
  readonly expect: { readonly status: string; readonly reasons: readonly string[] };
}

export type Api = ReturnType<typeof makeApi>;

/** Calls the service over HTTP as its clients do; every answer is held against `openapi.yaml`. */
export function makeApi(info: SandboxInfo) {
  const images = new Map<string, Buffer>();

  async function call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
    const { token, body, form, headers = {} } = options;
    const response = await fetch(info.base_url + url, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(form
        ? { body: form }
        : body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    const parsed: Json = type.includes('json') ? JSON.parse(bytes.toString('utf8')) : null;
    const { status, headers: answered } = response;
    const violations = violationsOf(method, url, { status, headers: answered, bytes });
    if (violations.length > 0)
      throw new Error(`${method} ${url} answered ${status} not as described: ${violations.join('; ')}`);
    return { status, headers: answered, body: parsed, bytes };
  }

  const platform = (method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
    call(method, url, {
      token: info.api_key,
      ...(body === undefined ? {} : { body }),
      ...(headers ? { headers } : {}),
    });

  async function sampleImage(name: string): Promise<Buffer> {
    let bytes = images.get(name);
    if (!bytes) {
      bytes = (await call('GET', `/v1/test/images/${name}.jpg`, { token: info.api_key })).bytes;
      images.set(name, bytes);
    }
    return bytes;
  }

  async function samples(): Promise<readonly SampleInfo[]> {
    return ((await platform('GET', '/v1/test/images')).body as { data: SampleInfo[] }).data;
  }

  let learners = 0;
  const newLearner = () => `learner-${process.pid}-${Date.now().toString(36)}-${learners++}`;

  /** Creates a verification for a new learner. */
  async function create(
    expected: { full_name: string; date_of_birth?: string } = { full_name: 'Anna Maria Eriksson' },
    more: Record<string, unknown> = {},
  ): Promise<{ id: string; token: string; learner: string }> {
    const learner = newLearner();
    const { status, body } = await platform('POST', '/v1/verifications', {
      learner_ref: learner,
      expected,
      ...more,
    });
    if (status !== 201) throw new Error(`create answered ${status} ${JSON.stringify(body)}`);
    return { id: body.id as string, token: body.capture.token as string, learner };
  }

  const consent = (id: string, token: string, biometrics = true) =>
    call('POST', `/v1/verifications/${id}/consent`, {
      token,
      body: { policy_version: info.policy_version, biometrics, cross_border: true },
    });

  async function upload(
    id: string,
    token: string,
    parts: Readonly<Record<string, Buffer | string>>,
  ): Promise<Answer> {
    const form = new FormData();
    for (const [slot, image] of Object.entries(parts))
      form.set(
        slot,
        new Blob([new Uint8Array(typeof image === 'string' ? await sampleImage(image) : image)]),
        `${slot}.jpg`,
      );
    return call('POST', `/v1/verifications/${id}/images`, { token, form });
  }

  const get = async (id: string): Promise<Json> => (await platform('GET', `/v1/verifications/${id}`)).body;

  /** Polls until `done`; a service that is away for a while is waited for. */
  async function until(id: string, done: (v: Json) => boolean, ms = 45_000): Promise<Json> {
    const end = performance.now() + ms;
    for (;;) {
      const answer = await platform('GET', `/v1/verifications/${id}`).catch(() => null);
      if (answer?.status === 200 && done(answer.body)) return answer.body;
      if (performance.now() > end) throw new Error(`${id} still ${String(answer?.body?.status)}`);
      await sleep(100);
    }
  }

  /** Takes a sample document with its own selfie (or another) from creation to a decision. */
  async function verify(
    sampleName: string,
    more: {
      readonly biometrics?: boolean;
      readonly selfie?: string;
      readonly expected?: object;
      readonly create?: object;
    } = {},
  ): Promise<{ id: string; token: string; learner: string; decided: Json }> {
    const all = await samples();
    const front = all.find(({ name }) => name === sampleName);
    if (!front) throw new Error(`no sample ${sampleName}`);
    const partners = all.filter(({ name }) => front.pairs_with.includes(name));
    const created = await create(
      { full_name: front.full_name, date_of_birth: front.date_of_birth, ...more.expected },
      { ...(front.minimum_age === null ? {} : { minimum_age: front.minimum_age }), ...more.create },
    );
    await consent(created.id, created.token, more.biometrics ?? true);
    const parts: Record<string, string> = { [front.slot]: front.name };
    for (const partner of partners) parts[partner.slot] ??= partner.name;
    if (more.selfie !== undefined) parts['selfie'] = more.selfie;
    const uploaded = await upload(created.id, created.token, parts);
    if (uploaded.status !== 200)
      throw new Error(`upload answered ${uploaded.status} ${JSON.stringify(uploaded.body)}`);
    const submitted = await call('POST', `/v1/verifications/${created.id}/submit`, { token: created.token });
    if (submitted.status !== 202)
      throw new Error(`submit answered ${submitted.status} ${JSON.stringify(submitted.body)}`);
    const decided = await until(created.id, ({ status }) => status !== 'processing');
    return { ...created, decided };
  }

  return {
    info,
    call,
    platform,
    samples,
    sampleImage,
    newLearner,
    create,
    consent,
    upload,
    get,
    until,
    verify,
  };
}
