import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { AppDeps } from '../../app/deps.js';
import type { Disclose, DisclosedValues } from '../../app/disclose.js';
import type { Idempotency } from '../../app/idempotency.js';
import type { makeRecipients } from '../../app/recipients.js';
import type { Staff } from '../../app/review.js';
import { AppError } from '../../domain/errors.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import type { Handlers, Reply } from '../operation.js';
import { presentDisclosedValues, presentDisclosure, presentRecipient } from '../present-third-parties.js';
import { REGISTER_HEAD, registerLine } from '../register-csv.js';
import { staffOf, tenantOf } from '../staff-tenant.js';
import { ifMatch } from '../if-match.js';

type ThirdPartyOperation =
  | 'createRecipient'
  | 'listRecipients'
  | 'getRecipient'
  | 'updateRecipient'
  | 'createDisclosure'
  | 'listDisclosures';

/** Lines of the register that are in memory at a time while it is exported. */
const EXPORT_PAGE = 500;

/** Of all tenants of the caller, or of the one that is named. */
const tenantsOf = (staff: Staff, asked: string | undefined): readonly string[] =>
  asked === undefined ? staff.tenants : [tenantOf(staff, asked)];

const dateIn = (text: string | null | undefined): Date | null =>
  text === null || text === undefined ? null : new Date(text);

/** Recipients, and what they are given: for privacy officers, and to read for auditors. */
export function makeThirdPartyRoutes(
  deps: Pick<AppDeps, 'store' | 'clock'> & {
    readonly idempotency: Idempotency;
    readonly recipients: ReturnType<typeof makeRecipients>;
    readonly disclose: Disclose;
  },
): Pick<Handlers, ThirdPartyOperation> {
  const { store, clock, idempotency, recipients, disclose } = deps;

  async function recipientReply(status: number, staff: Staff, id: string): Promise<Reply> {
    const row = await recipients.get(staff, id);
    return { status, version: row.rowVersion, body: presentRecipient(row, clock.now()) };
  }

  type Filter = Parameters<typeof store.read.disclosures.list>[1];

  async function* registerLines(tenantIds: readonly string[], filter: Filter): AsyncGenerator<string> {
    yield REGISTER_HEAD;
    let after: string | undefined;
    do {
      const rows = await store.read.disclosures.list(tenantIds, filter, {
        limit: EXPORT_PAGE,
        ...(after === undefined ? {} : { after }),
      });
      after = rows.length === EXPORT_PAGE ? rows.at(-1)?.id : undefined;
      yield rows.map(registerLine).join('');
    } while (after !== undefined);
  }

  /** Streams the register, for it may be long. */
  async function exportRegister(tenantIds: readonly string[], filter: Filter, res: Response): Promise<void> {
    res.status(200).type('text/csv');
    res.setHeader('Content-Disposition', 'attachment; filename="disclosures.csv"');
    try {
      await pipeline(Readable.from(registerLines(tenantIds, filter)), res);
    } catch (error) {
      // Who asked has left; that is no fault of ours.
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
        throw error;
    }
  }

  return {
    createRecipient: async ({ body, query, principal, req }) => {
      const staff = staffOf(principal);
      const tenantId = tenantOf(staff, query.tenant);
      const id = await idempotency.once(
        // Recipients are neither test nor live.
        { tenantId, livemode: true },
        'POST /v1/recipients',
        req.get('idempotency-key'),
        body,
        (complete) =>
          recipients.register(
            tenantId,
            staff,
            {
              name: body.name,
              kind: body.kind,
              agreementRef: body.agreement_ref,
              agreementExpiresAt: new Date(body.agreement_expires_at),
              safeguardsAttestedAt: dateIn(body.safeguards_attested_at),
              purposes: body.purposes,
            },
            complete,
          ),
      );
      return recipientReply(201, staff, id);
    },

    listRecipients: async ({ query, principal }) => {
      const tenantIds = tenantsOf(staffOf(principal), query.tenant);
      const limit = query.limit ?? 20;
      const rows =
        tenantIds.length === 0
          ? []
          : await store.read.recipients.list(tenantIds, {
              limit: limit + 1,
              ...decodeCursor(query.cursor, 'recipient'),
            });
      const now = clock.now();
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        status: 200,
        body: {
          data: rows.slice(0, limit).map((row) => presentRecipient(row, now)),
          next_cursor: last ? encodeCursor(last.id) : null,
        },
      };
    },

    getRecipient: ({ params, principal }) => recipientReply(200, staffOf(principal), params.id),

    updateRecipient: async ({ params, body, principal, req }) => {
      const staff = staffOf(principal);
      const { agreement_ref, agreement_expires_at, safeguards_attested_at, purposes, ended } = body;
      await recipients.change(
        staff,
        params.id,
        {
          ...(agreement_ref !== undefined && { agreementRef: agreement_ref }),
          ...(agreement_expires_at !== undefined && { agreementExpiresAt: new Date(agreement_expires_at) }),
          ...(safeguards_attested_at !== undefined && {
            safeguardsAttestedAt: dateIn(safeguards_attested_at),
          }),
          ...(purposes !== undefined && { purposes }),
          ...(ended !== undefined && { ended }),
        },
        ifMatch(req),
      );
      return recipientReply(200, staff, params.id);
    },

    createDisclosure: async ({ body, principal, req }) => {
      const staff = staffOf(principal);
      const v = await store.read.verifications.findById(body.verification_id);
      if (!v || !staff.tenants.includes(v.tenantId)) throw new AppError('not_found');
      let values: DisclosedValues | undefined;
      const id = await idempotency.once(
        v,
        'POST /v1/disclosures',
        req.get('idempotency-key'),
        body,
        async (complete) => {
          const given = await disclose(
            staff,
            {
              verificationId: v.id,
              recipientId: body.recipient_id,
              purpose: body.purpose,
              fields: body.fields,
              legalBasis: body.legal_basis ?? null,
              notifyLearner: body.notify_learner,
            },
            complete,
          );
          values = given.values;
          return given.id;
        },
      );
      const row = await store.read.disclosures.find(id);
      if (!row) throw new AppError('not_found');
      return {
        status: 201,
        // A repeated call has disclosed nothing, and so has nothing to show.
        body: { ...presentDisclosure(row), ...(values && { values: presentDisclosedValues(values) }) },
      };
    },

    listDisclosures: async ({ query, principal, res }) => {
      const tenantIds = tenantsOf(staffOf(principal), query.tenant);
      const filter: Filter = {
        ...(query.recipient_id !== undefined && { recipientId: query.recipient_id }),
        ...(query.verification_id !== undefined && { verificationId: query.verification_id }),
      };
      if (query.format === 'csv') {
        await exportRegister(tenantIds, filter, res);
        return undefined;
      }
      const limit = query.limit ?? 20;
      const rows = await store.read.disclosures.list(tenantIds, filter, {
        limit: limit + 1,
        ...decodeCursor(query.cursor, 'disclosure'),
      });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        status: 200,
        body: {
          data: rows.slice(0, limit).map(presentDisclosure),
          next_cursor: last ? encodeCursor(last.id) : null,
        },
      };
    },
  };
}
