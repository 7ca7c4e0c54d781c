import { readFile, rename, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeAccessKeys } from '../app/access-keys.js';
import { makePolicies } from '../app/policies.js';
import { systemClock } from '../adapters/clocks.js';
import { migrate } from '../adapters/postgres/database.js';
import { makePostgresStore } from '../adapters/postgres/store.js';
import { makeIds } from '../adapters/ulid-ids.js';
import type { Ids } from '../app/ports/ids.js';
import type { Store } from '../app/ports/store.js';
import { ATTESTATION_COUNTS } from '../domain/recipient.js';
import { parse, UsageError, type ExitCode } from '../cli/command-line.js';
import { readSandboxEnvironment, saveServiceFile, type Environment } from '../config.js';
import { projectRoot } from '../project-root.js';
import { COURSE, runSample } from './sample-run.js';
import { refreshSamples } from './samples/refresh-samples.js';
import { SANDBOX_POLICY } from './sandbox-policy.js';
import { makeStaffIssuer, STAFF_AUDIENCE, type StaffTokens } from './staff-issuer.js';
import { runSupervisor, type SandboxPids } from './supervisor.js';

const API_SCOPES = ['verifications:read', 'verifications:write', 'webhooks:manage'] as const;

/** Courses that the sandbox's Member gives. */
const MEMBER_COURSES = [COURSE, 'course-v1:edX+DemoX+Demo_Course'];

