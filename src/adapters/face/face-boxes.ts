import type { FaceBox } from '../../app/ports/face-engine.js';

/** Two boxes that overlap by more than this share (intersection over union) are one face. */
const SAME_FACE_OVERLAP = 0.4;

function overlap(a: FaceBox, b: FaceBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Non-maximum suppression: of boxes around one face, the surest stays. */
export function suppress(boxes: readonly FaceBox[]): FaceBox[] {
  const kept: FaceBox[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(box, other) < SAME_FACE_OVERLAP)) kept.push(box);
  }
  return kept;
}

export const largestFirst = (boxes: readonly FaceBox[]): FaceBox[] =>
  boxes.toSorted((a, b) => b.width * b.height - a.width * a.height);

/** A box in a raster that was turned clockwise by `turns` quarters, in pixels of the raster as it was before. */
export function turnBack(
  box: FaceBox,
  turns: number,
  turned: { readonly width: number; readonly height: number },
): FaceBox {
  let current = box;
  let { width, height } = turned;
  for (let i = 0; i < turns; i++) {
    current = {
      left: current.top,
      top: width - current.left - current.width,
      width: current.height,
      height: current.width,
      score: current.score,
    };
    [width, height] = [height, width];
  }
  return current;
}
