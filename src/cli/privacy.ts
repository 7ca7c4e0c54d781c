import { buildContainer, type Container } from '../container.js';
import { readConfig } from '../config.js';
import { presentCompliance, presentErasure } from '../http/present-privacy.js';
import { parse, UsageError, type ExitCode } from './command-line.js';

const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function withService(work: (service: Container) => Promise<ExitCode>): Promise<ExitCode> {
  const service = await buildContainer(readConfig(), 'cli');
  try {
    await service.refreshClock();
    return await work(service);
  } finally {
    await service.close();
  }
}

/** The report over all tenants; 1 where a promise is late, an object is orphaned or the audit does not hold. */
export function runCompliance(args: readonly string[]): Promise<ExitCode> {
  const { positionals } = parse(args, { json: { type: 'boolean' } });
  if (positionals.length > 0) throw new UsageError('no further words');
  return withService(async ({ compliance }) => {
    const report = await compliance.report('all');
    print(presentCompliance(report));
    const late = report.overdue.filter(({ kind }) => kind !== 'hold_ends_soon');
    return report.audit.ok && late.length === 0 && report.orphans.length === 0 ? 0 : 1;
  });
}

/** Erases a learner from all verifications of a tenant: what `POST /v1/erasure_requests` does. */
export function runErase(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    learner: { type: 'string' },
    tenant: { type: 'string' },
    json: { type: 'boolean' },
  });
  const { learner, tenant: name } = values;
  if (positionals.length > 0 || typeof learner !== 'string' || learner === '')
    throw new UsageError('name the learner: --learner REF');
  return withService(async ({ store, erasureRequests }) => {
    const tenants = await store.read.tenants.list();
    const tenant =
      typeof name === 'string'
        ? tenants.find((each) => each.name === name)
        : tenants.length === 1 && tenants[0];
    if (!tenant) {
      process.stderr.write(
        `lethe: ${typeof name === 'string' ? 'tenant_unknown' : 'name the tenant: --tenant NAME'}\n`,
      );
      return typeof name === 'string' ? 1 : 2;
    }
    const id = await erasureRequests.create('system', tenant.id, learner);
    print(presentErasure(await erasureRequests.get([tenant.id], id)));
    return 0;
  });
}
