/** S3 allows keys of 1,024 bytes and file systems names of 255; with room for a suffix. */
const MAX_KEY = 512;
const MAX_SEGMENT = 200;
const SEGMENTS = /^[a-z0-9_-]+(?:\/[a-z0-9_-]+)*$/;
const PREFIX = /^(?:[a-z0-9_-]+\/)*[a-z0-9_-]*$/;

const segmentsFit = (key: string) => key.split('/').every((segment) => segment.length <= MAX_SEGMENT);

/**
 * Refuses a key that a store could take for something else (`..`, an absolute path, an empty segment). Such a key is a fault of the
 * caller and no state of the store, hence no StorageError.
 * @throws TypeError
 */
export function assertBlobKey(key: string): void {
  if (key.length > MAX_KEY || !SEGMENTS.test(key) || !segmentsFit(key)) {
    throw new TypeError('A blob key is not well formed');
  }
}

/** A prefix of keys: empty, or the beginning of one. @throws TypeError */
export function assertBlobPrefix(prefix: string): void {
  if (prefix.length > MAX_KEY || !PREFIX.test(prefix))
    throw new TypeError('A prefix of blob keys is not well formed');
}
