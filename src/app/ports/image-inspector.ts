import type { ImageFormat } from '../../domain/image-policy.js';
import type { ReasonCode, Slot } from '../../domain/reasons.js';

export interface InspectedImage {
  readonly outcome: 'accepted' | 'rejected';
  /** Why it was rejected, most important first; empty when accepted. */
  readonly reasons: readonly ReasonCode[];
  /** The normalised re-encoding (JPEG, upright, sRGB, no metadata, bounded size): the only form that is ever stored. */
  readonly image: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Format of what was uploaded, by content. */
  readonly format: ImageFormat;
  /** Named measures, for the reviewer and for tuning. */
  readonly quality: Readonly<Record<string, number>>;
}

/** Decides by content whether bytes are a usable picture, normalises it and judges it before anything is stored. */
export interface ImageInspector {
  /**
   * @param faces whether face models may run (biometric consent); without it no face model is even loaded
   * @throws AppError `unsupported_media_type` (no JPEG, PNG, WebP by content), `image_too_many_pixels`, `image_undecodable`
   */
  inspect(bytes: Uint8Array, slot: Slot, options: { readonly faces: boolean }): Promise<InspectedImage>;
  close(): Promise<void>;
}
