import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { decodeRgb } from '../../src/adapters/images/decode.js';
import { encodeNormalised } from '../../src/adapters/images/normalise.js';
import { resample, shrinkTo } from '../../src/adapters/images/resample.js';
import { sniffFormat } from '../../src/adapters/images/sniff.js';

/** Left half red, right half blue. */
const flag = (width = 80, height = 40) => {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) data[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  return sharp(data, { raw: { width, height, channels: 3 } });
};

// Written before any decoding: afterwards this process has no loader and saver but the allowed ones.
const PICTURES = {
  jpeg: await flag().jpeg().toBuffer(),
  png: await flag().png().toBuffer(),
  webp: await flag().webp({ lossless: true }).toBuffer(),
};
const REFUSED = {
  gif: await flag().gif().toBuffer(),
  tiff: await flag().tiff().toBuffer(),
  avif: await flag().avif().toBuffer(),
  svg: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  ),
  'svg after white space': Buffer.from('\n <?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
  pdf: Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj'),
  heic: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
  bmp: Buffer.from('BM\x9a\0\0\0', 'latin1'),
  text: Buffer.from('plain words'),
  nothing: Buffer.alloc(0),
  'a wave file, which is RIFF too': Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'),
};

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = (bytes: Buffer): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};

function pngChunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, crc]);
}

/** A PNG that claims a size; its pixel data is far too short for it. */
function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    PICTURES.png.subarray(0, 8),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(100))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same JPEG with another size in its frame header (SOF0: marker, length, precision, height, width). */
function jpegClaiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(PICTURES.jpeg);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

const decode = (bytes: Uint8Array) => decodeRgb(bytes, { maxSide: 2000 });

describe('format by content', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('knows and decodes %s', async (format) => {
    expect(sniffFormat(PICTURES[format])).toBe(format);
    const image = await decode(PICTURES[format]);
    expect(image).toMatchObject({ format, width: 80, height: 40 });
    expect(image.data).toHaveLength(80 * 40 * 3);
  });

  it.each(Object.entries(REFUSED))('refuses %s', async (_, bytes) => {
    expect(sniffFormat(bytes)).toBeNull();
    await expect(decode(bytes)).rejects.toMatchObject({ name: 'AppError', code: 'unsupported_media_type' });
  });

  it.each(['gif', 'tiff', 'avif', 'svg', 'pdf'] as const)(
    'never lets a JPEG signature lead to the %s loader',
    async (name) => {
      const disguised = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), REFUSED[name]]);
      await expect(decode(disguised)).rejects.toMatchObject({ code: 'image_undecodable' });
    },
  );

  it('leaves the process without the other loaders', async () => {
    await decode(PICTURES.png);
    for (const bytes of [REFUSED.gif, REFUSED.tiff, REFUSED.avif, REFUSED.svg]) {
      await expect(sharp(bytes).raw().toBuffer()).rejects.toThrow();
    }
  });

  it('refuses a GIF or a PDF that carries a JPEG behind its own header', async () => {
    for (const front of [REFUSED.gif, REFUSED.pdf]) {
      await expect(decode(Buffer.concat([front, PICTURES.jpeg]))).rejects.toMatchObject({
        code: 'unsupported_media_type',
      });
    }
  });
});

describe('damaged and oversized images', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('refuses a truncated %s', async (format) => {
    const whole = await flag(600, 400)[format]().toBuffer();
    for (const share of [0.3, 0.6, 0.95]) {
      const part = whole.subarray(0, Math.floor(whole.length * share));
      await expect(decode(part)).rejects.toMatchObject({ code: 'image_undecodable' });
    }
  });

  it('refuses a bare signature', async () => {
    for (const bytes of Object.values(PICTURES)) {
      await expect(decode(bytes.subarray(0, 12))).rejects.toMatchObject({ code: 'image_undecodable' });
    }
  });

  it('refuses 41 megapixels by the header, without decoding', async () => {
    for (const bytes of [pngClaiming(8200, 5000), jpegClaiming(8200, 5000), pngClaiming(100_000, 100_000)]) {
      await expect(decode(bytes)).rejects.toMatchObject({ code: 'image_too_many_pixels' });
    }
  });

  it('tells a damaged image within the limit from one beyond it', async () => {
    await expect(decode(pngClaiming(8000, 5000))).rejects.toMatchObject({ code: 'image_undecodable' });
  });

  it('names nothing of the content in its error', async () => {
    const error: unknown = await decode(jpegClaiming(4000, 4000)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: 'image_undecodable' });
    expect((error as Error).cause).toBeUndefined();
  });
});

