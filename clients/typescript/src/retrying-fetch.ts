import { LetheError, retryAfterSeconds } from './lethe-error.js';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
/** Whoever is asked to wait for longer is told so instead. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** POSTs that the service does not know again by a key: images and frames, which are forms. */
const UNKEYED = /\/(images|challenge\/frames)$/;

/** Whether a POST to this path of the service is done once however often it is sent with the same `Idempotency-Key`. */
export const takesIdempotencyKey = (pathname: string): boolean => !UNKEYED.test(pathname);

export interface RetryDeps {
  readonly fetch: (request: Request) => Promise<Response>;
  /** How often a call is sent again, at most. */
  readonly retries: number;
  /** How long one try may take until its answer is read (milliseconds). */
  readonly timeoutMs: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * A fetch that sends a call again where that may help and cannot do it twice: after 429, 503 and 409 `idempotency_in_progress`, which say
 * that nothing was done, and after a lost connection or answer where repeating it changes nothing more. Waits grow exponentially, with full
 * jitter, and are never shorter than `Retry-After`.
 *
 * @throws LetheError `network_error` when no try was answered; the reason of the caller's own signal when that is aborted
 */
export function makeRetryingFetch({ fetch, retries, timeoutMs, wait, random }: RetryDeps) {
  async function once(request: Request): Promise<Response> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new Error('timeout')), timeoutMs);
    try {
      const signal = AbortSignal.any([request.signal, timeout.signal]);
      const response = await fetch(new Request(request.clone(), { signal }));
      return await readWhole(response);
    } finally {
      clearTimeout(timer);
    }
  }

  return async function retryingFetch(request: Request): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const jittered = random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
      let asked = 0;
      try {
        const response = await once(request);
        if (tries >= retries || !(await isRefusedForNow(response))) return response;
        asked = (retryAfterSeconds(response, Date.now()) ?? 0) * 1000;
        if (asked > LONGEST_RETRY_AFTER_MS) return response;
      } catch (cause) {
        if (request.signal.aborted) throw request.signal.reason;
        if (tries >= retries || !isRepeatable(request))
          throw new LetheError('network_error', 'The service did not answer', { cause });
      }
      await wait(Math.max(asked, jittered), request.signal);
    }
  };
}

/** An answer that breaks off halfway is no answer: it is read here, where it can be asked for again. A stream of events has no end to wait for. */
async function readWhole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  if (response.body === null || headers.get('content-type')?.startsWith('text/event-stream')) return response;
  const bytes = await response.arrayBuffer();
  return new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
}

async function isRefusedForNow(response: Response): Promise<boolean> {
  if (response.status === 429 || response.status === 503) return true;
  return response.status === 409 && (await response.clone().text()).includes('"idempotency_in_progress"');
}

/** Whether a call whose answer was lost may be sent again: a change on a condition may have been made, and would then be refused. */
function isRepeatable(request: Request): boolean {
  if (request.method === 'GET') return true;
  if (request.method === 'POST')
    return request.headers.has('idempotency-key') && takesIdempotencyKey(new URL(request.url).pathname);
  return !request.headers.has('if-match');
}
