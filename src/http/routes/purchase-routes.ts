import type { AppDeps } from '../../app/deps.js';
import type { Actor } from '../../app/journal.js';
import type { EligibilityAnswer } from '../../app/check-eligibility.js';
import type { makeAppeal } from '../../app/appeal.js';
import type { makeManageVerification } from '../../app/manage-verification.js';
import type { Repositories, Scope } from '../../app/ports/store.js';
import { requireOpaque, type StartRequest } from '../../app/start-verification.js';
import { loadView } from '../../app/view.js';
import { isCalendarDate } from '../../domain/dates.js';
import { AppError } from '../../domain/errors.js';
import { STATUSES, type Status } from '../../domain/state-machine.js';
import { makeCaptureAnswer } from '../capture-answer.js';
import { ifMatch } from '../if-match.js';
import type { Once } from '../once.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import type { Principal } from '../principal.js';
import type { Handlers, Reply } from '../operation.js';
import { presentCapture, presentVerification } from '../present.js';

type PurchaseOperation =
  | 'createVerification'
  | 'listVerifications'
  | 'getVerification'
  | 'updateVerification'
  | 'addCourse'
  | 'cancelVerification'
  | 'redactVerification'
  | 'revokeVerification'
  | 'appealVerification'
  | 'renewCaptureToken'
  | 'getEligibility'
  | 'getDeletionReceipt';

function requireDate(date: string | undefined, pointer: string): void {
  if (date !== undefined && !isCalendarDate(date))
    throw new AppError('invalid_field', { errors: [{ pointer, code: 'invalid_format' }] });
}

const platform = (principal: Principal): { scope: Scope; actor: Actor } => {
  if (principal.kind !== 'apiKey') throw new AppError('forbidden');
  return { scope: principal.scope, actor: `api_key:${principal.key.id}` };
};

