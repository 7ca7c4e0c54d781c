import { createRequire } from 'node:module';
import { makeDocumentReader } from '../../src/adapters/ocr/document-reader.js';
import type { DocumentReader } from '../../src/app/ports/document-reader.js';
import { EngineError } from '../../src/domain/errors.js';
import { makeHostileInputs, type HostileInput } from '../support/hostile/inputs.js';

/** OCR-B where the set-up found it: the imitations are best then. Else a font of fixed width that comes with the packages. */
const FONT =
  process.env['LETHE_OCRB_FONT'] ??
  createRequire(import.meta.url).resolve('@fontsource/cousine/files/cousine-latin-400-normal.woff');
/** Of the five hundred that `npm run bench -- hostile` reads, a part with every kind in it. */
const COUNT = 80;

let inputs: readonly HostileInput[];
let reader: DocumentReader;

beforeAll(async () => {
  // Drawn before anything is decoded: from then on this process opens no vector drawing any more.
  inputs = await makeHostileInputs({ seed: 'suite', count: COUNT, ocrbFont: FONT });
  reader = await makeDocumentReader();
}, 240_000);

afterAll(() => reader.close());

type Result = { readonly outcome: string } | { readonly error: unknown };

async function read(input: HostileInput): Promise<Result> {
  const front = await input.bytes();
  return reader.read({ front, today: '2026-11-24' }).then(
    ({ outcome }) => ({ outcome }),
    (error: unknown) => ({ error }),
  );
}

describe('what no honest learner sends', () => {
  it('is never accepted, and refused with a code that says nothing of it', async () => {
    const kinds = new Set<string>();
    const accepted: string[] = [];
    const uncoded: string[] = [];
    for (const input of inputs) {
      const result = await read(input);
      kinds.add(input.kind);
      if ('outcome' in result) {
        if (result.outcome === 'accept') accepted.push(input.name);
        continue;
      }
      const { error } = result;
      const isCoded =
        error instanceof EngineError && error.code === 'image_undecodable' && error.message === error.code;
      if (!isCoded) uncoded.push(`${input.name}: ${String(error)}`);
    }
    expect({ accepted, uncoded }).toEqual({ accepted: [], uncoded: [] });
    expect(kinds.size).toBeGreaterThan(40);
  }, 600_000);

  it('leaves the reader as it was: the same input gives the same answer afterwards', async () => {
    const again = inputs.filter(({ kind }) => kind === 'wrong_digits' || kind === 'any_part').slice(0, 2);
    expect(again).toHaveLength(2);
    for (const input of again) expect(await read(input)).toEqual(await read(input));
  }, 120_000);
});
