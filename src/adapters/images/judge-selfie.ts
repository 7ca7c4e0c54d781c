import type { FaceBox } from '../../app/ports/face-engine.js';
import { FACE_POLICY } from '../../domain/face-policy.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import type { ReasonCode } from '../../domain/reasons.js';
import type { Judgement } from './judge-document.js';
import { MEASURED_SIDE, measureDetail, measureLight } from './quality.js';
import { clampRegion, type RgbRaster } from './raster.js';
import { resample, shrinkTo } from './resample.js';

const LIMITS = {
  /** Whole picture at 1000 pixels: portraits in focus give 0.32 and more, blurred by σ 2.5 pixels up to 0.28. */
  sharpness: 0.285,
  /** Face reduced to {@link FACE_SIDE}: in focus from 0.30 on, blurred by 1.5 % of its height about 0.27. */
  faceSharpness: 0.285,
  /** Mean luma and its deviation (0–1). Low enough to leave dark skin in ordinary light in: contrast is what tells darkness. */
  darkest: 0.08,
  brightest: 0.95,
  flattest: 0.035,
} as const;

/** Longer side at which a face's sharpness is measured: what the embedding network sees, with some reserve. */
const FACE_SIDE = 160;

const isBadlyLit = ({
  brightness,
  contrast,
}: {
  readonly brightness: number;
  readonly contrast: number;
}): boolean => brightness < LIMITS.darkest || brightness > LIMITS.brightest || contrast < LIMITS.flattest;

const isTooSmall = ({ width, height }: RgbRaster): boolean => Math.min(width, height) < IMAGE_LIMITS.minSide;

/** Judges a selfie by sharpness, light and size alone, for who refused biometrics: no face is looked for. */
export function judgeSelfie(raster: RgbRaster): Judgement {
  const measured = shrinkTo(raster, MEASURED_SIDE);
  const { sharpness, detail } = measureDetail(measured);
  const light = measureLight(measured);
  const isUnusable = isTooSmall(raster) || sharpness < LIMITS.sharpness || isBadlyLit(light);
  return {
    reasons: isUnusable ? ['selfie_low_quality'] : [],
    quality: { sharpness, detail, ...light },
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
 * Judges a selfie by the faces found in it, largest first: exactly one that counts, large, sharp and lit well enough to be compared.
 */
export function judgeSelfieFaces(raster: RgbRaster, faces: readonly FaceBox[]): Judgement {
  const counted = countedFaces(faces);
  const [face] = counted;
  const light = measureLight(shrinkTo(raster, MEASURED_SIDE));
  if (face === undefined) {
    const reasons: ReasonCode[] = [isBadlyLit(light) ? 'selfie_low_quality' : 'selfie_no_face'];
    return { reasons, quality: { ...light, faces: 0 } };
  }
  const crop = cropFace(raster, face);
  const { sharpness } = measureDetail(crop);
  const faceLight = measureLight(crop);
  const quality = {
    ...light,
    faces: counted.length,
    face_height: Math.round(face.height),
    face_sharpness: sharpness,
    face_brightness: faceLight.brightness,
    face_contrast: faceLight.contrast,
  };
  const reasons: ReasonCode[] = [];
  if (counted.length > 1) reasons.push('selfie_multiple_faces');
  const isWeak =
    isTooSmall(raster) ||
    face.height < FACE_POLICY.minFaceHeight ||
    sharpness < LIMITS.faceSharpness ||
    isBadlyLit(faceLight);
  if (isWeak) reasons.push('selfie_low_quality');
  return { reasons, quality };
}
