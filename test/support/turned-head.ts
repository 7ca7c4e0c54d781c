import sharp from 'sharp';

/** Where a head stands in a picture, in pixels: an ellipsoid around it, `depth` towards the camera. */
export interface Head {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly depth: number;
}

/** The head in a sample selfie of 720 × 960 pixels. */
export const SAMPLE_HEAD: Head = { x: 360, y: 465, halfWidth: 185, halfHeight: 340, depth: 205 };

/** The head behind a detected face. */
export const headAround = (face: {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}): Head => ({
  x: face.left + 0.5 * face.width,
  y: face.top + 0.48 * face.height,
  halfWidth: 0.68 * face.width,
  halfHeight: 0.82 * face.height,
  depth: 0.75 * face.width,
});

/** Turns in degrees: `yaw` grows to the owner's left, `pitch` upwards. */
export interface Turn {
  readonly yaw: number;
  readonly pitch: number;
}

export const TURNS = {
  front: { yaw: 0, pitch: 0 },
  left: { yaw: 34, pitch: 0 },
  right: { yaw: -34, pitch: 0 },
  up: { yaw: 0, pitch: 26 },
  down: { yaw: 0, pitch: -26 },
} as const satisfies Record<string, Turn>;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const { round, sqrt } = Math;

/**
 * Turns the head of a photograph: its face is laid on an ellipsoid, and that is turned. Shows a pose to a network as a head does, and
 * is what somebody does who animates a photograph.
 *
 * @param seed grains of a camera's noise; another one gives another picture of the same
 * @param grain grey levels by which the noise changes a value at the most
 */
export async function turnHead(
  image: Buffer,
  { yaw, pitch }: Turn,
  seed = 1,
  head = SAMPLE_HEAD,
  grain = 4,
): Promise<Buffer> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const out = new Uint8ClampedArray(data);
  const [cy, sy, cp, sp] = [
    Math.cos(radians(yaw)),
    Math.sin(radians(yaw)),
    Math.cos(radians(pitch)),
    Math.sin(radians(pitch)),
  ];
  const [a, b, c] = [head.halfWidth ** 2, head.halfHeight ** 2, head.depth ** 2];
  // The line of sight in the frame of the head: its direction is the same for all pixels.
  const [dx, dy, dz] = [-sy * cp, sp, cy * cp];
  const square = (dx * dx) / a + (dy * dy) / b + (dz * dz) / c;
  for (let v = 0; v < height; v++)
    for (let u = 0; u < width; u++) {
      const x = cy * (u - head.x) + sy * sp * (v - head.y);
      const y = cp * (v - head.y);
      const z = sy * (u - head.x) - cy * sp * (v - head.y);
      const half = (x * dx) / a + (y * dy) / b + (z * dz) / c;
      const root = half * half - square * ((x * x) / a + (y * y) / b + (z * z) / c - 1);
      if (root < 0) continue;
      const t = (sqrt(root) - half) / square;
      if (z + t * dz < 0) continue;
      const sourceX = round(head.x + x + t * dx);
      const sourceY = round(head.y + y + t * dy);
      if (sourceX < 0 || sourceY < 0 || sourceX >= width || sourceY >= height) continue;
      const from = (sourceY * width + sourceX) * 3;
      const to = (v * width + u) * 3;
      for (let k = 0; k < 3; k++) out[to + k] = data[from + k]!;
    }
  let state = seed;
  for (let i = 0; i < out.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = out[i]! + grain * ((state >>> 24) / 128 - 1);
  }
  return sharp(out, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
