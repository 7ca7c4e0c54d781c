import type { Server } from 'node:http';
import type { Express } from 'express';
import { openDailyLog } from './adapters/daily-log.js';
import type { Config } from './config.js';
import { buildContainer, type Container } from './container.js';
import { KEPT } from './domain/retention.js';
import { readApiDescription } from './http/api-description.js';
import { makeAccessLog } from './http/middleware/access-log.js';
import { makeAuthenticate } from './http/middleware/authenticate.js';
import { makeUpload } from './http/middleware/upload.js';
import type { Handlers } from './http/operation.js';
import { makePages } from './http/pages.js';
import { makeProgressStream } from './http/progress-stream.js';
import { makeAuditRoutes } from './http/routes/audit-routes.js';
import { makeChallengeRoutes } from './http/routes/challenge-routes.js';
import { makeCaptureRoutes } from './http/routes/capture-routes.js';
import { makeOutcomeRoutes } from './http/routes/outcome-routes.js';
import { makePublicRoutes } from './http/routes/public-routes.js';
import { makePrivacyRoutes } from './http/routes/privacy-routes.js';
import { makePurchaseRoutes } from './http/routes/purchase-routes.js';
import { makeReviewRoutes } from './http/routes/review-routes.js';
import { makeThirdPartyRoutes } from './http/routes/third-party-routes.js';
import { makeWebhookRoutes } from './http/routes/webhook-routes.js';
import { makeServer } from './http/server.js';
import { makeSandboxRoutes } from './sandbox/sandbox-routes.js';

/** Requests that still run when we are asked to stop get this long (milliseconds). */
const DRAIN_MS = 10_000;

function makeApp(config: Config, container: Container) {
  const { document, operations } = readApiDescription();
  const streamProgress = makeProgressStream(container);
  const handlers: Handlers = {
    ...makePurchaseRoutes(container),
    ...makeCaptureRoutes({ ...container, streamProgress }),
    ...makeChallengeRoutes(container),
    ...makeReviewRoutes(container),
    ...makeAuditRoutes(container),
    ...makePrivacyRoutes(container),
    ...makeThirdPartyRoutes(container),
    ...makeOutcomeRoutes(container),
    ...makeWebhookRoutes(container),
    ...makePublicRoutes({ ...container, document }),
    ...makeSandboxRoutes({
      ...container,
      samplesDir: config.samplesDir,
      issuerFile: config.sandboxIssuerFile,
    }),
  };
  const accessFile =
    config.accessLogFile === undefined
      ? null
      : openDailyLog(config.accessLogFile, KEPT.accessLog, () => new Date());
  return makeServer({
    operations,
    handlers,
    authenticate: makeAuthenticate({ ...container, operatorIdentity: config.operatorIdentity }),
    limiter: container.limiter,
    receiveUpload: makeUpload({ memoryBudget: config.uploadMemory }),
    logger: container.logger,
    accessLog: makeAccessLog((line) => {
      container.metrics.request(line.method, line.route, line.status, line.ms);
      accessFile?.write(JSON.stringify(line));
    }),
    sandbox: config.sandbox,
    pages: makePages(),
  });
}

/** Runs the API until it is told to stop; then lets running requests end. */
export async function serve(config: Config, stopped: Promise<void>): Promise<void> {
  const container = await buildContainer(config, 'api');
  try {
    await container.refreshClock();
    await container.engines.warm();
    const server = await listen(makeApp(config, container), config);
    const metrics = await container.metrics.listen(config.host, config.metricsPort);
    container.logger.info('api_ready', { port: config.port });

    await stopped;
    container.logger.info('api_draining');
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(timer);
    await metrics.stop();
  } finally {
    // Also where it could not start: a process that lingers is one that nobody starts again.
    await container.close();
  }
}

function listen(app: Express, { port, host }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => {
      if (error) reject(error);
      else resolve(server);
    });
    server.requestTimeout = 120_000;
  });
}
