import type { Response } from 'express';
import { AppError, EngineError, KeyError, PROBLEMS, StorageError } from '../../domain/errors.js';
import type { Logger } from '../../app/ports/logger.js';

/** Turns whatever was thrown into an error that a caller may see. Faults of ours say no more than that they happened. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof StorageError || error instanceof KeyError || error instanceof EngineError)
    return new AppError('unavailable', { retryAfter: 5 });
  // The path does not decode, and so names nothing.
  if (error instanceof URIError) return new AppError('not_found');
  if (isConnectionLoss(error)) return new AppError('unavailable', { retryAfter: 2 });
  return new AppError('internal');
}

/** The database went away or shuts down (SQLSTATE classes 08 and 57P, or a socket error): try again. */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  );
}

/** Sends an RFC 9457 problem document. */
export function sendProblem(res: Response, error: unknown, requestId: string, logger: Logger): void {
  const problem = toAppError(error);
  const [status, title] = PROBLEMS[problem.code];
  if (status >= 500)
    logger.error('request_failed', {
      request_id: requestId,
      status,
      code: error instanceof Error ? causeCode(error) : 'unknown',
    });
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { detail, errors, retryAfter, members } = problem.more;
  if (retryAfter !== undefined || status === 429 || status === 503)
    res.setHeader('Retry-After', String(retryAfter ?? 5));
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  res.setHeader('Cache-Control', 'no-store');
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:lethe:problem:${problem.code}`,
        title,
        status,
        ...(detail === undefined ? {} : { detail }),
        code: problem.code,
        ...(errors === undefined ? {} : { errors }),
        ...members,
        request_id: requestId,
      }),
    );
}

/** A code for the log: never a message, which may quote data. */
function causeCode(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[A-Za-z0-9_]{1,40}$/.test(code) ? code : error.name;
}
