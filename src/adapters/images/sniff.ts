import type { ImageFormat } from '../../domain/image-policy.js';

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  bytes.length >= at + signature.length && signature.every((byte, i) => bytes[at + i] === byte);

// ISO/IEC 10918-1 B.1.1.3: start-of-image marker, followed by the first byte of another marker.
const JPEG = [0xff, 0xd8, 0xff];
// ISO/IEC 15948, 5.2.
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
// RFC 9649, 2.3-2.4: "RIFF", a length, "WEBP".
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/**
 * Format by the signature at the very start of the bytes; names and declared media types are the sender's word and count for nothing.
 * @returns `null` for everything but JPEG, PNG and WebP
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat | null {
  if (startsWith(bytes, JPEG)) return 'jpeg';
  if (startsWith(bytes, PNG)) return 'png';
  if (startsWith(bytes, RIFF) && startsWith(bytes, WEBP, 8)) return 'webp';
  return null;
}
