import { makeAesGcmSealer } from './adapters/aes-gcm-sealer.js';
import { makeBullmqQueue } from './adapters/bullmq-queue.js';
import { makeCaptureTokens } from './adapters/capture-tokens.js';
import { makeSandboxClock, systemClock } from './adapters/clocks.js';
import { makeEnginePool } from './adapters/engines/engine-pool.js';
import { weightsAreInstalled } from './adapters/face/dlib/weights.js';
import { faceEngineSetup } from './adapters/face/face-engine-setup.js';
import { makeFsBlobStore } from './adapters/fs-blob-store.js';
import { makeImageMasker } from './adapters/images/masker.js';
import { makeWatermarker } from './adapters/images/watermarker.js';
import { makeJwsSigner } from './adapters/jws-signer.js';
import { makeKmsKeyProvider } from './adapters/kms-key-provider.js';
import { makeLocalKeyProvider } from './adapters/local-key-provider.js';
import { makeMetrics } from './adapters/metrics.js';
import { makeLogger } from './adapters/pino-logger.js';
import { makePostgresStore } from './adapters/postgres/store.js';
import { makePseudonymiser } from './adapters/pseudonymiser.js';
import { makeRateLimiter } from './adapters/rate-limiter.js';
import { makeS3BlobStore } from './adapters/s3-blob-store.js';
import { makeSecretBox } from './adapters/secret-box.js';
import { makeTransitKeyProvider } from './adapters/transit-key-provider.js';
import { makeIds } from './adapters/ulid-ids.js';
import { makeHttpWebhookSender } from './adapters/webhooks/http-webhook-sender.js';
import { makeAccessKeys } from './app/access-keys.js';
import { makeAdvance } from './app/advance.js';
import { makeAppeal } from './app/appeal.js';
import { makeAuditLog } from './app/audit-log.js';
import { makeCaptureImages } from './app/capture-images.js';
import { makeCheckEligibility } from './app/check-eligibility.js';
import { makeCompliance, OVERDUE_KINDS } from './app/compliance.js';
import { makeConsent } from './app/consent.js';
import type { AppDeps } from './app/deps.js';
import { makeDeliverWebhook } from './app/deliver-webhook.js';
import { makeDisclose } from './app/disclose.js';
import { makeDestroyKeys } from './app/destroy-keys.js';
import { makeEndRetention } from './app/end-retention.js';
import { makeEraseBlob } from './app/erase-blob.js';
import { makeErasePerson } from './app/erase-person.js';
import { makeErasureRequests } from './app/erasure-requests.js';
import { makeExportPerson } from './app/export-person.js';
import { makeForget } from './app/forget.js';
import { makeHandover } from './app/handover.js';
import { makeIdempotency } from './app/idempotency.js';
import { makeJournal } from './app/journal.js';
import { makeLegalHolds } from './app/legal-holds.js';
import { makeManageVerification } from './app/manage-verification.js';
import { makeMaskImage } from './app/mask-image.js';
import { makeMatchFace } from './app/match-face.js';
import { makePolicies } from './app/policies.js';
import type { BlobStore } from './app/ports/blob-store.js';
import type { KeyProvider } from './app/ports/key-provider.js';
import { makePublicStatistics } from './app/public-statistics.js';
import { makeReadDocument } from './app/read-document.js';
import { makeReadOutcomes } from './app/read-outcomes.js';
import { makeRecipients } from './app/recipients.js';
import { makeReview } from './app/review.js';
import { makeSettleAttempt } from './app/settle-attempt.js';
import { makeStartVerification } from './app/start-verification.js';
import { makeTakeChallenge } from './app/take-challenge.js';
import { makeSubmitCapture } from './app/submit-capture.js';
import { makeSweep } from './app/sweep.js';
import { makeVault } from './app/vault.js';
import { makeWebhooks } from './app/webhooks.js';
import { makeOnce } from './http/once.js';
import { ConfigError, type Config, type StorageConfig } from './config.js';

export type Container = Awaited<ReturnType<typeof buildContainer>>;

function makeBlobStore(storage: StorageConfig): BlobStore {
  return storage.kind === 'filesystem'
    ? makeFsBlobStore({ root: storage.directory })
    : makeS3BlobStore(storage);
}

function makeKeyProvider({ keys, keyDir }: Config): KeyProvider {
  switch (keys.kind) {
    case 'local':
      return makeLocalKeyProvider({ directory: keyDir });
    case 'kms':
      return makeKmsKeyProvider({ ...keys, keyDir, clock: systemClock });
    case 'transit':
      return makeTransitKeyProvider(keys);
  }
}

