import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { AppError, type ProblemCode } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { SLOTS } from '../../domain/reasons.js';

/** All parts of one request together, with room for the multipart framing. */
const MAX_REQUEST = SLOTS.length * IMAGE_LIMITS.maxBytes + 64 * 1024;

const PROBLEM_OF: Readonly<Record<string, ProblemCode>> = {
  LIMIT_FILE_SIZE: 'payload_too_large',
  LIMIT_FIELD_VALUE: 'payload_too_large',
  LIMIT_UNEXPECTED_FILE: 'unexpected_field',
  LIMIT_FIELD_KEY: 'unexpected_field',
  LIMIT_FIELD_COUNT: 'unexpected_field',
  LIMIT_FILE_COUNT: 'unexpected_field',
  LIMIT_PART_COUNT: 'unexpected_field',
};

/**
 * Multipart in memory only, under one budget for all requests of the process: an image is never written to disk, and no flood of uploads
 * can exhaust the machine.
 */
export function makeUpload(options: { readonly memoryBudget: number }) {
  let inUse = 0;
  const parse: RequestHandler = multer({
    storage: multer.memoryStorage(),
    limits: {
      fileSize: IMAGE_LIMITS.maxBytes,
      files: SLOTS.length,
      fields: 1,
      parts: SLOTS.length + 1,
      fieldSize: 64,
      fieldNameSize: 64,
      headerPairs: 20,
      fieldArrayIndexLimit: 0,
    },
  }).fields(SLOTS.map((name) => ({ name, maxCount: 1 })));

  return async function receive(req: Request, res: Response): Promise<void> {
    if (req.is('multipart/form-data') === false) throw new AppError('unsupported_media_type');
    const announced = Number(req.headers['content-length'] ?? MAX_REQUEST);
    if (!(announced <= MAX_REQUEST)) throw new AppError('payload_too_large');
    if (inUse + announced > options.memoryBudget) throw new AppError('unavailable', { retryAfter: 2 });
    inUse += announced;
    let released = false;
    res.once('close', () => {
      if (!released) inUse -= announced;
      released = true;
    });
    await new Promise<void>((resolve, reject) => {
      void parse(req, res, (error: unknown) => {
        if (error === undefined || error === null) resolve();
        else if (error instanceof multer.MulterError)
          reject(
            new AppError(PROBLEM_OF[error.code] ?? 'invalid_request', {
              ...(error.field === undefined
                ? {}
                : { errors: [{ pointer: error.field.slice(0, 64), code: 'invalid_part' }] }),
            }),
          );
        else reject(new AppError('invalid_request'));
      });
    });
  };
}
