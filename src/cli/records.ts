import { COLUMN_KINDS, type ColumnKind } from '../adapters/postgres/column-kinds.js';
import { makePostgresStore } from '../adapters/postgres/store.js';
import { makeSandboxClock, systemClock } from '../adapters/clocks.js';
import { makeIds } from '../adapters/ulid-ids.js';
import { makePolicies } from '../app/policies.js';
import { readConfig } from '../config.js';
import { impactAssessment, processingRecord, type ProcessingFacts } from '../domain/processing-record.js';
import { RETENTION } from '../domain/retention.js';
import { parse, UsageError, type ExitCode } from './command-line.js';

const DOCUMENTS = { processing: processingRecord, dpia: impactAssessment } as const;

/** Prints a record of processing, or the outline of an impact assessment, of the service; with `--template` without what the operator knows. */
export async function runRecords(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, { template: { type: 'boolean' } });
  const [name = '', ...rest] = positionals;
  if (!(name in DOCUMENTS) || rest.length > 0) throw new UsageError('processing or dpia');
  const facts = values['template'] === true ? NO_FACTS : await readFacts();
  process.stdout.write(DOCUMENTS[name as keyof typeof DOCUMENTS](facts));
  return 0;
}

/** Tables by the kinds that they hold. */
function placesOfKinds(): ProcessingFacts['places'] {
  const places = Object.fromEntries(Object.keys(RETENTION).map((kind) => [kind, new Set<string>()]));
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const [table, kinds] of Object.entries(COLUMN_KINDS)) {
    const ofTable =
      typeof kinds === 'object' && !Array.isArray(kinds) ? Object.values(kinds).flat() : [kinds].flat();
    for (const kind of ofTable as ColumnKind[]) if (kind !== 'operation') places[kind]?.add(snake(table));
  }
  return Object.fromEntries(
    Object.entries(places).map(([kind, tables]) => [kind, [...tables].sort()]),
  ) as unknown as ProcessingFacts['places'];
}

export const NO_FACTS: ProcessingFacts = { policy: null, recipients: [], places: placesOfKinds() };

async function readFacts(): Promise<ProcessingFacts> {
  const config = readConfig();
  const store = makePostgresStore({
    url: config.databaseUrl,
    poolSize: 2,
    onConnectionError: () => undefined,
  });
  try {
    const sandboxClock = makeSandboxClock(() => store);
    if (config.sandbox) await sandboxClock.refresh();
    const clock = config.sandbox ? sandboxClock : systemClock;
    const tenants = (await store.read.tenants.list()).map(({ id }) => id);
    const recipients = await store.read.recipients.list(tenants, { limit: 1000 });
    return {
      ...NO_FACTS,
      policy: (await makePolicies({ store, clock, ids: makeIds() }).current()).version,
      recipients: recipients.filter(({ endedAt }) => endedAt === null),
    };
  } finally {
    await store.close();
  }
}
