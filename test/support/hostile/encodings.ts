import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { pick, type Random } from '../../../src/sandbox/samples/random.js';
import { encode } from './pixels.js';

/** @param page a JPEG that no reader may accept, whatever is done to its encoding */
type Spoil = (page: Buffer, random: Random) => Promise<Buffer>;

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** PNG (ISO/IEC 15948, 5.3). */
function pngChunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, crc]);
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Signature and IHDR. */
const PNG_HEAD = 33;

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly interlace?: number;
}

function png(
  { width, height, depth = 8, colour = 2, interlace = 0 }: PngHeader,
  ...chunks: readonly Buffer[]
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width >>> 0, 0);
  header.writeUInt32BE(height >>> 0, 4);
  header.set([depth, colour, 0, 0, interlace], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The chunk behind the header of a good PNG. */
const withChunk = (whole: Buffer, chunk: Buffer): Buffer =>
  Buffer.concat([whole.subarray(0, PNG_HEAD), chunk, whole.subarray(PNG_HEAD)]);

/** A JPEG marker segment (ISO/IEC 10918-1, B.1.1.4). */
function jpegSegment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** The segment behind the start of image. */
const withSegment = (whole: Buffer, marker: number, body: Buffer): Buffer =>
  Buffer.concat([whole.subarray(0, 2), jpegSegment(marker, body), whole.subarray(2)]);

const randomBytes = (random: Random, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, () => random.next() * 256));

const asPng = (page: Buffer): Promise<Buffer> => sharp(page).resize({ width: 700 }).png().toBuffer();
const reencoded = (page: Buffer, random: Random): Promise<Buffer> =>
  encode(sharp(page).resize({ width: 900 }), random);

const INFLATED = 64 * 1024 * 1024;
let inflating: Buffer | undefined;
/** Sixty kilobytes that become sixty megabytes. */
const bomb = (): Buffer => (inflating ??= deflateSync(Buffer.alloc(INFLATED)));

const CLAIMS = [
  [8200, 5000],
  [100_000, 100_000],
  [0, 0],
  [0, 100],
  [0x7fffffff, 1],
  [0xffffffff, 0xffffffff],
  [65_500, 65_500],
  [7900, 5000],
] as const;

/** Size in a JPEG's frame header: marker, length, precision, height, width. */
function jpegClaiming(page: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(page);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height & 0xffff, frame + 5);
  bytes.writeUInt16BE(width & 0xffff, frame + 7);
  return bytes;
}

