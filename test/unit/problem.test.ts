import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { LogFields } from '../../src/app/ports/logger.js';
import {
  AppError,
  EngineError,
  KeyError,
  PROBLEMS,
  StorageError,
  type ProblemCode,
} from '../../src/domain/errors.js';
import { sendProblem } from '../../src/http/middleware/problem.js';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** What a caller gets for an error, and what is logged of it. */
async function answerTo(error: unknown) {
  const logged: { event: string; fields: LogFields | undefined }[] = [];
  const keep = (event: string, fields?: LogFields) => void logged.push({ event, fields });
  const app = express();
  app.get('/', (_req, res) => {
    sendProblem(res, error, 'req-1', { info: keep, warn: keep, error: keep });
  });
  const server = app.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const text = await response.text();
    return { response, text, body: JSON.parse(text) as Record<string, unknown>, logged };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const withCode = (code: string, message = 'quotes Anna and /var/lib') =>
  Object.assign(new Error(message), { code });

describe('a problem document', () => {
  it.each(CODES)('for %s bears type, title, status, code and request id, and is not stored', async (code) => {
    const { response, body } = await answerTo(new AppError(code));
    const [status, title] = PROBLEMS[code];
    expect(response.status).toBe(status);
    expect(new AppError(code).status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ type: `urn:lethe:problem:${code}`, title, status, code, request_id: 'req-1' });
  });

  it('bears what the caller can act on', async () => {
    const { body } = await answerTo(
      new AppError('verification_exists', {
        detail: 'A fixed sentence.',
        errors: [{ pointer: '/learner_ref', code: 'taken' }],
        members: { verification_id: 'ver_1' },
      }),
    );
    expect(body).toMatchObject({
      detail: 'A fixed sentence.',
      errors: [{ pointer: '/learner_ref', code: 'taken' }],
      verification_id: 'ver_1',
    });
  });

  it.each(CODES.filter((code) => [429, 503].includes(PROBLEMS[code][0])))(
    'for %s says when to try again',
    async (code) => {
      expect((await answerTo(new AppError(code))).response.headers.get('retry-after')).toBe('5');
      expect(
        (await answerTo(new AppError(code, { retryAfter: 60 }))).response.headers.get('retry-after'),
      ).toBe('60');
    },
  );

  it('says which credential is wanted where none was given, and no time where there is nothing to wait for', async () => {
    const { response } = await answerTo(new AppError('unauthenticated'));
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('retry-after')).toBeNull();
    expect((await answerTo(new AppError('forbidden'))).response.headers.get('www-authenticate')).toBeNull();
  });

  it.each<[string, unknown]>([
    ['storage', new StorageError('storage_unavailable', { cause: new Error('Anna /var/lib') })],
    ['keys', new KeyError('seal_broken')],
    ['an engine', new EngineError('engine_failed')],
    ['a lost connection', withCode('ECONNRESET')],
    ['a database that shuts down', withCode('57P01')],
    ['a database that cannot be reached', withCode('08006')],
    ['a pool that ran dry', new Error('timeout exceeded when trying to connect')],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
  ])('for a fault of %s asks to try again and says no more', async (_, error) => {
    const { response, body, text, logged } = await answerTo(error);
    expect(body).toMatchObject({ status: 503, code: 'unavailable' });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(text).not.toMatch(/Anna|var/);
    expect(logged).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    ['an error', new TypeError('Anna at /var/lib'), 'TypeError'],
    ['a database error', withCode('23505', 'Key (name)=(Anna) exists'), '23505'],
    ['a code that is none', withCode('Anna was here'), 'Error'],
    ['what is no error', 'Anna', 'unknown'],
    ['nothing', undefined, 'unknown'],
  ])('for %s says that something failed, and the log holds a code and no message', async (_, error, code) => {
    const { body, text, logged } = await answerTo(error);
    expect(body).toMatchObject({ status: 500, code: 'internal' });
    expect(logged).toEqual([{ event: 'request_failed', fields: { request_id: 'req-1', status: 500, code } }]);
    expect(text + JSON.stringify(logged)).not.toMatch(/Anna|var/);
  });

  it('is not written into an answer that has begun: the connection ends instead', async () => {
    const app = express();
    const quiet = () => undefined;
    app.get('/', (_req, res) => {
      res.write('half an ans', () => {
        sendProblem(res, new AppError('internal'), 'req-1', { info: quiet, warn: quiet, error: quiet });
      });
    });
    const server = app.listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await expect(fetch(url).then((response) => response.text())).rejects.toBeDefined();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each(CODES.filter((code) => PROBLEMS[code][0] < 500))(
    'for %s is the caller’s affair: nothing is logged',
    async (code) => {
      expect((await answerTo(new AppError(code))).logged).toEqual([]);
    },
  );
});
