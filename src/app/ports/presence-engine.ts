import type { CaptureCues } from '../../domain/capture-cues.js';
import type { FrameEvidence } from '../../domain/challenge.js';

/** What is seen in a frame; when it was taken, its sender says. */
export type FrameObservation = Omit<FrameEvidence, 'at'>;

/**
 * Looks for a living person in a selfie, and in the frames that answer a challenge. Runs face models: for people who consented to
 * biometrics only. Nothing of a face leaves it but angles and similarities.
 */
export interface PresenceEngine {
  /**
   * @param frames encoded pictures in the order in which they were taken
   * @param selfie encoded picture
   * @returns an observation a frame, in their order
   * @throws EngineError `image_undecodable`, `engine_failed`
   */
  observe(frames: readonly Uint8Array[], selfie: Uint8Array): Promise<readonly FrameObservation[]>;
  /**
   * Looks at one picture of a face for signs that it shows a picture of one.
   * @param selfie encoded picture
   * @throws EngineError `image_undecodable`, `engine_failed`
   */
  look(selfie: Uint8Array): Promise<CaptureCues>;
}
