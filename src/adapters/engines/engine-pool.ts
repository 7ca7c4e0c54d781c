import { fileURLToPath } from 'node:url';
import type { DocumentReader } from '../../app/ports/document-reader.js';
import type { FaceEngine } from '../../app/ports/face-engine.js';
import type { PresenceEngine } from '../../app/ports/presence-engine.js';
import type { ImageInspector } from '../../app/ports/image-inspector.js';
import { AppError, EngineError } from '../../domain/errors.js';
import { FACE_MODEL } from '../face/face-model-id.js';
import { spawnHostProcess, type HostEnd, type HostProcess } from './engine-host-process.js';
import type { EngineCallKind, EngineCalls } from './protocol.js';

export interface EnginePoolLogger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface EnginePoolOptions {
  /** Host processes at work at the same time; one a core. */
  readonly size: number;
  /** Milliseconds that a host has for one request; then it is killed. */
  readonly timeoutMs: number;
  /** Resident bytes of one host; above, it is killed. */
  readonly maxRssBytes: number;
  /** Requests after which a host is replaced: engines that learn must not carry one person's picture over to the next for long. */
  readonly recycleAfter: number;
  /** Requests that may wait; more are turned away with AppError `unavailable`. Default 32 a host. */
  readonly maxQueue?: number;
  readonly logger?: EnginePoolLogger;
  /** Entry module of the hosts; default the compiled one beside this module. */
  readonly hostPath?: string;
  /** Arguments for Node in the hosts. */
  readonly hostArgv?: readonly string[];
}

export interface EnginePoolStats {
  readonly hosts: readonly {
    readonly pid: number;
    readonly busy: boolean;
    readonly served: number;
    readonly residentBytes: number;
    readonly loaded: readonly string[];
  }[];
  readonly queued: number;
  /** Runs of face networks in all hosts since the pool was made. */
  readonly faceInferences: number;
  /** Hosts that ended, by reason: `exit` (crashed), `timeout`, `memory`, `stopped` (recycled). */
  readonly ended: Readonly<Record<HostEnd, number>>;
}

/** The native engines behind their ports, in processes of their own. Errors are the ports' own, or AppError `unavailable` when too much waits. */
export interface EnginePool extends DocumentReader, FaceEngine, ImageInspector, PresenceEngine {
  /** Starts all hosts and loads what every request needs (no face model), so that the first request does not wait. */
  warm(): Promise<void>;
  /** Models that are open in any host now: `reader`, `face/<network>`. */
  loaded(): readonly string[];
  stats(): EnginePoolStats;
  /** Turns waiting and new requests away, lets running ones end, then ends the hosts. */
  close(): Promise<void>;
}

interface Job {
  /** Whether the host has answered as it should, be it with a refusal of the picture. */
  readonly run: (host: HostProcess) => Promise<boolean>;
  readonly reject: (error: Error) => void;
}

/** One of the pool's places, and the host that holds it. */
interface Seat {
  host: HostProcess;
  busy: boolean;
  isReplacing: boolean;
  /** Requests in a row in which the host failed though it lives: out of memory, perhaps, and it will go on so. */
  failures: number;
  /** A fresh, warmed host that takes over as soon as the present one is idle. */
  successor: HostProcess | undefined;
}

const QUEUE_PER_HOST = 32;
/** Share of the memory limit above which an idle host is replaced before it comes to a kill. */
const WORN_SHARE = 0.8;
/** One picture may be at fault; two in a row point at the host. */
const MOST_FAILURES = 2;

const defaultHostPath = (): string => fileURLToPath(new URL('./engine-host.js', import.meta.url));

/**
 * Runs the native engines in child processes: first come, first served, one request a host at a time. A request that crashes its
 * host, hangs or takes too much memory fails alone, with a code, and is not tried again here; the others go on in a fresh host.
 */
