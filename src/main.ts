import { parse, UsageError, type ExitCode } from './cli/command-line.js';
import { ConfigError } from './config.js';

interface Command {
  readonly use: string;
  readonly run: (args: readonly string[]) => Promise<ExitCode>;
}

/** Each command loads only what it needs: `lethe read` opens no database driver. */
const COMMANDS: Readonly<Record<string, Command>> = {
  dev: {
    use: 'dev [--data-dir DIR] [--port PORT] [--no-sample]',
    run: async (args) => (await import('./sandbox/dev.js')).dev(args),
  },
  serve: {
    use: 'serve',
    run: async () => {
      const [{ readConfig }, { serve }] = await Promise.all([import('./config.js'), import('./serve.js')]);
      await serve(readConfig(), untilTold());
      return 0;
    },
  },
  work: {
    use: 'work [--queues a,b]',
    run: async (args) => {
      const [{ readConfig }, { work }, { QUEUES }] = await Promise.all([
        import('./config.js'),
        import('../workers/main.js'),
        import('./domain/tasks.js'),
      ]);
      const { values } = parse(args, { queues: { type: 'string' } });
      const asked = typeof values['queues'] === 'string' ? values['queues'].split(',') : QUEUES;
      const queues = QUEUES.filter((queue) => asked.includes(queue));
      if (queues.length !== asked.length || queues.length === 0)
        throw new UsageError(`queues are ${QUEUES.join(', ')}`);
      await work(readConfig(), queues, untilTold());
      return 0;
    },
  },
  migrate: {
    use: 'migrate',
    run: async () => (await import('./cli/operate.js')).runMigrate(),
  },
  tenants: {
    use: 'tenants create NAME | tenants list',
    run: async (args) => (await import('./cli/operate.js')).runTenants(args),
  },
  keys: {
    use: 'keys create --tenant NAME [--live] [--scopes a,b] [--expires DATE] | keys list --tenant NAME | keys revoke ID',
    run: async (args) => (await import('./cli/operate.js')).runKeys(args),
  },
  policy: {
    use: 'policy publish FILE --version VERSION --effective DATE | policy list',
    run: async (args) => (await import('./cli/operate.js')).runPolicy(args),
  },
  receipt: {
    use: 'receipt verify FILE [--jwks FILE|URL]',
    run: async (args) => (await import('./cli/receipt.js')).runReceipt(args),
  },
  read: {
    use: 'read FILE… [--json]',
    run: async (args) => {
      const { values, positionals } = parse(args, { json: { type: 'boolean' } });
      if (positionals.length === 0) throw new UsageError('name at least one file');
      return (await import('./cli/read.js')).runRead(positionals, { json: values['json'] === true });
    },
  },
  match: {
    use: 'match A B [--json] | match --pairs FILE.csv [--json]',
    run: async (args) => {
      const { values, positionals } = parse(args, { pairs: { type: 'string' }, json: { type: 'boolean' } });
      const [{ runMatch }, { makeFaceEngine, similarity }] = await Promise.all([
        import('./cli/match.js'),
        import('./adapters/face/face-engine.js'),
      ]);
      const engine = makeFaceEngine();
      const line = (stream: NodeJS.WriteStream) => (text: string) => stream.write(`${text}\n`);
      const code = await runMatch(
        {
          files: positionals,
          json: values['json'] === true,
          ...(typeof values['pairs'] === 'string' ? { pairs: values['pairs'] } : {}),
        },
        { engine, similarity, print: line(process.stdout), warn: line(process.stderr) },
      );
      await engine.close();
      return code;
    },
  },
};

/** Resolves at the first SIGTERM or SIGINT. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

const usage = () =>
  `usage: lethe COMMAND\n${Object.values(COMMANDS)
    .map(({ use }) => `  lethe ${use}`)
    .join('\n')}\n`;

/** Runs the command of a command line. Errors are said in one line without a value, a path or a stack. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name = '', ...args] = argv;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(usage());
    return name === 'help' || name === '--help' ? 0 : 2;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`lethe: ${error.message}\nusage: lethe ${command.use}\n`);
      return 2;
    }
    if (error instanceof ConfigError) {
      process.stderr.write(`lethe: ${error.message}\n`);
      return 2;
    }
    process.stderr.write(`lethe: ${faultOf(error)}\n`);
    return 1;
  }
}

/** What may be said of a fault: its code or kind; a sandbox error's own sentence, which is fixed. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'SandboxError') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

process.exitCode = await main(process.argv.slice(2));
