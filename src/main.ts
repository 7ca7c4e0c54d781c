import { parse, UsageError, type ExitCode } from './cli/command-line.js';
import { ConfigError } from './config.js';

interface Command {
  readonly use: string;
  /** Works on the service of the environment or, where that names none, on the sandbox of a data dir. */
  readonly onService?: true;
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
      const [{ readConfig }, { work }, { WORK }] = await Promise.all([
        import('./config.js'),
        import('../workers/main.js'),
        import('./domain/tasks.js'),
      ]);
      const { values } = parse(args, { queues: { type: 'string' } });
      const asked = typeof values['queues'] === 'string' ? values['queues'].split(',') : WORK;
      const queues = WORK.filter((queue) => asked.includes(queue));
      if (queues.length !== asked.length || queues.length === 0)
        throw new UsageError(`queues are ${WORK.join(', ')}`);
      await work(readConfig(), queues, untilTold());
      return 0;
    },
  },
  migrate: {
    onService: true,
    use: 'migrate',
    run: async () => (await import('./cli/operate.js')).runMigrate(),
  },
  tenants: {
    onService: true,
    use: 'tenants create NAME | tenants list',
    run: async (args) => (await import('./cli/operate.js')).runTenants(args),
  },
  keys: {
    onService: true,
    use: 'keys create --tenant NAME [--live] [--scopes a,b] [--recipient ID --courses a,b] [--expires DATE] | keys list --tenant NAME | keys rotate ID [--overlap HOURS] | keys revoke ID',
    run: async (args) => (await import('./cli/operate.js')).runKeys(args),
  },
  policy: {
    onService: true,
    use: 'policy publish FILE --version VERSION --effective DATE | policy list',
    run: async (args) => (await import('./cli/operate.js')).runPolicy(args),
  },
  compliance: {
    onService: true,
    use: 'compliance [--json]',
    run: async (args) => (await import('./cli/privacy.js')).runCompliance(args),
  },
  erase: {
    onService: true,
    use: 'erase --learner REF [--tenant NAME] [--json]',
    run: async (args) => (await import('./cli/privacy.js')).runErase(args),
  },
  records: {
    onService: true,
    use: 'records processing|dpia [--template]',
    run: async (args) => (await import('./cli/records.js')).runRecords(args),
  },
  receipt: {
    use: 'receipt verify FILE [--jwks FILE|URL]',
    run: async (args) => (await import('./cli/receipt.js')).runReceipt(args),
  },
  audit: {
    onService: true,
    use: 'audit verify [FILE…] [--json] [--jwks FILE|URL]',
    run: async (args) => (await import('./cli/audit.js')).runAudit(args),
  },
  listen: {
    use: 'listen [--forward URL] [--events a,b] [--data-dir DIR]',
    run: async (args) => (await import('./cli/listen.js')).runListen(args, untilTold()),
  },
  trigger: {
    use: 'trigger EVENT [--data-dir DIR]',
    run: async (args) => (await import('./cli/trigger.js')).runTrigger(args),
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
      const [{ runMatch }, { makeFaceEngine }, { weightsAreInstalled }, { readFaceEngine }] =
        await Promise.all([
          import('./cli/match.js'),
          import('./adapters/face/face-engine.js'),
          import('./adapters/face/dlib/weights.js'),
          import('./config.js'),
        ]);
      const name = readFaceEngine();
      if (name === 'dlib' && !weightsAreInstalled()) throw new ConfigError('FACE_ENGINE', 'invalid');
      const engine = makeFaceEngine(name);
      const line = (stream: NodeJS.WriteStream) => (text: string) => stream.write(`${text}\n`);
      const code = await runMatch(
        {
          files: positionals,
          json: values['json'] === true,
          ...(typeof values['pairs'] === 'string' ? { pairs: values['pairs'] } : {}),
        },
        { engine, similarity: engine.similarity, print: line(process.stdout), warn: line(process.stderr) },
      );
      await engine.close();
      return code;
    },
  },
};

/** Takes `--data-dir DIR` out of the arguments of a command that works on a service. */
async function findService(args: readonly string[]): Promise<readonly string[]> {
  const { adoptServiceFile } = await import('./config.js');
  const at = args.indexOf('--data-dir');
  const dataDir = at === -1 ? undefined : args[at + 1];
  if (at !== -1 && dataDir === undefined) throw new UsageError('--data-dir DIR');
  await adoptServiceFile(dataDir);
  return at === -1 ? args : args.filter((_, index) => index !== at && index !== at + 1);
}

/** Resolves at the first SIGTERM or SIGINT. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

const usage = () =>
  `usage: lethe COMMAND\n${Object.values(COMMANDS)
    .map(({ use }) => `  lethe ${use}`)
    .join(
      '\n',
    )}\nWhere no DATABASE_URL is set, operators' commands work on the sandbox of --data-dir (.lethe).\n`;

/** Runs the command of a command line. Errors are said in one line without a value, a path or a stack. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name = '', ...args] = argv;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(usage());
    return name === 'help' || name === '--help' ? 0 : 2;
  }
  try {
    return await command.run(command.onService ? await findService(args) : args);
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
