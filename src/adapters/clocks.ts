import type { Clock } from '../app/ports/clock.js';
import type { Store } from '../app/ports/store.js';

export const systemClock: Clock = { now: () => new Date() };

/** The sandbox's clock: real time plus an offset that only grows, kept in the store so that all processes and restarts share it. */
export interface SandboxClock extends Clock {
  /** Takes over what another process has set. */
  refresh(): Promise<void>;
  advance(byMs: number): Promise<void>;
}

export function makeSandboxClock(store: () => Store): SandboxClock {
  let offset = 0;
  return {
    now: () => new Date(new Date().getTime() + offset),
    async refresh() {
      offset = Math.max(offset, await store().read.clock.offsetMs());
    },
    async advance(byMs) {
      offset = await store().read.clock.advance(byMs);
    },
  };
}
