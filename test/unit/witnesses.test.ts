import type { RgbRaster } from '../../src/adapters/images/raster.js';
import type { ReadText, TextRecogniser } from '../../src/adapters/ocr/line-recogniser.js';
import type { LineCrop, TextBox } from '../../src/adapters/ocr/text-box.js';
import { readWitnesses, type WitnessSearch } from '../../src/adapters/ocr/witnesses.js';

/** A page whose lines are bars, each of a grey of its own: so a reader made for this test can tell which line it is shown. */
const ROW = 20;
const WIDTH = 600;
const STEP = 10;
function pageOf(count: number): { readonly raster: RgbRaster; readonly boxes: readonly TextBox[] } {
  const height = (count + 1) * ROW;
  const data = new Uint8Array(WIDTH * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = STEP * Math.floor(i / (3 * WIDTH * ROW));
  const boxes = Array.from({ length: count }, (_, index) => ({
    ...{ cx: WIDTH / 2, cy: (index + 0.5) * ROW, length: 200, thickness: 16, angle: 0, score: 1 },
  }));
  return { raster: { data, width: WIDTH, height }, boxes };
}

interface CountingReader extends TextRecogniser {
  readonly seen: readonly number[];
}

function readerOf(texts: readonly (string | ReadText)[], planes: 1 | 3): CountingReader {
  const seen: number[] = [];
  return {
    lineHeight: 16,
    planes,
    seen,
    readText: ({ data, width, height }: LineCrop) => {
      const middle = data[Math.floor(height / 2) * width + Math.floor(width / 2)] ?? 0;
      const line = Math.round(((middle + 1) * 127.5) / STEP);
      seen.push(line);
      const read = texts[line] ?? '';
      return Promise.resolve(typeof read === 'string' ? { text: read, confidence: 0.995 } : read);
    },
  };
}

const FIELDS = {
  surname: 'LINDQVIST',
  given_names: 'CLARA SOFIE',
  date_of_birth: '1974-08-12',
  document_number: 'L898902C3',
  expires_on: '2032-04-15',
  issuer: 'UTO',
  nationality: 'UTO',
  sex: 'F',
} as const;
const LABELLED: readonly (string | ReadText)[] = [
  'Surname',
  'LINDQVIST',
  'Given names',
  'CLARA SOFIE',
  'Date of birth',
  '12 AUG 1974',
];

async function hear(
  quickTexts: readonly (string | ReadText)[],
  thoroughTexts: readonly (string | ReadText)[],
  options: Partial<WitnessSearch> = {},
) {
  const { raster, boxes } = pageOf(quickTexts.length);
  const [quick, thorough] = [readerOf(quickTexts, 1), readerOf(thoroughTexts, 3)];
  const search: WitnessSearch = {
    raster,
    boxes,
    searchAgain: null,
    direction: boxes[0] ?? null,
    zone: [],
    format: 'TD3',
    fields: FIELDS,
    believable: true,
    today: '2026-11-24',
    ...options,
  };
  const witnesses = await readWitnesses(search, quick, thorough);
  return { witnesses, quick: quick.seen, thorough: thorough.seen };
}

describe('print around a zone', () => {
  it('is read once where it says whom the zone names', async () => {
    const { witnesses, quick, thorough } = await hear(LABELLED, LABELLED);
    expect(quick).toHaveLength(LABELLED.length);
    expect(thorough).toEqual([]);
    expect([...witnesses.confirmed]).toEqual(
      expect.arrayContaining(['surname', 'given_names', 'date_of_birth']),
    );
    expect(witnesses.contradicted).toEqual([]);
  });

  it('is not read anew for a birth date that is not there', async () => {
    const page = [
      'Surname',
      'LINDQVIST',
      'Given names',
      'CLARA SOFIE',
      'Nationality',
      'UTOPIAN',
      'Authority',
    ];
    const { witnesses, thorough } = await hear(page, page);
    // The lines that name the holder resemble what is sought, and are looked at again; the others are not.
    expect(thorough.every((line) => line === 1 || line === 3)).toBe(true);
    expect(witnesses.confirmed.has('date_of_birth')).toBe(false);
    expect(witnesses.contradicted).toEqual([]);
  });

  it('is read anew where a name was misread, the likeliest line first, and no further', async () => {
    const { witnesses, thorough } = await hear(
      LABELLED.with(1, { text: 'LNBQVIST', confidence: 0.6 }),
      LABELLED,
    );
    expect(thorough).toContain(1);
    expect(thorough).not.toContain(0);
    expect(witnesses.confirmed.has('surname')).toBe(true);
  });

  it('is all read anew where it names somebody else, and then contradicts', async () => {
    const tampered = LABELLED.with(1, 'BRANDT');
    const { witnesses, thorough } = await hear(tampered, tampered);
    expect(new Set(thorough)).toEqual(new Set(LABELLED.keys()));
    expect(witnesses.contradicted).toEqual(['surname']);
  });

  it('contradicts a birth date that the quick reader saw unsurely only', async () => {
    const tampered = LABELLED.with(5, '12 AUG 1994');
    const unsure = tampered.with(5, { text: '12 AUG 1994', confidence: 0.55 });
    const { witnesses, thorough } = await hear(unsure, tampered);
    expect(thorough).toContain(5);
    expect(witnesses.contradicted).toEqual(['date_of_birth']);
  });

  it('contradicts a birth date that the quick reader found no label for', async () => {
    const tampered = LABELLED.with(5, '12 AUG 1994');
    const { witnesses } = await hear(tampered.with(4, 'Dxxx xx bxxxh'), tampered);
    expect(witnesses.contradicted).toEqual(['date_of_birth']);
  });

  it('never contradicts by the word of the quick reader alone', async () => {
    const { witnesses } = await hear(LABELLED.with(1, 'BRANDT'), LABELLED);
    expect(witnesses.contradicted).toEqual([]);
    expect(witnesses.confirmed.has('surname')).toBe(true);
  });

  it('is looked for more thoroughly where no name is found, and only then', async () => {
    const { boxes } = pageOf(LABELLED.length);
    let searches = 0;
    const searchAgain = () => {
      searches++;
      return Promise.resolve(boxes);
    };
    await hear(LABELLED, LABELLED, { searchAgain });
    expect(searches).toBe(0);
    const { witnesses, thorough } = await hear(LABELLED, LABELLED, { boxes: boxes.slice(4), searchAgain });
    expect(searches).toBe(1);
    expect(witnesses.confirmed.has('surname')).toBe(true);
    // What was read anew before the lines were found was the birth date's line at the most.
    expect(thorough.every((line) => line >= 4)).toBe(true);
  });

  it('is not read anew for a zone that cannot be believed', async () => {
    const { thorough } = await hear(LABELLED.with(1, 'BRANDT'), LABELLED, { believable: false });
    expect(thorough).toEqual([]);
  });
});
