export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) from the body of a response: `EventSource` cannot send an Authorization header.
 * @param onBytes called whenever something arrives, comments included
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = lines.pop() ?? '';
      for (const block of lines) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): ServerEvent | null {
  let event = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join('\n'), id };
}

/** The server sends a comment every 15 s: a stream that is silent for longer is dead, or held back by a proxy. */
const SILENCE = 20_000;
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 5_000;

/**
 * Follows a stream until `signal` ends it. A broken one is taken up again where it broke off; each time, `poll` asks for the state
 * itself, so that progress is shown even where streams do not come through at all.
 */
export async function followEvents(deps: {
  readonly open: (lastEventId: string | null, signal: AbortSignal) => Promise<Response>;
  readonly onEvent: (event: ServerEvent) => void;
  readonly poll: () => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { open, onEvent, poll, signal } = deps;
  let lastId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const give = () => attempt.abort();
    signal.addEventListener('abort', give);
    let silence = setTimeout(give, SILENCE);
    try {
      const response = await open(lastId, attempt.signal);
      if (response.ok && response.body) {
        const stillHere = () => {
          clearTimeout(silence);
          silence = setTimeout(give, SILENCE);
        };
        for await (const event of readEvents(response.body, stillHere)) {
          failures = 0;
          lastId = event.id ?? lastId;
          onEvent(event);
        }
      }
    } catch {
      // Broken or given up: what counts is the state, and that is asked for next.
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', give);
    }
    if (isAborted(signal)) return;
    await poll();
    if (isAborted(signal)) return;
    failures += 1;
    await sleep(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - 1)), signal);
  }
}

/** A call, because the compiler takes a property that it has once seen false to stay so. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** Waits some milliseconds, or until `signal` ends it. */
export function sleep(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, delay);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
  });
}
