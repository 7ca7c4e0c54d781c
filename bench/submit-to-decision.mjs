/**
 * How long a learner waits, on a sandbox that runs: `node bench/submit-to-decision.mjs [DATA_DIR] [RUNS]`.
 * Takes the sample `approve` through the service RUNS times, one after the other, and prints medians of submit → decision, of its steps (as
 * the event stream tells them) and of an upload, each also as a ratio to one bare request in the same run; and the peak memory.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [dataDir = '.lethe', runs = '15'] = process.argv.slice(2);
const info = JSON.parse(readFileSync(path.join(dataDir, 'sandbox.json'), 'utf8'));

const call = async (method, url, token, body) => {
  const form = body instanceof FormData;
  const response = await fetch(info.base_url + url, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body && !form ? { 'Content-Type': 'application/json' } : {}),
    },
    body: form ? body : body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url.split('/').at(-1)} answered ${response.status}`);
  return response;
};
const image = async (name) => (await call('GET', `/v1/test/images/${name}.jpg`, info.api_key)).blob();

/** Times of a stream's events since `begun`, until the outcome. */
async function follow(id, token, begun) {
  const times = {};
  const response = await call('GET', `/v1/verifications/${id}/events`, token);
  let text = '';
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString('utf8');
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (!data) continue;
      const { status, step, progress } = JSON.parse(data);
      const name = step ? `${step} ${progress === 0 ? 'begins' : 'ends'}` : status;
      times[name] ??= performance.now() - begun;
    }
  }
  return times;
}

const childrenOf = (pid) =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
const peakMiB = (pid) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const { data: samples } = await (await call('GET', '/v1/test/images', info.api_key)).json();
const { full_name, date_of_birth } = samples.find(({ name }) => name === 'approve');
const [front, selfie] = [await image('approve'), await image('approve_selfie')];
const rows = new Map();
const note = (name, ms) => rows.set(name, [...(rows.get(name) ?? []), ms]);

for (let run = -2; run < Number(runs); run++) {
  const timed = async (name, work) => {
    const begun = performance.now();
    const result = await work();
    // The first two only warm it up.
    if (run >= 0) note(name, performance.now() - begun);
    return result;
  };
  await timed('bare request', () =>
    call('GET', '/healthz', info.api_key).then((response) => response.text()),
  );
  const created = await (
    await call('POST', '/v1/verifications', info.api_key, {
      learner_ref: `bench-${process.pid}-${run}`,
      expected: { full_name, date_of_birth },
    })
  ).json();
  const { id } = created;
  const { token } = created.capture;
  const consent = { policy_version: info.policy_version, biometrics: true, cross_border: true };
  await call('POST', `/v1/verifications/${id}/consent`, token, consent);
  const form = new FormData();
  form.set('id_front', front, 'a.jpg');
  form.set('selfie', selfie, 'b.jpg');
  await timed('upload of both', () => call('POST', `/v1/verifications/${id}/images`, token, form));
  const begun = performance.now();
  const stream = follow(id, token, begun);
  await call('POST', `/v1/verifications/${id}/submit`, token);
  const times = await stream;
  if (run < 0) continue;
  if (times.approved === undefined) throw new Error('not approved');
  note('submit → decision', times.approved);
  for (const step of ['read_document', 'match_face'])
    note(`  ${step}`, times[`${step} ends`] - times[`${step} begins`]);
  note(
    '  waiting before the first step',
    Math.min(times['read_document begins'], times['match_face begins']),
  );
}

const bare = median(rows.get('bare request'));
console.log(`medians of ${runs} runs`);
for (const [name, values] of rows)
  console.log(
    `${name.padEnd(34)} ${median(values).toFixed(0).padStart(6)} ms ${(median(values) / bare).toFixed(0).padStart(6)} ×`,
  );
for (const part of ['api', 'worker']) {
  const pid = info.pids[part];
  const hosts = childrenOf(pid);
  console.log(
    `peak RSS ${part}: ${peakMiB(pid).toFixed(0)} MiB, its engine hosts: ${hosts.map((host) => peakMiB(host).toFixed(0)).join(', ')} MiB`,
  );
}
