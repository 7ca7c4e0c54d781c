import type { Api } from '../api.js';
import type { Operation } from '../api-description.js';

/** What calls are about, and what they send. */

export type ObjectKind =
  | 'verification'
  | 'review'
  | 'receipt'
  | 'learner'
  | 'hold'
  | 'erasure'
  | 'recipient'
  | 'endpoint'
  | 'event'
  | 'course';

export type Objects = Readonly<Record<ObjectKind, string>>;

/** The kind of `{id}` by the room that it stands in. */
const IN_PATH: Readonly<Record<string, ObjectKind>> = {
  verifications: 'verification',
  reviews: 'review',
  learners: 'learner',
  legal_holds: 'hold',
  erasure_requests: 'erasure',
  recipients: 'recipient',
  webhook_endpoints: 'endpoint',
  events: 'event',
  test: 'verification',
};

/** Which object an operation names elsewhere than in its path. */
const ELSEWHERE: Readonly<Record<string, ObjectKind>> = {
  listVerifications: 'learner',
  getEligibility: 'learner',
  createErasureRequest: 'learner',
  placeLegalHold: 'verification',
  createDisclosure: 'verification',
  listDisclosures: 'verification',
  listAudit: 'verification',
  listEvents: 'verification',
  listOutcomes: 'course',
};

/** What an operation is about; `undefined` where it names no object. */
export function kindOf({ id, template }: Operation): ObjectKind | undefined {
  if (id === 'getDeletionReceipt') return 'receipt';
  return /\{(id|learner_ref)\}/.test(template) ? IN_PATH[template.split('/')[2] ?? ''] : ELSEWHERE[id];
}

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

/** Nobody listens there: nothing that is made here calls anybody. */
const NOWHERE = 'http://127.0.0.1:9/nobody';

/** What is sent along to be understood. */
export function bodyOf(
  id: string,
  objects: Objects,
  recipient: string,
  policy: string,
): object | FormData | undefined {
  switch (id) {
    case 'createVerification':
      return { learner_ref: `learner-${crypto.randomUUID()}`, expected: { full_name: 'Anna Eriksson' } };
    case 'updateVerification':
    case 'appealVerification':
      return { expected: { full_name: 'Anna Eriksson' } };
    case 'addCourse':
      return { course_id: 'course-v1:Access+1' };
    case 'cancelVerification':
      return {};
    case 'revokeVerification':
      return { reason: 'honor_code' };
    case 'createErasureRequest':
      return { learner_ref: objects.learner };
    case 'placeLegalHold':
      return {
        verification_id: objects.verification,
        authority: 'Court',
        reference: '1',
        // The clock of the sandbox is some days ahead.
        expires_at: inDays(60),
        notice: 'allowed',
      };
    case 'giveConsent':
      return { policy_version: policy, biometrics: true, cross_border: true };
    case 'uploadImages': {
      const form = new FormData();
      form.set('selfie', new Blob(['no picture']), 'a.jpg');
      return form;
    }
    case 'answerChallenge': {
      const form = new FormData();
      form.set('challenge_id', 'chl_00000000000000000000000000');
      for (let at = 0; at < 5; at++) {
        form.append('frames', new Blob(['no picture']), 'a.jpg');
        form.append('taken_at', String(at));
      }
      return form;
    }
    case 'decideReview':
      return { decision: 'approve' };
    case 'confirmDecision':
      return { agree: true };
    case 'createRecipient':
      return {
        name: 'University',
        kind: 'member',
        agreement_ref: 'file 1',
        agreement_expires_at: inDays(300),
        purposes: ['certificate'],
      };
    case 'updateRecipient':
      return { agreement_ref: 'file 2' };
    case 'createDisclosure':
      return {
        verification_id: objects.verification,
        recipient_id: recipient,
        purpose: 'certificate',
        fields: ['status'],
      };
    case 'createWebhookEndpoint':
      return { url: NOWHERE };
    case 'updateWebhookEndpoint':
      return { status: 'enabled' };
    case 'resendEvent':
      return {};
    case 'advanceClock':
      return { advance: 'PT0S' };
    case 'simulateOutcome':
      return { outcome: 'approved' };
    default:
      return undefined;
  }
}

