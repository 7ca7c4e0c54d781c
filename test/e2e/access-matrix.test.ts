import { makeCredentials, ROLES, type Credential } from '../support/access/credentials.js';
import {
  bodyOf,
  kindOf,
  makeMaker,
  NONE,
  urlOf,
  type ObjectKind,
  type Objects,
} from '../support/access/objects.js';
import { makeApi, type Api } from '../support/api.js';
import { operations, violationsOf, type Operation } from '../support/api-description.js';
import { operate, staffToken } from '../support/operator.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

/** Every operation, called with every kind of credential, for an object of the caller's, of others, and of nobody. */

/** Whose the object is; `nothing` where the operation names none. */
type Column = 'own' | 'elsewhere' | 'live' | 'nobody' | 'nothing' | 'tenant elsewhere' | 'no tenant';
type Expected = 'allowed' | 'unauthenticated' | 'forbidden' | 'absent';

const realmOf = (credential: Credential) => ('realm' in credential ? credential.realm : undefined);

/** Cells at which the rule alone would be wrong, and why. */
const EXCEPTIONS: readonly {
  readonly why: string;
  readonly expected: Expected;
  readonly at: (operation: Operation, credential: Credential, column: Column) => boolean;
}[] = [
  {
    why: 'the routes of the sandbox are for test keys',
    expected: 'forbidden',
    at: ({ template }, credential) => template.startsWith('/v1/test/') && realmOf(credential) === 'live',
  },
  {
    why: 'a key of a Member is bound to its courses; of no other it is told whether it exists',
    expected: 'forbidden',
    at: ({ id }, _credential, column) => id === 'listOutcomes' && column !== 'own',
  },
  {
    why: 'who has no tenant has nowhere to begin anything',
    expected: 'forbidden',
    at: ({ id }, credential, column) =>
      realmOf(credential) === 'nowhere' &&
      (column === 'own' || column === 'elsewhere' || column === 'nobody' || column === 'nothing') &&
      ['createErasureRequest', 'placeLegalHold', 'createRecipient', 'exportLearnerData'].includes(id),
  },
];

/** What the contract says of a cell: 401 without a genuine credential, 403 for one that may not, 404 for what is not the caller's. */
function expectation(operation: Operation, credential: Credential, column: Column): Expected {
  if (operation.security.length === 0) return 'allowed';
  if (credential.kind === 'none') return 'unauthenticated';
  const { kind, grants } = credential;
  const needed = operation.security.find((way) => way[kind])?.[kind];
  if (!needed) return 'forbidden';
  if (kind === 'captureToken') {
    if (credential.astray === true || column !== 'own') return 'absent';
    // A learner's right is enough where it is one of those that are named; all but `read` went to the phone.
    return needed.some((right) => grants.includes(right)) ? 'allowed' : 'forbidden';
  }
  const enough =
    kind === 'apiKey'
      ? needed.every((scope) => grants.includes(scope))
      : needed.some((role) => grants.includes(role));
  if (!enough) return 'forbidden';
  const exception = EXCEPTIONS.find(({ at }) => at(operation, credential, column));
  if (exception) return exception.expected;
  if (column === 'nothing') return 'allowed';
  return column === 'own' && credential.realm === 'own' ? 'allowed' : 'absent';
}

/** Operations that look for what they name: of another's object they find what they find of nobody's. */
const SEARCHES = new Set([
  'exportLearnerData',
  'createErasureRequest',
  'getEligibility',
  'listVerifications',
  'listEvents',
  'listDisclosures',
]);

/** Objects that a live key has as well. */
const LIVE: readonly (ObjectKind | undefined)[] = ['verification', 'receipt', 'learner', 'endpoint', 'event'];

