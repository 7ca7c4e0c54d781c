import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import { EngineError } from '../../domain/errors.js';
import type { ReadText, TextRecogniser } from './line-recogniser.js';
import type { LineCrop } from './text-box.js';

/** A second reader of printed lines, of another make than the first. */
export interface TesseractReader extends TextRecogniser {
  /** To be told after each document. */
  documentDone(): Promise<void>;
  close(): Promise<void>;
}

/** The installed language data: with it, and no cache, nothing is fetched and nothing written. */
const LANGUAGE_DATA = join(
  dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')),
  '4.0.0_best_int',
);

/** Height at which crops are cut: of capitals about thirty pixels, which Tesseract reads best. */
const LINE_HEIGHT = 48;
/** Tesseract wants some paper around the text. */
const MARGIN = 12;

/**
 * Opens Tesseract when first asked to read. Its adaptive classifier keeps what it saw, so the worker ends after some documents:
 * no reading may depend on other people's documents for long, nor their glyphs stay in memory.
 *
 * @param documentsPerWorker after how many documents the worker is replaced
 */
export function makeTesseractReader({ documentsPerWorker = 20 } = {}): TesseractReader {
  let worker: Promise<Worker> | undefined;
  let documents = 0;

  const open = async (): Promise<Worker> => {
    const opened = await createWorker('eng', OEM.LSTM_ONLY, {
      langPath: LANGUAGE_DATA,
      gzip: true,
      cacheMethod: 'none',
      // Without a handler of its own the library throws where nobody can catch; the call itself is rejected as well.
      errorHandler: () => undefined,
    });
    await opened.setParameters({ tessedit_pageseg_mode: PSM.SINGLE_LINE, user_defined_dpi: '300' });
    return opened;
  };

  const close = async () => {
    const open = worker;
    worker = undefined;
    documents = 0;
    // One that failed to open has nothing to end.
    await open?.then(
      (opened) => opened.terminate(),
      () => undefined,
    );
  };

  return {
    lineHeight: LINE_HEIGHT,
    planes: 1,
    async readText(crop) {
      try {
        worker ??= open();
        const { data } = await (await worker).recognize(await asPng(crop));
        return { text: data.text.trim(), confidence: data.confidence / 100 } satisfies ReadText;
      } catch (cause) {
        await close();
        throw new EngineError('engine_failed', { cause });
      }
    },
    async documentDone() {
      if (worker && ++documents >= documentsPerWorker) await close();
    },
    close,
  };
}

/** The crop as a lossless picture, in memory: Tesseract takes encoded pictures only. */
function asPng({ data, width, height }: LineCrop): Promise<Buffer> {
  const grey = Uint8Array.from(data, (luma) => Math.round((luma + 1) * 127.5));
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .extend({ top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN, extendWith: 'copy' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