export function makeEnginePool(options: EnginePoolOptions): EnginePool {
  const { size, recycleAfter, maxRssBytes, logger } = options;
  const maxQueue = options.maxQueue ?? QUEUE_PER_HOST * size;
  const command = { hostPath: options.hostPath ?? defaultHostPath(), hostArgv: options.hostArgv ?? [] };
  const seats = new Set<Seat>();
  /** All processes that run, those that are still being warmed too. */
  const hosts = new Set<HostProcess>();
  const queue: Job[] = [];
  const running = new Set<Promise<void>>();
  const ended: Record<HostEnd, number> = { exit: 0, timeout: 0, memory: 0, stopped: 0 };
  /** Face inferences of hosts that are gone. */
  let pastInferences = 0;
  let closing: Promise<void> | undefined;

  const spawn = (): HostProcess => {
    const host = spawnHostProcess(command, options);
    hosts.add(host);
    void host.gone.then((reason) => {
      hosts.delete(host);
      ended[reason]++;
      pastInferences += host.usage().faceInferences;
      // One that ends while it waits for work must not be given any.
      for (const seat of seats) if (seat.host === host && !seat.busy) leaveSeat(seat);
      if (reason !== 'stopped')
        logger?.warn({ pid: host.pid, reason, served: host.served() }, 'engine host lost');
    });
    return host;
  };

  const leaveSeat = (seat: Seat) => {
    seats.delete(seat);
    void seat.successor?.stop();
  };

  const freeSeat = (): Seat | undefined => {
    for (const seat of seats) if (!seat.busy && seat.host.isAlive()) return seat;
    if (seats.size >= size) return undefined;
    const seat: Seat = { host: spawn(), busy: false, isReplacing: false, failures: 0, successor: undefined };
    seats.add(seat);
    return seat;
  };

  const isWorn = ({ host, failures }: Seat): boolean =>
    failures >= MOST_FAILURES ||
    host.served() >= recycleAfter ||
    host.residentBytes() > WORN_SHARE * maxRssBytes;

  /** Warms a fresh host beside the old one, which goes on serving until the fresh one can take over. */
  const replaceHost = async (seat: Seat): Promise<void> => {
    seat.isReplacing = true;
    const successor = spawn();
    await successor.ready.then(() => successor.call('warm', {})).catch(() => undefined);
    if (!successor.isAlive()) {
      // Tried again after the next request; until then the old host is better than none. A fresh one that merely could not load
      // something ahead is as good as any other.
      seat.isReplacing = false;
      return;
    }
    if (!seats.has(seat)) return successor.stop();
    seat.successor = successor;
    if (!seat.busy) handOver(seat, successor);
  };

  const handOver = (seat: Seat, successor: HostProcess) => {
    const old = seat.host;
    seat.host = successor;
    seat.successor = undefined;
    seat.isReplacing = false;
    seat.failures = 0;
    logger?.info({ pid: old.pid, served: old.served() }, 'engine host recycled');
    void old.stop();
  };

  const afterRequest = (seat: Seat) => {
    seat.busy = false;
    if (!seat.host.isAlive()) leaveSeat(seat);
    else if (seat.successor !== undefined) handOver(seat, seat.successor);
    else if (closing === undefined && !seat.isReplacing && isWorn(seat)) void replaceHost(seat);
    pump();
  };

  const runOn = async (seat: Seat, job: Job): Promise<void> => {
    seat.busy = true;
    seat.failures = (await job.run(seat.host)) ? 0 : seat.failures + 1;
    afterRequest(seat);
  };

  const pump = () => {
    while (queue.length > 0) {
      const seat = freeSeat();
      const job = seat === undefined ? undefined : queue.shift();
      if (seat === undefined || job === undefined) return;
      const run = runOn(seat, job);
      running.add(run);
      void run.finally(() => running.delete(run));
    }
  };

  const submit = <K extends EngineCallKind>(kind: K, args: EngineCalls[K]['args']) =>
    new Promise<EngineCalls[K]['result']>((resolve, reject) => {
      if (closing !== undefined || queue.length >= maxQueue) {
        reject(new AppError('unavailable', { retryAfter: 1 }));
        return;
      }
      const run = async (host: HostProcess) => {
        try {
          await host.ready;
          resolve(await host.call(kind, args));
          return true;
        } catch (error) {
          reject(error instanceof Error ? error : new AppError('internal'));
          return !(error instanceof EngineError && error.code === 'engine_failed');
        }
      };
      queue.push({ run, reject });
      pump();
    });

  const shutDown = async (): Promise<void> => {
    for (const job of queue.splice(0)) job.reject(new AppError('unavailable', { retryAfter: 1 }));
    await Promise.all(running);
    await Promise.all([...hosts].map((host) => host.stop()));
    seats.clear();
  };

  return {
    model: FACE_MODEL,
    read: (images) => submit('read', images),
    inspect: (bytes, slot, { faces }) => submit('inspect', { bytes, slot, faces }),
    detect: (image) => submit('detect', { image }),
    compare: (document, selfie) => submit('compare', { document, selfie }),
    embed: (image) => submit('embed', { image }),
    observe: (frames, selfie) => submit('observe', { frames, selfie }),
    look: (selfie) => submit('look', { selfie }),
    async warm() {
      await Promise.all(Array.from({ length: size }, () => submit('warm', {})));
    },
    loaded: () => [...new Set([...hosts].flatMap((host) => host.usage().loaded))],
    stats: () => ({
      hosts: [...seats].map(({ host, busy }) => ({
        pid: host.pid ?? 0,
        busy,
        served: host.served(),
        residentBytes: host.residentBytes(),
        loaded: host.usage().loaded,
      })),
      queued: queue.length,
      faceInferences: [...hosts].reduce((sum, host) => sum + host.usage().faceInferences, pastInferences),
      ended: { ...ended },
    }),
    close: () => (closing ??= shutDown()),
  };
}
