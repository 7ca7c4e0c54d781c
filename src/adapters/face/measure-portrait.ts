import type { FaceBox } from '../../app/ports/face-engine.js';
import { EngineError } from '../../domain/errors.js';
import type { Region, RgbRaster } from '../images/raster.js';
import { LANDMARK_SIDE, landmarkInput, regionAround } from './align-face.js';
import { eyesClosed } from './eyes.js';
import { measureStructure, type FaceStructure } from './face-cover.js';
import { estimatePose } from './head-pose.js';
import type { PortraitNetworks } from './portrait-networks.js';

/** How a face is shown, in the terms of ISO/IEC 29794-5. */
export interface PortraitMeasures {
  /** Head pose in degrees of the pose network, see `HeadPose`. */
  readonly yaw: number;
  readonly pitch: number;
  /** How surely both eyes are closed, 0–1. */
  readonly eyesClosed: number;
  /** How much of eyes and mouth is in view. */
  readonly structure: FaceStructure;
}

/** @throws EngineError `engine_failed` */
export async function measurePortrait(
  networks: Pick<PortraitNetworks, 'run'>,
  raster: RgbRaster,
  face: FaceBox,
): Promise<PortraitMeasures> {
  const landmarksIn = async (region: Region): Promise<Float32Array> => {
    const input = landmarkInput(raster, region);
    const { output } = await networks.run('landmark', input, [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]);
    if (output === undefined) throw new EngineError('engine_failed');
    return output;
  };
  const { yaw, pitch } = await estimatePose(networks, raster, face);
  const landmarks = await landmarksIn(face);
  const region = regionAround(landmarks, face);
  return {
    yaw,
    pitch,
    eyesClosed: await eyesClosed(networks, raster, landmarks, face),
    structure: measureStructure(raster, await landmarksIn(region), region),
  };
}
