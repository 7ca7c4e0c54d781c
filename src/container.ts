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
import { makeLocalKeyProvider } from './adapters/local-key-provider.js';
import { makeMetrics } from './adapters/metrics.js';
import { makeLogger } from './adapters/pino-logger.js';
import { makePostgresStore } from './adapters/postgres/store.js';
import { makePseudonymiser } from './adapters/pseudonymiser.js';
import { makeS3BlobStore } from './adapters/s3-blob-store.js';
import { makeIds } from './adapters/ulid-ids.js';
import { makeAccessKeys } from './app/access-keys.js';
import { makeAdvance } from './app/advance.js';
import { makeCaptureImages } from './app/capture-images.js';
import { makeCheckEligibility } from './app/check-eligibility.js';
import { makeConsent } from './app/consent.js';
import type { AppDeps } from './app/deps.js';
import { makeEraseBlob } from './app/erase-blob.js';
import { makeForget } from './app/forget.js';
import { makeIdempotency } from './app/idempotency.js';
import { makeJournal } from './app/journal.js';
import { makeManageVerification } from './app/manage-verification.js';
import { makeMaskImage } from './app/mask-image.js';
import { makeMatchFace } from './app/match-face.js';
import { makePolicies } from './app/policies.js';
import type { BlobStore } from './app/ports/blob-store.js';
import { makeReadDocument } from './app/read-document.js';
import { makeReview } from './app/review.js';
import { makeSettleAttempt } from './app/settle-attempt.js';
import { makeStartVerification } from './app/start-verification.js';
import { makeTakeChallenge } from './app/take-challenge.js';
import { makeSubmitCapture } from './app/submit-capture.js';
import { makeSweep } from './app/sweep.js';
import { makeVault } from './app/vault.js';
import { ConfigError, type Config, type StorageConfig } from './config.js';

export type Container = Awaited<ReturnType<typeof buildContainer>>;

function makeBlobStore(storage: StorageConfig): BlobStore {
  return storage.kind === 'filesystem'
    ? makeFsBlobStore({ root: storage.directory })
    : makeS3BlobStore(storage);
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

  const keys = makeLocalKeyProvider({ directory: config.keyDir });
  const signer = await makeJwsSigner({ keyDir: config.keyDir });
  const captureTokens = await makeCaptureTokens({ keyDir: config.keyDir });
  const pseudonymiser = await makePseudonymiser({ keyDir: config.keyDir });
  const blobs = makeBlobStore(config.storage);
  const queue = makeBullmqQueue({
    url: config.redisUrl,
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
    logger,
    settings: {
      returnOrigins: config.returnOrigins,
      publicBaseUrl: config.publicBaseUrl,
      autoDecline: config.autoDecline,
    },
    journal,
    vault: makeVault({ keys, sealer, ids, clock }),
    policies: makePolicies({ store, clock }),
    advance: makeAdvance({ clock, ids, journal }),
  };

  const settle = makeSettleAttempt(deps);
  const forget = makeForget(deps);
  const eraseBlob = makeEraseBlob(deps);
  return {
    ...deps,
    db: store.db,
    metrics,
    engines,
    sandboxClock,
    refreshClock,
    accessKeys: makeAccessKeys(deps),
    idempotency: makeIdempotency(deps),
    startVerification: makeStartVerification(deps),
    manage: makeManageVerification(deps),
    consent: makeConsent(deps),
    images: makeCaptureImages(deps),
    challenge: makeTakeChallenge(deps),
    submitCapture: makeSubmitCapture(deps),
    checkEligibility: makeCheckEligibility(deps),
    review: makeReview(deps),
    settle,
    forget,
    eraseBlob,
    readDocument: makeReadDocument({ ...deps, settle, maskImage: makeMaskImage(deps) }),
    matchFace: makeMatchFace({ ...deps, settle }),
    sweep: makeSweep({ ...deps, forget, eraseBlob, settle }),
    async close(): Promise<void> {
      await engines.close();
      await queue.close();
      await store.close();
    },
  };
}