/** An APP1 segment of Exif with one entry (TIFF 6.0, section 2): tag 0x0112, orientation. */
function exif(random: Random): Buffer {
  const tiff = Buffer.alloc(30);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(pick(random, [8, 8, 8, 0, 0xfffffff0]), 4);
  tiff.writeUInt16BE(pick(random, [1, 1, 1, 0xffff]), 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(pick(random, [3, 3, 3, 4, 2, 0, 99]), 12);
  tiff.writeUInt32BE(pick(random, [1, 1, 0, 0xffffffff]), 14);
  tiff.writeUInt16BE(pick(random, [0, 2, 4, 5, 7, 9, 255, 65_535]), 18);
  // The next directory: none, or this one again.
  tiff.writeUInt32BE(pick(random, [0, 8]), 22);
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

/** Where scans begin in a JPEG, and where the image ends. */
function scansOf(jpeg: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = jpeg.indexOf('ffda', 0, 'hex'); at >= 0; at = jpeg.indexOf('ffda', at + 2, 'hex'))
    places.push(at);
  return places;
}

const BIDI = '\u202e\u2066\u200f SPECIMEN \u202d\u2069\u200e';

/** Ways to encode a picture wrongly, oddly or dangerously. */
export const ENCODINGS: Readonly<Record<string, Spoil>> = {
  truncated: async (page, random) => {
    const whole = await reencoded(page, random);
    return whole.subarray(0, Math.floor(whole.length * random.next()));
  },
  corrupted: async (page, random) => {
    const whole = Buffer.from(await reencoded(page, random));
    const flips = Math.ceil(random.between(1, 60));
    const from = pick(random, [2, 40, 600]);
    for (let i = 0; i < flips; i++)
      whole[Math.floor(random.between(Math.min(from, whole.length - 1), whole.length))] = random.next() * 256;
    return whole;
  },
  shuffled: async (page, random) => {
    const whole = await reencoded(page, random);
    const cut = Math.floor(whole.length * random.between(0.2, 0.8));
    return Buffer.concat([whole.subarray(0, 30), whole.subarray(cut), whole.subarray(30, cut)]);
  },
  bytes_behind: async (page, random) =>
    Buffer.concat([await reencoded(page, random), randomBytes(random, 5000)]),
  false_size: (page, random) => {
    const [width, height] = pick(random, CLAIMS);
    const lying = png({ width, height }, pngChunk('IDAT', deflateSync(Buffer.alloc(100))));
    return Promise.resolve(random.next() < 0.6 ? lying : jpegClaiming(page, width, height));
  },
  inflating_pixels: (_page, random) =>
    Promise.resolve(
      png(
        {
          width: pick(random, [10, 8000]),
          height: pick(random, [10, 5000]),
          interlace: pick(random, [0, 1]),
          depth: pick(random, [8, 16]),
          colour: pick(random, [0, 2, 6]),
        },
        pngChunk('IDAT', bomb()),
      ),
    ),
  inflating_text: async (page, random) => {
    const [type, head] = pick(random, [
      ['zTXt', 'Comment\0\0'],
      ['iCCP', 'profile\0\0'],
      ['iTXt', 'Comment\0\u0001\0\0\0'],
    ] as const);
    return withChunk(await asPng(page), pngChunk(type, Buffer.concat([Buffer.from(head, 'latin1'), bomb()])));
  },
  many_chunks: async (page) => {
    const chunk = pngChunk('tEXt', Buffer.from('Comment\0x', 'latin1'));
    return withChunk(await asPng(page), Buffer.concat(Array.from({ length: 20_000 }, () => chunk)));
  },
  /** A progressive picture that sends one of its scans some thousand times more: each costs a pass over all of it. */
  many_scans: async (page, random) => {
    const whole = await sharp(page)
      .resize({ width: pick(random, [800, 4000]) })
      .jpeg({ progressive: true, quality: 60 })
      .toBuffer();
    const scans = scansOf(whole);
    const from = scans.at(-1) ?? 0;
    const last = whole.subarray(from, whole.length - 2);
    const times = Math.floor(4_000_000 / Math.max(2000, last.length));
    return Buffer.concat([
      whole.subarray(0, from),
      ...Array.from({ length: times }, () => last),
      whole.subarray(-2),
    ]);
  },
  odd_frame: (page, random) => {
    const bytes = Buffer.from(page);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    const place = pick(random, [4, 9, 10, 11, 12]);
    bytes[frame + place] = pick(random, [0, 1, 12, 255]);
    return Promise.resolve(bytes);
  },
  animated: async (page, random) => {
    const { data, info } = await sharp(page)
      .resize({ width: 500, height: 360, fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const frames = pick(random, [2, 12]);
    return sharp(Buffer.concat(Array.from({ length: frames }, () => data)), {
      raw: { width: info.width, height: info.height * frames, channels: 3, pageHeight: info.height },
    })
      .webp({ loop: 0, delay: Array.from({ length: frames }, () => 40), effort: 0 })
      .toBuffer();
  },
  four_inks: (page, random) =>
    sharp(page)
      .toColourspace('cmyk')
      .jpeg({ quality: pick(random, [40, 90]) })
      .toBuffer(),
  deep: (page) => sharp(page).resize({ width: 700 }).toColourspace('rgb16').png().toBuffer(),
  /** Few colours, and what is dark hidden under full transparency. */
  palette: async (page, random) => {
    const alpha = await sharp(page)
      .resize({ width: 700 })
      .greyscale()
      .threshold(pick(random, [90, 180]))
      .toBuffer();
    return sharp(page)
      .resize({ width: 700 })
      .joinChannel(alpha)
      .png({ palette: true, colours: pick(random, [2, 16, 256]) })
      .toBuffer();
  },
  odd_orientation: (page, random) => Promise.resolve(withSegment(page, 0xe1, exif(random))),
  broken_profile: async (page, random) => {
    const { icc = Buffer.alloc(0) } = await sharp(
      await sharp(page).withIccProfile('p3').jpeg().toBuffer(),
    ).metadata();
    const profile = pick(random, [
      randomBytes(random, 900),
      icc.subarray(0, Math.floor(icc.length * random.next())),
      Buffer.alloc(128),
      Buffer.from(icc).fill(0xff, 128),
    ]);
    if (random.next() < 0.5) {
      const body = Buffer.concat([Buffer.from('broken\0\0', 'latin1'), deflateSync(profile)]);
      return withChunk(await asPng(page), pngChunk('iCCP', body));
    }
    const part = Buffer.from([pick(random, [1, 0, 7]), pick(random, [1, 0, 255])]);
    return withSegment(page, 0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), part, profile]));
  },
  bidirectional_text: async (page, random) =>
    random.next() < 0.5
      ? withSegment(page, 0xfe, Buffer.from(BIDI.repeat(200)))
      : withChunk(await asPng(page), pngChunk('iTXt', Buffer.from(`Title\0\0\0\0\0${BIDI.repeat(200)}`))),
};

const NOT_PICTURES: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.alloc(0),
  () => Buffer.from('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n'),
  () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>'),
  () => Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj'),
  () => Buffer.from('GIF89a\x01\0\x01\0\x80\0\0', 'latin1'),
  () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
  () => Buffer.from('RIFF\x24\0\0\0WEBP', 'latin1'),
  () => Buffer.from([0xff, 0xd8, 0xff]),
  (random) => randomBytes(random, 3000),
  (random) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(random, 3000)]),
  (random) => Buffer.concat([PNG_SIGNATURE, randomBytes(random, 3000)]),
  (random) => Buffer.concat([Buffer.from('RIFF\xff\xff\0\0WEBPVP8 ', 'latin1'), randomBytes(random, 3000)]),
];

export const notAPicture = (random: Random): Buffer => pick(random, NOT_PICTURES)(random);
