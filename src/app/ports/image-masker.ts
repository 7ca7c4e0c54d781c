import type { PrivateNumberKind } from '../../domain/private-numbers.js';

/** A corner as fractions (0–1) of the width and the height of the upright picture. */
export type Corner = readonly [x: number, y: number];

/** A quadrilateral of a picture that bears a number which is nobody's business here. Says which kind it is, never the number. */
export interface PrivateRegion {
  readonly kind: PrivateNumberKind;
  /** In order around the quadrilateral, from any of them, either way round. */
  readonly corners: readonly [Corner, Corner, Corner, Corner];
}

/** Makes parts of a picture unreadable for good. */
export interface ImageMasker {
  /**
   * Paints regions, and a margin around each, in one solid colour and encodes the picture anew, in the form that is stored. Nothing of
   * what was there can be computed back, as it can from a blur.
   *
   * @param bytes an encoded picture, as it is stored
   * @throws EngineError `image_undecodable` where the bytes are no picture, `engine_failed` where a corner is no number
   */
  mask(bytes: Uint8Array, regions: readonly PrivateRegion[]): Promise<Uint8Array>;
}
