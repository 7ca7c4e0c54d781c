import sharp, { type Sharp } from 'sharp';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import { addNoise, makeRandom } from '../../src/sandbox/samples/random.js';
import {
  homographyBetween,
  sampleAt,
  type Corners,
  type Homography,
} from '../../src/sandbox/samples/raster.js';

/** One way in which a photograph gets worse. */
export interface Degradation {
  readonly name: string;
  /** @returns an encoded picture */
  readonly make: (original: RgbRaster) => Promise<Buffer>;
}

const open = ({ data, width, height }: RgbRaster) => sharp(data, { raw: { width, height, channels: 3 } });
const jpeg = (picture: Sharp, quality = 85) => picture.jpeg({ quality }).toBuffer();
const scaled = (original: RgbRaster, factor: number) =>
  open(original).resize({
    width: Math.max(1, Math.round(original.width * factor)),
    height: Math.max(1, Math.round(original.height * factor)),
    fit: 'fill',
  });

const TABLE = '#6b5a48';
const DARK_TABLE = '#34404d';
const PALE_TABLE = '#d9d4cc';

const blurred = (sigma: number): Degradation => ({
  name: `blur σ ${sigma}`,
  make: (original) => jpeg(open(original).blur(sigma), 92),
});
const resized = (factor: number): Degradation => ({
  name: `size × ${factor}`,
  make: (original) => jpeg(scaled(original, factor), 92),
});
const compressed = (quality: number): Degradation => ({
  name: `JPEG ${quality}`,
  make: (original) => jpeg(open(original), quality),
});
const turned = (degrees: number, background: string): Degradation => ({
  name: `turned ${degrees}°`,
  make: (original) => jpeg(open(original).rotate(degrees, { background })),
});

/** Sheared and stretched: seen from one side through a long lens. */
const SHEAR: [number, number, number, number] = [1, 0.15, 0.08, 0.9];
/** Where the corners of the picture come to lie, as parts of its width and height: seen from below and from one side. */
const LEANING = [
  [0.08, 0.06],
  [0.97, 0],
  [1, 0.94],
  [0, 1],
] as const;

function cornersOf({ width, height }: RgbRaster, parts: readonly (readonly [number, number])[]): Corners {
  const at = (i: number) => ({ x: (parts[i]?.[0] ?? 0) * width, y: (parts[i]?.[1] ?? 0) * height });
  return [at(0), at(1), at(2), at(3)];
}

const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

function warped(original: RgbRaster, toSource: Homography): RgbRaster {
  const { width, height } = original;
  const source = { ...original, channels: 3 as const };
  const data = new Uint8Array(width * height * 3).fill(90);
  const pixel = new Float64Array(3);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, j = 1] = toSource;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const depth = g * x + h * y + j;
      const [u, v] = [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth];
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      sampleAt(source, u, v, pixel);
      data.set(pixel, (y * width + x) * 3);
    }
  return { data, width, height };
}

const NOISE_DEVIATION = 18;

function noisy({ data, width, height }: RgbRaster): RgbRaster {
  const pixels = new Uint8ClampedArray(data);
  addNoise(pixels, width * 3, NOISE_DEVIATION, makeRandom('degrade'));
  return { data: new Uint8Array(pixels.buffer), width, height };
}

/** A lamp mirrored over the right half of the lower third, where a zone stands; parts of width and height. */
const LAMP = { x: 0.66, y: 0.82, radiusX: 0.26, radiusY: 0.2, strength: 330 } as const;

function glaring({ data, width, height }: RgbRaster): RgbRaster {
  const lit = new Uint8ClampedArray(data);
  for (let y = 0; y < height; y++) {
    const down = (y / height - LAMP.y) / LAMP.radiusY;
    for (let x = 0; x < width; x++) {
      const right = (x / width - LAMP.x) / LAMP.radiusX;
      const squared = right * right + down * down;
      const added = LAMP.strength * Math.exp(-squared * squared);
      const base = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) lit[base + c] = (data[base + c] ?? 0) + added;
    }
  }
  return { data: new Uint8Array(lit.buffer), width, height };
}

/** How much of the width is left of a picture that was framed badly. */
const FRAMED = 0.82;

/** The same for every run: figures of two versions of the reader compare only so. */
export const DEGRADATIONS: readonly Degradation[] = [
  blurred(1),
  blurred(1.5),
  blurred(2.5),
  resized(0.7),
  resized(0.5),
  resized(1.6),
  compressed(25),
  compressed(12),
  turned(3, TABLE),
  turned(-8, DARK_TABLE),
  turned(20, PALE_TABLE),
  turned(90, TABLE),
  turned(180, TABLE),
  {
    name: 'sheared',
    make: (original) => jpeg(open(original).affine(SHEAR, { background: DARK_TABLE })),
  },
  {
    name: 'perspective',
    make: (original) => {
      const toSource = homographyBetween(cornersOf(original, LEANING), cornersOf(original, WHOLE));
      return jpeg(open(warped(original, toSource)));
    },
  },
  {
    name: 'far away on a table',
    make: (original) => {
      const [down, right] = [Math.round(original.height / 2), Math.round(original.width / 2)];
      return jpeg(open(original).extend({ top: down, bottom: down, left: right, right, background: TABLE }));
    },
  },
  { name: 'noise', make: (original) => jpeg(open(noisy(original))) },
  { name: 'dark', make: (original) => jpeg(open(original).linear(0.35, 5), 70) },
  { name: 'glare', make: (original) => jpeg(open(glaring(original))) },
  {
    name: 'cut off',
    make: (original) =>
      jpeg(
        open(original).extract({
          left: 0,
          top: 0,
          width: Math.max(1, Math.round(original.width * FRAMED)),
          height: original.height,
        }),
      ),
  },
  {
    name: 'small, blurred, JPEG 40',
    make: async (original) => {
      const small = await scaled(original, 0.6).png().toBuffer();
      return jpeg(sharp(small).blur(0.8), 40);
    },
  },
];
