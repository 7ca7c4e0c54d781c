/**
 * Spoils pictures of documents in known ways and by known amounts, reproducibly: what a hasty learner sends. Lengths are given for a
 * picture whose longer side is 1000 pixels and scaled to the picture at hand.
 */
import sharp, { type Sharp } from 'sharp';
import { addNoise, makeRandom, type Random } from '../src/sandbox/samples/random.js';
import { decodeRgb } from '../src/adapters/images/decode.js';
import type { RgbRaster } from '../src/adapters/images/raster.js';

/** What was done to a picture, in the words of the reason that should be given for it; `none` where nothing was. */
export type Fault =
  | 'none'
  | 'document_blurry'
  | 'document_glare'
  | 'document_cut_off'
  | 'document_too_small'
  | 'document_unreadable'
  | 'selfie_low_quality';

export interface Degraded {
  readonly fault: Fault;
  /** Kind of the fault: `defocus`, `motion`, … */
  readonly condition: string;
  /** Kind and amount, unique among the copies of one picture. */
  readonly name: string;
  /** Encoded picture. */
  readonly image: Buffer;
}

type Side = 'left' | 'top' | 'right' | 'bottom';
const SIDES: readonly Side[] = ['left', 'top', 'right', 'bottom'];
/** Side of what is degraded, at most; telephones' pictures are reduced to it when they come in. */
const LONGEST = 2000;
const JPEG_QUALITY = 88;
/** Longer side for which lengths are given. */
const UNIT = 1000;

const rawOf = ({ width, height }: RgbRaster) => ({ width, height, channels: 3 as const });
const pipeline = (raster: RgbRaster) => sharp(raster.data, { raw: rawOf(raster) });
const longerSide = ({ width, height }: RgbRaster): number => Math.max(width, height);

async function toRaster(image: Sharp): Promise<RgbRaster> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const encode = (raster: RgbRaster): Promise<Buffer> =>
  pipeline(raster).jpeg({ quality: JPEG_QUALITY }).toBuffer();

/** Gaussian blur, as of a lens out of focus. `sigma` for {@link UNIT}. */
export function defocused(raster: RgbRaster, sigma: number): Promise<RgbRaster> {
  const pixels = (sigma * longerSide(raster)) / UNIT;
  return pixels < 0.3 ? Promise.resolve(raster) : toRaster(pipeline(raster).blur(pixels));
}

/** Blur along a straight path of the given length, as of a moving hand. `angle` in radians. */
export function shaken(raster: RgbRaster, length: number, angle: number): RgbRaster {
  const { data, width, height } = raster;
  const pixels = (length * longerSide(raster)) / UNIT;
  const steps = Math.max(1, Math.round(pixels));
  const sums = new Float32Array(data.length);
  for (let step = 0; step < steps; step++) {
    const along = ((step + 0.5) / steps - 0.5) * pixels;
    const dx = Math.round(along * Math.cos(angle));
    const dy = Math.round(along * Math.sin(angle));
    for (let y = 0; y < height; y++) {
      const row = Math.min(height - 1, Math.max(0, y + dy)) * width;
      for (let x = 0; x < width; x++) {
        const from = (row + Math.min(width - 1, Math.max(0, x + dx))) * 3;
        const to = (y * width + x) * 3;
        for (let c = 0; c < 3; c++) sums[to + c] = (sums[to + c] ?? 0) + (data[from + c] ?? 0);
      }
    }
  }
  return { data: Uint8Array.from(sums, (sum) => sum / steps), width, height };
}

export interface Reflection {
  /** Centre, and radii to where it has faded to a third, as parts of width and height. */
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  /** Grey levels added at its heart. */
  readonly strength: number;
  /** 1 fades like a Gaussian, 2 has a flat heart and a steeper rim, like a window. */
  readonly steepness: number;
}

/** A lamp or a window mirrored in lamination. */
export function glared(raster: RgbRaster, reflection: Reflection): RgbRaster {
  const { data, width, height } = raster;
  const lit = new Uint8ClampedArray(data);
  for (let y = 0; y < height; y++) {
    const down = ((y + 0.5) / height - reflection.y) / reflection.radiusY;
    for (let x = 0; x < width; x++) {
      const right = ((x + 0.5) / width - reflection.x) / reflection.radiusX;
      const added = reflection.strength * Math.exp(-((right * right + down * down) ** reflection.steepness));
      if (added < 0.5) continue;
      const i = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) lit[i + c] = (data[i + c] ?? 0) + added;
    }
  }
  return { data: new Uint8Array(lit.buffer), width, height };
}

/** Less light on the sensor: darker, and noise that does not get less with it. */
export function darkened(raster: RgbRaster, gain: number, noise: number, random: Random): RgbRaster {
  const dark = new Uint8ClampedArray(raster.data.length);
  for (let i = 0; i < dark.length; i++) dark[i] = (raster.data[i] ?? 0) * gain;
  addNoise(dark, raster.width * 3, noise, random);
  return { ...raster, data: new Uint8Array(dark.buffer) };
}

