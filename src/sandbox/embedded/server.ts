import type { Exit } from './launch.js';

/** A running server of the embedded stack. */
export interface EmbeddedServer {
  /** Connection address for clients; the same again when the server is started anew on the same data directory. */
  readonly url: string;
  readonly pid: number;
  /** Ends it in order, bounded in time. Idempotent. `onExit` is not called for it. */
  stop(): Promise<void>;
}

export interface ServerHooks {
  /** Called when the server ends without having been asked to. */
  readonly onExit: (exit: Exit) => void;
  /** Its log output. */
  readonly onOutput?: (chunk: Buffer) => void;
}
