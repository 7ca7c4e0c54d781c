import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const codes = (v: { reasons: { code: string }[] }) => v.reasons.map(({ code }) => code);

describe('what becomes of a learner’s pictures', () => {
  it('approves a genuine pair with the right name without a person, and forgets with a receipt', async () => {
    const { id, token, learner, decided } = await api.verify('approve', {
      create: { courses: ['course-1'] },
    });
    expect(decided).toMatchObject({
      status: 'approved',
      method: 'biometric',
      reasons: [],
      purchase: { eligible: true },
    });
    expect(
      decided.checks.every(({ outcome }: { outcome: string }) => ['pass', 'not_run'].includes(outcome)),
    ).toBe(true);
    expect(decided.attempts).toMatchObject([{ number: 1, outcome: 'approved' }]);

    const done = await api.until(id, (v) => v.redaction.status === 'done');
    expect(done.received).toEqual([]);
    const eligible = await api.platform('GET', `/v1/eligibility?learner_ref=${learner}&course_id=course-1`);
    expect(eligible.body).toMatchObject({ eligible: true, verification_id: id, reason: null });

    const receipt = await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`);
    const claims = JSON.parse(Buffer.from(receipt.body.receipt.split('.')[1], 'base64url').toString()) as {
      artefacts: { kind: string; absent_at: string; digest_sha256: string }[];
    };
    expect(claims.artefacts.map(({ kind }) => kind).sort()).toEqual([
      'field:expected',
      'field:extracted',
      'image:id_front',
      'image:selfie',
    ]);
    for (const artefact of claims.artefacts) {
      expect(artefact.digest_sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(Date.parse(artefact.absent_at)).not.toBeNaN();
    }
    const capture = await api.call('GET', `/v1/verifications/${id}/capture`, { token });
    expect(capture.body).toMatchObject({ status: 'approved', received: [], to_do: [] });
  });

  it('approves an identity card whose machine-readable lines are on its back', async () => {
    const { decided } = await api.verify('approve_td1');
    expect(decided).toMatchObject({ status: 'approved' });
  });

  it('sends another name to a person', async () => {
    const { decided } = await api.verify('approve', { expected: { full_name: 'Somebody Else' } });
    expect(decided.status).toBe('in_review');
    expect(codes(decided)).toContain('name_mismatch');
    expect(decided.purchase.eligible).toBe(false);
  });

  it('sends another person’s face to a person', async () => {
    const { decided } = await api.verify('face_mismatch');
    expect(decided.status).toBe('in_review');
    expect(codes(decided)).toContain('face_mismatch');
  });

  it('asks for another document when this one has expired', async () => {
    const { decided } = await api.verify('expired');
    expect(decided.status).toBe('requires_input');
    expect(codes(decided)).toContain('document_expired');
    expect(decided).toMatchObject({ attempt: 2, attempts_left: 1 });
    expect(decided.received).not.toContain('id_front');
    expect(decided.received).toContain('selfie');
  });

  it('sends another date of birth to a person', async () => {
    const { decided } = await api.verify('approve', { expected: { date_of_birth: '1901-01-01' } });
    expect(decided.status).toBe('in_review');
    expect(codes(decided)).toContain('date_of_birth_mismatch');
  });

  it('sends who is under age to a person', async () => {
    const { decided } = await api.verify('under_age');
    expect(decided.status).toBe('in_review');
    expect(codes(decided)).toContain('under_minimum_age');
  });

  it('tells staff of contradicting zones, and the learner nothing of it', async () => {
    const { id, token, decided } = await api.verify('inconsistent');
    expect(decided.status).toBe('in_review');
    expect(codes(decided)).toContain('document_inconsistent');
    const capture = await api.call('GET', `/v1/verifications/${id}/capture`, { token });
    expect(codes(capture.body)).toEqual(['could_not_verify']);
    expect(JSON.stringify(capture.body)).not.toContain('document_inconsistent');
  });

  it('does what each drawn sample says', async () => {
    const all = await api.samples();
    const outcomes: Record<string, string> = {};
    for (const sample of all.filter(
      ({ slot, expect: expected }) => slot === 'id_front' && expected.status !== 'requires_input',
    )) {
      const { decided } = await api.verify(sample.name);
      outcomes[sample.name] = decided.status as string;
      for (const reason of sample.expect.reasons)
        expect([sample.name, codes(decided)]).toEqual([sample.name, expect.arrayContaining([reason])]);
    }
    expect(outcomes).toEqual(
      Object.fromEntries(
        all
          .filter(({ slot, expect: expected }) => slot === 'id_front' && expected.status !== 'requires_input')
          .map(({ name, expect: expected }) => [name, expected.status]),
      ),
    );
  }, 600_000);
});
