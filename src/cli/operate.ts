import { readFile } from 'node:fs/promises';
import { makeAccessKeys, API_SCOPES, MEMBER_SCOPE } from '../app/access-keys.js';
import { makePolicies } from '../app/policies.js';
import { makeSandboxClock, systemClock } from '../adapters/clocks.js';
import type { Clock } from '../app/ports/clock.js';
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

/** The clock that the service goes by: in the sandbox it can be ahead. */
async function serviceClock(store: PostgresStore): Promise<Clock> {
  if (!readConfig().sandbox) return systemClock;
  const clock = makeSandboxClock(() => store);
  await clock.refresh();
  return clock;
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
    recipient: { type: 'string' },
    courses: { type: 'string' },
    overlap: { type: 'string' },
  });
  const [action, id] = positionals;
  return withStore(async (store) => {
    if (action === 'revoke' && id) return (await store.read.apiKeys.revoke(id)) ? 0 : refuse('key_unknown');
    if (action === 'rotate' && id) {
      const hours = Number(values['overlap'] ?? 24);
      if (!(hours >= 0 && hours <= 24 * 90)) throw new UsageError('--overlap is in hours, 2160 at most');
      const fresh = await makeAccessKeys({ store, ids: makeIds() }).rotate(id, hours * 3_600_000);
      if (!fresh) return refuse('key_unknown');
      print({ ...fresh, note: 'The secret is shown this once.' });
      return 0;
    }
    const tenant = await store.read.tenants.findByName(text(values['tenant'], 'name the tenant'));
    if (!tenant) return refuse('tenant_unknown');
    if (action === 'list') {
      for (const key of await store.read.apiKeys.list(tenant.id)) print({ ...key });
      return 0;
    }
    if (action !== 'create') throw new UsageError('create, list, rotate or revoke');
    const scope = { tenantId: tenant.id, livemode: values['live'] === true };
    const expiresAt = typeof values['expires'] === 'string' ? date(values['expires']) : null;
    const keys = makeAccessKeys({ store, ids: makeIds() });
    const scopes = typeof values['scopes'] === 'string' ? list(values['scopes']) : API_SCOPES;
    const key = scopes.includes(MEMBER_SCOPE)
      ? await keys.createForMember(scope, memberOf(scopes, values), expiresAt)
      : await keys.create(scope, platformScopes(scopes, values), expiresAt);
    print({ id: key.id, secret: key.secret, note: 'The secret is shown this once.' });
    return 0;
  });
}

type KeyOptions = Readonly<Record<string, string | boolean | undefined>>;

function platformScopes(asked: readonly string[], options: KeyOptions) {
  const scopes = API_SCOPES.filter((scope) => asked.includes(scope));
  if (scopes.length !== asked.length)
    throw new UsageError(`scopes are ${API_SCOPES.join(', ')}; or ${MEMBER_SCOPE} alone`);
  if (options['recipient'] !== undefined || options['courses'] !== undefined)
    throw new UsageError(`--recipient and --courses go with --scopes ${MEMBER_SCOPE}`);
  return scopes;
}

function memberOf(asked: readonly string[], options: KeyOptions) {
  if (asked.length > 1) throw new UsageError(`a key with ${MEMBER_SCOPE} has no other scope`);
  return {
    recipientId: text(options['recipient'], 'name the Member with --recipient'),
    courseIds: list(text(options['courses'], 'name its courses with --courses')),
  };
}

export function runPolicy(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    version: { type: 'string' },
    effective: { type: 'string' },
  });
  const [action, file] = positionals;
  return withStore(async (store) => {
    const policies = makePolicies({ store, clock: await serviceClock(store), ids: makeIds() });
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
    const outcome = await policies.publish(version, document, effectiveAt);
    if (outcome !== 'published') return refuse(outcome);
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

const list = (value: string): readonly string[] => [...new Set(value.split(',').filter(Boolean))];

function date(value: string): Date {
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime())) throw new UsageError('a date is YYYY-MM-DD or RFC 3339');
  return parsed;
}
