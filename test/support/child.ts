import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('./ts-loader.mjs', import.meta.url));

export interface Child {
  /** Resolves when the child has printed `ready`. */
  readonly ready: Promise<void>;
  /** Lets a child that waits on its standard input go on. */
  go(): void;
  /** What it printed on standard output, without the `ready` line, once it has ended well. */
  readonly output: Promise<string>;
}

/** The address of a source file, for a child's `import`. */
export const sourceUrl = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

/** Printed before the lines that need the race: all children are up before the first of them goes on. */
export const WAIT_FOR_GO = `
  console.log('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
`;

/** Runs a module's text in another Node process that reads the TypeScript sources as they are. */
export function startChild(module: string): Child {
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    ['--import', LOADER, '--input-type=module', '--eval', module],
    { stdio: 'pipe' },
  );
  let printed = '';
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`child ended with ${String(code)}: ${complaint}`)),
    );
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('ready\n')) resolve();
    });
    ended.then(resolve, reject);
  });
  ready.catch(() => undefined);
  return {
    ready,
    go: () => void child.stdin.write('go\n'),
    output: ended.then(() => printed.replace('ready\n', '')),
  };
}

/** Lets all children go on at one moment; their output in the order given. */
export async function raceChildren(modules: readonly string[]): Promise<readonly string[]> {
  const children = modules.map(startChild);
  await Promise.all(children.map((child) => child.ready));
  for (const child of children) child.go();
  return Promise.all(children.map((child) => child.output));
}
