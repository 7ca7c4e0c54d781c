import type { FaceBox } from '../../app/ports/face-engine.js';
import type { Region, RgbRaster } from '../images/raster.js';
import { suppress } from './face-boxes.js';
import type { FaceModels } from './face-models.js';
import { letterbox, type InputFormat } from './letterbox.js';

/** A way to look at a picture: whole, or part by part. */
export interface View {
  /** Crops a side; they overlap, so that no face is cut by all of them. */
  readonly across: number;
  /** Side of a crop as a share of the picture's; above 1, the picture is looked at from afar, in so large a frame. */
  readonly share: number;
  /** Detection score (0–1) from which a box counts. */
  readonly least: number;
}

/** Finds faces in one region at a time. */
export interface FaceDetector {
  /** The input that a region is brought to. */
  readonly input: InputFormat;
  /** In the order in which they are tried as long as no face is surely found. */
  readonly views: readonly View[];
  /** Height in the input below which faces are missed or boxed loosely. */
  readonly reliableHeight: number;
  /** Score from which a box holds a face and no ornament. */
  readonly faceScore: number;
  /** Score that a face on its side or head hardly ever reaches. */
  readonly uprightScore: number;
  /**
   * Faces in a region of whole pixels, in pixels of the raster, surest first.
   * @param scale pixels of the input a pixel of the region
   * @param least score from which a box counts
   * @throws EngineError `engine_failed`
   */
  detect(raster: RgbRaster, region: Region, scale: number, least: number): Promise<FaceBox[]>;
}

/** Padding becomes 0 after scaling. */
const INPUT: InputFormat = { width: 320, height: 240, mean: 127, divisor: 128, padding: 127 };

/** The detector of `faceplugin-face-recognition-js`: 4,420 priors, upright faces only. Its corners are shares of the whole input. */
export function makeFaceDetector(models: FaceModels): FaceDetector {
  return {
    input: INPUT,
    // A higher score in crops: many looks at small parts would otherwise find faces in ornaments sooner or later.
    views: [
      { across: 1, share: 1, least: 0.6 },
      { across: 2, share: 0.6, least: 0.8 },
      { across: 3, share: 0.42, least: 0.8 },
    ],
    reliableHeight: 24,
    faceScore: 0.9,
    uprightScore: 0.99,
    async detect(raster, region, scale, least) {
      const shape = [1, 3, INPUT.height, INPUT.width];
      const outputs = await models.run('detect', letterbox(raster, region, INPUT, scale), shape);
      const scores = outputs['scores'] ?? new Float32Array();
      const corners = outputs['boxes'] ?? new Float32Array();
      const found: FaceBox[] = [];
      for (let prior = 0; prior * 2 < scores.length; prior++) {
        const score = scores[prior * 2 + 1]!;
        if (score <= least) continue;
        const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = corners.subarray(prior * 4, prior * 4 + 4);
        if (x1 <= x0 || y1 <= y0) continue;
        found.push({
          left: region.left + (x0 * INPUT.width) / scale,
          top: region.top + (y0 * INPUT.height) / scale,
          width: ((x1 - x0) * INPUT.width) / scale,
          height: ((y1 - y0) * INPUT.height) / scale,
          score,
        });
      }
      return suppress(found);
    },
  };
}
