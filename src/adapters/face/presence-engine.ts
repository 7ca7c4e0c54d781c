import type { FaceBox } from '../../app/ports/face-engine.js';
import type { FrameObservation, PresenceEngine } from '../../app/ports/presence-engine.js';
import { FACE_POLICY } from '../../domain/face-policy.js';
import type { RgbRaster } from '../images/raster.js';
import { shrinkTo } from '../images/resample.js';
import { decodePicture } from './decode-picture.js';
import type { OnnxFaceEngine } from './compose-engine.js';
import { estimatePose } from './head-pose.js';
import type { PortraitNetworks } from './portrait-networks.js';
import { frozenShare } from './frozen-share.js';
import { regularPattern } from './regular-pattern.js';
import { estimateLiveness } from './still-liveness.js';

/** Longer side at which two frames are compared, in pixels: small enough to be fast, large enough for a camera's noise to show. */
const COMPARED_SIDE = 320;

/** Mean change of brightness of two pictures, 0–255; of different sizes they are different pictures altogether. */
function changeBetween(a: RgbRaster, b: RgbRaster): number {
  if (a.width !== b.width || a.height !== b.height) return 255;
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  return sum / a.data.length;
}

/** Those that are no background, by their size against the largest. */
const personsAmong = (faces: readonly FaceBox[]): number =>
  faces.filter(({ height }) => height >= FACE_POLICY.companionShare * (faces[0]?.height ?? 0)).length;

/** Looks at pictures with networks for pose and liveness, and with a face engine for who is in them. */
export function makePresenceEngine(
  faceEngine: () => Promise<Pick<OnnxFaceEngine, 'detectIn' | 'embedIn' | 'similarity'>>,
  networks: Pick<PortraitNetworks, 'run'>,
): PresenceEngine {
  return {
    async observe(frames, selfie) {
      const engine = await faceEngine();
      const { template: reference } = await engine.embedIn(await decodePicture(selfie));
      const observations: FrameObservation[] = [];
      const before: RgbRaster[] = [];
      for (const frame of frames) {
        const raster = await decodePicture(frame);
        const small = shrinkTo(raster, COMPARED_SIDE);
        const faces = await engine.detectIn(raster);
        const [face] = faces;
        const pose = face ? await estimatePose(networks, raster, face) : null;
        const last = before.at(-1);
        const { template } = face ? await engine.embedIn(raster) : { template: null };
        observations.push({
          faces: personsAmong(faces),
          yaw: pose?.yaw ?? null,
          pitch: pose?.pitch ?? null,
          similarity: reference && template ? engine.similarity(reference, template) : null,
          change: before.length > 0 ? Math.min(...before.map((one) => changeBetween(one, small))) : null,
          frozen: last ? frozenShare(last, small) : null,
        });
        before.push(small);
      }
      return observations;
    },
    async look(selfie) {
      const raster = await decodePicture(selfie);
      const [face] = await (await faceEngine()).detectIn(raster);
      if (!face) return { liveness: null, pattern: null };
      return {
        liveness: await estimateLiveness(networks, raster, face),
        pattern: regularPattern(raster, face),
      };
    },
  };
}
