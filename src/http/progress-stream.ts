import type { Response } from 'express';
import type { AppDeps } from '../app/deps.js';
import { isOpen, type Status } from '../domain/state-machine.js';
import type { Verification } from '../domain/verification.js';

/** Proxies drop silent connections; a comment now and then keeps them (real milliseconds). It is also how a lost hint is made up for. */
const POLL_MS = 2_000;
const KEEP_ALIVE_MS = 15_000;

export type StreamProgress = (v: Verification, lastEventId: number, res: Response) => Promise<void>;

/**
 * Server-sent events of one verification: what happened since `lastEventId`, then what happens, until it ends or the client goes.
 * The database is asked; notifications only say when.
 */
export function makeProgressStream({ store }: Pick<AppDeps, 'store'>): StreamProgress {
  return async (v, lastEventId, res) => {
    res.status(200);
    res.setHeader('Content-Type', 'text/event-stream');
    res.setHeader('X-Accel-Buffering', 'no');
    res.flushHeaders();
    // Whoever asks for the headers has them; a stream without a body would only hold the connection.
    if (res.req.method === 'HEAD') {
      res.end();
      return;
    }

    let wake: (() => void) | undefined;
    let woken: boolean;
    const notify = () => {
      woken = true;
      wake?.();
    };
    res.once('close', notify);
    const unsubscribe = await store.onProgress(v.id, notify);
    let lastId = lastEventId;
    let told: Status | undefined;
    let quietSince = performance.now();

    const write = (event: string, body: object, id?: number) => {
      res.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(body)}\n\n`);
      quietSince = performance.now();
    };

    try {
      while (!res.destroyed && !res.writableEnded) {
        woken = false;
        for (const row of await store.read.progress.since(v.id, lastId)) {
          write(row.kind, row.body, row.id);
          lastId = row.id;
          if (row.kind === 'status') told = row.body['status'] as Status;
        }
        const current = await store.read.verifications.findById(v.id);
        if (!current) break;
        // Progress rows are forgotten with the person; the status stays.
        if (current.status !== told) write('status', { status: current.status });
        told = current.status;
        if (!isOpen(current.status)) break;
        if (performance.now() - quietSince > KEEP_ALIVE_MS) {
          res.write(': still here\n\n');
          quietSince = performance.now();
        }
        if (!woken && !res.destroyed)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, POLL_MS);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
      }
    } finally {
      await unsubscribe();
      res.end();
    }
  };
}
