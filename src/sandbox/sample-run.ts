import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { RECEIPT_TYPE } from '../domain/deletion.js';

interface SampleRunOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly reviewerToken: string;
  readonly say: (line: string) => void;
}

interface Sample {
  readonly name: string;
  readonly slot: string;
  readonly full_name: string;
  readonly date_of_birth: string;
  readonly pairs_with: readonly string[];
}

/** The members of answers that the run looks at. */
interface Answer {
  readonly id?: string;
  readonly status?: string;
  readonly version?: string;
  readonly data?: readonly Sample[];
  readonly capture?: { readonly token: string };
  readonly purchase?: { readonly eligible: boolean };
  readonly redaction?: { readonly status: string };
  readonly received?: readonly string[];
  readonly eligible?: boolean;
  readonly receipt?: string;
}

/** The course that the sample is verified for. */
export const COURSE = 'course-v1:Lethe+Sample+1';
const GIVE_UP_AFTER = 120_000;

/**
 * Takes the sample `approve` through the whole service, over HTTP alone and as its clients would: the platform creates, the learner
 * consents, photographs and submits, the machine decides, the platform asks whether the certificate may be bought, and the receipt of the
 * deletion is verified. Prints a line a step.
 */
export async function runSample({ baseUrl, apiKey, say }: SampleRunOptions): Promise<void> {
  const rows: [step: string, ms: string, outcome: string][] = [];
  const step = async <T>(name: string, work: () => Promise<[T, string]>): Promise<T> => {
    const begun = performance.now();
    const [result, outcome] = await work();
    rows.push([name, `${Math.round(performance.now() - begun)} ms`, outcome]);
    return result;
  };

  const call = async (
    method: string,
    path: string,
    token: string,
    body?: object | FormData,
  ): Promise<Answer> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body && !(body instanceof FormData) ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sample_step_failed_${response.status}`);
    return (await response.json()) as Answer;
  };
  const image = async (name: string): Promise<Blob> => {
    const response = await fetch(`${baseUrl}/v1/test/images/${name}.jpg`, {
      headers: { Authorization: `Bearer ${apiKey}` },
    });
    return response.blob();
  };
  const until = async (verification: string, done: (answer: Answer) => boolean): Promise<Answer> => {
    const end = performance.now() + GIVE_UP_AFTER;
    for (;;) {
      const answer = await call('GET', `/v1/verifications/${verification}`, apiKey);
      if (done(answer)) return answer;
      if (performance.now() > end) throw new Error('sample_timeout');
      await sleep(50);
    }
  };

  const { data = [] } = await call('GET', '/v1/test/images', apiKey);
  const document = data.find((sample) => sample.name === 'approve');
  const selfie = data.find(
    (sample) => sample.slot === 'selfie' && document?.pairs_with.includes(sample.name),
  );
  if (!document || !selfie) throw new Error('sample_missing');

  const learner = `sample-${Date.parse(new Date().toISOString()).toString(36)}`;
  const { id, token } = await step('platform creates', async () => {
    const created = await call('POST', '/v1/verifications', apiKey, {
      learner_ref: learner,
      expected: { full_name: document.full_name, date_of_birth: document.date_of_birth },
      courses: [COURSE],
      order_ref: 'sample-order',
    });
    return [{ id: created.id ?? '', token: created.capture?.token ?? '' }, created.status ?? ''];
  });
  await step('learner consents', async () => {
    const policy = await call('GET', '/v1/policy', apiKey);
    const given = { policy_version: policy.version, biometrics: true, cross_border: true };
    return [
      await call('POST', `/v1/verifications/${id}/consent`, token, given),
      `policy ${policy.version ?? ''}`,
    ];
  });
  await step('learner uploads', async () => {
    const form = new FormData();
    form.set('id_front', await image(document.name), 'id.jpg');
    form.set('selfie', await image(selfie.name), 'selfie.jpg');
    form.set('source', 'upload');
    const { received = [] } = await call('POST', `/v1/verifications/${id}/images`, token, form);
    return [null, `accepted ${received.join(', ')}`];
  });
  await step('submit to decision', async () => {
    await call('POST', `/v1/verifications/${id}/submit`, token);
    const decided = await until(id, ({ status }) => status !== 'processing');
    return [null, decided.status ?? ''];
  });
  await step('may be bought', async () => {
    const query = new URLSearchParams({ learner_ref: learner, course_id: COURSE });
    const { eligible } = await call('GET', `/v1/eligibility?${query.toString()}`, apiKey);
    return [null, eligible === true ? 'eligible' : 'not eligible'];
  });
  await step('forgotten', async () => {
    const { redaction } = await until(id, (answer) => answer.redaction?.status === 'done');
    return [null, redaction?.status ?? ''];
  });
  const erased = await step('receipt verified', async () => {
    const { receipt = '' } = await call('GET', `/v1/verifications/${id}/deletion_receipt`, apiKey);
    const keys = createRemoteJWKSet(new URL(`${baseUrl}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(receipt, keys, { typ: RECEIPT_TYPE, algorithms: ['EdDSA'] });
    const artefacts = payload['artefacts'] as readonly { kind: string; size: number }[];
    return [artefacts, `signature valid, ${artefacts.length} artefacts`];
  });

  const width = Math.max(...rows.map(([name]) => name.length));
  say('');
  say('Sample run');
  for (const [name, ms, outcome] of rows) say(`  ${name.padEnd(width)}  ${ms.padStart(8)}  ${outcome}`);
  say(`  erased: ${erased.map(({ kind, size }) => `${kind} (${size} bytes)`).join(', ')}`);
}
