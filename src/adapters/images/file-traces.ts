import sharp from 'sharp';

/**
 * Programs that make or alter pictures of faces, or stand between a camera and a browser, by the names that they leave in their files, and
 * how IPTC marks generated media. Cameras, phones and messengers write none of them, and a browser's canvas writes nothing at all.
 */
const MAKERS =
  /adobe (?:photoshop|firefly)|\bgimp \d|affinity photo|pixelmator|facetune|faceapp|face ?swap|deepfacelab|stable diffusion|comfyui|midjourney|dall[·-]?e\b|manycam|obs-studio|trainedalgorithmicmedia|\bsteps: \d+, sampler: /i;

/** Text of a block of metadata. Text of two bytes a character has a zero in each of the usual letters. */
const textOf = (block: Uint8Array | undefined): string =>
  block === undefined ? '' : Buffer.from(block).toString('latin1').replaceAll('\0', '');

/**
 * Whether an encoded picture says of itself that it was made or altered by a program. Weak evidence: whoever wants to, takes the words out.
 * Pictures that cannot be read say nothing.
 */
export async function saysAltered(bytes: Uint8Array): Promise<boolean> {
  const metadata = await sharp(bytes, { limitInputPixels: false, pages: 1 })
    .metadata()
    .catch(() => null);
  if (metadata === null) return false;
  const { exif, xmp, iptc, comments = [] } = metadata;
  const texts = [exif, xmp, iptc].map(textOf);
  return [...texts, ...comments.map(({ text }) => text)].some((text) => MAKERS.test(text));
}