function columnsOf(operation: Operation, credential: Credential): readonly Column[] {
  const kind = kindOf(operation);
  const realm = realmOf(credential);
  const columns: Column[] = kind === undefined ? ['nothing'] : ['nobody', 'own'];
  if (kind !== undefined && realm !== 'elsewhere') columns.push('elsewhere');
  if (LIVE.includes(kind) && credential.kind === 'apiKey' && realm !== 'live') columns.push('live');
  const takesTenant = operation.parameters.some(({ name }) => name === 'tenant');
  if (takesTenant && realm !== 'elsewhere') columns.push('tenant elsewhere', 'no tenant');
  return columns;
}

let sandbox: Sandbox;
let api: Api;
let otherTenant: string;
let credentials: readonly Credential[];
let ours: ReturnType<typeof makeMaker>;
let objects: Readonly<Record<'own' | 'elsewhere' | 'live' | 'nobody', Objects>>;
let recipient: string;

beforeAll(async () => {
  sandbox = await startSandbox({
    env: { RATE_LIMIT_KEY: '10000000', RATE_LIMIT_LEARNER: '10000000', RATE_LIMIT_STAFF: '10000000' },
  });
  const { info } = sandbox;
  api = makeApi(info);
  otherTenant = (await operate(sandbox, 'tenants', 'create', 'other')).printed[0]!['id']!;
  const lapsed = await api.create();
  await api.platform('POST', '/v1/test/clock', { advance: 'PT73H' });
  credentials = await makeCredentials(sandbox, api, otherTenant, lapsed);
  const secretOf = (name: string) => {
    const found = credentials.find((credential) => credential.name === name);
    return found && 'header' in found ? (found.header ?? '').slice('Bearer '.length) : '';
  };
  ours = makeMaker(api, info.api_key, info.tokens.privacy_officer);
  const theirOfficer = await staffToken(sandbox, { sub: 'theirs', roles: ROLES, tenants: [otherTenant] });
  objects = {
    own: { ...(await ours.all()), course: info.member_course_ids[0]! },
    elsewhere: await makeMaker(api, secretOf('another platform'), theirOfficer).all(),
    live: await makeMaker(api, secretOf('the platform, live'), null).all(),
    nobody: NONE,
  };
  recipient = objects.own.recipient;
}, 180_000);
afterAll(() => sandbox.dispose());

