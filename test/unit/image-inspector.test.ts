import sharp from 'sharp';
import type { FaceEngine } from '../../src/app/ports/face-engine.js';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { makePortraitNetworks } from '../../src/adapters/face/portrait-networks.js';
import { makeImageInspector } from '../../src/adapters/images/image-inspector.js';
import { IMAGE_LIMITS } from '../../src/domain/image-policy.js';
import { drawZone } from '../support/zone-page.js';
import { cropFace, photograph, portraitOf, printedPage, table } from '../support/pictures.js';

const engine = makeFaceEngine();

const portraits = makePortraitNetworks();
const inspector = makeImageInspector({
  faceEngine: () => Promise.resolve(engine),
  portraits: () => Promise.resolve(portraits),
});
/** For who refused biometrics: asking for the engine at all is the failure. */
const withoutFaces = makeImageInspector({
  faceEngine: (): Promise<FaceEngine> => Promise.reject(new Error('a face model was asked for')),
  portraits: () => Promise.reject(new Error('a face model was asked for')),
});

afterAll(async () => {
  await Promise.all([inspector.close(), withoutFaces.close()]);
  await portraits.close();
  await engine.close();
});

const portrait = await portraitOf('sample3');
const document = await printedPage({ portrait });
const back = await printedPage();
const selfie = await cropFace('sample1', 0);

const blurred = (image: Buffer, sigma: number) => sharp(image).blur(sigma).jpeg({ quality: 90 }).toBuffer();
const reasonsOf = async (image: Buffer, slot: 'id_front' | 'id_back' | 'selfie', faces = true) =>
  (await (faces ? inspector : withoutFaces).inspect(image, slot, { faces })).reasons;

