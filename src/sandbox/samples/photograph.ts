import sharp from 'sharp';
import { castShade, curlPage, makeGlare, showOnScreen, type Glare, type Shade } from './capture-effects.js';
import { addNoise, makeRandom, type Random } from './random.js';
import {
  clamp,
  homographyBetween,
  sampleAt,
  type Corners,
  type Homography,
  type Point,
  type Raster,
} from './raster.js';

/** How a document lies in front of the camera, and how good the photograph is. */
export interface Scene {
  /** Of the photograph, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Part of the photograph's width that the document takes. */
  readonly fill: number;
  /** Degrees, clockwise. */
  readonly rotation: number;
  /** How far the corners are moved by perspective, as a part of the document's width. */
  readonly perspective: number;
  /** Of the document's centre from the photograph's, as parts of its width and height. */
  readonly offset: { readonly x: number; readonly y: number };
  /** Standard deviation of the lens' blur in pixels. */
  readonly blur: number;
  /** Standard deviation of the sensor's noise in grey levels. */
  readonly noise: number;
  /** A reflection, in parts of the document's width and height; `null` for none. */
  readonly glare: Glare | null;
  readonly quality: number;
  readonly seed: string;
  /** How the camera is inclined towards the document, in degrees about the photograph's axes; flat above it where nothing is said. */
  readonly tilt?: { readonly x: number; readonly y: number };
  /** How far the middle of a bent page rises, as a part of its width. */
  readonly curl?: number;
  /** A shadow that falls across document and table. */
  readonly shade?: Shade;
  /** 0–1: what is photographed is a screen that shows the photograph, so strongly do its lights and the sensor's interfere. */
  readonly screen?: number;
  /** Of the table: wood where nothing is said. */
  readonly table?: TableTones;
}

export interface TableTones {
  readonly dark: readonly [number, number, number];
  readonly light: readonly [number, number, number];
}

export const GOOD_SCENE: Omit<Scene, 'seed'> = {
  width: 2000,
  height: 1500,
  fill: 0.87,
  rotation: 1,
  perspective: 0.012,
  offset: { x: 0, y: 0 },
  blur: 0.7,
  noise: 3,
  glare: null,
  quality: 88,
};

/** Pixels that the document's width takes in the photograph: draw it at that size, and the warp neither enlarges nor shrinks. */
export const documentWidth = (scene: Scene): number => Math.round(scene.width * scene.fill);

/** A camera is held about two and a half widths of the document away from it. */
const CAMERA_DISTANCE = 2.5;

/** How a plane looks that is turned about both axes of the photograph, as a pinhole camera sees it. */
function inclination({ tilt }: Scene, width: number): (x: number, y: number) => Point {
  if (!tilt) return (x, y) => ({ x, y });
  const [aboutX, aboutY] = [(tilt.x * Math.PI) / 180, (tilt.y * Math.PI) / 180];
  const distance = CAMERA_DISTANCE * width;
  return (x, y) => {
    const depth = x * Math.sin(aboutY) + y * Math.sin(aboutX);
    const scale = distance / (distance + depth);
    return { x: x * Math.cos(aboutY) * scale, y: y * Math.cos(aboutX) * scale };
  };
}

function cornersInScene(scene: Scene, page: Raster, random: Random): Corners {
  const width = documentWidth(scene);
  const height = (width * page.height) / page.width;
  const radians = (scene.rotation * Math.PI) / 180;
  const centre = {
    x: scene.width * (0.5 + scene.offset.x),
    y: scene.height * (0.5 + scene.offset.y),
  };
  const incline = inclination(scene, width);
  const place = (right: number, down: number) => {
    const u = right * width + scene.perspective * width * random.between(-1, 1);
    const v = down * height + scene.perspective * width * random.between(-1, 1);
    const seen = incline(
      u * Math.cos(radians) - v * Math.sin(radians),
      u * Math.sin(radians) + v * Math.cos(radians),
    );
    return { x: centre.x + seen.x, y: centre.y + seen.y };
  };
  return [place(-0.5, -0.5), place(0.5, -0.5), place(0.5, 0.5), place(-0.5, 0.5)];
}

const { exp } = Math;

const WOOD: TableTones = { dark: [92, 63, 41], light: [148, 108, 74] };
const GRAIN_ROWS = 180;
const GRAIN_COLUMNS = 24;

