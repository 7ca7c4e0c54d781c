import type { FaceBox } from '../../app/ports/face-engine.js';
import { FACE_POLICY } from '../../domain/face-policy.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import type { ReasonCode } from '../../domain/reasons.js';
import type { Judgement } from './judge-document.js';
import { measureDetail, measureLight } from './quality.js';
import { clampRegion, type RgbRaster } from './raster.js';
import { resample, shrinkTo } from './resample.js';

/** Set with `eval/quality.ts` on degraded copies of portraits: by what the face comparison loses. */
const LIMITS = {
  /** Whole picture reduced to {@link WHOLE_SIDE}: in focus from 0.287 on, blurred by 0.7 % of its height up to 0.272. */
  steadiness: 0.2705,
  /** Face reduced to {@link FACE_SIDE}: in focus from 0.286 on; below this, the comparison loses a tenth of its score. */
  faceSteadiness: 0.2695,
  /** Mean luma and its deviation (0–1). Low enough to leave dark skin in ordinary light in: contrast is what tells darkness. */
  darkest: 0.08,
  brightest: 0.95,
  flattest: 0.035,
  /** A veil of light: from this mean on, less deviation than this. A plain wall is darker. */
  veiled: { brightness: 0.7, contrast: 0.052, wholeContrast: 0.085 },
} as const;

/** Longer side at which a picture's sharpness is measured where no face is looked for: what a person sees at arm's length. */
const WHOLE_SIDE = 300;
/** Longer side at which a face's sharpness is measured: what the embedding network sees, with some reserve. */
const FACE_SIDE = 160;

interface Light {
  readonly brightness: number;
  readonly contrast: number;
}

const isBadlyLit = ({ brightness, contrast }: Light, leastVeiledContrast: number): boolean =>
  brightness < LIMITS.darkest ||
  brightness > LIMITS.brightest ||
  contrast < LIMITS.flattest ||
  (brightness > LIMITS.veiled.brightness && contrast < leastVeiledContrast);

const isTooSmall = ({ width, height }: RgbRaster): boolean => Math.min(width, height) < IMAGE_LIMITS.minSide;

/** Judges a selfie by sharpness, light and size alone, for who refused biometrics: no face is looked for. */
export function judgeSelfie(raster: RgbRaster): Judgement {
  const measured = shrinkTo(raster, WHOLE_SIDE);
  const { sharpness, steadiness, detail } = measureDetail(measured);
  const light = measureLight(measured);
  const isUnusable =
    isTooSmall(raster) || steadiness < LIMITS.steadiness || isBadlyLit(light, LIMITS.veiled.wholeContrast);
  return {
    reasons: isUnusable ? ['selfie_low_quality'] : [],
    quality: { sharpness, steadiness, detail, ...light },
  };
}

function cropFace(raster: RgbRaster, face: FaceBox): RgbRaster {
  const region = clampRegion(face, raster);
  const pixels = resample(raster, region, region.width, region.height);
  return shrinkTo({ data: Uint8Array.from(pixels), width: region.width, height: region.height }, FACE_SIDE);
}

/** Faces that count: the largest, and others of comparable size; passers-by far behind do not. */
function countedFaces(faces: readonly FaceBox[]): readonly FaceBox[] {
  const tallest = Math.max(0, ...faces.map(({ height }) => height));
  return faces.filter(({ height }) => height >= FACE_POLICY.companionShare * tallest);
}

/**
 * Judges a selfie by the faces found in it, largest first: exactly one that counts, large (of whatever
 * picture), sharp and lit well enough to be compared.
 */
export function judgeSelfieFaces(raster: RgbRaster, faces: readonly FaceBox[]): Judgement {
  const counted = countedFaces(faces);
  const [face] = counted;
  const light = measureLight(shrinkTo(raster, WHOLE_SIDE));
  if (face === undefined) {
    const isUnlit = isBadlyLit(light, LIMITS.veiled.wholeContrast);
    const reasons: ReasonCode[] = [isUnlit ? 'selfie_low_quality' : 'selfie_no_face'];
    return { reasons, quality: { ...light, faces: 0 } };
  }
  const crop = cropFace(raster, face);
  const { sharpness, steadiness } = measureDetail(crop);
  const faceLight = measureLight(crop);
  const quality = {
    ...light,
    faces: counted.length,
    face_height: Math.round(face.height),
    face_sharpness: sharpness,
    face_steadiness: steadiness,
    face_brightness: faceLight.brightness,
    face_contrast: faceLight.contrast,
  };
  const reasons: ReasonCode[] = [];
  if (counted.length > 1) reasons.push('selfie_multiple_faces');
  const isWeak =
    face.height < FACE_POLICY.minFaceHeight ||
    steadiness < LIMITS.faceSteadiness ||
    isBadlyLit(faceLight, LIMITS.veiled.contrast);
  if (isWeak) reasons.push('selfie_low_quality');
  return { reasons, quality };
}
