import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import type { ReasonCode } from '../../domain/reasons.js';
import { isCutOff, measureBorders, type Border } from './cut-off.js';
import { measureGlare } from './glare.js';
import { MEASURED_SIDE, measureDetail, measureLight } from './quality.js';
import type { RgbRaster } from './raster.js';
import { shrinkTo } from './resample.js';

/** Measured on photographed specimens, blurred and glared copies of them; each leaves all of the originals in. */
const LIMITS = {
  /** Blur of σ 2.5 pixels at 1000 pixels gives up to 0.33, focused print from 0.35 on. */
  sharpness: 0.335,
  /** Share of tiles with structure below which there is nothing to read. */
  detail: 0.02,
  /** Longer side of what is printed, in pixels: the 44 characters of a passport's line come under 8 pixels each here. */
  printedSide: 380,
  /** Share of the picture blown out by a reflection. */
  glare: 0.01,
} as const;

export interface Judgement {
  /** Why the picture cannot be used, most important first. */
  readonly reasons: readonly ReasonCode[];
  readonly quality: Readonly<Record<string, number>>;
}

/** Longer side of what is printed, in pixels of the picture: from first to last detail in both directions. */
function printedSide(borders: readonly Border[], { width, height }: RgbRaster): number {
  const [left = 0, top = 0, right = 0, bottom = 0] = borders.map(({ margin }) => margin);
  return Math.max((1 - left - right) * width, (1 - top - bottom) * height);
}

/**
 * The side of a square of equal area is what is held against the limit: a card's machine-readable lines cropped to a strip are
 * short, and can be read all the same.
 */
function isTooSmall({ width, height }: RgbRaster): boolean {
  return (
    Math.sqrt(width * height) < IMAGE_LIMITS.minSide || Math.min(width, height) < IMAGE_LIMITS.minSide / 2
  );
}

/** Judges the photograph of a document's side by its pixels alone. Says nothing of what is printed on it. */
export function judgeDocument(raster: RgbRaster): Judgement {
  const measured = shrinkTo(raster, MEASURED_SIDE);
  const { sharpness, detail } = measureDetail(measured);
  const { brightness, contrast, saturated } = measureLight(measured);
  const glare = measureGlare(measured);
  const borders = measureBorders(measured);
  const printed = printedSide(borders, raster);
  const quality = {
    sharpness,
    detail,
    brightness,
    contrast,
    saturated,
    glare,
    border_ink: Math.max(...borders.map(({ ink }) => ink)),
    printed_px: Math.round(printed),
  };
  if (isTooSmall(raster)) return { reasons: ['document_too_small'], quality };
  if (detail < LIMITS.detail) return { reasons: ['document_unreadable'], quality };
  const reasons: ReasonCode[] = [];
  if (printed < LIMITS.printedSide) reasons.push('document_too_small');
  if (sharpness < LIMITS.sharpness) reasons.push('document_blurry');
  if (glare > LIMITS.glare) reasons.push('document_glare');
  if (isCutOff(borders)) reasons.push('document_cut_off');
  return { reasons, quality };
}
