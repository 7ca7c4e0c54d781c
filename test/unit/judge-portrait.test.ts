import sharp from 'sharp';
import type { FaceBox } from '../../src/app/ports/face-engine.js';
import { LANDMARK_SIDE, landmarkInput } from '../../src/adapters/face/align-face.js';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { measurePortrait } from '../../src/adapters/face/measure-portrait.js';
import { makePortraitNetworks } from '../../src/adapters/face/portrait-networks.js';
import { decodeRgb } from '../../src/adapters/images/decode.js';
import { judgePortrait } from '../../src/adapters/images/judge-portrait.js';
import { makePortraitStudio, type Person } from '../../src/sandbox/samples/portraits.js';
import { headAround, turnHead } from '../support/turned-head.js';

const faces = makeFaceEngine();
const networks = makePortraitNetworks();
afterAll(async () => {
  await networks.close();
  await faces.close();
});

const studio = makePortraitStudio();
const selfieOf = (subject: Person) => studio.selfie({ subject, seed: 'portrait', blur: 0 });

async function faceIn(image: Buffer): Promise<FaceBox> {
  const [face] = await faces.detect(image);
  if (!face) throw new Error('no face');
  return face;
}

async function measured(image: Buffer, eyes: 'both' | 'left' | 'none' = 'none') {
  const raster = await decodeRgb(image, { maxSide: 2000 });
  const face = await faceIn(image);
  if (eyes === 'none') return measurePortrait(networks, raster, face);
  const landmarks = (
    await networks.run('landmark', landmarkInput(raster, face), [1, 1, LANDMARK_SIDE, LANDMARK_SIDE])
  )['output']!;
  const at = (point: number) => ({
    x: face.left + landmarks[point * 2]! * face.width,
    y: face.top + landmarks[point * 2 + 1]! * face.height,
  });
  // A lid in the colour of the cheek below, with a dark line of lashes.
  for (const [from, to] of eyes === 'both'
    ? ([
        [36, 39],
        [42, 45],
      ] as const)
    : ([[36, 39]] as const)) {
    const [a, b] = [at(from), at(to)];
    const [cx, cy, wide] = [(a.x + b.x) / 2, (a.y + b.y) / 2, Math.hypot(b.x - a.x, b.y - a.y)];
    for (let y = Math.floor(cy - 0.37 * wide); y < cy + 0.37 * wide; y++)
      for (let x = Math.floor(cx - 0.67 * wide); x < cx + 0.67 * wide; x++) {
        const cheek = (Math.round(cy + 0.88 * wide) * raster.width + x) * 3;
        const shade = Math.abs(y - cy) < 1.5 ? 0.6 : 1;
        for (let c = 0; c < 3; c++)
          raster.data[(y * raster.width + x) * 3 + c] = raster.data[cheek + c]! * shade;
      }
  }
  return measurePortrait(networks, raster, face);
}

describe('a portrait', () => {
  it.each(['clara', 'maria', 'asa'] as const)('that looks into the camera passes: %s', async (person) => {
    const measures = await measured(await selfieOf(person));
    expect(measures.eyesClosed).toBeLessThan(0.5);
    expect(judgePortrait(measures)).toMatchObject({ reasons: [] });
  });

  it.each(['maria', 'iris'] as const)(
    'with closed eyes is asked for again, with one it is not: %s',
    async (person) => {
      const selfie = await selfieOf(person);
      expect(judgePortrait(await measured(selfie, 'both')).reasons).toEqual(['selfie_eyes_closed']);
      expect(judgePortrait(await measured(selfie, 'left')).reasons).toEqual([]);
    },
  );

  it.each([
    ['a mask', { top: 0.55, bottom: 1 }, 'selfie_low_quality'],
    ['dark glasses', { top: 0.2, bottom: 0.48 }, 'selfie_eyes_closed'],
  ] as const)('with %s is asked for again', async (_cover, { top, bottom }, reason) => {
    for (const person of ['clara', 'maria', 'iris'] as const) {
      const selfie = await selfieOf(person);
      const { left, top: above, width, height } = await faceIn(selfie);
      const cover = {
        create: {
          width: Math.round(width),
          height: Math.round((bottom - top) * height),
          channels: 3 as const,
          background: '#33363c',
        },
      };
      const at = { left: Math.round(left), top: Math.round(above + top * height) };
      const picture = await sharp(selfie)
        .composite([{ input: cover, ...at }])
        .jpeg()
        .toBuffer();
      expect(judgePortrait(await measured(picture)).reasons).toContain(reason);
    }
  });

  it('is measured to turn as it turns', async () => {
    const selfie = await selfieOf('maria');
    const head = headAround(await faceIn(selfie));
    const turned = async (yaw: number, pitch: number) =>
      measured(await turnHead(selfie, { yaw, pitch }, 1, head));
    const [left, right, up, down] = [
      await turned(34, 0),
      await turned(-34, 0),
      await turned(0, 26),
      await turned(0, -26),
    ];
    expect(right.yaw - left.yaw).toBeGreaterThan(20);
    expect(up.pitch - down.pitch).toBeGreaterThan(8);
  });

  it.each([
    [{ yaw: 41 }, ['selfie_not_frontal']],
    [{ yaw: -41, eyesClosed: 1 }, ['selfie_not_frontal']],
    [{ pitch: 41 }, ['selfie_not_frontal']],
    [{ pitch: -41, structure: { eyes: 0, mouth: 0 } }, ['selfie_not_frontal']],
    [{ yaw: 39, pitch: -39, eyesClosed: 0.9 }, []],
    [{ eyesClosed: 0.98 }, ['selfie_eyes_closed']],
    [{ structure: { eyes: 0.04, mouth: 0.4 } }, ['selfie_eyes_closed']],
    [{ structure: { eyes: 0.3, mouth: 0.15 } }, ['selfie_low_quality']],
    [{ structure: { eyes: 0.04, mouth: 0.15 } }, ['selfie_eyes_closed', 'selfie_low_quality']],
  ] as const)('with %o is judged %j', (measures, reasons) => {
    const inView = { yaw: 0, pitch: 0, eyesClosed: 0, structure: { eyes: 0.3, mouth: 0.4 } };
    expect(judgePortrait({ ...inView, ...measures }).reasons).toEqual(reasons);
  });

  it('says nothing of a picture that is no larger than a stamp', async () => {
    const stamp = await sharp(await selfieOf('clara'))
      .resize({ width: 90 })
      .jpeg()
      .toBuffer();
    const face = (await faces.detect(stamp))[0] ?? { left: 20, top: 30, width: 40, height: 50, score: 1 };
    const measures = await measurePortrait(networks, await decodeRgb(stamp, { maxSide: 2000 }), face);
    const { yaw, pitch, eyesClosed, structure } = measures;
    for (const value of [yaw, pitch, eyesClosed, structure.eyes, structure.mouth])
      expect(Number.isFinite(value)).toBe(true);
  });
});
