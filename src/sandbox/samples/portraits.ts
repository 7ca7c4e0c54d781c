import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { addNoise, makeRandom, type Random } from './random.js';
import { clamp, cutOut, type Cutting, type Point, type Raster } from './raster.js';

/** A face in one of the photographs: where its eyes are, how far they are from the mouth, and how the head is tilted. */
interface FaceInPhoto {
  /** Number of the photograph in `@vladmandic/face-api`'s demo folder. */
  readonly photo: number;
  /** The point between the eyes, in pixels of the photograph. */
  readonly eyes: Point;
  /** Distance from that point to the middle of the mouth, in pixels: the unit of every crop. */
  readonly unit: number;
  /** Degrees by which the line of the eyes falls to the right. */
  readonly tilt: number;
}

/** Sample persons. Only Clara stands in two photographs; every other one has a single photograph for both document and selfie. */
export type Person = 'clara' | 'maria' | 'zoe' | 'asa' | 'nadia' | 'iris' | 'lena';

const FACES: Readonly<Record<Person, { document: FaceInPhoto; selfie: FaceInPhoto }>> = {
  clara: {
    document: { photo: 3, eyes: { x: 1165, y: 330 }, unit: 102, tilt: 11.8 },
    selfie: { photo: 1, eyes: { x: 1585, y: 312 }, unit: 88, tilt: 44.6 },
  },
  maria: onePhoto({ photo: 6, eyes: { x: 377, y: 601 }, unit: 102, tilt: -7.7 }),
  zoe: onePhoto({ photo: 6, eyes: { x: 1580, y: 381 }, unit: 108, tilt: 13.2 }),
  asa: onePhoto({ photo: 3, eyes: { x: 676, y: 434 }, unit: 101, tilt: 0.9 }),
  nadia: onePhoto({ photo: 6, eyes: { x: 1277, y: 430 }, unit: 110, tilt: -0.8 }),
  iris: onePhoto({ photo: 3, eyes: { x: 1606, y: 407 }, unit: 93, tilt: -5.9 }),
  lena: onePhoto({ photo: 5, eyes: { x: 1189, y: 296 }, unit: 79, tilt: 0.2 }),
};

function onePhoto(face: FaceInPhoto): { document: FaceInPhoto; selfie: FaceInPhoto } {
  return { document: face, selfie: face };
}

/** What a selfie shows. `nobody` is a corner of a room, `two` are two persons side by side. */
export type SelfieSubject = Person | 'nobody' | 'two';

export interface SelfieOptions {
  readonly subject: SelfieSubject;
  readonly seed: string;
  /** Standard deviation of the blur in pixels; 0 for a sharp picture. */
  readonly blur: number;
}

export interface PortraitStudio {
  /** A passport portrait, upright, before a plain ground, of the given size in pixels. */
  portrait(person: Person, width: number, height: number): Promise<Raster>;
  /** A JPEG as a telephone's front camera would take it. */
  selfie(options: SelfieOptions): Promise<Buffer>;
}

/** Height of a portrait crop in units; with it the head takes about three quarters of the picture (ICAO 9303-3, 3.9: 70–80 %). */
const PORTRAIT_HEIGHT = 4.9;
/** How far, in units, the middle of a crop lies below the eyes. */
const PORTRAIT_DROP = 0.2;
const SELFIE_HEIGHT = 6.2;
const SELFIE_DROP = 0.45;
/** A face enlarged further would be as soft as one out of focus. */
const MOST_ENLARGEMENT = 1.4;
const SELFIE_SIZE = { width: 720, height: 960 } as const;

const ROOM_CORNER: Cutting & { photo: number } = {
  photo: 6,
  centre: { x: 300, y: 190 },
  width: 270,
  height: 360,
  angle: 0,
};
const TWO_PERSONS: Cutting & { photo: number } = {
  photo: 6,
  centre: { x: 1428, y: 470 },
  width: 860,
  height: 645,
  angle: 0,
};

function cuttingOf(
  face: FaceInPhoto,
  frame: { aspect: number; height: number; drop: number; angle: number; mirrored?: boolean },
): Cutting & { photo: number } {
  const radians = (frame.angle * Math.PI) / 180;
  const drop = frame.drop * face.unit;
  return {
    photo: face.photo,
    // Down the picture after turning, hence along the turned axis before it.
    centre: { x: face.eyes.x - drop * Math.sin(radians), y: face.eyes.y + drop * Math.cos(radians) },
    width: frame.height * face.unit * frame.aspect,
    height: frame.height * face.unit,
    angle: frame.angle,
    mirrored: frame.mirrored ?? false,
  };
}

const { sqrt } = Math;

/** 1 on the sitter's head and shoulders, falling softly to 0 on the ground. Coordinates from 0 to 1. */
function sitterMask(x: number, y: number): number {
  const head = sqrt(((x - 0.5) / 0.38) ** 2 + ((y - 0.48) / 0.44) ** 2);
  const shoulders = sqrt(((x - 0.5) / 0.62) ** 2 + ((y - 1.1) / 0.32) ** 2);
  const inside = 1 - (head < shoulders ? head : shoulders);
  return clamp(inside / 0.16 + 0.5, 0, 1);
}

