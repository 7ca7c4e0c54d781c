import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { compactVerify, createRemoteJWKSet } from 'jose';
import pg from 'pg';
import { makeApi, type Answer, type Api } from '../support/api.js';
import { rootByPath } from '../support/inclusion.js';
import { operate, staffToken } from '../support/operator.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { operatorEnvironment } from '../support/stack-access.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

interface Entry {
  readonly subject: string;
  readonly seq: number;
  readonly action: string;
  readonly hash: string;
  readonly previous_hash: string;
  readonly log_index: number | null;
  readonly checkpoint: number | null;
  readonly proof?: { readonly size: number; readonly path: readonly string[] } | null;
}

const audit = (query: string, token = sandbox.info.tokens.auditor): Promise<Answer> =>
  api.call('GET', `/v1/audit?${query}`, { token });

async function canceled(): Promise<string> {
  const { id } = await api.create();
  await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
  await api.until(id, ({ redaction }) => redaction.status === 'done');
  return id;
}

/** A moment on the clock brings the checkpoint that the scheduler would sign within a minute. */
async function covered(id: string) {
  await api.platform('POST', '/v1/test/clock', { advance: 'PT1S' });
  const body = (await audit(`subject=${id}&proof=true`)).body as {
    data: readonly Entry[];
    checkpoints: readonly { number: number; jws: string }[];
  };
  expect(body.data.filter(({ checkpoint }) => checkpoint === null)).toEqual([]);
  return body;
}

const leafOf = ({ subject, seq, hash }: Entry) =>
  createHash('sha256').update(Uint8Array.of(0)).update(JSON.stringify({ hash, seq, subject })).digest();

describe('the audit trail', () => {
  it('shows what happened to a subject, each entry bound to the one before, page by page', async () => {
    const id = await canceled();
    const { data, next_cursor } = (await audit(`subject=${id}`)).body as {
      data: readonly Entry[];
      next_cursor: null;
    };
    expect(next_cursor).toBeNull();
    expect(data.map(({ action }) => action)).toEqual([
      'created',
      'status.canceled',
      'key.unlinked',
      'forgotten',
    ]);
    for (const [at, entry] of data.entries()) {
      expect(entry).toMatchObject({ subject: id, seq: at + 1 });
      expect(entry.previous_hash).toBe(data[at - 1]?.hash ?? '0'.repeat(64));
    }
    const paged: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await audit(`subject=${id}&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...(page.body as { data: readonly Entry[] }).data.map(({ seq }) => seq));
      cursor = (page.body as { next_cursor: string | null }).next_cursor;
    }
    expect(paged).toEqual([1, 2, 3, 4]);
    expect((await audit(`subject=${id}`)).body).toEqual({ data, next_cursor });
  });

  it('is for privacy officers and auditors, of their tenants', async () => {
    const { id } = await api.create();
    const { tokens, api_key } = sandbox.info;
    expect((await audit(`subject=${id}`, tokens.privacy_officer)).status).toBe(200);
    expect(await audit(`subject=${id}`, tokens.reviewer)).toMatchObject({ status: 403 });
    expect(await audit(`subject=${id}`, api_key)).toMatchObject({ status: 403 });
    const foreign = await staffToken(sandbox, {
      sub: 'elsewhere',
      roles: ['auditor'],
      tenants: ['ten_00000000000000000000000000'],
    });
    const missing = 'ver_00000000000000000000000000';
    for (const answer of [await audit(`subject=${id}`, foreign), await audit(`subject=${missing}`)])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await audit('', foreign)).body).toEqual({ data: [], next_cursor: null });
    expect(await audit('cursor=%21')).toMatchObject({ status: 422, body: { code: 'invalid_field' } });
  });
});

describe('the audit log', () => {
  let id: string;
  let entries: readonly Entry[];
  let checkpoints: readonly { number: number; jws: string }[];
  beforeAll(async () => {
    id = await canceled();
    ({ data: entries, checkpoints } = await covered(id));
  }, 180_000);

  it('can be checked by anybody: from an entry to a root that the service has signed', async () => {
    const keys = createRemoteJWKSet(new URL(`${sandbox.info.base_url}/.well-known/jwks.json`));
    for (const entry of entries) {
      const { jws } = checkpoints.find(({ number }) => number === entry.checkpoint)!;
      const { payload, protectedHeader } = await compactVerify(jws, keys);
      expect(protectedHeader.typ).toBe('lethe-audit-checkpoint+jwt');
      const claims = JSON.parse(new TextDecoder().decode(payload)) as { size: number; root: string };
      expect(entry.proof?.size).toBe(claims.size);
      const path = entry.proof!.path.map((hash) => Buffer.from(hash, 'hex'));
      const root = rootByPath(leafOf(entry), entry.log_index!, claims.size, path);
      expect(root && Buffer.from(root).toString('hex')).toBe(claims.root);
    }
    const all = (await audit('limit=100')).body as { data: readonly Entry[] };
    expect(all.data.map(({ log_index }) => log_index)).toEqual(all.data.map((_, at) => at));
    expect(all.data.map(({ hash }) => hash)).toEqual(expect.arrayContaining(entries.map(({ hash }) => hash)));
  });

  it('is verified by the command, which names the first entry that somebody has changed', async () => {
    const kept = path.join(sandbox.dataDir, 'kept-checkpoint.jws');
    writeFileSync(kept, `${checkpoints[0]!.jws}\n`);
    const jwks = `${sandbox.info.base_url}/.well-known/jwks.json`;
    const verify = () => operate(sandbox, 'audit', 'verify', kept, '--json', '--jwks', jwks);
    expect(await verify()).toMatchObject({ code: 0, printed: [{ ok: true, fault: null }] });

    const client = new pg.Client({ connectionString: operatorEnvironment(sandbox.dataDir)['DATABASE_URL'] });
    await client.connect();
    const setActor = (actor: string) =>
      client.query('update audit_entries set actor = $1 where subject_id = $2 and seq = 3', [actor, id]);
    try {
      await setActor('learner');
      expect(await verify()).toMatchObject({
        code: 1,
        printed: [{ ok: false, fault: { code: 'chain_broken', subject: id, seq: 3 } }],
      });
    } finally {
      await setActor('system');
      await client.end();
    }
    expect(await operate(sandbox, 'audit', 'verify', '--json')).toMatchObject({ code: 0 });
  });
});