interface Reply {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

async function ask(
  operation: Operation,
  header: string | null,
  about: Objects,
  column: Column,
): Promise<Reply> {
  const url = new URL(sandbox.info.base_url + urlOf(operation, kindOf(operation), about));
  if (column === 'tenant elsewhere') url.searchParams.set('tenant', otherTenant);
  if (column === 'no tenant') url.searchParams.set('tenant', 'ten_00000000000000000000000000');
  const body = bodyOf(operation.id, about, recipient, sandbox.info.policy_version);
  const answer = await fetch(url, {
    method: operation.method,
    headers: {
      ...(header === null ? {} : { Authorization: header }),
      ...(body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const { status, headers } = answer;
  if (headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await answer.body?.cancel();
    return { status, code: undefined, text: '' };
  }
  const bytes = Buffer.from(await answer.arrayBuffer());
  const violations = violationsOf(operation.method, url.pathname, { status, headers, bytes });
  const text = bytes.toString('utf8');
  if (violations.length > 0) return { status, code: violations.join('; '), text };
  const code = status >= 400 ? (JSON.parse(text) as { code: string }).code : undefined;
  return { status, code, text };
}

/** What may differ between two answers that say the same: their own ids and times, and the name that was asked for. */
const essence = (operation: Operation, { status, text }: Reply, about: Objects): string => {
  const named = kindOf(operation);
  const bare = text.replaceAll(/"(?:request_id|id|requested_at|deadline|generated_at)":"[^"]*"/g, '""');
  return `${status} ${named === undefined ? bare : bare.replaceAll(about[named], '*')}`;
};

/** Codes of a caller who was let in, and cannot do it now or not like this. */
const NOT_LET_IN = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'too_many_requests',
  'internal',
  'unavailable',
];

function letIn({ id, method, problemCodes }: Operation, { status, code }: Reply): boolean {
  if (status < 300) return true;
  // The verification is there, and has no such image.
  if (id === 'removeImage' && code === 'not_found') return true;
  // An image is for the holder of the review.
  if (method === 'GET' && id !== 'getReviewImage') return false;
  return code !== undefined && problemCodes.has(code) && !NOT_LET_IN.includes(code);
}

interface Cell {
  readonly operation: Operation;
  readonly credential: Credential;
  readonly column: Column;
  readonly expected: Expected;
}

const aboutOf = (column: Column): Objects =>
  column === 'elsewhere' || column === 'live' || column === 'nobody' ? objects[column] : objects.own;

/** What a cell answers that it should not, or nothing. */
async function deviation(cell: Cell, tokenOf: (cell: Cell) => Promise<readonly [string | null, Objects]>) {
  const { operation, credential, column, expected } = cell;
  const [header, about] = await tokenOf(cell);
  const reply = await ask(operation, header, about, column);
  const { status, code } = reply;
  const right = {
    allowed: () => letIn(operation, reply),
    unauthenticated: () => status === 401 && code === 'unauthenticated',
    forbidden: () => status === 403 && code === 'forbidden',
    absent: () => (SEARCHES.has(operation.id) && !column.includes('tenant') ? status < 300 : status === 404),
  }[expected]();
  const found: string[] = [];
  if (!right) found.push(`${status} ${code ?? ''}`);
  if (expected === 'absent' && !column.includes('tenant') && column !== 'nobody') {
    const nobodys = await ask(operation, header, NONE, 'nobody');
    if (essence(operation, reply, about) !== essence(operation, nobodys, NONE))
      found.push('differs from what is answered for one that does not exist');
  }
  if (expected === 'allowed' && ['elsewhere', 'nowhere'].includes(realmOf(credential) ?? ''))
    for (const ours of operation.security.length > 0 ? [sandbox.info.tenant, objects.own.verification] : [])
      if (reply.text.includes(ours)) found.push('tells of another tenant');
  return found.map(
    (what) => `${operation.id} · ${credential.name} · ${column}: expected ${expected}, got ${what}`,
  );
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>) {
  const left = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

describe('who may do what', () => {
  let cells: readonly Cell[];
  const deviations: string[] = [];

  beforeAll(() => {
    cells = operations.flatMap((operation) =>
      credentials.flatMap((credential) =>
        columnsOf(operation, credential).map((column): Cell => ({
          operation,
          credential,
          column,
          expected: expectation(operation, credential, column),
        })),
      ),
    );
    process.stdout.write(`access matrix: ${cells.length} cells\n`);
  });

  it('is refused to everybody else, for every object alike', async () => {
    const standing = new Map<Credential, Promise<{ id: string; header: string }>>();
    const refused = cells.filter(({ expected }) => expected !== 'allowed');
    await inParallel(refused, 8, async (cell) => {
      deviations.push(
        ...(await deviation(cell, async ({ credential, column }) => {
          const about = aboutOf(column);
          if (credential.kind !== 'captureToken') return [credential.header, about];
          const made = standing.get(credential) ?? credential.make();
          standing.set(credential, made);
          const { id, header } = await made;
          return [
            header,
            column === 'own' && credential.astray !== true ? { ...about, verification: id } : about,
          ];
        })),
      );
    });
    expect(deviations).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
  }, 300_000);

  it('is let to those who may', async () => {
    const allowed = cells.filter(({ expected }) => expected === 'allowed');
    const found: string[] = [];
    await inParallel(allowed, 4, async (cell) => {
      found.push(
        ...(await deviation(cell, async ({ operation, credential, column }) => {
          const kind = kindOf(operation);
          if (credential.kind === 'captureToken') {
            const { id, header } = await credential.make();
            return [header, { ...objects.own, verification: id }];
          }
          // What is changed is made for it: nothing that was done before decides what is answered.
          const changes = operation.method !== 'GET' && kind !== undefined && column === 'own';
          const about = changes ? { ...objects.own, [kind]: await ours.make(kind) } : objects.own;
          return [credential.header, about];
        })),
      );
    });
    expect(found).toEqual([]);
  }, 300_000);
});
