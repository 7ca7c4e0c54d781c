import { fork, type ChildProcess } from 'node:child_process';

/**
 * Runs what follows with the means the machine has:
 * - no core dump, which would hold images in clear. A limit of one byte also keeps the kernel from piping a dump to a handler,
 *   which a limit of zero does not (core(5), "Piping core dumps to a program");
 * - death together with the parent, also by SIGKILL (prctl(2), PR_SET_PDEATHSIG): a host that hangs in native code would never
 *   notice that the channel is gone.
 */
const CONTAINED = `
if prlimit --core=1:1 true 2>/dev/null; then set -- prlimit --core=1:1 "$@"; else ulimit -c 0; fi
if setpriv --pdeathsig KILL true 2>/dev/null; then set -- setpriv --pdeathsig KILL "$@"; fi
exec "$@"`;

/** Nothing of the parent's environment, which holds credentials, is handed on. */
const HOST_ENVIRONMENT = {
  // Where libvips would spill decoded pixels to a file: never, and no such place either.
  VIPS_DISC_THRESHOLD: '1000g',
  TMPDIR: '/dev/null',
  // Large blocks go back to the system at once, so that memory watched from outside is memory in use.
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  UV_THREADPOOL_SIZE: '2',
  TZ: 'UTC',
  PATH: '/usr/bin:/bin',
} as const;

export interface HostCommand {
  /** Entry module of the host. */
  readonly hostPath: string;
  /** Arguments for Node before the entry module. */
  readonly hostArgv: readonly string[];
}

/** Starts a host process with an empty environment, silent output and a channel that carries buffers. */
export function startHost({ hostPath, hostArgv }: HostCommand): ChildProcess {
  return fork(hostPath, [], {
    execPath: '/bin/sh',
    execArgv: ['-c', CONTAINED, 'sh', process.execPath, ...hostArgv],
    env: HOST_ENVIRONMENT,
    serialization: 'advanced',
    // Libraries print what they please, also of the images: nobody reads it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
