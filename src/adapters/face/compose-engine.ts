import type { FaceBox, FaceComparison, FaceEngine } from '../../app/ports/face-engine.js';
import { EngineError } from '../../domain/errors.js';
import type { RgbRaster } from '../images/raster.js';
import { decodePicture } from './decode-picture.js';
import type { FaceDetector } from './detect-faces.js';
import { turnBack } from './face-boxes.js';
import { searchFaces, type Sight } from './search-faces.js';

/** What a face engine is put together from. */
export interface FaceParts {
  /** See {@link FaceEngine.model}. */
  readonly model: string;
  readonly detector: FaceDetector;
  /**
   * Template of one face, L2-normalised, and how sure it is that the face stands upright.
   * @throws EngineError `engine_failed`
   */
  describe(raster: RgbRaster, face: FaceBox): Promise<Description>;
  /** Surety of a description from which the picture is not turned to see whether another side fits better. */
  readonly clearSurety: number;
  /** Similarity of two templates on the scale of `FACE_POLICY`, 0–1. */
  readonly similarity: (a: Float32Array, b: Float32Array) => number;
  readonly networks: {
    readonly loaded: () => readonly string[];
    readonly inferences: () => number;
    readonly close: () => Promise<void>;
  };
}

export interface Description {
  readonly template: Float32Array;
  readonly surety: number;
}

export interface OnnxFaceEngine extends FaceEngine {
  /** Similarity of two templates of this engine on the scale of `FACE_POLICY`: 0–1, higher = same person. */
  readonly similarity: (a: Float32Array, b: Float32Array) => number;
  /** {@link FaceEngine.detect} of a picture that is decoded already. @throws EngineError `engine_failed` */
  detectIn(raster: RgbRaster): Promise<readonly FaceBox[]>;
  /** {@link FaceEngine.embed} of a picture that is decoded already. @throws EngineError `engine_failed` */
  embedIn(raster: RgbRaster): ReturnType<FaceEngine['embed']>;
  /** Networks opened so far; empty until the first call that needs a face. */
  loaded(): readonly string[];
  /** Network runs so far. */
  inferences(): number;
}

interface Subject {
  readonly template: Float32Array | null;
  readonly faces: number;
  readonly height: number;
}

const NOBODY: Subject = { template: null, faces: 0, height: 0 };

/** An upright face is taller than wide, also when tilted; the box of one that lies on its side is wider. */
const UPRIGHT_ASPECT = 1.1;

/** The largest of those that are surely faces: a ghost image is smaller than the portrait. */
function mainFace(faces: readonly FaceBox[], faceScore: number): FaceBox {
  const face =
    faces.find(({ score }) => score >= faceScore) ?? faces.toSorted((a, b) => b.score - a.score)[0];
  if (face === undefined) throw new EngineError('engine_failed');
  return face;
}

/** Score of the surest face that stands upright; faces that lie count half. */
const uprightScore = ({ faces }: Sight): number =>
  Math.max(
    ...faces.map(({ score, width, height }) => (width <= UPRIGHT_ASPECT * height ? score : score / 2)),
  );

/** Face engine of a detector and a description of faces. Images are looked at with their longer side at most `IMAGE_LIMITS.normalisedSide` pixels. */
export function composeEngine(parts: FaceParts): OnnxFaceEngine {
  const { detector, networks, similarity } = parts;

  /** By descriptions, which tell the position far more surely than detections do. */
  const subjectIn = async (raster: RgbRaster): Promise<Subject> => {
    const judge = async (sight: Sight) => {
      const face = mainFace(sight.faces, detector.faceScore);
      const { template, surety } = await parts.describe(sight.raster, face);
      return { value: { template, faces: sight.faces.length, height: Math.round(face.height) }, surety };
    };
    return (await searchFaces(detector, raster, judge, parts.clearSurety)) ?? NOBODY;
  };

  const detectIn: OnnxFaceEngine['detectIn'] = async (raster) => {
    const judge = (sight: Sight) => ({ value: sight, surety: uprightScore(sight) });
    const sight = await searchFaces(detector, raster, judge, detector.uprightScore);
    return sight?.faces.map((face) => turnBack(face, sight.turns, sight.raster)) ?? [];
  };

  const embedIn: OnnxFaceEngine['embedIn'] = async (raster) => {
    const { template, faces } = await subjectIn(raster);
    return { template, faces };
  };

  return {
    model: parts.model,
    detect: async (image) => detectIn(await decodePicture(image)),
    async compare(document, selfie): Promise<FaceComparison> {
      const a = await subjectIn(await decodePicture(document));
      const b = await subjectIn(await decodePicture(selfie));
      return {
        score: a.template === null || b.template === null ? null : similarity(a.template, b.template),
        faces: [a.faces, b.faces],
        faceHeights: [a.height, b.height],
      };
    },
    embed: async (image) => embedIn(await decodePicture(image)),
    detectIn,
    embedIn,
    similarity,
    loaded: networks.loaded,
    inferences: networks.inferences,
    close: networks.close,
  };
}
