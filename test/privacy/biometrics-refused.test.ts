import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

async function faceInferences(): Promise<number> {
  let sum = 0;
  for (const url of [sandbox.info.metrics_url, sandbox.info.worker_metrics_url]) {
    const text = await (await fetch(url)).text();
    sum += Number(/^lethe_face_inferences (\d+)/m.exec(text)?.[1]);
  }
  return sum;
}

describe('who refuses biometrics', () => {
  it('is looked at by a person, and no face model runs anywhere, upload included', async () => {
    const { decided } = await api.verify('approve', { biometrics: false });
    expect(decided).toMatchObject({ status: 'in_review', method: 'manual', consent: { biometrics: false } });
    expect(decided.checks).toContainEqual({ name: 'face_match', outcome: 'not_run' });
    expect(await faceInferences()).toBe(0);
  });

  it('and the count is real: with consent it rises', async () => {
    await api.verify('approve');
    expect(await faceInferences()).toBeGreaterThan(0);
  });
});

describe('the logs', () => {
  it('join no access to a person: route templates only, no id, no token', async () => {
    const { id, token, learner } = await api.create();
    await api.call('GET', `/v1/verifications/${id}/capture`, { token });
    const route = '"/v1/verifications/{id}/capture"';
    // The line is written when the answer is out, so a moment after we have it.
    let log = '';
    for (
      const end = performance.now() + 10_000;
      !log.includes(route) && performance.now() < end;
      await sleep(50)
    )
      log = readFileSync(`${sandbox.dataDir}/logs/access.log`, 'utf8');
    expect(log).toContain(route);
    for (const secret of [id, id.slice(4), token, learner, sandbox.info.api_key])
      expect(log.includes(secret)).toBe(false);
    const ids = log
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { access_id: string }).access_id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of ['api', 'worker']) {
      const application = readFileSync(`${sandbox.dataDir}/logs/${name}.log`, 'utf8');
      for (const accessId of ids) expect(application.includes(accessId)).toBe(false);
      expect(application.includes(learner)).toBe(false);
    }
  });
});
