import sharp from 'sharp';
import {
  alignmentPoints,
  fitSimilarity,
  regionAround,
  warpAligned,
} from '../../src/adapters/face/align-face.js';
import { turnBack } from '../../src/adapters/face/face-boxes.js';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { similarity } from '../../src/adapters/face/template.js';
import { letterbox } from '../../src/adapters/face/letterbox.js';
import { gridOver, sampleGrid } from '../../src/adapters/face/sample-grid.js';
import { rotateQuarter } from '../../src/adapters/images/raster.js';
import type { FaceDetector } from '../../src/adapters/face/detect-faces.js';
import { searchFaces, type Sight } from '../../src/adapters/face/search-faces.js';
import type { FaceBox } from '../../src/app/ports/face-engine.js';
import { FACE_POLICY, judgeFaceScore } from '../../src/domain/face-policy.js';
import { cropFace, photograph, portraitOf, printedPage, table } from '../support/pictures.js';

const engine = makeFaceEngine();
afterAll(() => engine.close());

const woman = await cropFace('sample1', 0);
const sameWoman = await cropFace('sample3', 0);
const somebodyElse = await cropFace('sample6', 0);

const portrait = await portraitOf('sample3');
const asPrinted = (image: Buffer) => sharp(image).grayscale().blur(0.8).jpeg({ quality: 60 }).toBuffer();