/** Builds the service from its configuration. The only place that knows adapters. */
export async function buildContainer(config: Config, service: string) {
  if (config.faceEngine === 'dlib' && !weightsAreInstalled()) throw new ConfigError('FACE_ENGINE', 'invalid');
  const faceSetup = faceEngineSetup(config.faceEngine);
  const logger = makeLogger(service);
  const metrics = makeMetrics();
  const ids = makeIds();
  const store = makePostgresStore({
    url: config.databaseUrl,
    poolSize: config.databasePool,
    onConnectionError: () => logger.warn('database_connection_lost'),
  });
  const sandboxClock = config.sandbox ? makeSandboxClock(() => store) : null;
  const clock = sandboxClock ?? systemClock;
  const refreshClock = () => sandboxClock?.refresh() ?? Promise.resolve();

  const keys = makeKeyProvider(config);
  const signer = await makeJwsSigner({ keyDir: config.keyDir });
  const captureTokens = await makeCaptureTokens({ keyDir: config.keyDir });
  const pseudonymiser = await makePseudonymiser({ keyDir: config.keyDir });
  const blobs = makeBlobStore(config.storage);
  const queue = makeBullmqQueue({
    url: config.redisUrl,
    onError: () => logger.warn('redis_connection_lost'),
  });
  const limiter = makeRateLimiter({
    url: config.redisUrl,
    budgets: config.rateLimits,
    onError: () => logger.warn('redis_connection_lost'),
  });
  const engines = makeEnginePool({
    size: config.engineHosts,
    timeoutMs: config.engineTimeoutMs,
    maxRssBytes: config.engineMaxRss,
    recycleAfter: config.engineRecycleAfter,
    ...(faceSetup.hostPath !== undefined && { hostPath: faceSetup.hostPath }),
    logger: {
      info: ({ pid }) => logger.info('engine_host_recycled', { pid: Number(pid) }),
      warn: ({ pid, reason }) => logger.warn('engine_host_lost', { pid: Number(pid), code: String(reason) }),
    },
  });
  metrics.gauge('lethe_face_inferences', 'Runs of face networks.', () => engines.stats().faceInferences);

  metrics.gauge(
    'lethe_webhook_oldest_undelivered_seconds',
    'Age of the oldest event on its way.',
    async () => {
      const oldest = await store.read.deliveries.oldestUndelivered();
      return oldest ? Math.max(0, clock.now().getTime() - oldest.getTime()) / 1000 : 0;
    },
  );

  const journal = makeJournal({ clock, ids });
  const sealer = makeAesGcmSealer();
  const deps: AppDeps = {
    store,
    clock,
    ids,
    keys,
    sealer,
    signer,
    captureTokens,
    pseudonymiser,
    blobs,
    queue,
    inspector: engines,
    reader: engines,
    faces: { ...engines, model: faceSetup.model },
    presence: engines,
    masker: makeImageMasker(),
    watermarker: makeWatermarker(),
    secretBox: await makeSecretBox({ keyDir: config.keyDir }),
    webhookSender: makeHttpWebhookSender(config.webhooks),
    logger,
    settings: {
      returnOrigins: config.returnOrigins,
      publicBaseUrl: config.publicBaseUrl,
      autoDecline: config.autoDecline,
      confirmDecisions: config.confirmDecisions,
    },
    journal,
    vault: makeVault({ keys, sealer, ids, clock }),
    policies: makePolicies({ store, clock, ids }),
    advance: makeAdvance({ clock, ids, journal }),
  };

  const idempotency = makeIdempotency(deps);
  const settle = makeSettleAttempt(deps);
  const forget = makeForget(deps);
  const eraseBlob = makeEraseBlob(deps);
  const erasePerson = makeErasePerson(deps);
  const legalHolds = makeLegalHolds(deps);
  const auditLog = makeAuditLog(deps);
  const sweep = makeSweep({
    ...deps,
    forget,
    eraseBlob,
    settle,
    holds: legalHolds,
    destroyKey: makeDestroyKeys({ ...deps, forget }),
    retention: makeEndRetention({ ...deps, auditLog }),
  });
  const compliance = makeCompliance({ ...deps, auditLog, findOrphans: sweep.findOrphans });
  metrics.gauges(
    'lethe_overdue',
    'Promises that are late, and holds that end soon (100 at most).',
    'kind',
    async () => {
      const counts: Record<string, number> = Object.fromEntries(OVERDUE_KINDS.map((kind) => [kind, 0]));
      for (const { kind } of await compliance.findOverdue('all')) counts[kind] = (counts[kind] ?? 0) + 1;
      return counts;
    },
  );
  return {
    ...deps,
    db: store.db,
    metrics,
    limiter,
    engines,
    sandboxClock,
    refreshClock,
    accessKeys: makeAccessKeys(deps),
    idempotency,
    once: makeOnce({ store, idempotency }),
    handover: makeHandover(deps),
    startVerification: makeStartVerification(deps),
    manage: makeManageVerification({ ...deps, erasePerson }),
    appeal: makeAppeal(deps),
    legalHolds,
    erasureRequests: makeErasureRequests({ ...deps, erasePerson }),
    exportPerson: makeExportPerson(deps),
    compliance,
    recipients: makeRecipients(deps),
    disclose: makeDisclose(deps),
    readOutcomes: makeReadOutcomes(deps),
    publicStatistics: makePublicStatistics({ ...deps, livemode: !config.sandbox }),
    webhooks: makeWebhooks(deps),
    deliverWebhook: makeDeliverWebhook(deps),
    consent: makeConsent(deps),
    images: makeCaptureImages(deps),
    challenge: makeTakeChallenge(deps),
    submitCapture: makeSubmitCapture(deps),
    checkEligibility: makeCheckEligibility(deps),
    review: makeReview(deps),
    auditLog,
    settle,
    forget,
    eraseBlob,
    readDocument: makeReadDocument({ ...deps, settle, maskImage: makeMaskImage(deps) }),
    matchFace: makeMatchFace({ ...deps, settle }),
    sweep,
    async close(): Promise<void> {
      await engines.close();
      await queue.close();
      await limiter.close();
      await store.close();
    },
  };
}