/** A lamp's reflection: white in the middle, fading out. */
async function withGlare(image: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(image).metadata();
  const overlay = Buffer.alloc(width * height * 4, 255);
  const radius = width * 0.1;
  for (let y = 0, i = 3; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const distance = Math.hypot(x - width * 0.6, y - height * 0.45) / radius;
      overlay[i] = Math.min(255, 500 * Math.exp(-(distance * distance) / 2));
    }
  }
  return sharp(image)
    .composite([{ input: overlay, raw: { width, height, channels: 4 } }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function sideBySide(...images: Buffer[]): Promise<Buffer> {
  const height = 500;
  const resized = await Promise.all(
    images.map((image) => sharp(image).resize({ height }).toBuffer({ resolveWithObject: true })),
  );
  let left = 0;
  const overlays = resized.map(({ data, info }) => {
    const overlay = { input: data, left, top: 0 };
    left += info.width;
    return overlay;
  });
  return sharp({ create: { width: left, height, channels: 3, background: '#777' } })
    .composite(overlays)
    .jpeg()
    .toBuffer();
}

describe('inspection of documents', () => {
  it('accepts a sharp document with a portrait and gives its normalised form', async () => {
    const result = await inspector.inspect(document, 'id_front', { faces: true });
    expect(result).toMatchObject({
      outcome: 'accepted',
      reasons: [],
      format: 'jpeg',
      width: 1400,
      height: 1000,
    });
    expect(result.quality['faces']).toBe(1);
    expect(await sharp(result.image).metadata()).toMatchObject({ format: 'jpeg', width: 1400, height: 1000 });
  });

  it('accepts a back without a portrait', async () => {
    expect(await reasonsOf(back, 'id_back')).toEqual([]);
  });

  it('asks for the side with the portrait', async () => {
    expect(await reasonsOf(back, 'id_front')).toEqual(['document_no_portrait']);
  });

  it('finds a portrait that is small in the picture', async () => {
    const far = await printedPage({
      width: 2000,
      height: 1500,
      pageWidth: 760,
      pageHeight: 520,
      portrait: await portraitOf('sample3', 150),
    });
    expect(await reasonsOf(far, 'id_front')).toEqual([]);
  });

  it('rejects a blurred document and a blurred back', async () => {
    expect(await reasonsOf(await blurred(document, 5), 'id_front')).toEqual(['document_blurry']);
    expect(await reasonsOf(await blurred(back, 5), 'id_back')).toEqual(['document_blurry']);
  });

  it('rejects a reflection, but not white paper', async () => {
    expect(await reasonsOf(await withGlare(document), 'id_front')).toEqual(['document_glare']);
    const paper = await sharp(await printedPage({ left: 40, top: 30, pageWidth: 1300, pageHeight: 930 }))
      .linear(1.25, 0)
      .jpeg()
      .toBuffer();
    const { reasons, quality } = await inspector.inspect(paper, 'id_back', { faces: true });
    expect(quality['saturated']).toBeGreaterThan(0.3);
    expect(reasons).toEqual([]);
  });

  it.each([
    ['left', { left: -260, top: 110 }],
    ['right', { left: 540, top: 110 }],
    ['top', { left: 140, top: -200 }],
    ['bottom', { left: 140, top: 410 }],
  ])('rejects a document that runs off to the %s', async (_, place) => {
    expect(await reasonsOf(await printedPage(place), 'id_back')).toEqual(['document_cut_off']);
  });

  it('accepts a scan that ends with the document', async () => {
    const scan = await printedPage({ left: 0, top: 0, pageWidth: 1400, pageHeight: 1000 });
    expect(await reasonsOf(scan, 'id_back')).toEqual([]);
  });

  it('rejects a picture, and a zone within a picture, that is too small', async () => {
    const tiny = await sharp(document).resize({ width: 110 }).jpeg().toBuffer();
    expect(await reasonsOf(tiny, 'id_front')).toEqual(['document_too_small']);
    const { raster } = drawZone({ width: 500, height: 400, pitch: 3.8, left: 160, top: 250 });
    const far = await sharp(raster.data, { raw: { width: 500, height: 400, channels: 3 } })
      .png()
      .toBuffer();
    expect(await reasonsOf(far, 'id_back')).toEqual(['document_too_small']);
  });

  it.each([
    ['white', { r: 255, g: 255, b: 255 }],
    ['grey', { r: 120, g: 120, b: 120 }],
    ['black', { r: 0, g: 0, b: 0 }],
  ])('rejects a blank %s picture as unreadable', async (_, background) => {
    const blank = await sharp({ create: { width: 900, height: 600, channels: 3, background } })
      .png()
      .toBuffer();
    expect(await reasonsOf(blank, 'id_front')).toEqual(['document_unreadable']);
  });

  it('rejects an empty table as unreadable', async () => {
    expect(await reasonsOf(await table(1200, 900), 'id_back')).toEqual(['document_unreadable']);
  });

  it('does not ask for a face model without consent', async () => {
    expect(await reasonsOf(document, 'id_front', false)).toEqual([]);
    expect(await reasonsOf(back, 'id_front', false)).toEqual([]);
  });
});

describe('inspection of selfies', () => {
  it('accepts one clear face', async () => {
    const result = await inspector.inspect(selfie, 'selfie', { faces: true });
    expect(result).toMatchObject({ outcome: 'accepted', reasons: [] });
    expect(result.quality['faces']).toBe(1);
    expect(result.quality['eyes_closed']).toBeLessThan(0.5);
  });

  it('rejects a picture without a face', async () => {
    expect(await reasonsOf(back, 'selfie')).toEqual(['selfie_no_face']);
  });

  it('rejects two people', async () => {
    expect(await reasonsOf(await sideBySide(selfie, await cropFace('sample6', 1)), 'selfie')).toEqual([
      'selfie_multiple_faces',
    ]);
    expect(await reasonsOf(await photograph('sample5'), 'selfie')).toContain('selfie_multiple_faces');
  });

  it('ignores a passer-by in the background', async () => {
    const small = await sharp(await portraitOf('sample6', 120)).toBuffer();
    const withPasserBy = await sharp(selfie)
      .composite([{ input: small, left: 20, top: 20 }])
      .jpeg()
      .toBuffer();
    expect((await engine.detect(withPasserBy)).length).toBe(2);
    expect(await reasonsOf(withPasserBy, 'selfie')).toEqual([]);
  });

  it('rejects a face of fewer than 80 pixels', async () => {
    const far = await sharp(await table(900, 700))
      .composite([{ input: await portraitOf('sample3', 110), left: 400, top: 300 }])
      .jpeg()
      .toBuffer();
    expect(await reasonsOf(far, 'selfie')).toEqual(['selfie_low_quality']);
  });

  it.each([
    ['blurred', () => blurred(selfie, 7)],
    ['dark', () => sharp(selfie).linear(0.06, 0).jpeg().toBuffer()],
    ['washed out', () => sharp(selfie).linear(0.08, 232).jpeg().toBuffer()],
    ['tiny', () => sharp(selfie).resize({ width: 150 }).jpeg().toBuffer()],
  ])('rejects a %s one, with or without consent to biometrics', async (_, degrade) => {
    const image = await degrade();
    expect(await reasonsOf(image, 'selfie')).toEqual(['selfie_low_quality']);
    expect(await reasonsOf(image, 'selfie', false)).toEqual(['selfie_low_quality']);
  });

  it('judges by sharpness, light and size alone without consent', async () => {
    expect(await reasonsOf(selfie, 'selfie', false)).toEqual([]);
    expect(await reasonsOf(back, 'selfie', false)).toEqual([]);
  });
});

describe('what inspection hands on', () => {
  it('is bounded in size, also when the picture is rejected', async () => {
    const large = await sharp(await blurred(document, 5))
      .resize({ width: 3600 })
      .jpeg()
      .toBuffer();
    const { outcome, image, width } = await inspector.inspect(large, 'id_front', { faces: true });
    expect(outcome).toBe('rejected');
    expect(width).toBe(IMAGE_LIMITS.normalisedSide);
    expect((await sharp(image).metadata()).width).toBe(IMAGE_LIMITS.normalisedSide);
  });

  it('is the same each time', async () => {
    const once = await inspector.inspect(document, 'id_front', { faces: true });
    expect(await inspector.inspect(document, 'id_front', { faces: true })).toEqual(once);
  });

  it('names the format that was sent', async () => {
    const png = await sharp(back).png({ compressionLevel: 1 }).toBuffer();
    const webp = await sharp(back).webp({ effort: 0 }).toBuffer();
    expect((await inspector.inspect(png, 'id_back', { faces: false })).format).toBe('png');
    expect((await inspector.inspect(webp, 'id_back', { faces: false })).format).toBe('webp');
  });
});

describe('a file that says that a program altered it', () => {
  const words = { IFD0: { Software: 'Adobe Photoshop 25.9 (Windows)' } };
  const altered = (image: Buffer) => sharp(image).withExif(words).jpeg({ quality: 92 }).toBuffer();

  it('is taken all the same as a selfie, and its words are remembered', async () => {
    const { outcome, quality, image } = await inspector.inspect(await altered(selfie), 'selfie', {
      faces: true,
    });
    expect(outcome).toBe('accepted');
    expect(quality['altered']).toBe(1);
    expect(Buffer.from(image).includes('Photoshop')).toBe(false);
  });

  it('is nothing special as a document, and a selfie without such words is none', async () => {
    const page = await inspector.inspect(await altered(document), 'id_front', { faces: true });
    const plain = await inspector.inspect(selfie, 'selfie', { faces: true });
    expect([page.quality['altered'], plain.quality['altered']]).toEqual([undefined, undefined]);
  });
});
