import sharp, { type Sharp } from 'sharp';
import { pick, type Random } from '../../../src/sandbox/samples/random.js';

type Make = (random: Random) => Promise<Buffer>;

/** In one of the three formats that are taken. */
export function encode(picture: Sharp, random: Random): Promise<Buffer> {
  const format = pick(random, ['jpeg', 'png', 'webp'] as const);
  return picture.toFormat(format, format === 'png' ? { compressionLevel: 3 } : { quality: 80 }).toBuffer();
}

/** A picture whose value at each place is worked out. */
function painted(
  width: number,
  height: number,
  at: (x: number, y: number, channel: number) => number,
): Sharp {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) data[i++] = at(x, y, c);
  return sharp(new Uint8Array(data.buffer), { raw: { width, height, channels: 3 } });
}

const SLIM = [
  [1, 1],
  [1, 2],
  [2, 1],
  [1, 40],
  [40, 1],
  [1, 3000],
  [3000, 1],
  [1, 16_000],
  [16_000, 1],
  [3, 5000],
  [9000, 2],
  [31, 33],
  [64, 7],
] as const;

/** Within the limit by their header, and as large as it allows. */
const LARGEST = [
  [8000, 5000],
  [5000, 8000],
  [40_000, 1000],
  [1000, 40_000],
  [15_900, 2500],
] as const;

const side = (random: Random): number => Math.round(random.between(60, 1600));

/** Pictures that show nothing, in sizes that ask for much. */
export const PIXELS: Readonly<Record<string, Make>> = {
  noise: (random) => {
    const strength = random.between(20, 255);
    return encode(
      painted(side(random), side(random), () => 128 + strength * (random.next() - 0.5)),
      random,
    );
  },
  grey_noise: (random) => {
    const grain = Math.ceil(random.between(1, 9));
    const [width, height] = [side(random), side(random)];
    const grains = new Uint8Array(Math.ceil(width / grain) * Math.ceil(height / grain)).map(
      () => random.next() * 256,
    );
    const stride = Math.ceil(width / grain);
    return encode(
      painted(width, height, (x, y) => grains[Math.floor(y / grain) * stride + Math.floor(x / grain)] ?? 0),
      random,
    );
  },
  gradient: (random) => {
    const [right, down] = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)];
    return encode(
      painted(side(random), side(random), (x, y, channel) => 128 + right * x + down * y + channel * 20),
      random,
    );
  },
  /** Bars as high as lines of text, and as far apart. */
  stripes: (random) => {
    const period = Math.ceil(random.between(2, 60));
    const upright = random.next() < 0.5;
    return encode(
      painted(side(random), side(random), (x, y) => ((upright ? x : y) % period < period / 2 ? 20 : 240)),
      random,
    );
  },
  chequers: (random) => {
    const period = Math.ceil(random.between(2, 40));
    return encode(
      painted(side(random), side(random), (x, y) =>
        (Math.floor(x / period) + Math.floor(y / period)) % 2 === 0 ? 15 : 245,
      ),
      random,
    );
  },
  one_colour: (random) => {
    const colour = [random.next() * 256, random.next() * 256, random.next() * 256];
    return encode(
      painted(side(random), side(random), (_x, _y, channel) => colour[channel] ?? 0),
      random,
    );
  },
  slim: (random) => {
    const [width, height] = pick(random, SLIM);
    return encode(
      painted(width, height, () => random.next() * 256),
      random,
    );
  },
  largest: (random) => {
    const [width, height] = pick(random, LARGEST);
    const blank = sharp({ create: { width, height, channels: 3, background: '#d8d4c8' } });
    // WebP knows no longer side than 16,383.
    return Math.max(width, height) > 16_383 || random.next() < 0.5
      ? blank.png({ compressionLevel: 6 }).toBuffer()
      : pick(random, [() => blank.webp({ effort: 0 }), () => blank.jpeg()])().toBuffer();
  },
};

/** A page over and over, as often as the limit of pixels allows. */
export function tiled(page: Buffer, random: Random): Promise<Buffer> {
  const [width, height] = pick(random, LARGEST.slice(0, 2));
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([{ input: page, tile: true, left: 0, top: 0 }])
    .jpeg({ quality: 50 })
    .toBuffer();
}