describe('face engine', () => {
  it('opens no network before a face is asked for', async () => {
    const fresh = makeFaceEngine();
    expect(fresh.loaded()).toEqual([]);
    expect(fresh.inferences()).toBe(0);
    await fresh.detect(woman);
    expect(fresh.loaded()).toEqual(['detect']);
    await fresh.embed(woman);
    expect(fresh.loaded()).toEqual(['detect', 'landmark', 'feature']);
    await fresh.close();
  });

  it('finds the persons of a group photograph, largest first', async () => {
    const faces = await engine.detect(await photograph('sample5'));
    expect(faces).toHaveLength(5);
    const areas = faces.map(({ width, height }) => width * height);
    expect(areas).toEqual(areas.toSorted((a, b) => b - a));
  });

  it('passes one person in two photographs and fails two persons', async () => {
    const genuine = await engine.compare(woman, sameWoman);
    expect(judgeFaceScore(genuine.score)).toBe('pass');
    expect(genuine.faces).toEqual([1, 1]);
    const impostor = await engine.compare(woman, somebodyElse);
    expect(judgeFaceScore(impostor.score)).toBe('fail');
  });

  it('gives the same score whichever image comes first, and the same each time', async () => {
    const once = await engine.compare(woman, sameWoman);
    const turned = await engine.compare(sameWoman, woman);
    expect(turned.score).toBeCloseTo(once.score ?? NaN, 6);
    expect(await engine.compare(woman, sameWoman)).toEqual(once);
  });

  it('compares the portrait on a document far from the camera', async () => {
    const page = await printedPage({
      width: 2000,
      height: 1400,
      pageWidth: 700,
      pageHeight: 490,
      portrait: await asPrinted(await portraitOf('sample3', 170)),
    });
    const { score, faceHeights } = await engine.compare(page, woman);
    expect(faceHeights[0]).toBeGreaterThan(50);
    expect(faceHeights[0]).toBeLessThan(130);
    expect(judgeFaceScore(score)).toBe('pass');
  });

  it('finds a face too small for a look at the whole frame', async () => {
    const face = await portraitOf('sample3', 110);
    const frame = await sharp(await table(2000, 1500))
      .composite([{ input: face, left: 1400, top: 1100 }])
      .jpeg()
      .toBuffer();
    const [found] = await engine.detect(frame);
    expect(found?.left).toBeGreaterThan(1400);
    expect(found?.top).toBeGreaterThan(1100);
    expect(found?.height).toBeLessThan(100);
  });

  it('prefers the portrait to a smaller ghost image', async () => {
    const page = await printedPage({ portrait });
    const ghost = await portraitOf('sample6', 170);
    const both = await sharp(page)
      .composite([{ input: ghost, left: 980, top: 500 }])
      .jpeg()
      .toBuffer();
    expect((await engine.detect(both)).length).toBeGreaterThanOrEqual(2);
    expect(judgeFaceScore((await engine.compare(both, woman)).score)).toBe('pass');
  });

  it.each([90, 180, 270])('compares a document photographed turned by %i degrees', async (angle) => {
    const page = await printedPage({ portrait });
    const turned = await sharp(page).rotate(angle).jpeg().toBuffer();
    const { width, height } = await sharp(turned).metadata();
    const [box] = await engine.detect(turned);
    expect((box?.left ?? NaN) + (box?.width ?? NaN)).toBeLessThanOrEqual(width);
    expect((box?.top ?? NaN) + (box?.height ?? NaN)).toBeLessThanOrEqual(height);
    expect(judgeFaceScore((await engine.compare(turned, woman)).score)).toBe('pass');
  });

  it('gives the same template whichever side of the picture is up', async () => {
    const upright = (await engine.embed(woman)).template ?? new Float32Array();
    for (const angle of [90, 180, 270]) {
      const turned = await sharp(woman).rotate(angle).png().toBuffer();
      const template = (await engine.embed(turned)).template ?? new Float32Array();
      expect(similarity(upright, template)).toBeGreaterThan(0.95);
    }
  });

  it('finds a small face of a picture that lies on its side', async () => {
    const frame = await sharp(await table(2000, 1500))
      .composite([{ input: await portraitOf('sample3', 110), left: 1400, top: 1100 }])
      .rotate(90)
      .jpeg()
      .toBuffer();
    expect(judgeFaceScore((await engine.compare(frame, woman)).score)).toBe('pass');
  });

  it('says null where no face is', async () => {
    const page = await printedPage();
    expect(await engine.detect(page)).toEqual([]);
    expect(await engine.compare(page, woman)).toMatchObject({ score: null, faces: [0, 1] });
    expect(await engine.embed(page)).toEqual({ template: null, faces: 0 });
  });

  it('gives templates of unit length that agree with the comparison', async () => {
    const a = (await engine.embed(woman)).template ?? new Float32Array();
    const b = (await engine.embed(sameWoman)).template ?? new Float32Array();
    expect(a).toHaveLength(512);
    expect(Math.hypot(...a)).toBeCloseTo(1, 5);
    expect(similarity(a, b)).toBeCloseTo((await engine.compare(woman, sameWoman)).score ?? NaN, 6);
  });

  it('does not let transparency change what it sees', async () => {
    const withAlpha = await sharp(woman).ensureAlpha().png().toBuffer();
    const without = await sharp(woman).png().toBuffer();
    expect(await engine.embed(withAlpha)).toEqual(await engine.embed(without));
  });

  it.each([
    ['what is no picture', Buffer.from('no picture')],
    ['a truncated file', woman.subarray(0, woman.length / 2)],
  ])('refuses %s by a code', async (_, bytes) => {
    await expect(engine.embed(bytes)).rejects.toMatchObject({
      name: 'EngineError',
      code: 'image_undecodable',
    });
  });
});

describe('face policy', () => {
  it.each([
    [1, 'pass'],
    [FACE_POLICY.pass + 0.001, 'pass'],
    [FACE_POLICY.pass, 'uncertain'],
    [FACE_POLICY.uncertain, 'uncertain'],
    [FACE_POLICY.uncertain - 0.001, 'fail'],
    [0, 'fail'],
    [null, 'uncertain'],
  ] as const)('judges %p as %s', (score, verdict) => {
    expect(judgeFaceScore(score)).toBe(verdict);
  });
});

