import sharp from 'sharp';
import { AppError } from '../../domain/errors.js';
import { IMAGE_LIMITS, type ImageFormat } from '../../domain/image-policy.js';
import type { RgbRaster } from './raster.js';
import { sniffFormat } from './sniff.js';

const ALLOWED_LOADERS = [
  'VipsForeignLoadJpegBuffer',
  'VipsForeignLoadPngBuffer',
  'VipsForeignLoadWebpBuffer',
];

let restricted = false;

/**
 * Takes every libvips loader away from this process but those of the three formats, from memory: a flaw in one of the dozens
 * of others cannot then be reached, whatever the bytes claim to be. Holds for the whole process; safe to repeat.
 */
export function restrictLoaders(): void {
  if (restricted) return;
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ALLOWED_LOADERS });
  // The operation cache would keep pixels of one person in memory while the next one is served.
  sharp.cache(false);
  // Hosts are one a core; threads below that only contend.
  sharp.concurrency(1);
  restricted = true;
}

export interface DecodedImage extends RgbRaster {
  /** Format of the encoded bytes, by content. */
  readonly format: ImageFormat;
}

interface Header {
  readonly format: ImageFormat;
  readonly pixels: number;
}

async function readHeader(bytes: Uint8Array): Promise<Header> {
  const format = sniffFormat(bytes);
  if (format === null) throw new AppError('unsupported_media_type');
  restrictLoaders();
  // The pixel limit is left to the caller here: sharp would report it as one more undecodable image.
  const { width, height } = await sharp(bytes, { limitInputPixels: false, pages: 1 })
    .metadata()
    .catch(() => {
      throw new AppError('image_undecodable');
    });
  return { format, pixels: width * height };
}

/**
 * The only place where uploaded bytes become pixels: format by content, size by header before anything is decoded, first page only,
 * damaged data refused, EXIF orientation applied, transparency laid on white, colours converted to sRGB by an embedded profile.
 * @param options `maxSide`: bound of the longer side in pixels; larger images are reduced, smaller ones left
 * @throws AppError `unsupported_media_type`, `image_too_many_pixels`, `image_undecodable`
 */
export async function decodeRgb(
  bytes: Uint8Array,
  options: { readonly maxSide: number },
): Promise<DecodedImage> {
  const { format, pixels } = await readHeader(bytes);
  if (pixels > IMAGE_LIMITS.maxPixels) throw new AppError('image_too_many_pixels');
  const { data, info } = await sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: IMAGE_LIMITS.maxPixels,
    pages: 1,
    autoOrient: true,
  })
    .resize({ width: options.maxSide, height: options.maxSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw new AppError('image_undecodable');
    });
  if (info.channels !== 3) throw new AppError('image_undecodable');
  return { data, width: info.width, height: info.height, format };
}
