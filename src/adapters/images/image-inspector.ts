import type { FaceEngine } from '../../app/ports/face-engine.js';
import type { ImageInspector } from '../../app/ports/image-inspector.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import type { Slot } from '../../domain/reasons.js';
import { decodeRgb } from './decode.js';
import { judgeDocument, type Judgement } from './judge-document.js';
import { judgeSelfie, judgeSelfieFaces } from './judge-selfie.js';
import { encodeNormalised } from './normalise.js';
import type { RgbRaster } from './raster.js';

export interface ImageInspectorDeps {
  /** Called for images of people who consented to biometrics, and for nobody else's: loading waits until then. */
  readonly faceEngine: () => Promise<Pick<FaceEngine, 'detect'>>;
}

/**
 * Inspector that decodes once, judges those very pixels, and hands them on encoded anew.
 * Faces are looked for only in `id_front` and `selfie`.
 */
export function makeImageInspector({ faceEngine }: ImageInspectorDeps): ImageInspector {
  const detect = async (image: Uint8Array) => (await faceEngine()).detect(image);

  const judgeFront = async (raster: RgbRaster, image: Uint8Array, faces: boolean): Promise<Judgement> => {
    const judged = judgeDocument(raster);
    // What has to be photographed again anyhow is not searched for a face.
    if (!faces || judged.reasons.length > 0) return judged;
    const found = await detect(image);
    return {
      reasons: found.length === 0 ? ['document_no_portrait'] : [],
      quality: { ...judged.quality, faces: found.length, face_height: Math.round(found[0]?.height ?? 0) },
    };
  };

  const judge = async (
    slot: Slot,
    raster: RgbRaster,
    image: Uint8Array,
    faces: boolean,
  ): Promise<Judgement> => {
    switch (slot) {
      case 'id_front':
        return judgeFront(raster, image, faces);
      case 'id_back':
        return judgeDocument(raster);
      case 'selfie':
        return faces ? judgeSelfieFaces(raster, await detect(image)) : judgeSelfie(raster);
    }
  };

  return {
    async inspect(bytes, slot, { faces }) {
      const raster = await decodeRgb(bytes, { maxSide: IMAGE_LIMITS.normalisedSide });
      const image = await encodeNormalised(raster);
      const { reasons, quality } = await judge(slot, raster, image, faces);
      return {
        outcome: reasons.length === 0 ? 'accepted' : 'rejected',
        reasons,
        image,
        width: raster.width,
        height: raster.height,
        format: raster.format,
        quality,
      };
    },
    async close() {
      // Holds nothing of its own; the face engine belongs to whoever made it.
    },
  };
}
