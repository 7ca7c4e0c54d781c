import type { components } from '../../http/api-types.js';

type ProblemBody = components['schemas']['Problem'];

/** An answer that is no success. `code` is the stable one of the API; `unreachable` where there was no answer of the API's. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly body: Partial<ProblemBody> = {},
  ) {
    super(code);
    this.name = 'Problem';
  }
}

export interface Answer<T> {
  readonly body: T;
  readonly etag: string | null;
  /** The server's time when it answered: deadlines are counted by it, not by this device's clock. */
  readonly servedAt: Date | null;
}

/** Why a call is being repeated, and in how many milliseconds. */
export interface Waiting {
  readonly cause: 'offline' | 'unreachable' | 'busy';
  readonly delay: number;
  readonly retryNow: () => void;
}

export interface CallOptions {
  readonly json?: object;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 20_000;
/** A fault of the server's own is repeated a few times; what cannot be reached, for as long as the person waits. */
const MAX_FAULTS = 3;

export interface ApiClient {
  /** @throws Problem, or the abort reason of `signal` */
  call<T>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  /** @throws Problem, or the abort reason of `signal` */
  blob(path: string, options?: CallOptions): Promise<Blob>;
  /** One try and no judgement: for streams, whose reader repeats by itself. */
  open(path: string, options?: CallOptions): Promise<Response>;
}

/**
 * Calls the API with a Bearer token. What fails on the way, and what the server asks to have repeated (429, 502, 503, 504), is repeated
 * with growing delays until it succeeds; meanwhile `onWaiting` is told, and told `null` when it is over. Every call of these pages can
 * be repeated without harm: what has been done already is not done twice.
 */
export function makeApiClient(deps: {
  readonly token: () => string | null;
  readonly onWaiting: (waiting: Waiting | null) => void;
}): ApiClient {
  const { token, onWaiting } = deps;

  function open(
    path: string,
    { json, form, headers, signal, method = 'GET' }: CallOptions & { method?: string } = {},
  ) {
    const body = json === undefined ? form : JSON.stringify(json);
    return fetch(path, {
      method,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      headers: {
        Authorization: `Bearer ${token() ?? ''}`,
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async function persist(method: string, path: string, options: CallOptions): Promise<Response> {
    let faults = 0;
    for (let tries = 0; ; tries += 1) {
      const response = await open(path, { ...options, method }).catch((error: unknown) => {
        if (options.signal?.aborted) throw error;
        return null;
      });
      if (response?.ok) {
        onWaiting(null);
        return response;
      }
      if (response?.status === 500) faults += 1;
      const repeat =
        response === null ||
        [429, 502, 503, 504].includes(response.status) ||
        (response.status === 500 && faults < MAX_FAULTS);
      if (!repeat) {
        onWaiting(null);
        throw await readProblem(response);
      }
      await pause(response, tries, options.signal);
    }
  }

  async function pause(
    response: Response | null,
    tries: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const asked = Number(response?.headers.get('Retry-After') ?? 0) * 1000;
    // Spread, so that a thousand pages do not return in the same second after an outage.
    const own = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** tries) * (0.75 + Math.random() / 2);
    const delay = Math.max(own, Number.isFinite(asked) ? asked : 0);
    const cause = response ? 'busy' : navigator.onLine ? 'unreachable' : 'offline';
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(end, delay);
      function end() {
        clearTimeout(timer);
        removeEventListener('online', end);
        signal?.removeEventListener('abort', stop);
        resolve();
      }
      function stop() {
        end();
        onWaiting(null);
        reject(new DOMException('The call was given up', 'AbortError'));
      }
      addEventListener('online', end);
      signal?.addEventListener('abort', stop);
      onWaiting({ cause, delay, retryNow: end });
    });
  }

  return {
    open,
    async call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
      const response = await persist(method, path, options);
      const date = Date.parse(response.headers.get('Date') ?? '');
      return {
        body: (await response.json()) as T,
        etag: response.headers.get('ETag'),
        servedAt: Number.isNaN(date) ? null : new Date(date),
      };
    },
    async blob(path, options = {}) {
      return (await persist('GET', path, options)).blob();
    },
  };
}

async function readProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as Partial<ProblemBody> | null;
  // A proxy on the way answers with pages of its own: those have no code.
  return new Problem(typeof body?.code === 'string' ? body.code : 'unreachable', response.status, body ?? {});
}
