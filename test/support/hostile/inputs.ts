import sharp from 'sharp';
import type { DrawingKit } from '../../../src/sandbox/samples/document-art.js';
import { drawSample, makeDrawingKit } from '../../../src/sandbox/samples/draw-samples.js';
import type { MrzLines } from '../../../src/sandbox/samples/mrz-writer.js';
import { GOOD_SCENE } from '../../../src/sandbox/samples/photograph.js';
import { makeRandom, pick, type Random } from '../../../src/sandbox/samples/random.js';
import { ENCODINGS, notAPicture } from './encodings.js';
import { drawPage, loadPageType, PAGES, spoiltPage, spoiltZone, validZone } from './pages.js';
import { encode, PIXELS, tiled } from './pixels.js';

/** Something that no honest learner sends. It must not be accepted, stop the service, or hold it up. */
export interface HostileInput {
  readonly kind: string;
  /** The same for the same seed. */
  readonly name: string;
  /** Made when asked for: all at once would fill the memory. */
  readonly bytes: () => Promise<Uint8Array>;
}

export interface HostileOptions {
  readonly seed: string;
  /** Of inputs, about: each kind comes at least once. */
  readonly count: number;
  /** Path of an OpenType font, of OCR-B where imitations shall be good. */
  readonly ocrbFont: string;
}

/** Photographs to cut up. */
interface Photographs {
  /** Right in every respect. */
  readonly valid: readonly Buffer[];
  /** With wrong check digits, so that not even a whole copy may be accepted. */
  readonly spoilt: readonly Buffer[];
}

const HOLDER = {
  person: 'maria',
  surname: 'Marchetti',
  givenNames: 'Aurora',
  placeOfBirth: 'PORT LUMEN',
  documentNumber: 'KX4031552',
  dateOfBirth: '1991-06-12',
  issuedOn: '2024-05-02',
  expiresOn: '2034-05-01',
} as const;

async function photograph(kind: 'passport' | 'card_back', mrz: MrzLines, seed: string, kit: DrawingKit) {
  const scene = { ...GOOD_SCENE, width: 1200, height: 900, blur: 0.5, noise: 1, seed };
  return drawSample({ kind, data: { ...HOLDER, mrz }, scene }, kit);
}

async function takePhotographs(seed: string, kit: DrawingKit): Promise<Photographs> {
  const random = makeRandom(`${seed}/photographs`);
  const take = (zone: (random: Random, format: 'TD1' | 'TD3') => MrzLines, name: string) =>
    Promise.all([
      photograph('passport', zone(random, 'TD3'), `${seed}/${name}/passport`, kit),
      photograph('card_back', zone(random, 'TD1'), `${seed}/${name}/card`, kit),
    ]);
  return { valid: await take(validZone, 'valid'), spoilt: await take(spoiltZone, 'spoilt') };
}

/** A part of a document whose zone runs out of the picture on one side: what is left of it may not pass for a whole one. */
async function cutThroughZone({ valid }: Photographs, random: Random): Promise<Buffer> {
  const whole = sharp(pick(random, valid));
  const { width, height } = await whole.metadata();
  const [from, to] = random.next() < 0.5 ? [0, random.between(0.25, 0.85)] : [random.between(0.16, 0.7), 1];
  const top = Math.floor(height * random.between(0, 0.6));
  const left = Math.floor(width * from);
  const part = whole.extract({ left, top, width: Math.floor(width * (to - from)), height: height - top });
  return encode(part, random);
}

async function anyPart({ spoilt }: Photographs, random: Random): Promise<Buffer> {
  const whole = sharp(pick(random, spoilt));
  const { width, height } = await whole.metadata();
  const part = (length: number) => {
    const size = Math.max(8, Math.floor(length * random.between(0.05, 1)));
    return { size, from: Math.floor((length - size) * random.next()) };
  };
  const [across, down] = [part(width), part(height)];
  const cut = whole.extract({ left: across.from, top: down.from, width: across.size, height: down.size });
  return encode(cut, random);
}

type Make = (random: Random) => Promise<Uint8Array>;

/** Share of each kind, out of five hundred. */
const WEIGHTS: Readonly<Record<string, number>> = {
  wrong_grammar: 26,
  wrong_digits: 36,
  filler_prose: 10,
  nothing_but_fillers: 3,
  mixed_formats: 8,
  reversed_lines: 6,
  many_zones: 3,
  huge_text: 10,
  many_lines: 4,
  tiny_text: 4,
  right_to_left: 8,
  injected_values: 10,
  cut_through_zone: 46,
  any_part: 40,
  mirrored: 6,
  noise: 14,
  grey_noise: 12,
  gradient: 10,
  stripes: 10,
  chequers: 8,
  one_colour: 6,
  slim: 24,
  largest: 8,
  tiled: 3,
  truncated: 36,
  corrupted: 46,
  shuffled: 8,
  bytes_behind: 4,
  false_size: 16,
  inflating_pixels: 6,
  inflating_text: 6,
  many_chunks: 2,
  many_scans: 3,
  odd_frame: 10,
  animated: 5,
  four_inks: 4,
  deep: 3,
  palette: 6,
  odd_orientation: 14,
  broken_profile: 14,
  bidirectional_text: 4,
  not_a_picture: 18,
};
const WHOLE = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);

/**
 * Inputs of all kinds, in an order that mixes them. Drawing opens libvips' loader of vector drawings, and is over when this returns: only then
 * may the process decode.
 */
export async function makeHostileInputs({
  seed,
  count,
  ocrbFont,
}: HostileOptions): Promise<readonly HostileInput[]> {
  const kit = await makeDrawingKit(ocrbFont);
  const type = await loadPageType(kit);
  const photographs = await takePhotographs(seed, kit);
  // For wrong encodings: what it shows has only to be refused, and soon.
  const page = await drawPage(spoiltPage(makeRandom(`${seed}/page`), type));
  const makers: Readonly<Record<string, Make>> = {
    ...PIXELS,
    cut_through_zone: (random) => cutThroughZone(photographs, random),
    any_part: (random) => anyPart(photographs, random),
    mirrored: (random) => encode(sharp(pick(random, photographs.valid)).flop(), random),
    tiled: (random) => tiled(pick(random, photographs.spoilt), random),
    not_a_picture: (random) => Promise.resolve(notAPicture(random)),
    ...Object.fromEntries(
      Object.entries(ENCODINGS).map(([kind, spoil]) => [kind, (random: Random) => spoil(page, random)]),
    ),
  };
  const inputs: { readonly input: HostileInput; readonly order: number }[] = [];
  for (const [kind, weight] of Object.entries(WEIGHTS)) {
    const copies = Math.max(1, Math.round((weight * count) / WHOLE));
    for (let i = 0; i < copies; i++) {
      const name = `${kind}/${i}`;
      const random = () => makeRandom(`${seed}/${name}`);
      const pageOf = PAGES[kind];
      const drawn = pageOf && (await drawPage(pageOf(random(), type)));
      const make = drawn ? () => Promise.resolve(drawn) : makers[kind];
      if (!make) throw new Error('no_such_kind');
      inputs.push({ input: { kind, name, bytes: () => make(random()) }, order: (i + 0.5) / copies });
    }
  }
  return inputs.toSorted((a, b) => a.order - b.order).map(({ input }) => input);
}
