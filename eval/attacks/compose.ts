/** Pictures of pictures, composed: what somebody holds before a camera who has no more than a photograph of the learner. */
import sharp, { type Sharp } from 'sharp';

interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const pipeline = ({ data, width, height }: Raster) => sharp(data, { raw: { width, height, channels: 3 } });

async function rasterOf(image: Buffer | Sharp): Promise<Raster> {
  const source = Buffer.isBuffer(image) ? sharp(image) : image;
  const { data, info } = await source.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const jpeg = (raster: Raster): Promise<Buffer> => pipeline(raster).jpeg({ quality: 90 }).toBuffer();

const { cos, exp, sin, min, PI } = Math;

/** Angles of the screens of three inks, in degrees, so far apart that they make no moiré with each other. */
const SCREEN_ANGLES = [15, 75, 45] as const;
/** How hard dots end, and what part of the picture is dots rather than mixed ink. */
const DOT_EDGE = 9;
const DOT_SHARE = 0.55;
/** Darkest ink, and the span up to paper. */
const INK = 30;
const SPAN = 200;

/** Dots of print. @param period of the screen, in pixels */
async function halftone(photo: Raster, period: number): Promise<Raster> {
  const { data, width, height } = photo;
  const dots = new Uint8Array(data.length);
  for (const [c, degrees] of SCREEN_ANGLES.entries()) {
    const [right, down] = [cos((degrees * PI) / 180), sin((degrees * PI) / 180)].map(
      (part) => (part * 2 * PI) / period,
    );
    for (let y = 0, i = c; y < height; y++)
      for (let x = 0; x < width; x++, i += 3) {
        const threshold = (cos(x * right! + y * down!) + cos(y * right! - x * down!)) / 4 + 0.5;
        const value = data[i]! / 255;
        const dot = 1 / (1 + exp(-(value - threshold) * DOT_EDGE));
        dots[i] = INK + SPAN * (DOT_SHARE * dot + (1 - DOT_SHARE) * value);
      }
  }
  return rasterOf(pipeline({ ...photo, data: dots }).blur(0.8));
}

/** Stripes of three colours and lines between rows, photographed by a camera whose pixels do not fall on them. */
async function onScreen(photo: Raster): Promise<Raster> {
  const { data, width, height } = await rasterOf(
    pipeline(photo).resize({ width: photo.width * 2, kernel: 'cubic' }),
  );
  const lit = new Uint8Array(data);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++, i++)
        lit[i] = min(255, data[i]! * (c === x % 3 ? 1.3 : 0.82) * (y % 3 === 0 ? 0.75 : 1.08));
  const turned = await rasterOf(
    pipeline({ data: lit, width, height }).rotate(1.7, { background: '#101014' }),
  );
  return rasterOf(pipeline(turned).resize({ width: Math.round(width * 0.437), kernel: 'cubic' }));
}

/** Held so far away that its border is in view. */
const held = (photo: Raster, border: string): Promise<Raster> =>
  rasterOf(
    pipeline(photo)
      .resize({ width: Math.round(photo.width * 0.72) })
      .extend({ top: 90, bottom: 110, left: 100, right: 100, background: border }),
  );

const GROUND = [185, 178, 164] as const;

/** A head and shoulders cut out of a print, before another ground. */
function cutOut({ data, width, height }: Raster): Raster {
  const cut = new Uint8Array(data);
  const inside = (x: number, y: number, centre: number, across: number, down: number) =>
    ((x / width - 0.5) / across) ** 2 + ((y / height - centre) / down) ** 2 < 1;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3)
      if (!inside(x, y, 0.47, 0.33, 0.37) && !inside(x, y, 1.05, 0.48, 0.3)) cut.set(GROUND, i);
  return { data: cut, width, height };
}

/** Attacks with one picture, by kind. */
export const STILL_ATTACKS = {
  'print, close': async (photo) => halftone(photo, 5),
  'print, coarse dots': async (photo) => halftone(photo, 8),
  'print with its border': async (photo) => held(await halftone(photo, 5), '#f4f2ee'),
  'print, cut out': async (photo) => cutOut(await halftone(photo, 5)),
  'screen, close': onScreen,
  'screen with its frame': async (photo) => held(await onScreen(photo), '#0a0a0c'),
  'photographic paper with its border': (photo) => held(photo, '#e4e2de'),
} as const satisfies Record<string, (photo: Raster) => Promise<Raster>>;

export type StillAttack = keyof typeof STILL_ATTACKS;

/** @param selfie encoded picture */
export async function composeStill(kind: StillAttack, selfie: Buffer): Promise<Buffer> {
  return jpeg(await STILL_ATTACKS[kind](await rasterOf(selfie)));
}
