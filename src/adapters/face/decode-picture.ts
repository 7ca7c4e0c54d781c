import { AppError, EngineError } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { decodeRgb } from '../images/decode.js';
import type { RgbRaster } from '../images/raster.js';

/**
 * Decodes a picture in which faces are looked for, with its longer side at most `IMAGE_LIMITS.normalisedSide` pixels.
 *
 * @throws EngineError `image_undecodable`: uploads were judged before, so that it is no fault of the learner's request
 */
export async function decodePicture(image: Uint8Array): Promise<RgbRaster> {
  try {
    return await decodeRgb(image, { maxSide: IMAGE_LIMITS.normalisedSide });
  } catch (error) {
    if (error instanceof AppError) throw new EngineError('image_undecodable');
    throw error;
  }
}