/** Path and query. */
export function urlOf({ id, template }: Operation, kind: ObjectKind | undefined, objects: Objects): string {
  const named = kind === undefined ? '' : encodeURIComponent(objects[kind]);
  const pathname = template
    .replace(/\{(?:id|learner_ref)\}/, named)
    .replace('{slot}', 'selfie')
    .replace('{name}', 'approve');
  switch (id) {
    case 'listVerifications':
      return `${pathname}?learner_ref=${named}`;
    case 'getEligibility':
      return `${pathname}?learner_ref=${named}&course_id=course-v1:Access`;
    case 'listDisclosures':
    case 'listEvents':
      return `${pathname}?verification_id=${named}`;
    case 'listAudit':
      return `${pathname}?subject=${named}`;
    case 'listOutcomes':
      return `${pathname}?course_id=${named}`;
    default:
      return pathname;
  }
}

/** Objects that nobody has. */
export const NONE: Objects = {
  verification: 'ver_00000000000000000000000000',
  review: 'ver_00000000000000000000000000',
  receipt: 'ver_00000000000000000000000000',
  learner: 'learner-nobody',
  hold: 'hld_00000000000000000000000000',
  erasure: 'ers_00000000000000000000000000',
  recipient: 'rcp_00000000000000000000000000',
  endpoint: 'whe_00000000000000000000000000',
  event: 'evt_00000000000000000000000000',
  course: 'course-v1:Nobody+1',
};

/** Makes objects with one platform's key and, where there is one, one privacy officer's token. */
export function makeMaker(api: Api, key: string, officer: string | null) {
  async function as(token: string, method: string, url: string, body?: object) {
    const answer = await api.call(method, url, { token, ...(body && { body }) });
    if (answer.status >= 300)
      throw new Error(
        `${method} ${url} of the set-up answered ${answer.status} ${String(answer.body?.code)}`,
      );
    return answer.body;
  }

  async function verification(): Promise<{ id: string; learner: string }> {
    const learner = `learner-${crypto.randomUUID()}`;
    const body = await as(key, 'POST', '/v1/verifications', {
      learner_ref: learner,
      expected: { full_name: 'Anna Eriksson' },
      courses: ['course-v1:Access'],
    });
    return { id: body.id as string, learner };
  }
  const privileged = async (method: string, url: string, body: object) =>
    officer === null ? NONE.hold : ((await as(officer, method, url, body)).id as string);

  const makers: Readonly<Record<ObjectKind, () => Promise<string>>> = {
    verification: async () => (await verification()).id,
    learner: async () => (await verification()).learner,
    async review() {
      const { id } = await verification();
      // Only test keys can skip the engines.
      if (key.startsWith('lk_test_'))
        await as(key, 'POST', `/v1/test/verifications/${id}/simulate`, { outcome: 'in_review' });
      return id;
    },
    async receipt() {
      const { id } = await verification();
      await as(key, 'POST', `/v1/verifications/${id}/cancel`);
      for (;;) {
        const { redaction } = await as(key, 'GET', `/v1/verifications/${id}`);
        if (redaction.status === 'done') return id;
        await new Promise((done) => setTimeout(done, 100));
      }
    },
    hold: async () =>
      privileged(
        'POST',
        '/v1/legal_holds',
        bodyOf('placeLegalHold', { ...NONE, verification: (await verification()).id }, '', '')!,
      ),
    erasure: async () =>
      privileged('POST', '/v1/erasure_requests', { learner_ref: (await verification()).learner }),
    recipient: () =>
      privileged('POST', '/v1/recipients', {
        ...bodyOf('createRecipient', NONE, '', ''),
        safeguards_attested_at: inDays(-1),
      }),
    endpoint: async () => (await as(key, 'POST', '/v1/webhook_endpoints', { url: NOWHERE })).id as string,
    async event() {
      const { id } = await verification();
      return (await as(key, 'GET', `/v1/events?verification_id=${id}`)).data[0].id as string;
    },
    course: () => Promise.resolve('course-v1:Access'),
  };

  return {
    make: (kind: ObjectKind) => makers[kind](),
    async all(): Promise<Objects> {
      const made: Partial<Record<ObjectKind, string>> = {};
      for (const kind of Object.keys(makers) as ObjectKind[]) made[kind] = await makers[kind]();
      return made as Objects;
    },
  };
}
