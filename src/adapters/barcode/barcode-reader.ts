import type { RgbRaster } from '../images/raster.js';
import { findBarRegions } from './bar-region.js';
import { findCodeOutline, type CodeOutline } from './code-outline.js';
import { makePdf417Decoder, type Decoded, type Pdf417Decoder } from './pdf417-decoder.js';
import { rectifyCode } from './rectify.js';
import { sharpen } from './sharpen.js';

export interface BarcodeFinding extends Decoded {
  readonly format: 'PDF417';
  /** Where it stands in the raster. */
  readonly outline: CodeOutline;
}

/** Reads the PDF417 code of a document (ISO/IEC 15438). Keeps nothing of what it reads. */
export interface BarcodeReader {
  /**
   * @param raster upright or not, any size that documents are read at
   * @param textAngle reading direction of printed lines, radians: tells how the rows run where an end of the code is covered
   * @returns `null` where there is no code, or none that can be read
   * @throws EngineError `engine_failed`
   */
  read(raster: RgbRaster, textAngle?: number): Promise<BarcodeFinding | null>;
}

/** Ways to present a code to the decoder: pixels a module, and blur to take out first, in modules. In order of cost. */
const ATTEMPTS: readonly { readonly scale: number; readonly blur: number }[] = [
  { scale: 3, blur: 0 },
  { scale: 3, blur: 0.9 },
  { scale: 4, blur: 0.9 },
];

function decodeOutlined(decoder: Pdf417Decoder, raster: RgbRaster, outline: CodeOutline): Decoded | null {
  for (const { scale, blur } of ATTEMPTS) {
    const image = rectifyCode(raster, outline, scale);
    if (!image) return null;
    const decoded = decoder.decode(blur > 0 ? sharpen(image, blur * scale) : image);
    if (decoded) return decoded;
  }
  return null;
}

/** The whole picture, turned upright by the direction of its lines, as if it were the code: one pixel a module. */
function wholePicture({ width, height }: RgbRaster, angle: number): CodeOutline {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const across = Math.abs(width * cos) + Math.abs(height * sin);
  const down = Math.abs(width * sin) + Math.abs(height * cos);
  const corner = (u: number, v: number) => ({
    x: width / 2 + (u * across * cos - v * down * sin) / 2,
    y: height / 2 + (u * across * sin + v * down * cos) / 2,
  });
  return {
    topLeft: corner(-1, -1),
    topRight: corner(1, -1),
    bottomRight: corner(1, 1),
    bottomLeft: corner(-1, 1),
    module: 1,
    modules: Math.round(across),
    score: 0,
  };
}

/**
 * A reader that costs a few milliseconds where there is no code: the decoder is loaded on the first document that has the start and stop
 * patterns of one, and called for such only.
 */
export function makeBarcodeReader(): Promise<BarcodeReader> {
  let loading: Promise<Pdf417Decoder> | null = null;
  return Promise.resolve({
    async read(raster: RgbRaster, textAngle?: number) {
      for (const region of findBarRegions(raster)) {
        const outline = findCodeOutline(raster, region, textAngle);
        if (outline === null) continue;
        const decoder = await (loading ??= makePdf417Decoder());
        const decoded = decodeOutlined(decoder, raster, outline);
        if (decoded) return { ...decoded, format: 'PDF417', outline };
      }
      // A ground that is printed all over hides the ends of a code from a search by its edges. Lines of text tell how far it is turned, and
      // from then on the decoder finds it by itself.
      if (textAngle === undefined) return null;
      const outline = wholePicture(raster, textAngle);
      const image = rectifyCode(raster, outline, 1);
      const decoded = image && (await (loading ??= makePdf417Decoder())).decode(image);
      return decoded && { ...decoded, format: 'PDF417', outline };
    },
  });
}
