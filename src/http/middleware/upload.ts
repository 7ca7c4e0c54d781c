import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { CHALLENGE_LIMITS } from '../../domain/challenge.js';
import { AppError, type ProblemCode } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { SLOTS } from '../../domain/reasons.js';

/** A multipart form: its parts that hold pictures, and how many plain fields stand beside them. */
interface Form {
  readonly parts: readonly { readonly name: string; readonly maxCount: number }[];
  /** Bytes of one picture. */
  readonly fileSize: number;
  readonly fields: number;
}

const FORMS = {
  images: {
    parts: SLOTS.map((name) => ({ name, maxCount: 1 })),
    fileSize: IMAGE_LIMITS.maxBytes,
    fields: 1,
  },
  frames: {
    parts: [{ name: 'frames', maxCount: CHALLENGE_LIMITS.maxFrames }],
    fileSize: CHALLENGE_LIMITS.maxFrameBytes,
    // When each was taken, and the challenge.
    fields: CHALLENGE_LIMITS.maxFrames + 1,
  },
} as const satisfies Record<string, Form>;

export type FormName = keyof typeof FORMS;
export type ReceiveUpload = (req: Request, res: Response, form: FormName) => Promise<void>;

/** For the multipart framing and the plain fields. */
const FRAMING = 64 * 1024;

const filesIn = ({ parts }: Form): number => parts.reduce((sum, { maxCount }) => sum + maxCount, 0);

/** All parts of one request together. */
const mostBytes = (form: Form): number => filesIn(form) * form.fileSize + FRAMING;

const PROBLEM_OF: Readonly<Record<string, ProblemCode>> = {
  LIMIT_FILE_SIZE: 'payload_too_large',
  LIMIT_FIELD_VALUE: 'payload_too_large',
  LIMIT_UNEXPECTED_FILE: 'unexpected_field',
  LIMIT_FIELD_KEY: 'unexpected_field',
  LIMIT_FIELD_COUNT: 'unexpected_field',
  LIMIT_FILE_COUNT: 'unexpected_field',
  LIMIT_PART_COUNT: 'unexpected_field',
};

function parserOf(form: Form): RequestHandler {
  return multer({
    storage: multer.memoryStorage(),
    limits: {
      fileSize: form.fileSize,
      files: filesIn(form),
      fields: form.fields,
      parts: filesIn(form) + form.fields,
      fieldSize: 64,
      fieldNameSize: 64,
      headerPairs: 20,
      fieldArrayIndexLimit: 0,
    },
  }).fields(form.parts);
}

/**
 * Multipart in memory only, under one budget for all requests of the process: an image is never written to disk, and no flood of uploads
 * can exhaust the machine.
 */
export function makeUpload(options: { readonly memoryBudget: number }): ReceiveUpload {
  let inUse = 0;
  const parsers = { images: parserOf(FORMS.images), frames: parserOf(FORMS.frames) };

  return async function receive(req, res, name) {
    if (req.is('multipart/form-data') === false) throw new AppError('unsupported_media_type');
    const most = mostBytes(FORMS[name]);
    const announced = Number(req.headers['content-length'] ?? most);
    if (!(announced <= most)) throw new AppError('payload_too_large');
    if (inUse + announced > options.memoryBudget) throw new AppError('unavailable', { retryAfter: 2 });
    inUse += announced;
    let released = false;
    res.once('close', () => {
      if (!released) inUse -= announced;
      released = true;
    });
    await new Promise<void>((resolve, reject) => {
      void parsers[name](req, res, (error: unknown) => {
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