describe('similarity of templates', () => {
  it('is clamped to 0–1', () => {
    const a = Float32Array.of(1, 0);
    expect(similarity(a, Float32Array.of(-1, 0))).toBe(0);
    expect(similarity(a, Float32Array.of(0, 1))).toBe(0);
    expect(similarity(a, Float32Array.of(1.0000001, 0))).toBe(1);
  });
});

describe('alignment', () => {
  it('recovers the turn, scale and shift between two sets of points', () => {
    const from = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 3, y: 7 },
    ];
    const to = from.map(({ x, y }) => ({ x: 2 * -y + 5, y: 2 * x - 4 }));
    const { a, b, tx, ty } = fitSimilarity(from, to);
    expect([a, b, tx, ty].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0, 2, 5, -4]);
  });

  it('takes the five points from the 68 of the mark-up', () => {
    const landmarks = Float32Array.from({ length: 136 }, (_, i) => (i % 2 === 0 ? 0.5 : 0.25));
    landmarks[30 * 2] = 1;
    const points = alignmentPoints(landmarks, { left: 10, top: 20, width: 100, height: 200 });
    expect(points[0]).toEqual({ x: 60, y: 70 });
    expect(points[2]).toEqual({ x: 110, y: 70 });
  });

  it('averages fine stripes away instead of aliasing them', () => {
    // Stripes of one pixel, reduced sixfold: sampling single points would give black or white.
    const side = 6 * 112 + 60;
    const data = new Uint8Array(side * side * 3);
    for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / 3) % 2 === 0 ? 0 : 254;
    const scale = 1 / 6;
    const aligned = warpAligned({ data, width: side, height: side }, { a: scale, b: 0, tx: -5, ty: -5 });
    let worst = 0;
    for (const value of aligned) worst = Math.max(worst, Math.abs(value));
    expect(worst).toBeLessThan(0.2);
  });

  it('looks again in a region around the landmarks, with more room above than below', () => {
    const landmarks = Float32Array.of(0.2, 0.3, 0.7, 0.8);
    const region = regionAround(landmarks, { left: 100, top: 50, width: 200, height: 100 });
    expect(region.left).toBeCloseTo(140 - 10, 3);
    expect(region.width).toBeCloseTo(100 + 20, 3);
    expect(region.top).toBeCloseTo(80 - 10, 3);
    expect(region.height).toBeCloseTo(50 + 15, 3);
  });

  it('takes what lies outside the picture for its border', () => {
    const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (Math.floor(i / 3) % 8) * 10);
    const grid = gridOver({ left: -1, top: 0, width: 10, height: 10 }, 10);
    const pixels = sampleGrid({ data, width: 8, height: 8 }, grid, 10);
    expect([0, 1, 5, 8, 9].map((column) => pixels[3 * column])).toEqual([0, 0, 40, 70, 70]);
  });

  it('puts blue first', () => {
    const data = new Uint8Array(20 * 20 * 3);
    for (let i = 2; i < data.length; i += 3) data[i] = 255;
    const aligned = warpAligned({ data, width: 20, height: 20 }, { a: 1, b: 0, tx: 0, ty: 0 });
    expect(aligned[0]).toBeCloseTo(1, 5);
    expect(aligned[2 * 112 * 112]).toBeCloseTo(-127 / 128, 5);
  });

  it('maps boxes of a turned picture back', () => {
    // One bright pixel at (1, 0) in a picture of 4 × 3.
    const data = new Uint8Array(4 * 3 * 3);
    data[3] = 255;
    let turned = rotateQuarter({ data, width: 4, height: 3 });
    for (let turns = 1; turns <= 3; turns++) {
      const at = turned.data.indexOf(255) / 3;
      const box = {
        left: at % turned.width,
        top: Math.floor(at / turned.width),
        width: 1,
        height: 1,
        score: 1,
      };
      expect(turnBack(box, turns, turned)).toEqual({ left: 1, top: 0, width: 1, height: 1, score: 1 });
      turned = rotateQuarter(turned);
    }
    expect(turned.data).toEqual(data);
  });
});

