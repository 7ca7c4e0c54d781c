import { readFile } from 'node:fs/promises';
import { makeAccessKeys, API_SCOPES, type ApiScope } from '../app/access-keys.js';
import { makePolicies } from '../app/policies.js';
import { systemClock } from '../adapters/clocks.js';
import { migrate } from '../adapters/postgres/database.js';
import { makePostgresStore } from '../adapters/postgres/store.js';
import { makeIds } from '../adapters/ulid-ids.js';
import { readConfig } from '../config.js';
import type { PolicyDocument } from '../domain/policy.js';
import { parse, UsageError, type ExitCode } from './command-line.js';

/** One JSON object a line, for people and for scripts alike. */
const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

type PostgresStore = ReturnType<typeof makePostgresStore>;

/** Opens the store alone: what an operator does needs neither queue nor engines. */
async function withStore(work: (store: PostgresStore) => Promise<ExitCode>): Promise<ExitCode> {
  const store = makePostgresStore({
    url: readConfig().databaseUrl,
    poolSize: 2,
    onConnectionError: () => undefined,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export const runMigrate = (): Promise<ExitCode> =>
  withStore(async (store) => {
    print({ migrated: await migrate(store.db) });
    return 0;
  });

export function runTenants(args: readonly string[]): Promise<ExitCode> {
  const [action, name] = args;
  if (action === 'list')
    return withStore(async (store) => {
      for (const tenant of await store.read.tenants.list()) print({ ...tenant });
      return 0;
    });
  if (action !== 'create' || !name) throw new UsageError('create NAME or list');
  return withStore(async (store) => {
    const tenant = { id: makeIds().next('tenant'), name, createdAt: new Date() };
    if (!(await store.read.tenants.insert(tenant))) return refuse('tenant_exists');
    print(tenant);
    return 0;
  });
}

export function runKeys(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    tenant: { type: 'string' },
    live: { type: 'boolean' },
    scopes: { type: 'string' },
    expires: { type: 'string' },
  });
  const [action, id] = positionals;
  return withStore(async (store) => {
    if (action === 'revoke' && id) return (await store.read.apiKeys.revoke(id)) ? 0 : refuse('key_unknown');
    const tenant = await store.read.tenants.findByName(text(values['tenant'], 'name the tenant'));
    if (!tenant) return refuse('tenant_unknown');
    if (action === 'list') {
      for (const key of await store.read.apiKeys.list(tenant.id)) print({ ...key });
      return 0;
    }
    if (action !== 'create') throw new UsageError('create, list or revoke');
    const asked = typeof values['scopes'] === 'string' ? values['scopes'].split(',') : API_SCOPES;
    const scopes = API_SCOPES.filter((scope) => (asked as readonly string[]).includes(scope));
    if (scopes.length !== asked.length) throw new UsageError(`scopes are ${API_SCOPES.join(', ')}`);
    const expiresAt = typeof values['expires'] === 'string' ? date(values['expires']) : null;
    const key = await makeAccessKeys({ store, ids: makeIds() }).create(
      { tenantId: tenant.id, livemode: values['live'] === true },
      scopes satisfies readonly ApiScope[],
      expiresAt,
    );
    print({ id: key.id, secret: key.secret, note: 'The secret is shown this once.' });
    return 0;
  });
}

export function runPolicy(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    version: { type: 'string' },
    effective: { type: 'string' },
  });
  const [action, file] = positionals;
  return withStore(async (store) => {
    const policies = makePolicies({ store, clock: systemClock });
    if (action === 'list') {
      for (const { document, ...version } of await policies.list())
        print({ ...version, title: document.title });
      return 0;
    }
    if (action !== 'publish' || !file) throw new UsageError('publish FILE or list');
    const effectiveAt = date(text(values['effective'], 'give --effective DATE'));
    const document = readPolicy(await readFile(file, 'utf8'));
    const version =
      typeof values['version'] === 'string' ? values['version'] : effectiveAt.toISOString().slice(0, 10);
    if (!(await policies.publish(version, document, effectiveAt))) return refuse('version_exists');
    print({ version, effective_at: effectiveAt.toISOString() });
    return 0;
  });
}

/** Checks the members of a policy file. @throws UsageError */
export function readPolicy(json: string): PolicyDocument {
  const strings = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  let parsed: Partial<Record<keyof PolicyDocument, unknown>>;
  try {
    parsed = JSON.parse(json) as typeof parsed;
  } catch {
    throw new UsageError('the policy is not JSON');
  }
  const { title, summary, purposes, collects, never_collects, processing_country, contact } = parsed;
  const valid =
    [title, summary, processing_country, contact].every((member) => typeof member === 'string') &&
    strings(collects) &&
    strings(never_collects) &&
    Array.isArray(purposes) &&
    purposes.every((purpose: { code?: unknown; text?: unknown }) =>
      [purpose.code, purpose.text].every((member) => typeof member === 'string'),
    );
  if (!valid)
    throw new UsageError(
      'a policy has title, summary, purposes [{code, text}], collects, never_collects, processing_country, contact',
    );
  return {
    title,
    summary,
    purposes,
    collects,
    never_collects,
    processing_country,
    contact,
  } as PolicyDocument;
}

function refuse(code: string): ExitCode {
  process.stderr.write(`lethe: ${code}\n`);
  return 1;
}

function text(value: unknown, problem: string): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(problem);
  return value;
}

function date(value: string): Date {
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime())) throw new UsageError('a date is YYYY-MM-DD or RFC 3339');
  return parsed;
}
