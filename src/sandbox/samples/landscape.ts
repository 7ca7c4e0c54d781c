import { rasterise } from './document-art.js';
import { makeRandom } from './random.js';
import type { Raster } from './raster.js';

const CARD = { width: 125, height: 88 } as const;

function ridge(seed: string, top: number, colour: string): string {
  const random = makeRandom(seed);
  const peaks = Array.from(
    { length: 14 },
    (_, i) => `${((i / 13) * CARD.width).toFixed(1)} ${(top + random.between(-7, 7)).toFixed(1)}`,
  );
  return `<path d="M0 ${CARD.height}L${peaks.join('L')}L${CARD.width} ${CARD.height}Z" fill="${colour}"/>`;
}

/** A picture postcard: sharp, well lit, and no document. */
export function drawLandscape(width: number): Promise<Raster> {
  const drawing =
    `<rect width="${CARD.width}" height="${CARD.height}" fill="#9cc7ea"/>` +
    '<circle cx="96" cy="18" r="8" fill="#fbe7a1"/>' +
    ridge('far', 42, '#8aa0bf') +
    ridge('middle', 54, '#5f8a6b') +
    ridge('near', 68, '#3c6b3f');
  return rasterise(drawing, CARD, width);
}
