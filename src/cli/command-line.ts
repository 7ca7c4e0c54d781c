import { parseArgs } from 'node:util';

/** A command ends with this code: 0 fine, 1 what was asked failed, 2 wrong use. */
export type ExitCode = 0 | 1 | 2;

/** Wrong use of a command: said in one line, exit code 2. */
export class UsageError extends Error {}

/** Options and positionals of a command. @throws UsageError */
export function parse(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch {
    throw new UsageError('unknown or incomplete option');
  }
}