describe('decoding', () => {
  it.each([
    [1, 80, 40, 'red', 'blue'],
    [3, 80, 40, 'blue', 'red'],
    [6, 40, 80, 'red', 'red'],
    [8, 40, 80, 'blue', 'blue'],
  ] as const)(
    'stands pictures of EXIF orientation %i upright',
    async (orientation, width, height, first, last) => {
      const image = await decode(await flag().withMetadata({ orientation }).png().toBuffer());
      expect([image.width, image.height]).toEqual([width, height]);
      const colourAt = (pixel: number) =>
        image.data[pixel * 3]! > image.data[pixel * 3 + 2]! ? 'red' : 'blue';
      expect([colourAt(0), colourAt(width - 1)]).toEqual([first, last]);
    },
  );

  it('bounds the longer side and leaves smaller pictures as they are', async () => {
    const large = await flag(3000, 1500).jpeg().toBuffer();
    expect(await decode(large)).toMatchObject({ width: 2000, height: 1000 });
    expect(await decode(PICTURES.jpeg)).toMatchObject({ width: 80, height: 40 });
  });

  it('lays transparency on white, so that nothing hidden below it counts', async () => {
    const hidden = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const image = await decode(hidden);
    expect([...image.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('gives three channels of eight bits for grey and for deep pictures', async () => {
    const grey = await flag().greyscale().png().toBuffer();
    const deep = await flag().toColourspace('rgb16').png().toBuffer();
    for (const bytes of [grey, deep]) expect((await decode(bytes)).data).toHaveLength(80 * 40 * 3);
    expect([...(await decode(deep)).data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  it('takes the first picture of an animation', async () => {
    const frames = Buffer.alloc(8 * 16 * 3);
    frames.fill(200, 8 * 8 * 3);
    const animated = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .webp({ lossless: true, loop: 0, delay: [100, 100] })
      .toBuffer();
    const image = await decode(animated);
    expect([image.width, image.height]).toEqual([8, 8]);
    expect(Math.max(...image.data)).toBe(0);
  });
});

describe('normalised encoding', () => {
  it('keeps no position, thumbnail, comment, profile or bytes behind the image', async () => {
    const tagged = await flag(400, 300)
      .withExif({
        IFD0: { Make: 'MARKER-MAKER', ImageDescription: 'MARKER-TEXT' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitude: '0/1 7/1 0/1' },
      })
      .withIccProfile('p3')
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">MARKER-XMP</x:xmpmeta>')
      .jpeg()
      .toBuffer();
    const polyglot = Buffer.concat([tagged, Buffer.from('PK\x03\x04 MARKER-ZIP <script>MARKER</script>')]);
    expect((await sharp(polyglot).metadata()).exif).toBeDefined();
    const normalised = Buffer.from(await encodeNormalised(await decode(polyglot)));
    expect(normalised.includes('MARKER')).toBe(false);
    expect(normalised.includes('Exif')).toBe(false);
    const { exif, icc, xmp, iptc, orientation, format } = await sharp(normalised).metadata();
    expect({ exif, icc, xmp, iptc, orientation, format }).toEqual({ format: 'jpeg' });
    // Start and end of image (ISO/IEC 10918-1): nothing follows.
    expect(normalised.readUInt16BE(normalised.length - 2)).toBe(0xffd9);
  });

  it('is the same each time', async () => {
    const raster = await decode(PICTURES.png);
    expect(await encodeNormalised(raster)).toEqual(await encodeNormalised(await decode(PICTURES.png)));
  });
});

describe('resampling', () => {
  it('keeps a flat colour flat, also beyond the border', () => {
    const data = new Uint8Array(30 * 20 * 3).fill(77);
    const result = resample(
      { data, width: 30, height: 20 },
      { left: -10, top: -5, width: 50, height: 40 },
      13,
      7,
    );
    for (const value of result) expect(value).toBeCloseTo(77, 3);
  });

  it('keeps a ramp where it is when reducing and enlarging', () => {
    const data = new Uint8Array(64 * 4 * 3);
    for (let i = 0; i < data.length; i++) data[i] = (Math.floor(i / 3) % 64) * 4;
    for (const width of [16, 128]) {
      const result = resample(
        { data, width: 64, height: 4 },
        { left: 0, top: 0, width: 64, height: 4 },
        width,
        4,
      );
      const middle = Math.floor(width / 2);
      // Centre of the output pixel in input pixels, times the slope.
      expect(result[middle * 3]).toBeCloseTo((((middle + 0.5) * 64) / width - 0.5) * 4, 0);
    }
  });

  it('shrinks to the side asked for and keeps the shape', () => {
    const raster = { data: new Uint8Array(300 * 150 * 3), width: 300, height: 150 };
    expect(shrinkTo(raster, 100)).toMatchObject({ width: 100, height: 50 });
    expect(shrinkTo(raster, 300)).toBe(raster);
  });
});
