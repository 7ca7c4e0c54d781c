import { EngineError } from '../../domain/errors.js';
import { startHost, type HostCommand } from './host-command.js';
import { residentBytes } from './process-memory.js';
import {
  fromWireFault,
  type EngineCallKind,
  type EngineCalls,
  type HostMessage,
  type HostUsage,
} from './protocol.js';

/** How often a working host's memory is looked at: often enough that a runaway allocation does not take the machine first. */
const MEMORY_WATCH_MS = 100;

/** Why a host ended. */
export type HostEnd = 'exit' | 'timeout' | 'memory' | 'stopped';

export interface HostLimits {
  /** Milliseconds for one request, and for the start. */
  readonly timeoutMs: number;
  readonly maxRssBytes: number;
}

export interface HostProcess {
  readonly pid: number | undefined;
  /** Resolves when the host can take a request. @throws EngineError `engine_crashed`, `engine_timeout` */
  readonly ready: Promise<void>;
  /**
   * Sends one request and waits for its answer; the host must be ready and idle.
   * @throws EngineError `engine_timeout`, `engine_crashed` (also for too much memory), or the error that the host met
   */
  call<K extends EngineCallKind>(kind: K, args: EngineCalls[K]['args']): Promise<EngineCalls[K]['result']>;
  /** Requests answered. */
  served(): number;
  usage(): HostUsage;
  /** Bytes at the last look. */
  residentBytes(): number;
  isAlive(): boolean;
  /** Ends the process at once and waits for it to be gone. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, with the reason. */
  readonly gone: Promise<HostEnd>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a host process and speaks with it. */
export function spawnHostProcess(command: HostCommand, { timeoutMs, maxRssBytes }: HostLimits): HostProcess {
  const child = startHost(command);
  let usage: HostUsage = { loaded: [], faceInferences: 0 };
  let waiting: Waiting | undefined;
  let served = 0;
  let resident = 0;
  let alive = true;
  let end: HostEnd = 'exit';

  const kill = (reason: HostEnd) => {
    if (!alive || end !== 'exit') return;
    end = reason;
    // Nothing gentler: the process may be stopped, or stuck in native code that sees no signal handler.
    child.kill('SIGKILL');
  };

  const settle = (outcome: (waiting: Waiting) => void) => {
    const current = waiting;
    waiting = undefined;
    if (current !== undefined) outcome(current);
  };

  const gone = new Promise<HostEnd>((resolve) => {
    const onEnd = () => {
      if (!alive) return;
      alive = false;
      settle(({ reject }) =>
        reject(new EngineError(end === 'timeout' ? 'engine_timeout' : 'engine_crashed')),
      );
      resolve(end);
    };
    child.once('exit', onEnd);
    // Without a process there is no exit to wait for; with one, the channel broke, and it is of no use any more.
    child.on('error', () => (child.pid === undefined ? onEnd() : kill('exit')));
  });

  /** Waits for the host's next answer under the limits of time and memory. */
  const nextAnswer = async (): Promise<unknown> => {
    const timer = setTimeout(() => kill('timeout'), timeoutMs);
    const watch = setInterval(() => void watchMemory(), MEMORY_WATCH_MS);
    try {
      return await new Promise<unknown>((resolve, reject) => {
        waiting = { resolve, reject };
        if (!alive) settle(() => reject(new EngineError('engine_crashed')));
      });
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
    }
  };

  const watchMemory = async () => {
    resident = (child.pid === undefined ? null : await residentBytes(child.pid)) ?? resident;
    if (resident > maxRssBytes) kill('memory');
  };

  child.on('message', (message: HostMessage) => {
    switch (message.type) {
      case 'ready':
        return settle(({ resolve }) => resolve(null));
      case 'usage':
        usage = message.usage;
        return;
      case 'result':
        return settle(({ resolve }) => resolve(message.value));
      case 'fault':
        return settle(({ reject }) => reject(fromWireFault(message.fault)));
    }
  });

  const ready = nextAnswer().then(() => undefined);
  // Whoever sends the first request meets the failure; a host that nobody asks may fail without being heard.
  ready.catch(() => undefined);

  return {
    pid: child.pid,
    ready,
    async call<K extends EngineCallKind>(kind: K, args: EngineCalls[K]['args']) {
      const answer = nextAnswer();
      child.send({ kind, args }, (error) => {
        // A host that died before the request was written never answers.
        if (error !== null) kill('exit');
      });
      try {
        return (await answer) as EngineCalls[K]['result'];
      } finally {
        served++;
        // What the request left behind decides whether this host is still fit for the next one.
        if (alive) await watchMemory();
      }
    },
    served: () => served,
    usage: () => usage,
    residentBytes: () => resident,
    isAlive: () => alive && end === 'exit',
    async stop() {
      kill('stopped');
      await gone;
    },
    gone,
  };
}