/** What a client of the sandbox needs; written to `sandbox.json` in the data dir, for its owner's eyes only. */
export interface SandboxFile {
  readonly base_url: string;
  readonly metrics_url: string;
  readonly worker_metrics_url: string;
  readonly tenant: string;
  readonly api_key: string;
  /** Of a Member: reads the outcomes of these courses, and no others. */
  readonly member_api_key: string;
  readonly member_course_ids: readonly string[];
  readonly tokens: StaffTokens;
  readonly policy_version: string;
  readonly pids: SandboxPids;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `lethe dev`: the whole service on this machine, in one data dir. Ends at SIGINT or SIGTERM with 0. */
export async function dev(args: readonly string[]): Promise<ExitCode> {
  const options = readOptions(args);
  const { dataDir, port } = options;
  const environment = readSandboxEnvironment();
  if (environment.production) throw new UsageError('the sandbox does not run with NODE_ENV=production');
  await requireFree(port);
  const [apiMetrics, workerMetrics] = [await freePort(), await freePort()];
  const baseUrl = `http://127.0.0.1:${port}`;
  const lethe = [process.execPath, path.join(projectRoot, 'bin', 'lethe')] as const;
  let file: Omit<SandboxFile, 'pids'> | undefined;
  let pids: SandboxPids | undefined;
  const save = async () => {
    if (file && pids) await writeSandboxFile(dataDir, { ...file, pids });
  };

  await runSupervisor({
    dataDir,
    port,
    env: { ...environment.inherited, ACCESS_LOG_FILE: path.join(dataDir, 'logs', 'access.log') },
    ...(environment.redisServer === undefined
      ? {}
      : {
          redis: {
            binary: environment.redisServer,
            ...(environment.redisLibraryPath === undefined
              ? {}
              : { libraryPath: environment.redisLibraryPath }),
          },
        }),
    ...(environment.redisUrl === undefined ? {} : { redisUrl: environment.redisUrl }),
    children: [
      {
        name: 'api',
        argv: [...lethe, 'serve'],
        env: { METRICS_PORT: String(apiMetrics), ENGINE_HOSTS: '1' },
      },
      { name: 'worker', argv: [...lethe, 'work'], env: { METRICS_PORT: String(workerMetrics) } },
    ],
    prepare: async (env) => {
      await saveServiceFile(dataDir, env);
      const seeded = await seed(dataDir, baseUrl, env);
      const samplesDir = path.join(dataDir, 'samples');
      if (environment.ocrbFont === undefined) say('Samples: there is no OCR-B font, so none are drawn.');
      else await refreshSamples(samplesDir, { today: today(), ocrbFont: environment.ocrbFont });
      file = {
        base_url: baseUrl,
        metrics_url: `http://127.0.0.1:${apiMetrics}/metrics`,
        worker_metrics_url: `http://127.0.0.1:${workerMetrics}/metrics`,
        tenant: seeded.tenantId,
        api_key: seeded.apiKey,
        member_api_key: seeded.memberApiKey,
        member_course_ids: MEMBER_COURSES,
        tokens: seeded.tokens,
        policy_version: seeded.policyVersion,
      };
      return {
        LETHE_SAMPLES_DIR: samplesDir,
        LETHE_SANDBOX_ISSUER: seeded.jwksFile,
        OPERATOR_JWT_ISSUER: `${baseUrl}/v1/test/issuer`,
        OPERATOR_JWT_AUDIENCE: STAFF_AUDIENCE,
        OPERATOR_JWKS_URL: `${baseUrl}/v1/test/issuer/jwks.json`,
        RETURN_ORIGINS: baseUrl,
      };
    },
    onPids: async (current) => {
      pids = current;
      await save();
    },
    onStarted: async (current, stopping) => {
      pids = current;
      await untilReady(baseUrl, stopping);
      if (!file || stopping.aborted) return;
      if (options.sample && environment.ocrbFont !== undefined)
        await runSample({ baseUrl, apiKey: file.api_key, reviewerToken: file.tokens.reviewer, say }).catch(
          () => say('The sample run did not end as it should; see the logs in the data directory.'),
        );
      await save();
      say(summary(dataDir, file));
    },
    say,
  });
  return 0;
}

function readOptions(args: readonly string[]) {
  const { values, positionals } = parse(args, {
    'data-dir': { type: 'string' },
    port: { type: 'string' },
    'no-sample': { type: 'boolean' },
  });
  if (positionals.length > 0) throw new UsageError('dev takes options only');
  const port = Number(values['port'] ?? 8080);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError('--port is a number from 1 to 65535');
  const dataDir = path.resolve(typeof values['data-dir'] === 'string' ? values['data-dir'] : '.lethe');
  return { dataDir, port, sample: values['no-sample'] !== true };
}

const today = () => new Date().toISOString().slice(0, 10);

/** Brings the schema up to date, and makes the sandbox's tenant, policy, key and staff where they are not there yet. */
async function seed(dataDir: string, baseUrl: string, env: Environment) {
  const store = makePostgresStore({
    url: env['DATABASE_URL'] ?? '',
    poolSize: 2,
    onConnectionError: () => undefined,
  });
  try {
    await migrate(store.db);
    const ids = makeIds();
    await store.read.tenants.insert({ id: ids.next('tenant'), name: 'sandbox', createdAt: new Date() });
    const tenant = await store.read.tenants.findByName('sandbox');
    if (!tenant) throw new Error('tenant_missing');
    const policies = makePolicies({ store, clock: systemClock, ids });
    const { version, document, effectiveAt } = SANDBOX_POLICY;
    if ((await policies.list()).length === 0) await policies.publish(version, document, effectiveAt);

    const keys = makeAccessKeys({ store, ids });
    const earlier = await readSandboxFile(dataDir);
    const scope = { tenantId: tenant.id, livemode: false };
    const apiKey =
      earlier && (await keys.authenticate(earlier.api_key))
        ? earlier.api_key
        : (await keys.create(scope, API_SCOPES, null)).secret;
    const memberApiKey =
      earlier && (await keys.authenticate(earlier.member_api_key))
        ? earlier.member_api_key
        : (await keys.createForMember(scope, await seedMember(store, ids, tenant.id), null)).secret;
    const issuer = `${baseUrl}/v1/test/issuer`;
    const staff = await makeStaffIssuer({ dataDir, issuer, tenantId: tenant.id });
    return {
      tenantId: tenant.id,
      apiKey,
      memberApiKey,
      policyVersion: (await policies.current()).version.version,
      ...staff,
    };
  } finally {
    await store.close();
  }
}

/** A Member whose agreement and safeguards stand for as long as a sandbox is likely to live. */
async function seedMember(store: Store, ids: Ids, tenantId: string) {
  const now = new Date();
  const recipientId = ids.next('recipient');
  await store.read.recipients.insert({
    id: recipientId,
    tenantId,
    name: 'Sandbox University',
    kind: 'member',
    agreementRef: 'sandbox',
    agreementExpiresAt: new Date(now.getTime() + ATTESTATION_COUNTS),
    safeguardsAttestedAt: now,
    purposes: ['certificate', 'honor_code'],
    createdAt: now,
    endedAt: null,
    rowVersion: 1,
  });
  return { recipientId, courseIds: MEMBER_COURSES };
}

const sandboxFile = (dataDir: string) => path.join(dataDir, 'sandbox.json');

async function readSandboxFile(dataDir: string): Promise<SandboxFile | null> {
  try {
    return JSON.parse(await readFile(sandboxFile(dataDir), 'utf8')) as SandboxFile;
  } catch {
    return null;
  }
}

/** Appears whole: a client may read it at any moment. */
async function writeSandboxFile(dataDir: string, content: SandboxFile): Promise<void> {
  const file = sandboxFile(dataDir);
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function untilReady(baseUrl: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const ready = await fetch(`${baseUrl}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
}

async function requireFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', () => reject(new UsageError(`port ${port} is taken; choose another with --port`)));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const summary = (dataDir: string, file: Omit<SandboxFile, 'pids'>) =>
  [
    '',
    `Lethe is ready at ${file.base_url}`,
    `  API description   ${file.base_url}/openapi.json`,
    `  review page       ${file.base_url}/review`,
    `  metrics           ${file.metrics_url}`,
    `  keys and tokens   ${sandboxFile(dataDir)}`,
    `  logs              ${path.join(dataDir, 'logs')}`,
    'Stop it with Ctrl-C.',
  ].join('\n');
