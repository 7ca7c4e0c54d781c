import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule } from 'zxing-wasm/reader';
import { EngineError } from '../../domain/errors.js';
import type { GreyImage } from './rectify.js';

export interface Decoded {
  readonly text: string;
  /** Share of the error correction that was not needed, 0–1: near 0 the text hangs by a thread. */
  readonly unusedCorrection: number;
}

/** Number of zxing-cpp's `Binarizer::LocalAverage`: thresholds around each pixel, as light falls unevenly. */
const LOCAL_AVERAGE = 0;
/** Number of zxing-cpp's `TextMode::Plain`: control characters as they are, which AAMVA text is full of. */
const PLAIN_TEXT = 0;

/** What turns a straightened picture of a code into its text. */
export interface Pdf417Decoder {
  /** @throws EngineError `engine_failed` */
  decode(image: GreyImage): Decoded | null;
}

interface Results {
  size(): number;
  get(
    index: number,
  ): { readonly isValid: boolean; readonly text: string; readonly extra: string } | undefined;
  /** Frees the list inside the module. */
  delete(): void;
}

/** What is used of the compiled module. The package's own type of it rests on globals of another compiler's, which are not loaded here. */
interface Zxing {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  readBarcodesFromPixmap(
    address: number,
    width: number,
    height: number,
    options: Readonly<Record<string, string | number | boolean>>,
  ): Results;
}

/** The binary that came with the package: left to itself, the package would fetch one from a public server. */
async function readWasm(): Promise<ArrayBuffer> {
  const bytes = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/**
 * Loads zxing-cpp (about 60 ms and 25 MB).
 *
 * @throws EngineError `engine_failed`
 */
export async function makePdf417Decoder(): Promise<Pdf417Decoder> {
  try {
    const wasmBinary = await readWasm();
    const zxing: unknown = await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    return { decode: (image) => decode(zxing as Zxing, image) };
  } catch (cause) {
    throw new EngineError('engine_failed', { cause });
  }
}

/**
 * Calls the module and not the package's `readBarcodes`: that wants four bytes a pixel where there is one, and does not free its list of results.
 */
function decode(zxing: Zxing, { data, width, height }: GreyImage): Decoded | null {
  const address = zxing._malloc(data.length);
  if (address === 0) throw new EngineError('engine_failed');
  try {
    zxing.HEAPU8.set(data, address);
    const results = zxing.readBarcodesFromPixmap(address, width, height, {
      formats: 'PDF417',
      tryHarder: true,
      tryRotate: false,
      tryInvert: false,
      tryDownscale: false,
      tryDenoise: false,
      binarizer: LOCAL_AVERAGE,
      isPure: false,
      downscaleFactor: 3,
      downscaleThreshold: 500,
      minLineCount: 2,
      maxNumberOfSymbols: 1,
      validateOptionalChecksum: false,
      returnErrors: false,
      eanAddOnSymbol: 0,
      textMode: PLAIN_TEXT,
      characterSet: 0,
      tryCode39ExtendedMode: true,
    });
    try {
      if (results.size() === 0) return null;
      const result = results.get(0);
      if (!result?.isValid) return null;
      return { text: result.text, unusedCorrection: unusedCorrection(result.extra) };
    } finally {
      results.delete();
    }
  } catch (cause) {
    throw cause instanceof EngineError ? cause : new EngineError('engine_failed', { cause });
  } finally {
    // The memory serves the next person's document, too.
    zxing.HEAPU8.fill(0, address, address + data.length);
    zxing._free(address);
  }
}

function unusedCorrection(extra: string): number {
  const { UEC } = JSON.parse(extra === '' ? '{}' : extra) as { UEC?: unknown };
  return typeof UEC === 'number' ? Math.min(1, Math.max(0, UEC)) : 0;
}
