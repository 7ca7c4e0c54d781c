import bwipjs from 'bwip-js/node';
import sharp from 'sharp';
import type { RgbRaster } from '../../src/adapters/images/raster.js';

/** Taken out once: inner loops need them for each sample, and a look-up through the global object is slow where that is not the usual one. */
const { floor, imul, max, min, sqrt } = Math;

/** How a drawn code is photographed. Lengths in pixels of the picture, angles in degrees, clockwise. */
export interface Shot {
  readonly width?: number;
  readonly height?: number;
  /** Width of a module of the code at its middle. */
  readonly module?: number;
  readonly rotation?: number;
  /** How far the far side of the card recedes: 0.3 makes it about a quarter shorter than the near side. */
  readonly perspective?: number;
  /** Direction in which the card recedes. */
  readonly perspectiveTowards?: number;
  /** Standard deviation of the blur. */
  readonly blur?: number;
  /** Standard deviation of the noise, grey levels. */
  readonly noise?: number;
  readonly jpeg?: number;
  /** Share of the code's width that something light covers, from its right end. */
  readonly covered?: number;
  /** 0–1: what remains of the contrast between ink and card. */
  readonly contrast?: number;
}

export interface CodeStyle {
  readonly columns?: number;
  readonly eclevel?: number;
  /** Height of a row in modules. */
  readonly rowHeight?: number;
}

interface Grey {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A code of one pixel a module. */
async function drawModules(
  text: string,
  { columns = 13, eclevel = 5, rowHeight = 3 }: CodeStyle,
): Promise<Grey> {
  const options = {
    bcid: 'pdf417',
    text,
    columns,
    eclevel,
    rowmult: rowHeight,
    scale: 1,
    binarytext: true,
  };
  const png = await bwipjs.toBuffer(options);
  const { data, info } = await sharp(png)
    .flatten({ background: '#fff' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/** Encoding takes longer than photographing. */
const drawn = new Map<string, Promise<Grey>>();

/** Reproducible noise: mulberry32. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const DARK = 35;
const CARD = 235;
const TABLE = 120;
/** Light card around the code, in modules. */
const MARGIN = 24;
/** Samples a pixel and direction. */
const OVERSAMPLING = 2;

/** What a card with a code, seen by a camera, looks like. */
export async function photographCode(
  text: string,
  shot: Shot = {},
  style: CodeStyle = {},
): Promise<RgbRaster> {
  const key = JSON.stringify([text, style]);
  const code = await (drawn.get(key) ?? drawn.set(key, drawModules(text, style)).get(key)!);
  const { width = 800, height = 600, module = 2.2, rotation = 0, contrast = 1, covered = 0 } = shot;
  const turn = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const towards = ((shot.perspectiveTowards ?? 30) * Math.PI) / 180;
  const recede = (shot.perspective ?? 0) / code.width;
  const [px, py] = [Math.cos(towards) * recede, Math.sin(towards) * recede];
  const ink = CARD - (CARD - DARK) * contrast;
  const visible = code.width * (1 - covered);
  /** Grey of the scene at a point, given in pixels from the middle of the picture. */
  const seen = (x: number, y: number): number => {
    const u = (x * cos + y * sin) / module;
    const v = (y * cos - x * sin) / module;
    // The inverse of (u, v) / (1 + p·(u, v)), which is what a receding plane does.
    const depth = 1 - px * u - py * v;
    if (depth < 0.2) return TABLE;
    const a = u / depth + code.width / 2;
    const b = v / depth + code.height / 2;
    if (a < -MARGIN || b < -MARGIN || a >= code.width + MARGIN || b >= code.height + MARGIN) return TABLE;
    if (a < 0 || b < 0 || a >= code.width || b >= code.height || a >= visible) return CARD;
    return code.data[floor(b) * code.width + floor(a)]! < 128 ? ink : CARD;
  };
  const reach =
    (Math.hypot(code.width / 2 + MARGIN, code.height / 2 + MARGIN) * module) / (1 - (shot.perspective ?? 0));
  const lowest = (shot.perspective ?? 0) > 0 ? reach : (code.height / 2 + MARGIN) * module + 2;
  const isFarOff = (x: number, y: number) =>
    x * x + y * y > reach * reach || Math.abs(y * cos - x * sin) > lowest;
  const grey = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // A pixel whose middle lies well off the card is table throughout.
      if (isFarOff(x + 0.5 - width / 2, y + 0.5 - height / 2)) {
        grey[y * width + x] = TABLE;
        continue;
      }
      let sum = 0;
      for (let j = 0; j < OVERSAMPLING; j++)
        for (let i = 0; i < OVERSAMPLING; i++)
          sum += seen(x + (i + 0.5) / OVERSAMPLING - width / 2, y + (j + 0.5) / OVERSAMPLING - height / 2);
      grey[y * width + x] = sum / OVERSAMPLING ** 2;
    }
  }
  return develop(grey, width, height, shot);
}

/** The camera's part: focus, sensor, compression. */
async function develop(grey: Buffer, width: number, height: number, shot: Shot): Promise<RgbRaster> {
  let pixels = grey;
  const raw = { width, height, channels: 1 } as const;
  if (shot.blur) pixels = await sharp(pixels, { raw }).blur(shot.blur).greyscale().raw().toBuffer();
  if (shot.noise) {
    const random = makeRandom(7);
    for (let i = 0; i < pixels.length; i++) {
      const spread = (random() + random() + random() + random() - 2) * sqrt(3);
      pixels[i] = min(255, max(0, pixels[i]! + spread * shot.noise));
    }
  }
  let picture = sharp(pixels, { raw });
  if (shot.jpeg) picture = sharp(await picture.jpeg({ quality: shot.jpeg }).toBuffer());
  const { data } = await picture
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width, height };
}
