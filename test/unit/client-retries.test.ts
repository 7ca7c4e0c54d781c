import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { createLetheClient, LetheError, multipart } from '../../clients/typescript/src/index.js';
import { makeRetryingFetch, takesIdempotencyKey } from '../../clients/typescript/src/retrying-fetch.js';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}
type Behaviour = (req: Seen, res: http.ServerResponse) => void;

const problem = (
  res: http.ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
) =>
  res
    .writeHead(status, {
      'content-type': 'application/problem+json',
      'x-request-id': 'request-1',
      ...headers,
    })
    .end(
      JSON.stringify({
        type: `urn:lethe:problem:${code}`,
        title: 'A title',
        status,
        code,
        request_id: 'request-1',
      }),
    );

/** A service that makes one thing for each key, and fails as it is told: each call takes the next behaviour, and what comes after is done well. */
async function startService() {
  const seen: Seen[] = [];
  const made = new Map<string, string>();
  const behaviours: Behaviour[] = [];
  const make = ({ key, body }: Seen) => {
    const name = key ?? `without a key ${made.size}`;
    if (!made.has(name)) made.set(name, body);
    return JSON.stringify({ id: `ver_${[...made.keys()].indexOf(name)}` });
  };
  const well: Behaviour = (req, res) => {
    res.writeHead(201, { 'content-type': 'application/json' }).end(make(req));
  };
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const key = req.headers['idempotency-key'] as string | undefined;
      const call = { method: req.method!, path: req.url!, key, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(call);
      (behaviours.shift() ?? well)(call, res);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    made,
    make,
    fails(...how: readonly Behaviour[]) {
      seen.length = 0;
      made.clear();
      behaviours.splice(0, behaviours.length, ...how);
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Ways to fail that leave it to the caller to try again. */
const FAILURES: Readonly<Record<string, Behaviour>> = {
  'breaks the connection before anything is done': (_req, res) => res.destroy(),
  'does it, and breaks the connection': (req, res) => {
    service.make(req);
    res.destroy();
  },
  'does it, and breaks off in the middle of the answer': (req, res) => {
    const answer = service.make(req);
    res.writeHead(201, { 'content-type': 'application/json', 'content-length': String(answer.length) });
    res.write(answer.slice(0, 5), () => res.destroy());
  },
  'does it, and breaks off a chunked answer': (req, res) => {
    const answer = service.make(req);
    res.writeHead(201, { 'content-type': 'application/json' });
    res.write(answer.slice(0, 5), () => res.destroy());
  },
  'has no budget left': (_req, res) => problem(res, 429, 'too_many_requests', { 'retry-after': '1' }),
  'is not available': (_req, res) => problem(res, 503, 'unavailable', { 'retry-after': '5' }),
  'is not available, says a gateway': (_req, res) => res.writeHead(503).end('<html>'),
  'still runs the first call': (_req, res) => problem(res, 409, 'idempotency_in_progress'),
};

/** Waits are noted, and not waited. */
function makeClient({ retries = 5, timeoutMs = 20_000, random = (): number => 0.5 } = {}) {
  const waits: number[] = [];
  const wait = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  const retrying = makeRetryingFetch({ fetch: globalThis.fetch, retries, timeoutMs, wait, random });
  const client = createLetheClient({
    baseUrl: service.baseUrl,
    apiKey: 'lk_test_x',
    fetch: retrying,
    retries: 0,
  });
  return { client, waits };
}
const body = { learner_ref: 'learner-1', expected: { full_name: 'Anna Svensson' } };
const create = (client: ReturnType<typeof makeClient>['client'], headers?: Record<string, string>) =>
  client.POST('/v1/verifications', { body, ...(headers && { headers }) });
const errorOf = async (call: Promise<unknown>): Promise<LetheError> => {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LetheError)) throw new Error('no LetheError was thrown', { cause: error });
  return error;
};

describe('a call to a service that fails', () => {
  it.each(Object.entries(FAILURES))(
    'is sent again where it %s, and makes one thing',
    async (_name, failure) => {
      service.fails(failure);
      const { data } = await create(makeClient().client);
      expect(data.id).toBe('ver_0');
      expect(service.seen).toHaveLength(2);
      expect([...service.made.values()]).toEqual([JSON.stringify(body)]);
    },
  );

  it('makes one thing under one key, whatever goes wrong in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.keys(FAILURES)), { maxLength: 5 }),
        async (names) => {
          service.fails(...names.map((name) => FAILURES[name]!));
          const { data } = await create(makeClient().client);
          expect(data.id).toBe('ver_0');
          expect(service.made.size).toBe(1);
          expect(service.seen).toHaveLength(names.length + 1);
          expect(new Set(service.seen.map(({ key }) => key)).size).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is given up after so many tries, with what was said last', async () => {
    service.fails(...Array<Behaviour>(4).fill(FAILURES['is not available']!));
    const error = await errorOf(create(makeClient({ retries: 3 }).client));
    expect(service.seen).toHaveLength(4);
    expect(error).toMatchObject({
      code: 'unavailable',
      status: 503,
      requestId: 'request-1',
      retryAfterSeconds: 5,
    });
  });

  it('is given up when it never answers', async () => {
    service.fails(
      () => undefined,
      () => undefined,
    );
    const error = await errorOf(create(makeClient({ retries: 1, timeoutMs: 150 }).client));
    expect([error.code, error.status, service.seen.length]).toEqual(['network_error', 0, 2]);
  });

  it('is given up when nothing listens there', async () => {
    const gone = await startService();
    await gone.stop();
    const client = createLetheClient({ baseUrl: gone.baseUrl, apiKey: 'lk_test_x', retries: 0 });
    expect(await errorOf(create(client))).toMatchObject({ code: 'network_error', status: 0 });
  });

  it.each([
    [400, 'invalid_request'],
    [404, 'not_found'],
    [409, 'verification_exists'],
    [422, 'invalid_field'],
    [500, 'internal'],
  ])('is not sent again after %i %s', async (status, code) => {
    service.fails((_req, res) => problem(res, status, code));
    expect(await errorOf(create(makeClient().client))).toMatchObject({ code, status });
    expect(service.seen).toHaveLength(1);
  });

  it('throws what a gateway says, which is no problem document', async () => {
    service.fails((_req, res) => res.writeHead(502).end('<html>'));
    expect(await errorOf(create(makeClient().client))).toMatchObject({
      code: 'unexpected_answer',
      status: 502,
    });
  });

  it('says which fields are wrong, and keeps members of the problem', async () => {
    const errors = [{ pointer: '/expected/full_name', code: 'required' }];
    service.fails((_req, res) =>
      res.writeHead(422, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          title: 'A title',
          detail: 'More.',
          code: 'invalid_field',
          errors,
          verification_id: 'ver_1',
        }),
      ),
    );
    const error = await errorOf(create(makeClient().client));
    expect(error).toMatchObject({ errors, message: 'A title: More.' });
    expect(error.problem['verification_id']).toBe('ver_1');
  });

  it('stops at once when its caller gives up', async () => {
    const controller = new AbortController();
    service.fails(() => controller.abort(new Error('no longer wanted')));
    const call = makeClient().client.POST('/v1/verifications', { body, signal: controller.signal });
    await expect(call).rejects.toThrow('no longer wanted');
    expect(service.seen).toHaveLength(1);
  });
});

