import { readFile } from 'node:fs/promises';
import type { SandboxClock } from '../adapters/clocks.js';
import { attemptRef } from '../app/advance.js';
import type { AppDeps } from '../app/deps.js';
import { lockForChange } from '../app/manage-verification.js';
import type { AuditLog } from '../app/audit-log.js';
import type { PublicStatistics } from '../app/public-statistics.js';
import type { Sweep } from '../app/sweep.js';
import { loadView } from '../app/view.js';
import { AppError } from '../domain/errors.js';
import { isReasonCode, type Reason } from '../domain/reasons.js';
import type { EventKind } from '../domain/state-machine.js';
import { ENGINE_TASKS } from '../domain/tasks.js';
import type { Principal } from '../http/principal.js';
import type { Once } from '../http/once.js';
import type { Handlers } from '../http/operation.js';
import { presentVerification } from '../http/present.js';
import { listSamples, readSample } from './samples/sample-store.js';

type SandboxOperation =
  'advanceClock' | 'simulateOutcome' | 'listSampleImages' | 'getSampleImage' | 'getSandboxIssuerJwks';

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** ISO 8601 durations of days and less, in milliseconds. */
function durationMs(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(text) ?? [];
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

const OUTCOMES: Readonly<Record<string, EventKind>> = {
  approved: 'engines_pass',
  in_review: 'engines_unsure',
  requires_input: 'engines_ask_again',
  declined: 'engines_decline',
};

const testKey = (principal: Principal) => {
  if (principal.kind !== 'apiKey' || principal.scope.livemode) throw new AppError('forbidden');
  return principal;
};

/** Routes of the sandbox: mounted by it alone, and for test keys only. */
export function makeSandboxRoutes(
  deps: Pick<AppDeps, 'store' | 'clock' | 'advance'> & {
    readonly sandboxClock: SandboxClock | null;
    readonly sweep: Sweep;
    readonly auditLog: Pick<AuditLog, 'checkpoint'>;
    readonly publicStatistics: Pick<PublicStatistics, 'publishDue'>;
    readonly once: Once;
    readonly samplesDir: string | undefined;
    readonly issuerFile: string | undefined;
  },
): Pick<Handlers, SandboxOperation> {
  const { store, clock, advance, sandboxClock, sweep, auditLog, publicStatistics, once } = deps;
  const { samplesDir, issuerFile } = deps;

  return {
    advanceClock: async (call) => {
      const { scope } = testKey(call.principal);
      if (!sandboxClock) throw new AppError('not_found');
      await once.change(scope, 'advanceClock', call, 'clock', async () => {
        await sandboxClock.advance(durationMs(call.body.advance));
        // Everything that the time would have brought.
        await sweep.run();
        await auditLog.checkpoint();
        await publicStatistics.publishDue();
      });
      return { status: 200, body: { now: clock.now().toISOString() } };
    },

    simulateOutcome: async (call) => {
      const { params, body } = call;
      const { scope, key } = testKey(call.principal);
      const reasons = readReasons(body.reasons ?? []);
      const event = OUTCOMES[body.outcome];
      if (!event)
        throw new AppError('invalid_field', { errors: [{ pointer: '/outcome', code: 'invalid_enum' }] });
      const actor = `api_key:${key.id}` as const;
      await once.change(scope, 'simulateOutcome', call, params.id, () =>
        store.transaction(async (tx) => {
          const found = await lockForChange(tx, scope, params.id, undefined);
          if (found.status !== 'requires_input' && found.status !== 'processing')
            throw new AppError('invalid_state');
          const v = await advance(tx, found, 'submit', { actor });
          await tx.tasks.removeOfEpoch(v.id, attemptRef(v).epoch, ENGINE_TASKS);
          await advance(tx, v, event, { actor, reasons });
        }),
      );
      const v = await store.read.verifications.find(scope, params.id);
      if (!v) throw new AppError('not_found');
      return {
        status: 200,
        version: v.rowVersion,
        body: presentVerification(await loadView(store.read, v), clock.now()),
      };
    },

    listSampleImages: async ({ principal }) => {
      testKey(principal);
      return { status: 200, body: { data: samplesDir === undefined ? [] : await listSamples(samplesDir) } };
    },

    getSampleImage: async ({ params, principal }) => {
      testKey(principal);
      const data = samplesDir === undefined ? null : await readSample(samplesDir, params.name);
      if (!data) throw new AppError('not_found');
      return { status: 200, bytes: { type: 'image/jpeg', data } };
    },

    getSandboxIssuerJwks: async () => {
      if (issuerFile === undefined) throw new AppError('not_found');
      return { status: 200, body: JSON.parse(await readFile(issuerFile, 'utf8')) as unknown };
    },
  };
}

function readReasons(codes: readonly string[]): readonly Reason[] {
  return codes.map((code, index) => {
    if (!isReasonCode(code))
      throw new AppError('invalid_field', {
        errors: [{ pointer: `/reasons/${index}`, code: 'reason_unknown' }],
      });
    return { code };
  });
}