export function makePurchaseRoutes(
  deps: Pick<AppDeps, 'store' | 'clock' | 'captureTokens' | 'policies' | 'settings'> & {
    readonly once: Once;
    readonly startVerification: (
      scope: Scope,
      actor: Actor,
      request: StartRequest,
      complete: (tx: Repositories, id: string) => Promise<void>,
    ) => Promise<string>;
    readonly manage: ReturnType<typeof makeManageVerification>;
    readonly appeal: ReturnType<typeof makeAppeal>;
    readonly checkEligibility: (
      scope: Scope,
      learnerRef: string,
      courseId: string,
    ) => Promise<EligibilityAnswer>;
  },
): Pick<Handlers, PurchaseOperation> {
  const { store, clock, captureTokens, settings, once, manage, appeal } = deps;
  const captureAnswer = makeCaptureAnswer(deps);

  async function answer(
    scope: Scope,
    id: string,
    { status = 200, withCapture = false }: { status?: number; withCapture?: boolean } = {},
  ): Promise<Reply> {
    const v = await store.read.verifications.find(scope, id);
    if (!v) throw new AppError('not_found');
    const body = presentVerification(await loadView(store.read, v), clock.now());
    const capture = withCapture ? { capture: presentCapture(v, captureTokens, settings.publicBaseUrl) } : {};
    return { status, version: v.rowVersion, body: { ...body, ...capture } };
  }

  return {
    createVerification: async (call) => {
      const { body, principal } = call;
      const { scope, actor } = platform(principal);
      requireDate(body.expected.date_of_birth, '/expected/date_of_birth');
      const { consent } = body;
      const id = await once.create(scope, 'POST /v1/verifications', call, (complete) =>
        deps.startVerification(
          scope,
          actor,
          {
            learnerRef: body.learner_ref,
            expected: body.expected,
            courses: body.courses ?? [],
            orderRef: body.order_ref ?? null,
            minimumAge: body.minimum_age ?? null,
            returnUrl: body.return_url ?? null,
            locale: body.locale ?? 'en',
            consent: consent
              ? {
                  policyVersion: consent.policy_version,
                  givenAt: new Date(consent.given_at),
                  biometrics: consent.biometrics,
                  crossBorder: consent.cross_border,
                  ...(consent.processing_country === undefined
                    ? {}
                    : { processingCountry: consent.processing_country }),
                }
              : null,
          },
          complete,
        ),
      );
      return answer(scope, id, { status: 201, withCapture: true });
    },

    listVerifications: async ({ query, principal }) => {
      const { scope } = platform(principal);
      const statuses = query.status?.split(',');
      const unknown = statuses?.find((status) => !(STATUSES as readonly string[]).includes(status));
      if (unknown !== undefined)
        throw new AppError('invalid_field', { errors: [{ pointer: 'status', code: 'invalid_enum' }] });
      const limit = query.limit ?? 20;
      const since = query['created_at[gte]'];
      const rows = await store.read.verifications.list(
        scope,
        {
          ...(query.learner_ref === undefined ? {} : { learnerRef: query.learner_ref }),
          ...(statuses ? { statuses: statuses as Status[] } : {}),
          ...(since === undefined ? {} : { createdSince: new Date(since) }),
        },
        { limit: limit + 1, ...decodeCursor(query.cursor, 'verification') },
      );
      const page = rows.slice(0, limit);
      const views = await Promise.all(page.map((v) => loadView(store.read, v)));
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        status: 200,
        body: {
          data: views.map((view) => presentVerification(view, clock.now())),
          next_cursor: last ? encodeCursor(last.id) : null,
        },
      };
    },

    getVerification: ({ params, principal }) => answer(platform(principal).scope, params.id),

    updateVerification: async ({ params, body, principal, req }) => {
      const { scope, actor } = platform(principal);
      requireDate(body.expected.date_of_birth, '/expected/date_of_birth');
      await manage.updateExpected(scope, params.id, body.expected, { actor, ifMatch: ifMatch(req) });
      return answer(scope, params.id);
    },

    addCourse: async (call) => {
      const { params, body, principal, req } = call;
      const { scope, actor } = platform(principal);
      await once.change(scope, 'addCourse', call, params.id, () =>
        manage.addCourse(scope, params.id, body.course_id, { actor, ifMatch: ifMatch(req) }),
      );
      return answer(scope, params.id);
    },

    cancelVerification: async (call) => {
      const { params, body, principal, req } = call;
      const change = { ifMatch: ifMatch(req) };
      if (principal.kind === 'captureToken') {
        const v = principal.verification;
        await once.change(v, 'cancelVerification', call, v.id, () =>
          manage.cancel(v, v.id, body?.reason, { actor: 'learner', ...change }),
        );
        return captureAnswer(v.id);
      }
      const { scope, actor } = platform(principal);
      await once.change(scope, 'cancelVerification', call, params.id, () =>
        manage.cancel(scope, params.id, body?.reason, { actor, ...change }),
      );
      return answer(scope, params.id);
    },

    redactVerification: async (call) => {
      const { params, principal, req } = call;
      const { scope, actor } = platform(principal);
      await once.change(scope, 'redactVerification', call, params.id, () =>
        manage.redact(scope, params.id, { actor, ifMatch: ifMatch(req) }),
      );
      return answer(scope, params.id, { status: 202 });
    },

    revokeVerification: async (call) => {
      const { params, body, principal, req } = call;
      const { scope, actor } = platform(principal);
      await once.change(scope, 'revokeVerification', call, params.id, () =>
        manage.revoke(scope, params.id, body.reason, { actor, ifMatch: ifMatch(req) }),
      );
      return answer(scope, params.id);
    },

    appealVerification: async (call) => {
      const { params, body, principal, req } = call;
      const { scope, actor } = platform(principal);
      requireDate(body.expected.date_of_birth, '/expected/date_of_birth');
      await once.create(scope, 'appealVerification', call, (complete) =>
        appeal(
          scope,
          params.id,
          { expected: body.expected, statement: body.statement ?? null },
          { actor, ifMatch: ifMatch(req) },
          complete,
        ),
      );
      return answer(scope, params.id, { withCapture: true });
    },

    renewCaptureToken: async (call) => {
      const { params, principal, req } = call;
      const { scope, actor } = platform(principal);
      await once.change(scope, 'renewCaptureToken', call, params.id, () =>
        manage.renewCaptureToken(scope, params.id, { actor, ifMatch: ifMatch(req) }),
      );
      return answer(scope, params.id, { status: 201, withCapture: true });
    },

    getEligibility: async ({ query, principal }) => {
      requireOpaque(query.learner_ref);
      const found = await deps.checkEligibility(
        platform(principal).scope,
        query.learner_ref,
        query.course_id,
      );
      return {
        status: 200,
        body: {
          eligible: found.eligible,
          verification_id: found.verificationId,
          valid_until: found.validUntil?.toISOString() ?? null,
          reason: found.reason,
          token: found.token,
        },
      };
    },

    getDeletionReceipt: async ({ params, principal }) => {
      const staff = principal.kind === 'operatorJwt' ? principal.staff : null;
      const scope = principal.kind === 'apiKey' ? principal.scope : null;
      const receipts = await store.read.deletions.receipts(
        staff ? staff.tenants : scope ? [scope.tenantId] : [],
        params.id,
        scope ? { livemode: scope.livemode } : {},
      );
      const receipt = receipts[0];
      if (receipt === undefined) throw new AppError('not_found');
      return { status: 200, body: { verification_id: params.id, receipt, receipts } };
    },
  };
}