describe('waits between tries', () => {
  it('grow twofold with jitter, up to eight seconds', async () => {
    service.fails(...Array<Behaviour>(7).fill(FAILURES['breaks the connection before anything is done']!));
    const { client, waits } = makeClient({ retries: 7, random: () => 0.999999 });
    await create(client);
    expect(waits.map(Math.round)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
  });

  it('are as long as the service asks at least', async () => {
    service.fails(
      (_req, res) => problem(res, 429, 'too_many_requests', { 'retry-after': '7' }),
      (_req, res) => problem(res, 503, 'unavailable', { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }),
      (_req, res) => problem(res, 503, 'unavailable', { 'retry-after': 'soon' }),
    );
    const { client, waits } = makeClient({ random: () => 0.5 });
    await create(client);
    expect(waits).toEqual([7000, 250, 500]);
  });

  it('are not taken where the service asks for more than a minute', async () => {
    service.fails((_req, res) => problem(res, 429, 'too_many_requests', { 'retry-after': '61' }));
    const { client, waits } = makeClient();
    expect(await errorOf(create(client))).toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 61 });
    expect(waits).toEqual([]);
  });
});

describe('the idempotency key', () => {
  it('is another for each call, unless it is given', async () => {
    service.fails();
    const { client } = makeClient();
    await create(client);
    await create(client);
    await create(client, { 'Idempotency-Key': 'order-1001' });
    const header = { 'Idempotency-Key': 'order-1002' };
    await client.POST('/v1/verifications', { body, params: { header } });
    const keys = service.seen.map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
    expect(keys.slice(2)).toEqual(['order-1001', 'order-1002']);
  });

  it('is what the client relies on for exactly the POSTs that openapi.yaml says take it', () => {
    type Operation = { readonly parameters?: readonly { readonly $ref?: string }[] };
    const { paths } = parse(
      readFileSync(path.resolve(import.meta.dirname, '../../openapi.yaml'), 'utf8'),
    ) as { readonly paths: Readonly<Record<string, { readonly post?: Operation }>> };
    const posts = Object.entries(paths).flatMap(([route, { post }]) => (post ? [{ route, post }] : []));
    for (const { route, post } of posts) {
      const described = (post.parameters ?? []).some(({ $ref }) => $ref?.endsWith('/IdempotencyKey'));
      expect([route, takesIdempotencyKey(route.replaceAll(/\{\w+\}/g, 'ver_1'))]).toEqual([route, described]);
    }
    expect(posts.length).toBeGreaterThan(20);
  });
});

