import { toGrey, type GreyRaster, type RgbRaster } from './raster.js';

/** Depth of a strip along a border, and length of the cells in it, in pixels of the measured raster. */
const STRIP = 10;
const CELL = 8;
/** Contrast within a cell that only print, a portrait or an edge has. */
const INK_CONTRAST = 60;
/** Share of inked cells up to which a strip counts as margin: a speck is no document. */
const MARGIN_INK = 0.02;
/** Share of a border's cells that must be inked for the document to run off there. */
const RUNS_OFF = 0.12;
/** Margin that the opposite side must show, as a share of the extent: without it this is a scan cropped to the document. */
const OPPOSITE_MARGIN = 0.06;
/** Margin that the neighbouring sides must show, or the one of them that the document does not leave by. */
const NEIGHBOUR_MARGIN = 0.03;

export const SIDES = ['left', 'top', 'right', 'bottom'] as const;

export interface Border {
  /** Share of the border along which high-contrast detail touches it. */
  readonly ink: number;
  /** Depth of the area free of such detail, as a share of the picture's extent. */
  readonly margin: number;
}

function hasInk(
  { data, width }: GreyRaster,
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean {
  let lowest = 255;
  let highest = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const value = data[y * width + x]!;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return highest - lowest >= INK_CONTRAST;
}

/** Share of inked cells in the strip that begins `depth` pixels inside a side. */
function inkAt(grey: GreyRaster, side: (typeof SIDES)[number], depth: number): number {
  const { width, height } = grey;
  const upright = side === 'left' || side === 'right';
  const cells = Math.floor((upright ? height : width) / CELL);
  const near = side === 'left' || side === 'top' ? depth : (upright ? width : height) - depth - STRIP;
  let inked = 0;
  for (let cell = 0; cell < cells; cell++) {
    const along = cell * CELL;
    const ink = upright
      ? hasInk(grey, near, along, near + STRIP, along + CELL)
      : hasInk(grey, along, near, along + CELL, near + STRIP);
    if (ink) inked++;
  }
  return cells === 0 ? 0 : inked / cells;
}

function measureBorder(grey: GreyRaster, side: (typeof SIDES)[number]): Border {
  const extent = side === 'left' || side === 'right' ? grey.width : grey.height;
  let depth = 0;
  while (depth + STRIP <= extent / 2 && inkAt(grey, side, depth) <= MARGIN_INK) depth += STRIP;
  return { ink: inkAt(grey, side, 0), margin: depth / extent };
}

/** How the picture ends at its four sides (left, top, right, bottom), from a raster reduced to `MEASURED_SIDE`. */
export function measureBorders(raster: RgbRaster): readonly Border[] {
  const grey = toGrey(raster);
  return SIDES.map((side) => measureBorder(grey, side));
}

/**
 * Whether a document runs off the picture: print touches one side, or two that meet, while the others show what the document
 * lies on. A picture that ends with the document all around is a scan, and whole.
 */
export function isCutOff(borders: readonly Border[]): boolean {
  const runsOff = borders.map(({ ink }) => ink >= RUNS_OFF);
  return borders.some((_, side) => {
    if (!runsOff[side]) return false;
    const opposite = borders[(side + 2) % 4]?.margin ?? 0;
    const neighbours = [borders[(side + 1) % 4], borders[(side + 3) % 4]].map(
      (border) => border?.margin ?? 0,
    );
    const [lesser = 0, greater = 0] = neighbours.toSorted((a, b) => a - b);
    const isCorner = runsOff.filter(Boolean).length === 2;
    return (
      opposite >= OPPOSITE_MARGIN && (isCorner ? greater >= OPPOSITE_MARGIN : lesser >= NEIGHBOUR_MARGIN)
    );
  });
}
