import { strToU8, zipSync } from 'fflate';
import type { Compliance } from '../../app/compliance.js';
import type { AppDeps } from '../../app/deps.js';
import type { makeErasureRequests } from '../../app/erasure-requests.js';
import type { makeExportPerson } from '../../app/export-person.js';
import type { Actor } from '../../app/journal.js';
import type { makeLegalHolds } from '../../app/legal-holds.js';
import type { Staff } from '../../app/review.js';
import { requireOpaque } from '../../app/start-verification.js';
import { AppError } from '../../domain/errors.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { ifMatch } from '../if-match.js';
import type { Once } from '../once.js';
import type { Call, Handlers, Reply } from '../operation.js';
import {
  imageFile,
  presentCompliance,
  presentErasure,
  presentHold,
  presentLearnerData,
} from '../present-privacy.js';
import { staffOf, tenantOf } from '../staff-tenant.js';

type PrivacyOperation =
  | 'exportLearnerData'
  | 'createErasureRequest'
  | 'getErasureRequest'
  | 'placeLegalHold'
  | 'listLegalHolds'
  | 'getLegalHold'
  | 'approveLegalHold'
  | 'releaseLegalHold'
  | 'getCompliance';

/** What is about a person, and not about a test or a live key. */
const scopeOf = (tenantId: string) => ({ tenantId, livemode: true });
const actorOf = (staff: Staff): Actor => `staff:${staff.id}`;

/** What the privacy officer does for a person, and what an authority may ask for. */
export function makePrivacyRoutes(
  deps: Pick<AppDeps, 'clock' | 'policies'> & {
    readonly exportPerson: ReturnType<typeof makeExportPerson>;
    readonly erasureRequests: ReturnType<typeof makeErasureRequests>;
    readonly legalHolds: ReturnType<typeof makeLegalHolds>;
    readonly compliance: Pick<Compliance, 'report'>;
    readonly once: Once;
  },
): Pick<Handlers, PrivacyOperation> {
  const { clock, policies, exportPerson, erasureRequests, legalHolds, compliance, once } = deps;
  const holdReply = (status: number, view: Parameters<typeof presentHold>[0]): Reply => ({
    status,
    version: view.hold.rowVersion,
    body: presentHold(view),
  });

  async function changeHold(
    call: Pick<Call<'approveLegalHold'>, 'params' | 'principal' | 'req'>,
    operation: string,
    work: (staff: Staff, id: string) => Promise<unknown>,
  ): Promise<Reply> {
    const staff = staffOf(call.principal);
    const { id } = call.params;
    const { hold } = await legalHolds.get(staff, id);
    await once.change(scopeOf(hold.tenantId), `${operation} ${staff.id}`, call, id, () => work(staff, id));
    return holdReply(200, await legalHolds.get(staff, id));
  }

  return {
    exportLearnerData: async ({ params, query, principal }) => {
      const staff = staffOf(principal);
      const tenantId = tenantOf(staff, query.tenant);
      const withImages = query.format === 'zip';
      const found = await exportPerson(actorOf(staff), tenantId, params.learner_ref, { withImages });
      const { version: policy } = await policies.current();
      const body = presentLearnerData(params.learner_ref, tenantId, found, { policy, now: clock.now() });
      if (!withImages) return { status: 200, body };
      const files: Record<string, Uint8Array> = { 'data.json': strToU8(JSON.stringify(body, null, 2)) };
      for (const { verification, images } of found)
        for (const { slot, bytes } of images) if (bytes) files[imageFile(verification.id, slot)] = bytes;
      // Photographs do not get smaller.
      return { status: 200, bytes: { type: 'application/zip', data: zipSync(files, { level: 0 }) } };
    },

    createErasureRequest: async (call) => {
      const { body, query } = call;
      const staff = staffOf(call.principal);
      requireOpaque(body.learner_ref);
      const tenantId = tenantOf(staff, query.tenant);
      const id = await once.create(scopeOf(tenantId), 'createErasureRequest', call, (complete) =>
        erasureRequests.create(actorOf(staff), tenantId, body.learner_ref, complete),
      );
      return { status: 202, body: presentErasure(await erasureRequests.get([tenantId], id)) };
    },

    getErasureRequest: async ({ params, principal }) => ({
      status: 200,
      body: presentErasure(await erasureRequests.get(staffOf(principal).tenants, params.id)),
    }),

    placeLegalHold: async (call) => {
      const { body, query } = call;
      const staff = staffOf(call.principal);
      if ((body.verification_id === undefined) === (body.learner_ref === undefined))
        throw new AppError('invalid_field', {
          detail: 'A hold is on a verification or on a learner.',
          errors: [{ pointer: '/verification_id', code: 'either_or' }],
        });
      const tenantId = tenantOf(staff, query.tenant);
      const request = {
        verificationId: body.verification_id ?? null,
        learnerRef: body.learner_ref ?? null,
        authority: body.authority,
        reference: body.reference,
        expiresAt: new Date(body.expires_at),
        notice: body.notice,
      };
      const id = await once.create(scopeOf(tenantId), 'placeLegalHold', call, (complete) =>
        legalHolds.place(staff, tenantId, request, complete),
      );
      return holdReply(201, await legalHolds.get(staff, id));
    },

    listLegalHolds: async ({ query, principal }) => {
      const staff = staffOf(principal);
      const limit = query.limit ?? 20;
      const tenantIds = query.tenant === undefined ? staff.tenants : [tenantOf(staff, query.tenant)];
      const views = await legalHolds.list(
        tenantIds,
        { live: query.live === true },
        { limit: limit + 1, ...decodeCursor(query.cursor, 'legalHold') },
      );
      const last = views.length > limit ? views[limit - 1] : undefined;
      return {
        status: 200,
        body: {
          data: views.slice(0, limit).map(presentHold),
          next_cursor: last ? encodeCursor(last.hold.id) : null,
        },
      };
    },

    getLegalHold: async ({ params, principal }) =>
      holdReply(200, await legalHolds.get(staffOf(principal), params.id)),
    approveLegalHold: (call) =>
      changeHold(call, 'approveLegalHold', (staff, id) => legalHolds.approve(staff, id, ifMatch(call.req))),
    releaseLegalHold: (call) =>
      changeHold(call, 'releaseLegalHold', (staff, id) => legalHolds.release(staff, id, ifMatch(call.req))),

    getCompliance: async ({ principal }) => ({
      status: 200,
      body: presentCompliance(await compliance.report(staffOf(principal).tenants)),
    }),
  };
}
