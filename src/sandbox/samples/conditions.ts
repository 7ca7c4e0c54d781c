import type { Glare } from './capture-effects.js';
import type { Scene, TableTones } from './photograph.js';
import { makeRandom, pick, type Random } from './random.js';

/** What makes a photograph harder to read than a good one. Each is left at its ordinary, small amount where nothing is said. */
export interface Conditions {
  /** Standard deviation of the blur in pixels of the photograph. */
  readonly blur?: number;
  /** Pixels of the photograph's longer side. */
  readonly resolution?: number;
  /** JPEG quality, 1–100. */
  readonly jpeg?: number;
  /** A lamp's reflection on the print, or a band of light across the lower edge, where zones stand. */
  readonly glare?: 'spot' | 'strip';
  /** Degrees by which the camera is inclined towards the document. */
  readonly perspective?: number;
  /** Degrees by which the document lies turned, clockwise. */
  readonly rotation?: number;
  /** 0–1: part of the light that is missing in a shadow across the document. */
  readonly shadow?: number;
  /** Standard deviation of the sensor's noise in grey levels. */
  readonly noise?: number;
  /** How far the middle of a bent page rises, as a part of its width; up to 0.1. */
  readonly curl?: number;
  /** 0–1: strength of the bands on a photograph of a screen. */
  readonly moire?: number;
}

/** One condition at a time, each about where reading begins to suffer. */
export const HARD_CONDITIONS = {
  good: {},
  blurred: { blur: 2 },
  low_resolution: { resolution: 900 },
  compressed: { jpeg: 25 },
  glare_spot: { glare: 'spot' },
  glare_strip: { glare: 'strip' },
  perspective: { perspective: 28 },
  turned: { rotation: 90 },
  upside_down: { rotation: 180 },
  shadow: { shadow: 0.55 },
  noisy: { noise: 14 },
  curled: { curl: 0.04 },
  screen: { moire: 0.6 },
} as const satisfies Readonly<Record<string, Conditions>>;

const TABLES: readonly TableTones[] = [
  { dark: [92, 63, 41], light: [148, 108, 74] },
  { dark: [38, 40, 44], light: [62, 65, 70] },
  { dark: [176, 172, 164], light: [206, 203, 196] },
  { dark: [70, 84, 92], light: [104, 118, 126] },
  { dark: [120, 46, 40], light: [150, 72, 60] },
];

function drawGlare(kind: NonNullable<Conditions['glare']>, random: Random): Glare {
  if (kind === 'spot')
    return {
      x: random.between(0.45, 0.75),
      y: random.between(0.4, 0.7),
      radiusX: random.between(0.14, 0.26),
      radiusY: random.between(0.14, 0.26),
      soft: random.next() < 0.5,
    };
  return {
    x: random.between(0.35, 0.65),
    y: random.between(0.84, 0.92),
    radiusX: random.between(0.3, 0.55),
    radiusY: random.between(0.04, 0.08),
    angle: random.between(-6, 6),
    soft: random.next() < 0.5,
  };
}

/** Height of documents in parts of their width, at the most. */
const ASPECT = 0.73;
const FRAME_ASPECT = 0.75;
const LONGER_SIDE = 1600;

/** The frame for a document that lies turned, and the largest part of its width that the document may take. */
function frameFor(rotation: number, longerSide: number) {
  const radians = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  const across = cos + ASPECT * sin;
  const down = sin + ASPECT * cos;
  const shorterSide = Math.round(longerSide * FRAME_ASPECT);
  const [width, height] = down > across ? [shorterSide, longerSide] : [longerSide, shorterSide];
  return { width, height, largest: Math.min(1 / across, height / width / down) };
}

/** Room that a bent or inclined document needs beyond its own size. */
const roomFor = ({ curl = 0, perspective = 0 }: Conditions): number => 1 - curl - perspective * 0.004;

/**
 * A photograph drawn by lot, under the given conditions.
 *
 * @param longerSide of the photograph in pixels, unless the conditions say it
 */
export function sceneUnder(conditions: Conditions, seed: string, longerSide = LONGER_SIDE): Scene {
  const random = makeRandom(`${seed}/conditions`);
  const { blur, resolution, jpeg, glare, perspective, shadow, noise, curl, moire } = conditions;
  const rotation = (conditions.rotation ?? 0) + random.between(-3, 3);
  const side = resolution ?? longerSide;
  const { width, height, largest } = frameFor(rotation, side);
  const direction = random.between(0, 2 * Math.PI);
  const tilt =
    perspective === undefined
      ? null
      : { x: perspective * Math.cos(direction), y: perspective * Math.sin(direction) };
  return {
    width,
    height,
    fill: largest * random.between(0.8, 0.92) * roomFor(conditions),
    rotation,
    perspective: random.between(0.002, 0.014),
    offset: { x: random.between(-0.015, 0.015), y: random.between(-0.015, 0.015) },
    // The lens is as good as the sensor is fine.
    blur: blur ?? Math.max(0.4, (random.between(0.5, 0.8) * side) / LONGER_SIDE),
    noise: noise ?? random.between(1.5, 4),
    glare: glare ? drawGlare(glare, random) : null,
    quality: jpeg ?? Math.round(random.between(80, 93)),
    seed,
    table: pick(random, TABLES),
    ...(tilt ? { tilt } : {}),
    ...(curl === undefined ? {} : { curl }),
    ...(moire === undefined ? {} : { screen: moire }),
    ...(shadow === undefined
      ? {}
      : {
          shade: {
            angle: random.between(0, 360),
            from: random.between(-0.15, 0.15),
            depth: shadow,
          },
        }),
  };
}