/** Reduced by a factor, as if photographed from farther away or with a poorer camera. */
export const reduced = (raster: RgbRaster, factor: number): Promise<RgbRaster> =>
  toRaster(pipeline(raster).resize({ width: Math.max(16, Math.round(raster.width * factor)) }));

/** Cut away on one side, by a part of the extent. */
export function cropped(raster: RgbRaster, side: Side, share: number): Promise<RgbRaster> {
  const { width, height } = raster;
  const cutX = Math.round(side === 'left' || side === 'right' ? share * width : 0);
  const cutY = Math.round(side === 'top' || side === 'bottom' ? share * height : 0);
  return toRaster(
    pipeline(raster).extract({
      left: side === 'left' ? cutX : 0,
      top: side === 'top' ? cutY : 0,
      width: width - cutX,
      height: height - cutY,
    }),
  );
}

const MARGIN = 0.08;
const WOODS = [
  [120, 86, 58],
  [176, 170, 160],
  [62, 66, 72],
  [206, 188, 158],
] as const;

async function table(width: number, height: number, random: Random): Promise<Buffer> {
  const wood = WOODS[Math.floor(random.next() * WOODS.length)] ?? WOODS[0];
  const [rows, columns] = [160, 20];
  const grain = new Uint8ClampedArray(rows * columns * 3);
  for (let row = 0; row < rows; row++) {
    const tone = random.between(-14, 14);
    for (let column = 0; column < columns; column++) {
      const value = tone + random.between(-8, 8);
      for (let c = 0; c < 3; c++) grain[(row * columns + column) * 3 + c] = (wood[c] ?? 0) + value;
    }
  }
  const wide = await sharp(new Uint8Array(grain.buffer), {
    raw: { width: columns, height: rows, channels: 3 },
  })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const noisy = new Uint8ClampedArray(wide);
  addNoise(noisy, width * 3, 4, random);
  return Buffer.from(noisy.buffer);
}

/**
 * Lays a picture of a document on a sharp table, slightly turned.
 * @param cut `side` and the part of the document that lies beyond the frame there
 */