describe('input of a detector', () => {
  const format = { width: 16, height: 12, mean: 100, divisor: 50, padding: 200 };
  /** Left half dark, right half bright, green everywhere. */
  const halves = (width: number, height: number) => {
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) data.set([i % width < width / 2 ? 0 : 200, 100, 0], i * 3);
    return { data, width, height };
  };

  it.each([
    ['reduced by pixels', 160, 60],
    ['reduced a little', 20, 7],
    ['enlarged', 8, 3],
  ])('has the picture at the top left and padding below, %s', (_, width, height) => {
    const raster = halves(width, height);
    const input = letterbox(raster, { left: 0, top: 0, width, height }, format, 16 / width);
    const plane = 16 * 12;
    expect(input).toHaveLength(3 * plane);
    expect([input[0], input[15], input[plane], input[2 * plane]]).toEqual([-2, 2, 0, -2]);
    expect(input[plane - 1]).toBe(2);
    expect(input[2 * plane - 1]).toBe(2);
  });

  it('looks at a part only', () => {
    const input = letterbox(halves(160, 60), { left: 80, top: 0, width: 80, height: 60 }, format, 0.2);
    expect([input[0], input[15]]).toEqual([2, 2]);
  });
});

describe('search', () => {
  /** A detector that knows what stands where: no network is needed to see in which order it is asked. */
  const scripted = (faceIn: (shape: string, view: number) => FaceBox | null) => {
    const asked: string[] = [];
    const detector: FaceDetector = {
      input: { width: 100, height: 100, mean: 0, divisor: 1, padding: 0 },
      views: [
        { across: 1, share: 1, least: 0.5 },
        { across: 1, share: 2, least: 0.6 },
      ],
      reliableHeight: 10,
      faceScore: 0.9,
      uprightScore: 0.99,
      detect(raster, _region, scale, least) {
        const shape = `${raster.width}x${raster.height}`;
        asked.push(`${shape} ${scale} ${least}`);
        const face = faceIn(shape, least === 0.5 ? 0 : 1);
        return Promise.resolve(face ? [face] : []);
      },
    };
    return { detector, asked };
  };
  const raster = { data: new Uint8Array(200 * 100 * 3), width: 200, height: 100 };
  const face = (height: number, score = 0.8): FaceBox => ({ left: 9, top: 9, width: 20, height, score });
  const byScore = ({ faces, turns }: Sight) => ({ value: turns, surety: faces[0]?.score ?? 0 });

  it('looks no further where a face is clear', async () => {
    const { detector, asked } = scripted(() => face(40, 0.95));
    expect(await searchFaces(detector, raster, byScore, 0.9)).toBe(0);
    expect(asked).toEqual(['200x100 0.5 0.5']);
  });

  it('lets the surest of four positions count', async () => {
    let asks = 0;
    const scores = [0.6, 0.7, 0.8, 0.65];
    const { detector } = scripted(() => face(40, scores[asks++]));
    expect(await searchFaces(detector, raster, byScore, 0.9)).toBe(2);
  });

  it('takes another view where nothing was found, or only what is small', async () => {
    const { detector, asked } = scripted((_, view) => (view === 1 ? face(40, 0.95) : face(15)));
    expect(await searchFaces(detector, raster, byScore, 0.9)).toBe(0);
    expect(asked.at(-1)).toBe('200x100 0.25 0.6');
    expect(asked).toHaveLength(5);
    const nothing = scripted(() => null);
    expect(await searchFaces(nothing.detector, raster, byScore, 0.9)).toBeNull();
    expect(nothing.asked).toHaveLength(8);
  });

  it('is content with a face that is not small', async () => {
    const { detector, asked } = scripted((shape) => (shape === '200x100' ? face(40) : null));
    expect(await searchFaces(detector, raster, byScore, 0.9)).toBe(0);
    expect(asked).toHaveLength(4);
  });
});
