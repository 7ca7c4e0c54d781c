import type { FaceBox, FaceEngine } from '../../app/ports/face-engine.js';
import type { ImageInspector } from '../../app/ports/image-inspector.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import type { Slot } from '../../domain/reasons.js';
import type { PortraitNetworks } from '../face/portrait-networks.js';
import type { TextDetector } from '../ocr/text-detector.js';
import type { TextBox } from '../ocr/text-box.js';
import { decodeRgb } from './decode.js';
import { saysAltered } from './file-traces.js';
import { halve } from './halve.js';
import { judgeDocument, type Judgement } from './judge-document.js';
import { judgePortrait } from './judge-portrait.js';
import { judgeSelfie, judgeSelfieFaces } from './judge-selfie.js';
import { encodeNormalised } from './normalise.js';
import type { RgbRaster } from './raster.js';

export interface ImageInspectorDeps {
  /** Called for images of people who consented to biometrics, and for nobody else's: loading waits until then. */
  readonly faceEngine: () => Promise<Pick<FaceEngine, 'detect'>>;
  /** Likewise. */
  readonly portraits: () => Promise<Pick<PortraitNetworks, 'run'>>;
  /** Opened for the first document. By default the inspector has one of its own, and closes it. */
  readonly textDetector?: () => Promise<Pick<TextDetector, 'detect'>>;
}

/** Longer side at which text is looked for, in pixels: enough for the lines of a zone, at less than half the cost of what reading needs. */
const DETECTION_SIDE = 640;

const doubled = (box: TextBox): TextBox => ({
  ...box,
  cx: 2 * box.cx,
  cy: 2 * box.cy,
  length: 2 * box.length,
  thickness: 2 * box.thickness,
});

/** A detector that is opened once, when it is first asked for. */
function makeOwnDetector() {
  let opened: Promise<TextDetector> | undefined;
  return {
    get: () =>
      // Imported then, too: a host that sees selfies only does not even map the runtime.
      (opened ??= import('../ocr/text-detector.js')
        .then(({ makeTextDetector }) => makeTextDetector())
        .catch((error: unknown) => {
          opened = undefined;
          throw error;
        })),
    close: async () => (await opened)?.close(),
  };
}

/**
 * Inspector that decodes once, judges those very pixels, and hands them on encoded anew.
 * Faces are looked for only in `id_front` and `selfie`.
 */
export function makeImageInspector({
  faceEngine,
  portraits,
  textDetector,
}: ImageInspectorDeps): ImageInspector {
  const own = makeOwnDetector();
  const getDetector = textDetector ?? own.get;
  const detect = async (image: Uint8Array) => (await faceEngine()).detect(image);

  const findText = async (raster: RgbRaster): Promise<readonly TextBox[]> => {
    const detector = await getDetector();
    const isLarge = Math.max(raster.width, raster.height) >= 2 * DETECTION_SIDE;
    if (!isLarge) return detector.detect(raster, DETECTION_SIDE);
    // The detector reduces what it is given by a slower, finer filter: half of the way is gone faster.
    return (await detector.detect(halve(raster), DETECTION_SIDE)).map(doubled);
  };

  const judgeText = async (raster: RgbRaster): Promise<Judgement> =>
    judgeDocument(raster, await findText(raster));

  const judgeFront = async (raster: RgbRaster, image: Uint8Array, faces: boolean): Promise<Judgement> => {
    const judged = await judgeText(raster);
    // What has to be photographed again anyhow is not searched for a face.
    if (!faces || judged.reasons.length > 0) return judged;
    const found = await detect(image);
    return {
      reasons: found.length === 0 ? ['document_no_portrait'] : [],
      quality: { ...judged.quality, faces: found.length, face_height: Math.round(found[0]?.height ?? 0) },
    };
  };

  const judgeFace = async (raster: RgbRaster, faces: readonly FaceBox[]): Promise<Judgement> => {
    const judged = judgeSelfieFaces(raster, faces);
    const [face] = faces;
    if (!face || judged.reasons.length > 0) return judged;
    // Imported then, as the networks are: a host of people who refused biometrics has neither.
    const { measurePortrait } = await import('../face/measure-portrait.js');
    const measures = await measurePortrait(await portraits(), raster, face);
    const shown = judgePortrait(measures);
    return { reasons: shown.reasons, quality: { ...judged.quality, ...shown.quality } };
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
        return judgeText(raster);
      case 'selfie':
        return faces ? judgeFace(raster, await detect(image)) : judgeSelfie(raster);
    }
  };

  return {
    async inspect(bytes, slot, { faces }) {
      const raster = await decodeRgb(bytes, { maxSide: IMAGE_LIMITS.normalisedSide });
      const image = await encodeNormalised(raster);
      const { reasons, quality } = await judge(slot, raster, image, faces);
      // Documents are cropped and turned in editors by honest people; and the words are gone from the picture that is kept.
      const isAltered = slot === 'selfie' && (await saysAltered(bytes));
      return {
        outcome: reasons.length === 0 ? 'accepted' : 'rejected',
        reasons,
        image,
        width: raster.width,
        height: raster.height,
        format: raster.format,
        quality: isAltered ? { ...quality, altered: 1 } : quality,
      };
    },
    async close() {
      // The face engine belongs to whoever made it.
      await own.close();
    },
  };
}
