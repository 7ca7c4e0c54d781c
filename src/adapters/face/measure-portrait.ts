import type { FaceBox } from '../../app/ports/face-engine.js';
import type { RgbRaster } from '../images/raster.js';
import { eyesClosed } from './eyes.js';
import { estimatePose } from './head-pose.js';
import type { PortraitNetworks } from './portrait-networks.js';

/** How a face is shown, in the terms of ISO/IEC 29794-5. */
export interface PortraitMeasures {
  /** Head pose in degrees of the pose network, see `HeadPose`. */
  readonly yaw: number;
  readonly pitch: number;
  /** How surely both eyes are closed, 0–1. */
  readonly eyesClosed: number;
}

/** @throws EngineError `engine_failed` */
export async function measurePortrait(
  networks: Pick<PortraitNetworks, 'run'>,
  raster: RgbRaster,
  face: FaceBox,
): Promise<PortraitMeasures> {
  const { yaw, pitch } = await estimatePose(networks, raster, face);
  return { yaw, pitch, eyesClosed: await eyesClosed(networks, raster, face) };
}