const PLAIN_GROUND = [222, 226, 230] as const;
const GREY_WEIGHTS = [0.299, 0.587, 0.114] as const;
/** How much of the colour a printed portrait keeps; party light would look odd in a passport. */
const PRINTED_SATURATION = 0.35;

/** Fades colours and ground as a document's printer does. */
function asPrintedPortrait(photo: Raster): Raster {
  const { data, width, height } = photo;
  const printed = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      const mask = sitterMask((x + 0.5) / width, (y + 0.5) / height);
      let grey = 0;
      for (let c = 0; c < 3; c++) grey += (data[i + c] ?? 0) * (GREY_WEIGHTS[c] ?? 0);
      for (let c = 0; c < 3; c++) {
        const faded = grey + ((data[i + c] ?? 0) - grey) * PRINTED_SATURATION;
        printed[i + c] = faded * mask + (PLAIN_GROUND[c] ?? 0) * (1 - mask);
      }
    }
  }
  return { ...photo, data: printed };
}

interface Light {
  /** Overall factor. */
  readonly gain: number;
  /** Change from the left to the right edge, as a part of the whole. */
  readonly slope: number;
  /** Standard deviation of the sensor's noise in grey levels. */
  readonly noise: number;
}

function relight(photo: Raster, light: Light, random: Random): Raster {
  const { data, width, height } = photo;
  const lit = new Uint8ClampedArray(data.length);
  for (let x = 0; x < width; x++) {
    const gain = light.gain + light.slope * (x / width - 0.5);
    for (let y = 0; y < height; y++) {
      const i = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) lit[i + c] = (data[i + c] ?? 0) * gain;
    }
  }
  addNoise(lit, width * 3, light.noise, random);
  return { ...photo, data: new Uint8Array(lit.buffer) };
}

function toSharp(raster: Raster): Sharp {
  const { width, height, channels } = raster;
  return sharp(raster.data, { raw: { width, height, channels } });
}

/** Crops portraits and selfies out of the photographs that `@vladmandic/face-api` ships for its demonstration. */
export function makePortraitStudio(): PortraitStudio {
  const folder = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
    'demo',
  );
  const photos = new Map<number, Promise<Raster>>();

  async function decode(photo: number): Promise<Raster> {
    const { data, info } = await sharp(await readFile(path.join(folder, `sample${photo}.jpg`)))
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: 3 };
  }

  function photograph(photo: number): Promise<Raster> {
    const decoded = photos.get(photo) ?? decode(photo);
    photos.set(photo, decoded);
    return decoded;
  }

  function selfieCutting(subject: SelfieSubject, seed: string): Cutting & { photo: number } {
    if (subject === 'nobody') return ROOM_CORNER;
    if (subject === 'two') return TWO_PERSONS;
    const { document, selfie } = FACES[subject];
    const random = makeRandom(`${seed}/pose`);
    return cuttingOf(selfie, {
      aspect: SELFIE_SIZE.width / SELFIE_SIZE.height,
      height: SELFIE_HEIGHT,
      drop: SELFIE_DROP,
      // A part of the tilt stays: nobody holds a telephone quite level.
      angle: selfie.tilt * 0.85 + random.between(-4, 4),
      // From a single photograph, a mirrored rendition is the most different one to be had.
      mirrored: document === selfie,
    });
  }

  return {
    async portrait(person, width, height) {
      const face = FACES[person].document;
      const cutting = cuttingOf(face, {
        aspect: width / height,
        height: PORTRAIT_HEIGHT,
        drop: PORTRAIT_DROP,
        angle: face.tilt,
      });
      return asPrintedPortrait(cutOut(await photograph(face.photo), cutting, width, height));
    },

    async selfie({ subject, seed, blur }) {
      const cutting = selfieCutting(subject, seed);
      const long = Math.max(SELFIE_SIZE.width, SELFIE_SIZE.height);
      const scale = Math.min(MOST_ENLARGEMENT, long / Math.max(cutting.width, cutting.height));
      const cut = cutOut(
        await photograph(cutting.photo),
        cutting,
        Math.round(cutting.width * scale),
        Math.round(cutting.height * scale),
      );
      const random = makeRandom(`${seed}/light`);
      const light = { gain: random.between(0.95, 1.1), slope: random.between(-0.15, 0.15), noise: 2.5 };
      const soft = blur === 0 ? cut : await blurred(cut, blur);
      return toSharp(relight(soft, light, random))
        .jpeg({ quality: 90 })
        .toBuffer();
    },
  };
}

async function blurred(raster: Raster, sigma: number): Promise<Raster> {
  return { ...raster, data: await toSharp(raster).blur(sigma).raw().toBuffer() };
}
