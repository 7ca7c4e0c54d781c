import sharp, { type Sharp } from 'sharp';
import type { FaceBox } from '../../src/app/ports/face-engine.js';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import { glared } from '../degradations.js';

/** A way in which a portrait on a document differs from the photograph it was made of. */
export interface FaceCondition {
  readonly name: string;
  /** @param face where the face stands, if one was found */
  readonly make: (photograph: RgbRaster, face: FaceBox | null) => Promise<Uint8Array>;
}

/** Height of a face in a photograph of a document, in pixels. */
const PRINTED_HEIGHT = 90;
const PRINT_BLUR = 0.8;
const JPEG_QUALITY = 60;
/** Pixels of a median filter that takes wrinkles and pores away, about as print and younger years do. */
const SMOOTHING = 3;
/** A lamp mirrored on one cheek: its place from the middle of the face, its radii, in shares of the face; grey levels added. */
const GLARE = { right: 0.2, down: 0.12, radiusX: 0.22, radiusY: 0.22, strength: 170, steepness: 1 } as const;

const pipeline = ({ data, width, height }: RgbRaster): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } });

const encode = (picture: Sharp): Promise<Uint8Array> => picture.jpeg({ quality: JPEG_QUALITY }).toBuffer();

/** Few pixels, grey, soft: as printed on a card and photographed. */
function printed(photograph: RgbRaster, face: FaceBox | null): Sharp {
  const factor = face === null ? 1 : Math.min(1, PRINTED_HEIGHT / face.height);
  return pipeline(photograph)
    .resize({ width: Math.max(16, Math.round(photograph.width * factor)) })
    .grayscale()
    .blur(PRINT_BLUR);
}

function withGlare(photograph: RgbRaster, face: FaceBox | null): RgbRaster {
  const { width, height } = photograph;
  const box = face ?? { left: 0, top: 0, width, height };
  return glared(photograph, {
    x: (box.left + (0.5 + GLARE.right) * box.width) / width,
    y: (box.top + (0.5 + GLARE.down) * box.height) / height,
    radiusX: (GLARE.radiusX * box.width) / width,
    radiusY: (GLARE.radiusY * box.height) / height,
    strength: GLARE.strength,
    steepness: GLARE.steepness,
  });
}

export const FACE_CONDITIONS: readonly FaceCondition[] = [
  { name: 'printed', make: (photograph, face) => encode(printed(photograph, face)) },
  {
    name: 'printed, glare',
    make: (photograph, face) => encode(printed(withGlare(photograph, face), face)),
  },
  {
    name: 'printed, smoothed',
    make: (photograph, face) => encode(printed(photograph, face).median(SMOOTHING)),
  },
];
