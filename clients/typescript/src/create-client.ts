import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import createClient, {
  type Client,
  type ClientPathsWithMethod,
  type FetchResponse,
  type MaybeOptionalInit,
} from 'openapi-fetch';
import type { paths } from './api-types.js';
import { toLetheError } from './lethe-error.js';
import { makeRetryingFetch } from './retrying-fetch.js';

const RETRIES = 4;
const TIMEOUT_MS = 30_000;

/** An API key (`lk_…`), or any other bearer credential: a capture token (`lct_…`), a JWT of the operator's identity provider. */
type Credential =
  { readonly apiKey: string; readonly token?: never } | { readonly token: string; readonly apiKey?: never };

export type LetheClientOptions = Credential & {
  /** Without a path: `https://lethe.example`. */
  readonly baseUrl: string;
  /** In place of the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How often a call is sent again, at most; 4 unless given, 0 for never. */
  readonly retries?: number;
  /** How long one try may take (milliseconds); 30 seconds unless given. */
  readonly timeoutMs?: number;
};

/** What remains of an answer when errors are thrown. */
type Success<Answer> = Answer extends { data: infer Data; response: Response }
  ? { readonly data: Data; readonly response: Response }
  : never;

type Method = 'get' | 'post' | 'patch' | 'delete';
/** Options may be left out where nothing in them is required. */
type Options<Init> = undefined extends Init ? [Init?] : [Init];

type Call<M extends Method> = <
  Path extends ClientPathsWithMethod<Client<paths>, M>,
  Init extends MaybeOptionalInit<paths[Path], M>,
>(
  path: Path,
  ...init: Options<Init>
) => Promise<Success<FetchResponse<Extract<paths[Path][M], object>, Init, 'application/json'>>>;

/** A method for each HTTP method; paths, parameters, bodies and answers are typed by openapi.yaml. Each throws `LetheError`. */
export interface LetheClient {
  readonly GET: Call<'get'>;
  readonly POST: Call<'post'>;
  readonly PATCH: Call<'patch'>;
  readonly DELETE: Call<'delete'>;
}

/**
 * A client of one service with one credential.
 *
 * Every POST bears an `Idempotency-Key`, made once for each call unless one is given in its headers, so that sending it again makes nothing
 * twice. Give one of your own (an order number, say) where your own process may repeat the call.
 */
export function createLetheClient({
  baseUrl,
  apiKey,
  token,
  fetch = globalThis.fetch,
  retries = RETRIES,
  timeoutMs = TIMEOUT_MS,
}: LetheClientOptions): LetheClient {
  const client = createClient<paths>({
    baseUrl,
    headers: { Authorization: `Bearer ${apiKey ?? token}` },
    fetch: makeRetryingFetch({
      fetch,
      retries,
      timeoutMs,
      wait: (ms, signal) => sleep(ms, undefined, { signal }).then(() => undefined),
      random: Math.random,
    }),
  });
  client.use({
    onRequest({ request }) {
      if (request.method !== 'POST' || request.headers.has('idempotency-key')) return undefined;
      request.headers.set('Idempotency-Key', randomUUID());
      return request;
    },
    async onResponse({ response }) {
      if (!response.ok) throw await toLetheError(response);
    },
  });
  // What is not a success has been thrown, which the types of the library below cannot say.
  return client as unknown as LetheClient;
}
