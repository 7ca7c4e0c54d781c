import pg from 'pg';

const RECONNECT_MS = 500;

/**
 * One connection that LISTENs for the whole process. A notification is a hint, never the truth: whoever waits also polls,
 * so that a lost connection costs time and nothing else.
 */
export class Listener {
  readonly #url: string;
  readonly #listeners = new Map<string, Set<() => void>>();
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
  }

  /** Calls `listener` on notifications of `channel` whose payload is `payload`. */
  add(channel: string, payload: string, listener: () => void): () => void {
    const key = `${channel}:${payload}`;
    const set = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, set.add(listener));
    void this.#connect();
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#listeners.delete(key);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#client || this.#closed) return;
    const client = new pg.Client({ connectionString: this.#url });
    this.#client = client;
    const lost = () => {
      if (this.#client !== client) return;
      this.#client = null;
      client.end().catch(() => undefined);
      if (!this.#closed) this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel, payload }) => {
      for (const listener of this.#listeners.get(`${channel}:${payload ?? ''}`) ?? []) listener();
    });
    try {
      await client.connect();
      await client.query('listen lethe_tasks; listen lethe_progress; listen lethe_webhooks');
      // What was notified while nobody listened is unknown: wake everyone.
      for (const set of this.#listeners.values()) for (const listener of set) listener();
    } catch {
      lost();
    }
  }
}
