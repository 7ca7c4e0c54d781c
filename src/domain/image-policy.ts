/** Limits and thresholds for what a learner uploads. Measured on degraded copies of real documents; see docs/recognition.md. */
export const IMAGE_LIMITS = {
  /** Bytes of one uploaded part. */
  maxBytes: 10 * 1024 * 1024,
  /** Pixels by the header, before anything is decoded. */
  maxPixels: 40_000_000,
  /** Longer side of what is kept, in pixels. */
  normalisedSide: 2000,
  /** Shorter side below which a document or a face cannot be judged, in pixels. */
  minSide: 320,
} as const;

export type ImageFormat = 'jpeg' | 'png' | 'webp';
