import sharp from 'sharp';
import type { RgbRaster } from './raster.js';

/** High enough that small print keeps its strokes for the reader, at about a third of the size of quality 95. */
const JPEG_QUALITY = 88;

/**
 * Encodes bare pixels anew as JPEG. Nothing of the uploaded file survives but the picture itself: no EXIF, position, thumbnail,
 * profile, comment, or bytes hidden behind the image. The same pixels always give the same bytes.
 */
export async function encodeNormalised({ data, width, height }: RgbRaster): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}
