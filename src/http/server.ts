import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from '../app/ports/logger.js';
import type { RateLimiter } from '../app/ports/rate-limiter.js';
import { AppError } from '../domain/errors.js';
import type { ApiOperation } from './api-description.js';
import type { AccessLog } from './middleware/access-log.js';
import type { Principal } from './principal.js';
import { sendProblem } from './middleware/problem.js';
import type { FormName, ReceiveUpload } from './middleware/upload.js';
import type { Call, Handler, Handlers, OperationId, Reply } from './operation.js';

const JSON_LIMIT = '64kb';
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Operations that take a multipart form. */
const FORM_OF: Readonly<Partial<Record<OperationId, FormName>>> = {
  uploadImages: 'images',
  answerChallenge: 'frames',
};

export interface ServerDeps {
  readonly operations: readonly ApiOperation[];
  readonly handlers: Handlers;
  readonly authenticate: (req: Request, operation: ApiOperation) => Promise<Principal>;
  readonly receiveUpload: ReceiveUpload;
  readonly limiter: Pick<RateLimiter, 'take'>;
  readonly logger: Logger;
  readonly accessLog: AccessLog;
  readonly sandbox: boolean;
  /** Serves the built pages. */
  readonly pages: express.RequestHandler;
}

/** Builds the HTTP side from the description: every operation is routed, authenticated and validated alike, in this order. */
export function makeServer(deps: ServerDeps): Express {
  const { operations, handlers, authenticate, receiveUpload, limiter, logger, accessLog, sandbox, pages } =
    deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // A path is what the description says, letter by letter.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', 'simple');
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'blob:'],
          mediaSrc: ["'self'", 'blob:'],
          connectSrc: ["'self'"],
          formAction: ["'none'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use(accessLog);
  app.use((req, res, next) => {
    const given = req.get('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    res.locals['requestId'] = requestId;
    res.setHeader('X-Request-Id', requestId);
    next();
  });

  const parseJson = express.json({ limit: JSON_LIMIT, strict: true });
  const offered = operations.filter((operation) => sandbox || !operation.sandboxOnly);
  for (const operation of offered)
    app[operation.method](expressPath(operation.path), async (req, res) => {
      res.locals['route'] = operation.path;
      res.setHeader('Cache-Control', 'no-store');
      const principal = await authenticate(req, operation);
      await requireBudget(principal);
      const form = FORM_OF[operation.id];
      if (form) await receiveUpload(req, res, form);
      else if (operation.takesJson) await readJson(req, res);
      const query = { ...req.query };
      const params = { ...req.params };
      operation.checkParameters({ path: params, query, header: { ...req.headers } });
      const optional = req.body === undefined && operation.id === 'cancelVerification';
      if (operation.takesJson && !optional) operation.checkBody(req.body ?? {});
      const reply = await dispatch(handlers, operation.id, {
        params,
        query,
        body: operation.takesJson ? (req.body as unknown) : undefined,
        principal,
        requestId: res.locals['requestId'] as string,
        req,
        res,
      });
      if (reply) send(res, reply);
    });

  const methodsOf = new Map<string, string[]>();
  for (const { path, method } of offered)
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method.toUpperCase()]);
  for (const [path, methods] of methodsOf)
    app.all(expressPath(path), (_req, res) => {
      res.locals['route'] = path;
      res.setHeader('Allow', methods.join(', '));
      throw new AppError('method_not_allowed');
    });

  app.use(pages);
  app.use(() => {
    throw new AppError('not_found');
  });
  app.use((error: unknown, _req: Request, res: Response, _next: express.NextFunction) => {
    sendProblem(res, error, String(res.locals['requestId'] ?? ''), logger);
  });
  return app;

  /** Each caller has a budget of their own, by an id that is theirs anyway. */
  async function requireBudget(principal: Principal): Promise<void> {
    const wait =
      principal.kind === 'apiKey'
        ? await limiter.take('apiKey', principal.key.id)
        : principal.kind === 'captureToken'
          ? await limiter.take('captureToken', principal.verification.id)
          : principal.kind === 'operatorJwt'
            ? await limiter.take('operatorJwt', principal.staff.id)
            : null;
    if (wait !== null) throw new AppError('too_many_requests', { retryAfter: wait });
  }

  function readJson(req: Request, res: Response): Promise<void> {
    // Nothing is sent at all: whether that is right is the schema's to say.
    if (req.headers['transfer-encoding'] === undefined && !Number(req.headers['content-length'])) {
      req.body = undefined;
      return Promise.resolve();
    }
    if (!req.is('application/json')) throw new AppError('unsupported_media_type');
    return new Promise((resolve, reject) => {
      parseJson(req, res, (error: unknown) => {
        if (error === undefined || error === null) return resolve();
        const tooLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large';
        reject(new AppError(tooLarge ? 'payload_too_large' : 'invalid_request'));
      });
    });
  }
}

/** The description has checked what the handler is given; the compiler cannot follow an id through a union of handlers. */
function dispatch(handlers: Handlers, id: OperationId, call: object): Promise<Reply | undefined> {
  const handler = handlers[id] as Handler<OperationId>;
  return handler(call as unknown as Call<OperationId>);
}

/** `/v1/verifications/{id}` → `/v1/verifications/:id`; the colon and star of other text do not occur in our paths. */
const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Not by `res.send`: that answers 304 to conditions which nobody described, of answers that no cache may hold. */
function send(res: Response, { status, version, bytes, body }: Reply): void {
  if (version !== undefined) res.setHeader('ETag', `"${version}"`);
  if (status === 503) res.setHeader('Retry-After', '5');
  res.status(status);
  if (bytes) res.type(bytes.type).end(Buffer.from(bytes.data));
  else if (body === undefined) res.end();
  else res.type('application/json').end(JSON.stringify(body));
}