/** A table top: grain is noise that is far longer than it is wide, hence a small raster scaled unevenly. */
async function drawTable({ width, height, table = WOOD }: Scene, random: Random): Promise<Raster> {
  const grain = new Uint8Array(GRAIN_ROWS * GRAIN_COLUMNS * 3);
  for (let row = 0; row < GRAIN_ROWS; row++) {
    const rowTone = random.next();
    for (let column = 0; column < GRAIN_COLUMNS; column++) {
      const tone = rowTone * 0.75 + random.next() * 0.25;
      for (let c = 0; c < 3; c++) {
        const dark = table.dark[c] ?? 0;
        grain[(row * GRAIN_COLUMNS + column) * 3 + c] = dark + ((table.light[c] ?? 0) - dark) * tone;
      }
    }
  }
  const data = await sharp(grain, { raw: { width: GRAIN_COLUMNS, height: GRAIN_ROWS, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { data, width, height, channels: 3 };
}

/** Lamp light from one side, and the darker corners of a simple lens. A factor for each place of the photograph. */
function makeLight(random: Random): (x: number, y: number) => number {
  const slopeX = random.between(-0.14, 0.14);
  const slopeY = random.between(-0.1, 0.1);
  return (x, y) => {
    const u = x - 0.5;
    const v = y - 0.5;
    return 1.02 + slopeX * u + slopeY * v - 0.22 * (u * u + v * v);
  };
}

const SHADOW_DEPTH = 0.5;
/** Width of the shadow's soft edge, as a part of the document's width. */
const SHADOW_SOFTNESS = 0.022;

/** How much light reaches the table beside the document; `u` and `v` as parts of the document's width and height. */
function shadowAt(u: number, v: number): number {
  const outsideX = u < 0 ? -u : u - clamp(u, 0, 1.006);
  const outsideY = (v < 0 ? -v : v - clamp(v, 0, 1.012)) * 0.7;
  const distance = (outsideX > outsideY ? outsideX : outsideY) / SHADOW_SOFTNESS;
  if (distance > 3) return 1;
  return 1 - SHADOW_DEPTH * exp(-distance * distance);
}

function compose(page: Raster, table: Raster, scene: Scene, toPage: Homography, random: Random): Uint8Array {
  const { width, height } = table;
  const light = makeLight(random);
  const glare = scene.glare && makeGlare(scene.glare);
  const composed = new Uint8ClampedArray(width * height * 3);
  const pixel = new Float64Array(4);
  // The perspective map written out: a call with a result object for each of three million pixels costs more than all the rest.
  const [a = 0, b = 0, c0 = 0, d = 0, e = 0, f = 0, g = 0, h = 0, j = 1] = toPage;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      const depth = g * x + h * y + j;
      const pageX = (a * x + b * y + c0) / depth;
      const pageY = (d * x + e * y + f) / depth;
      const u = pageX / page.width;
      const v = pageY / page.height;
      const onPage = pageX > -1 && pageY > -1 && pageX < page.width && pageY < page.height;
      const cover = onPage ? coverAt(page, pageX, pageY, pixel) : 0;
      const shadow = cover === 1 ? 1 : shadowAt(u, v);
      const added = glare === null || cover === 0 ? 0 : glare(u, v) * cover;
      const lit = light(x / width, y / height);
      for (let c = 0; c < 3; c++) {
        const below = (table.data[i + c] ?? 0) * shadow;
        composed[i + c] = ((pixel[c] ?? 0) * cover + below * (1 - cover)) * lit + added;
      }
    }
  }
  return new Uint8Array(composed.buffer);
}

/** Samples the document into `pixel` and says how far it covers the table there (rounded corners are transparent). */
function coverAt(page: Raster, x: number, y: number, pixel: Float64Array): number {
  sampleAt(page, x, y, pixel);
  const edgeX = clamp(x + 1, 0, 1) * clamp(page.width - x, 0, 1);
  const edgeY = clamp(y + 1, 0, 1) * clamp(page.height - y, 0, 1);
  return ((pixel[3] ?? 0) / 255) * edgeX * edgeY;
}

/** Photographs a document (RGBA, drawn at {@link documentWidth}) on a table. @returns a JPEG */
export async function photographDocument(flat: Raster, scene: Scene): Promise<Buffer> {
  const { width, height, curl, shade, screen } = scene;
  const page = curl === undefined ? flat : curlPage(flat, curl);
  const random = makeRandom(scene.seed);
  const table = await drawTable(scene, random);
  const pageCorners: Corners = [
    { x: 0, y: 0 },
    { x: page.width, y: 0 },
    { x: page.width, y: page.height },
    { x: 0, y: page.height },
  ];
  const toPage = homographyBetween(cornersInScene(scene, page, random), pageCorners);
  const composed = compose(page, table, scene, toPage, random);
  if (shade) castShade(composed, width, height, shade);
  if (screen !== undefined) showOnScreen(composed, width, height, screen);
  const raw = { width, height, channels: 3 } as const;
  const soft = await sharp(composed, { raw }).blur(scene.blur).raw().toBuffer();
  const pixels = new Uint8ClampedArray(soft.buffer, soft.byteOffset, soft.length);
  addNoise(pixels, width * 3, scene.noise, random);
  return sharp(pixels, { raw }).jpeg({ quality: scene.quality }).toBuffer();
}
