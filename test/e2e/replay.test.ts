import { setTimeout as sleep } from 'node:timers/promises';
import { makeApi, type Answer, type Api } from '../support/api.js';
import { dump, findInFiles, flushToFiles, writtenFiles } from '../support/forensics.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase } from '../support/stack-access.js';

/** How many creates are repeated; `REPLAYED_CREATES=1000` is the whole proof. */
const COUNT = Number(process.env['REPLAYED_CREATES'] ?? 300);
/** Creates on their way at a time, each of them three times. */
const ABREAST = 12;

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox({ env: { RATE_LIMIT_KEY: '10000000' } });
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

interface Create {
  readonly learner: string;
  readonly name: string;
  readonly key: string;
}
const creates = Array.from({ length: COUNT }, (_, at): Create => ({
  learner: `replayed-${at}-end`,
  name: `Quirina${at} Zyxwvutsdotter`,
  key: `order-${at}-replayed-key`,
}));

/** Calls until the first call with this key is through; how often it was told to wait. */
async function create({ learner, name, key }: Create): Promise<{ answer: Answer; waits: number }> {
  for (let waits = 0; ; waits++) {
    const answer = await api.platform(
      'POST',
      '/v1/verifications',
      { learner_ref: learner, expected: { full_name: name } },
      { 'Idempotency-Key': key },
    );
    if (answer.body?.code !== 'idempotency_in_progress') return { answer, waits };
    await sleep(50);
  }
}

describe('creates that are sent three times at once', () => {
  const triples: { id: string; token: string }[] = [];

  it('make one verification each, and each of the three is told the same', async () => {
    const differing: unknown[] = [];
    let waits = 0;
    const left = [...creates];
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const calls = await Promise.all([create(next), create(next), create(next)]);
        const told = calls.map(({ answer: { status, body } }) => [status, body.id, body.capture?.token]);
        const [status, id, token] = told[0]!;
        if (status !== 201 || new Set(told.map(String)).size !== 1) differing.push(told);
        waits += calls.reduce((sum, call) => sum + call.waits, 0);
        triples.push({ id: String(id), token: String(token) });
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    expect(differing).toEqual([]);
    expect(new Set(triples.map(({ id }) => id)).size).toBe(COUNT);
    // Otherwise they were not sent at once, and nothing is shown.
    expect(waits).toBeGreaterThan(0);

    const database = await openDatabase(sandbox.dataDir);
    try {
      const one = async (sql: string) => Number((await database.query<{ n: string }>(sql)).rows[0]!.n);
      expect(await one('select count(*) as n from verifications')).toBe(COUNT);
      expect(await one("select count(*) as n from events where type = 'verification.created'")).toBe(COUNT);
      expect(await one("select count(*) as n from audit_entries where action = 'created'")).toBe(COUNT);
    } finally {
      await database.end();
    }
  }, 300_000);

  it('leave no name, no token and no key of theirs in the store or in any file', async () => {
    expect(triples).toHaveLength(COUNT);
    const secrets = [
      'Zyxwvutsdotter',
      ...creates.flatMap(({ name, key }) => [name.split(' ')[0]!, key]),
      // The signature is what nobody else can make; the id before it is none.
      ...triples.map(({ token }) => token.slice(-32)),
    ];
    const database = await openDatabase(sandbox.dataDir);
    let text: string;
    try {
      text = await dump(database);
      await flushToFiles(sandbox.dataDir, database);
    } finally {
      await database.end();
    }
    // What may stand there is found.
    expect(creates.filter(({ learner }) => !text.includes(learner))).toEqual([]);
    // Bytes are dumped as hex.
    const encodings = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('hex')]);
    expect(encodings.filter((each) => text.includes(each))).toEqual([]);

    const files = writtenFiles(sandbox.dataDir);
    const found = (texts: readonly string[]) =>
      findInFiles(
        files,
        texts.map((each) => Buffer.from(each)),
      );
    expect(found([creates[0]!.learner])).not.toEqual([]);
    const few = [creates[0]!, creates.at(-1)!].flatMap(({ name, key }) => [name, key]);
    expect(found(['Zyxwvutsdotter', ...few, triples[0]!.token, triples.at(-1)!.token])).toEqual([]);
  }, 300_000);
});
