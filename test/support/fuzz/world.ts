import { makeApi } from '../api.js';
import { operate, staffToken } from '../operator.js';
import type { Sandbox } from '../sandbox.js';
import { operations } from '../api-description.js';

/** What generated requests are about: a verification in every status, with what hangs on it, of this tenant and of others. */

/** Puts in what stands in double braces for something of the world. */
export type Resolve = (text: string) => string;

const DAY = 24 * 3_600_000;
const NOWHERE = 'http://127.0.0.1:9/nobody';
const ROLES = ['reviewer', 'senior_reviewer', 'privacy_officer', 'auditor'] as const;
const COURSE = 'course-v1:Fuzz+1';

/** Makes tenants and keys once; `renew` makes the objects, as often as they are used up. */
export async function makeWorld(sandbox: Sandbox) {
  const { info } = sandbox;
  const api = makeApi(info);
  const made = new Map<string, string>();
  let ahead = 0;
  let serial = 0;

  const otherTenant = (await operate(sandbox, 'tenants', 'create', 'other')).printed[0]!['id']!;
  const keyOf = async (...options: string[]) =>
    (await operate(sandbox, 'keys', 'create', ...options)).printed[0]!['secret']!;
  const credentials: Readonly<Record<string, string>> = {
    key: info.api_key,
    memberKey: info.member_api_key,
    otherKey: await keyOf('--tenant', 'other'),
    liveKey: await keyOf('--tenant', 'sandbox', '--live'),
    stranger: await staffToken(sandbox, { sub: 'stranger', roles: ROLES, tenants: [otherTenant] }),
    ...info.tokens,
  };
  for (const [name, token] of Object.entries(credentials)) made.set(`credential:${name}`, token);
  made.set('tenant', info.tenant);
  made.set('tenant:other', otherTenant);
  made.set('policy', info.policy_version);
  made.set('country', (await api.call('GET', '/v1/policy')).body.processing_country as string);
  made.set('course', info.member_course_ids[0] ?? COURSE);
  for (const [kind, prefix] of [
    ['verification', 'ver'],
    ['hold', 'hld'],
    ['erasure', 'ers'],
    ['recipient', 'rcp'],
    ['endpoint', 'whe'],
    ['event', 'evt'],
  ])
    made.set(`${kind}:unknown`, `${prefix}_00000000000000000000000000`);
  for (const name of ['approve', 'approve_selfie']) await api.sampleImage(name);

  const as = async (who: string, method: string, url: string, body?: unknown) => {
    const answer = await api.call(method, url, {
      token: credentials[who] ?? '',
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 300)
      throw new Error(
        `${method} ${url} of the set-up answered ${answer.status} ${String(answer.body?.code)}`,
      );
    return answer.body;
  };
  const now = () => Date.now() + ahead;
  const inDays = (days: number) => new Date(now() + days * DAY).toISOString();

  const start = async (name: string, who = 'key') => {
    const learner = `learner-${name}-${serial++}`;
    const body = await as(who, 'POST', '/v1/verifications', {
      learner_ref: learner,
      order_ref: 'order-1',
      courses: [made.get('course')],
      expected: { full_name: 'Clara Sofie Lindqvist' },
    });
    const v = { id: body.id as string, token: body.capture.token as string, learner };
    made.set(`verification:${name}`, v.id);
    made.set(`learner:${name}`, learner);
    made.set(`credential:capture:${name}`, v.token);
    return v;
  };
  const simulated = async (name: string, outcome: string) => {
    const v = await start(name);
    await as('key', 'POST', `/v1/test/verifications/${v.id}/simulate`, {
      outcome,
      ...(outcome === 'approved' ? {} : { reasons: ['name_mismatch'] }),
    });
    return v;
  };
  const pictured = async (name: string) => {
    const v = await start(name);
    await api.consent(v.id, v.token);
    await api.upload(v.id, v.token, { id_front: 'approve', selfie: 'approve_selfie' });
    return v;
  };
  const claimed = async (name: string) => {
    const { id } = await pictured(name);
    await as('key', 'POST', `/v1/test/verifications/${id}/simulate`, { outcome: 'in_review' });
    await as('reviewer', 'POST', `/v1/reviews/${id}/claim`);
    return id;
  };

  const makers: readonly (() => Promise<unknown>)[] = [
    () => start('fresh'),
    async () => {
      const v = await start('consented');
      await api.consent(v.id, v.token);
    },
    async () => {
      const { id, token } = await pictured('pictured');
      const challenge = await api.call('POST', `/v1/verifications/${id}/challenge`, { token });
      made.set('challenge', challenge.body.challenge_id as string);
    },
    async () => {
      const { id, token } = await pictured('submitted');
      await api.call('POST', `/v1/verifications/${id}/submit`, { token });
    },
    () => simulated('in_review', 'in_review'),
    () => claimed('claimed'),
    async () => {
      const id = await claimed('proposed');
      await as('reviewer', 'POST', `/v1/reviews/${id}/decision`, {
        decision: 'decline',
        reasons: ['name_mismatch'],
      });
    },
    () => simulated('approved', 'approved'),
    () => simulated('declined', 'declined'),
    async () => {
      const { id } = await start('canceled');
      await as('key', 'POST', `/v1/verifications/${id}/cancel`);
    },
    async () => {
      const { id } = await simulated('revoked', 'approved');
      await as('key', 'POST', `/v1/verifications/${id}/revoke`, { reason: 'honor_code' });
    },
    async () => {
      const { id, learner } = await simulated('redacted', 'approved');
      const erasure = await as('privacy_officer', 'POST', '/v1/erasure_requests', { learner_ref: learner });
      made.set('erasure:done', erasure.id as string);
      await api.until(id, ({ redaction }) => redaction.status === 'done');
    },
    async () => {
      const { id } = await simulated('appealed', 'declined');
      await api.until(id, ({ redaction }) => redaction.status === 'done');
      await as('key', 'POST', `/v1/verifications/${id}/appeal`, {
        expected: { full_name: 'Clara Lindqvist' },
      });
    },
    async () => {
      const { id } = await start('held');
      const hold = async (name: string) => {
        const body = await as('privacy_officer', 'POST', '/v1/legal_holds', {
          verification_id: id,
          authority: 'Court',
          reference: '1',
          expires_at: inDays(30),
          notice: 'allowed',
        });
        made.set(`hold:${name}`, body.id as string);
        return body.id as string;
      };
      await hold('pending');
      await as('privacy_officer_2', 'POST', `/v1/legal_holds/${await hold('active')}/approve`);
    },
    () => start('other_tenant', 'otherKey'),
    () => start('live', 'liveKey'),
    ...['active', 'spare'].map((name) => async () => {
      const body = await as('privacy_officer', 'POST', '/v1/recipients', {
        name: 'University',
        kind: 'member',
        purposes: ['certificate'],
        agreement_ref: 'file 1',
        agreement_expires_at: inDays(300),
        safeguards_attested_at: inDays(-1),
      });
      made.set(`recipient:${name}`, body.id as string);
    }),
    async () => {
      // There may be sixteen, and each gets everything: those of before go.
      const { data } = await as('key', 'GET', '/v1/webhook_endpoints?limit=100');
      for (const { id } of data as { id: string }[]) await as('key', 'DELETE', `/v1/webhook_endpoints/${id}`);
      for (const name of ['first', 'spare']) {
        const body = await as('key', 'POST', '/v1/webhook_endpoints', { url: NOWHERE });
        made.set(`endpoint:${name}`, body.id as string);
      }
    },
  ];

  /** One that is over by time: the clock is moved before anything else is there. */
  async function makeExpired(): Promise<void> {
    const { id } = await start('expired');
    const { now: moved } = await as('key', 'POST', '/v1/test/clock', { advance: 'PT73H' });
    ahead = Date.parse(moved as string) - Date.now();
    await api.until(id, ({ status }) => status === 'expired');
  }
  await makeExpired();

  return {
    api,
    /** Makes all of it anew. */
    async renew(): Promise<void> {
      for (const make of makers) await make();
      const events = await as(
        'key',
        'GET',
        `/v1/events?verification_id=${made.get('verification:approved')}`,
      );
      made.set('event:own', events.data[0].id as string);
      for (const { id, template, parameters, security } of operations) {
        if (!parameters.some(({ name }) => name === 'cursor')) continue;
        const required = parameters.some(({ name }) => name === 'course_id')
          ? `&course_id=${encodeURIComponent(made.get('course')!)}`
          : '';
        const who = security.some((way) => way['operatorJwt'])
          ? template === '/v1/reviews'
            ? 'reviewer'
            : 'auditor'
          : required
            ? 'memberKey'
            : 'key';
        const page = await as(who, 'GET', `${template}?limit=1${required}`);
        made.set(`cursor:${id}`, (page.next_cursor as string | null) ?? '');
      }
    },
    resolve: ((text) =>
      text.replaceAll(/\{\{([\w:]+)\}\}/g, (whole, name: string) => {
        if (name === 'new') return `${serial++}`;
        if (name.startsWith('day:')) return inDays(Number(name.slice('day:'.length)));
        return made.get(name) ?? whole;
      })) satisfies Resolve,
    pictures: new Map([
      ['approve', await api.sampleImage('approve')],
      ['approve_selfie', await api.sampleImage('approve_selfie')],
    ]),
  };
}
