import type { FaceBox } from '../../src/app/ports/face-engine.js';
import {
  alignmentPoints,
  fitSimilarity,
  LANDMARK_SIDE,
  landmarkInput,
  regionAround,
  type Similarity,
} from '../../src/adapters/face/align-face.js';
import { measurePortrait } from '../../src/adapters/face/measure-portrait.js';
import type { PortraitNetworks } from '../../src/adapters/face/portrait-networks.js';
import { judgePortrait } from '../../src/adapters/images/judge-portrait.js';
import type { Region, RgbRaster } from '../../src/adapters/images/raster.js';

type Colour = readonly [red: number, green: number, blue: number];

/** Something before a face, drawn over the aligned face: eyes at (38, 52) and (74, 52), the middle of the mouth at (56, 92). */
interface Cover {
  /** `skin` is taken from the cheek. */
  readonly colour: Colour | 'skin';
  /** Brightness at a place against the colour's own, or 0 where nothing is covered. */
  readonly shade: (x: number, y: number) => number;
}

/** A cloth from a height down to the chin, narrower towards it, with folds. */
const cloth = (colour: Colour, top: number): Cover => ({
  colour,
  shade: (x, y) => {
    const isInside = y > top + Math.abs(x - 56) / 8 && y < 118 && Math.abs(x - 56) < 34 - Math.max(0, y - 92);
    if (!isInside) return 0;
    return y % 10 < 1.2 ? 0.85 : 1;
  },
});

/** Fingers beside each other, dark between. */
const fingers = (width: number, isInside: (x: number, y: number) => boolean, along: 'x' | 'y'): Cover => ({
  colour: 'skin',
  shade: (x, y) => {
    if (!isInside(x, y)) return 0;
    return 0.62 + 0.38 * Math.sin((Math.PI * ((along === 'x' ? y : x) % width)) / width) ** 0.5;
  },
});

const COVERS: Readonly<Record<string, Cover>> = {
  'surgical mask': cloth([169, 198, 216], 64),
  'black mask': cloth([34, 36, 42], 64),
  'scarf over the mouth': cloth([140, 47, 57], 80),
  'sheet of paper before the mouth': {
    colour: [233, 230, 221],
    shade: (x, y) => Number(x > 32 && x < 80 && y > 80 && y < 120),
  },
  'hand before the mouth': fingers(9, (x, y) => x > 24 && x < 88 && y > 78 && y < 106, 'x'),
  'hand before an eye': fingers(10, (x, y) => x > 58 && x < 90 && y > 24 && y < 78, 'y'),
  'dark glasses': {
    colour: [21, 21, 26],
    shade: (x, y) => {
      const isGlass = [38, 74].some((eye) => ((x - eye) / 15) ** 2 + ((y - 54) / 11) ** 2 < 1);
      return Number(isGlass || (Math.abs(y - 49) < 1.5 && x > 14 && x < 98));
    },
  },
  'bar before the eyes': {
    colour: [16, 16, 16],
    shade: (x, y) => Number(x > 10 && x < 102 && y > 38 && y < 64),
  },
};

/** Where the skin of a cheek is seen, in the aligned face. */
const CHEEK = { x: 36, y: 72 } as const;

function covered(raster: RgbRaster, { a, b, tx, ty }: Similarity, { colour, shade }: Cover): RgbRaster {
  const { width, height } = raster;
  const data = Uint8Array.from(raster.data);
  const norm = a * a + b * b;
  const [u, v] = [CHEEK.x - tx, CHEEK.y - ty];
  const cheek = (Math.round((a * v - b * u) / norm) * width + Math.round((a * u + b * v) / norm)) * 3;
  const drawn = colour === 'skin' ? raster.data.subarray(cheek, cheek + 3) : colour;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const factor = shade(a * x - b * y + tx, b * x + a * y + ty);
      if (factor > 0) for (let c = 0; c < 3; c++) data[at + c] = factor * (drawn[c] ?? 0);
    }
  return { data, width, height };
}

async function alignmentOf(networks: PortraitNetworks, raster: RgbRaster, face: FaceBox) {
  const landmarksIn = async (region: Region) =>
    (await networks.run('landmark', landmarkInput(raster, region), [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]))[
      'output'
    ] ?? new Float32Array();
  const region = regionAround(await landmarksIn(face), face);
  return fitSimilarity(alignmentPoints(await landmarksIn(region), region));
}

/** For each cover by its name, and for none, whether the selfie is asked for again for how the face is shown. */
export async function judgeCovered(
  networks: PortraitNetworks,
  raster: RgbRaster,
  detect: (raster: RgbRaster) => Promise<FaceBox | null>,
): Promise<ReadonlyMap<string, boolean>> {
  const isAskedAgain = async (picture: RgbRaster): Promise<boolean> => {
    const face = await detect(picture);
    // Without a face it is asked for again as well, in other words.
    return face === null || judgePortrait(await measurePortrait(networks, picture, face)).reasons.length > 0;
  };
  const asked = new Map([['nothing', await isAskedAgain(raster)]]);
  const face = await detect(raster);
  if (face === null) return asked;
  const similarity = await alignmentOf(networks, raster, face);
  for (const [name, cover] of Object.entries(COVERS))
    asked.set(name, await isAskedAgain(covered(raster, similarity, cover)));
  return asked;
}