describe('what the service does not know again', () => {
  const lost = FAILURES['does it, and breaks the connection']!;
  const refused = FAILURES['is not available']!;
  const path_ = { params: { path: { id: 'ver_1' } } };

  it.each([
    [
      'GET',
      (client: ReturnType<typeof makeClient>['client']) => client.GET('/v1/verifications/{id}', path_),
      2,
    ],
    ['DELETE', (client) => client.DELETE('/v1/verifications/{id}/consent', path_), 2],
    [
      'a change on a condition',
      (client) =>
        client.PATCH('/v1/verifications/{id}', {
          params: { ...path_.params, header: { 'If-Match': '"1"' } },
          body: { expected: { full_name: 'Anna Svensson' } },
        }),
      1,
    ],
    [
      'an upload',
      (client) =>
        client.POST('/v1/verifications/{id}/images', {
          ...path_,
          body: multipart({ selfie: new Blob(['x']) }),
        }),
      1,
    ],
  ] as [string, (client: ReturnType<typeof makeClient>['client']) => Promise<unknown>, number][])(
    'after a lost answer: %s is sent %#',
    async (_name, call, times) => {
      service.fails(lost);
      if (times === 1) expect((await errorOf(call(makeClient().client))).code).toBe('network_error');
      else await call(makeClient().client);
      expect(service.seen).toHaveLength(times);
    },
  );

  it('is sent again where the service says that it did nothing', async () => {
    service.fails(refused, refused);
    const form = multipart<never>({ selfie: new Blob(['picture']), source: 'upload' });
    await makeClient().client.POST('/v1/verifications/{id}/images', { ...path_, body: form });
    expect(service.seen).toHaveLength(3);
    expect(service.seen[2]!.body).toContain('picture');
  });
});