export async function onTable(
  document: RgbRaster,
  random: Random,
  cut?: { readonly side: Side; readonly share: number },
): Promise<RgbRaster> {
  const angle = random.between(-3, 3);
  const turned = await pipeline(document)
    .ensureAlpha()
    .rotate(angle, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const margin = Math.round(MARGIN * longerSide(document));
  const { width: w, height: h } = turned.info;
  const [width, height] = [w + 2 * margin, h + 2 * margin];
  const laid = await sharp(await table(width, height, random), { raw: { width, height, channels: 3 } })
    .composite([{ input: turned.data, raw: { width: w, height: h, channels: 4 }, left: margin, top: margin }])
    .removeAlpha()
    .raw()
    .toBuffer();
  const whole: RgbRaster = { data: laid, width, height };
  if (!cut) return whole;
  const extent = cut.side === 'left' || cut.side === 'right' ? w : h;
  const all = cut.side === 'left' || cut.side === 'right' ? width : height;
  return cropped(whole, cut.side, (margin + cut.share * extent) / all);
}

const DEFOCUS = [0.8, 1.4, 2, 2.7, 3.6, 5, 7] as const;
const DEFOCUS_ON_TABLE = [1.6, 2.4, 3.4, 5] as const;
const SHAKES = [5, 9, 14, 20, 30] as const;
const GLARES = 10;
const CUTS = [0.06, 0.14, 0.25, 0.4] as const;
const CUTS_OF_SCANS = [0.12, 0.22] as const;
const SIZES = [0.7, 0.5, 0.38, 0.28, 0.2, 0.15, 0.11] as const;
const GAINS = [0.35, 0.18, 0.09, 0.05] as const;

/** Half of the reflections lie where zones do: these are the ones that matter. */
function randomReflection(random: Random): Reflection {
  const radius = random.between(0.06, 0.26);
  return {
    x: random.between(0.1, 0.9),
    y: random.next() < 0.5 ? random.between(0.1, 0.7) : random.between(0.7, 0.95),
    radiusX: radius,
    radiusY: radius * random.between(0.7, 1.5),
    strength: random.between(180, 480),
    steepness: random.next() < 0.5 ? 1 : 2,
  };
}

/**
 * Copies of a picture, the first one whole. Every second of a kind lies on a table, the others fill the frame as the original does.
 * @param seed another one gives other angles, places and amounts
 */
export async function* degradationsOf(bytes: Uint8Array, seed: string): AsyncGenerator<Degraded> {
  const random = makeRandom(seed);
  const original = await decodeRgb(bytes, { maxSide: LONGEST });
  // Amounts differ from picture to picture and from seed to seed.
  const vary = (amount: number) => amount * random.between(0.85, 1.18);
  const twoDigits = (value: number) => value.toFixed(2);
  yield { fault: 'none', condition: 'original', name: 'original', image: Buffer.from(bytes) };
  const laid = await onTable(original, random);
  yield { fault: 'none', condition: 'on a table', name: 'table', image: await encode(laid) };
  const bases = [original, laid] as const;
  const base = (index: number): RgbRaster => bases[index % 2 === 0 ? 0 : 1];

  for (const [i, amount] of DEFOCUS.entries()) {
    const sigma = vary(amount);
    const image = await encode(await defocused(base(i), sigma));
    yield { fault: 'document_blurry', condition: 'defocus', name: `defocus ${twoDigits(sigma)}`, image };
  }
  for (const amount of DEFOCUS_ON_TABLE) {
    const sigma = vary(amount);
    const image = await encode(await onTable(await defocused(original, sigma), random));
    const name = `sharp table ${twoDigits(sigma)}`;
    yield { fault: 'document_blurry', condition: 'defocus, table sharp', name, image };
  }
  for (const [i, amount] of SHAKES.entries()) {
    const length = vary(amount);
    const angle = random.between(0, Math.PI);
    const image = await encode(shaken(base(i), length, angle));
    const name = `motion ${twoDigits(length)} ${twoDigits(angle)}`;
    yield { fault: 'document_blurry', condition: 'motion', name, image };
  }
  for (let i = 0; i < GLARES; i++) {
    const image = await encode(glared(base(i), randomReflection(random)));
    yield { fault: 'document_glare', condition: 'glare', name: `glare ${i}`, image };
  }
  for (const [i, amount] of CUTS.entries())
    for (const [j, side] of SIDES.entries()) {
      if ((i + j) % 2 === 1) continue;
      const share = vary(amount);
      const image = await encode(await onTable(original, random, { side, share }));
      const name = `cut ${side} ${twoDigits(share)}`;
      yield { fault: 'document_cut_off', condition: `cut ${side}`, name, image };
    }
  for (const [i, amount] of CUTS_OF_SCANS.entries()) {
    const side = SIDES[Math.floor(random.next() * SIDES.length)] ?? 'bottom';
    const share = vary(amount);
    const image = await encode(await cropped(original, side, share));
    const name = `scan cut ${i} ${side} ${twoDigits(share)}`;
    yield { fault: 'document_cut_off', condition: 'scan cut', name, image };
  }
  for (const [i, amount] of SIZES.entries()) {
    const factor = vary(amount);
    const image = await encode(await reduced(base(i), factor));
    yield { fault: 'document_too_small', condition: 'reduced', name: `reduced ${twoDigits(factor)}`, image };
  }
  for (const [i, amount] of GAINS.entries()) {
    const gain = vary(amount);
    const image = await encode(darkened(base(i), gain, 2.5, random));
    yield { fault: 'document_unreadable', condition: 'dark', name: `dark ${twoDigits(gain)}`, image };
  }
}

/** Pictures of faces are enlarged to this longer side at the least: a telephone's are not smaller. */
const SELFIE_SIDE = 720;
const SELFIE_DEFOCUS = [2, 5, 8, 11, 15] as const;
const SELFIE_SHAKES = [12, 25, 40, 60, 85] as const;
const SELFIE_SIZES = [0.6, 0.35, 0.22, 0.14, 0.09] as const;
const SELFIE_GAINS = [0.4, 0.2, 0.1, 0.05] as const;
const VEILS = [0.55, 0.3, 0.18, 0.09] as const;
const VEIL_LUMA = 245;

/** Light that falls into the lens: contrast goes, brightness comes. `share` is what is left of the contrast. */
export function veiled(raster: RgbRaster, share: number): RgbRaster {
  const data = Uint8Array.from(raster.data, (value) => value * share + (1 - share) * VEIL_LUMA);
  return { ...raster, data };
}

/** Copies of a picture of one face, the first one whole. */
export async function* selfieDegradationsOf(bytes: Uint8Array, seed: string): AsyncGenerator<Degraded> {
  const random = makeRandom(seed);
  const decoded = await decodeRgb(bytes, { maxSide: LONGEST });
  const enlarged = Math.max(1, SELFIE_SIDE / longerSide(decoded));
  const whole = enlarged === 1 ? decoded : await reduced(decoded, enlarged);
  const vary = (amount: number) => amount * random.between(0.85, 1.18);
  const copy = async (condition: string, amount: number, raster: RgbRaster): Promise<Degraded> => ({
    fault: 'selfie_low_quality',
    condition,
    name: `${condition} ${amount.toFixed(2)}`,
    image: await encode(raster),
  });
  yield { fault: 'none', condition: 'original', name: 'original', image: await encode(whole) };
  for (const amount of SELFIE_DEFOCUS) {
    const sigma = vary(amount);
    yield copy('defocus', sigma, await defocused(whole, sigma));
  }
  for (const amount of SELFIE_SHAKES) {
    const length = vary(amount);
    yield copy('motion', length, shaken(whole, length, random.between(0, Math.PI)));
  }
  for (const amount of SELFIE_SIZES) {
    const factor = vary(amount);
    yield copy('reduced', factor, await reduced(whole, factor));
  }
  for (const amount of SELFIE_GAINS) {
    const gain = vary(amount);
    yield copy('dark', gain, darkened(whole, gain, 2.5, random));
  }
  for (const amount of VEILS) {
    const share = vary(amount);
    yield copy('veiled', share, veiled(whole, share));
  }
}
