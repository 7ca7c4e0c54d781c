import { execFile } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../src/project-root.js';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bin/lethe` as its user would. */
export function lethe(...args: readonly string[]): Promise<CommandResult> {
  const { NODE_OPTIONS: _jest, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(projectRoot, 'bin', 'lethe'), ...args],
      { cwd: projectRoot, env },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      },
    );
  });
}
