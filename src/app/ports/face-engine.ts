/** A face box in pixels of the upright image, with the detector's score (0–1). */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly score: number;
}

export interface FaceComparison {
  /** Cosine similarity mapped to 0–1, higher = same person; `null` where either image shows no face. */
  readonly score: number | null;
  /** Faces found in each image. */
  readonly faces: readonly [number, number];
  /** Height of the compared face in pixels, each image; 0 where none. */
  readonly faceHeights: readonly [number, number];
}

/**
 * Detects and compares faces. A template (embedding) leaves the engine only through {@link FaceEngine.embed}, for measuring;
 * the service never stores one.
 */
export interface FaceEngine {
  /** Name and version of model and adapter, for the audit trail. */
  readonly model: string;
  /** Faces of an encoded image, largest first. @throws EngineError `image_undecodable`, `engine_failed` */
  detect(image: Uint8Array): Promise<readonly FaceBox[]>;
  /** Compares the portrait on a document with a selfie. @throws EngineError */
  compare(document: Uint8Array, selfie: Uint8Array): Promise<FaceComparison>;
  /** L2-normalised template of the largest face, or `null`; `faces` = how many were found. @throws EngineError */
  embed(image: Uint8Array): Promise<{ readonly template: Float32Array | null; readonly faces: number }>;
  close(): Promise<void>;
}
