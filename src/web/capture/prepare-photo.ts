/** The API's limits: what goes beyond is made smaller here, so that nobody is turned away for having a good camera. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_PIXELS = 40_000_000;
/** Longer side after that, in pixels: still more than the service keeps. */
const REDUCED_SIDE = 3_000;
const JPEG_QUALITY = 0.92;
const ACCEPTED_TYPES = ['image/jpeg', 'image/png', 'image/webp'];

/**
 * A photo that the API takes: the file itself where it is fit, else a smaller JPEG of it.
 * @throws DOMException where the browser cannot open it as a picture
 */
export async function preparePhoto(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    const { width, height } = bitmap;
    if (ACCEPTED_TYPES.includes(file.type) && file.size <= MAX_BYTES && width * height <= MAX_PIXELS)
      return file;
    const scale = Math.min(1, REDUCED_SIDE / Math.max(width, height));
    return await toJpeg(bitmap, Math.round(width * scale), Math.round(height * scale));
  } finally {
    bitmap.close();
  }
}

/** @throws DOMException where the browser cannot encode it */
export async function toJpeg(source: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(source, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
  );
  // Gives the pixels back at once instead of when the collector comes.
  canvas.width = 0;
  if (!blob) throw new DOMException('The picture could not be encoded', 'EncodingError');
  return blob;
}
