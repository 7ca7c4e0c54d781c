import type { FaceBox } from '../../../app/ports/face-engine.js';
import type { FaceDetector } from '../detect-faces.js';
import { suppress } from '../face-boxes.js';
import { letterbox, type InputFormat } from '../letterbox.js';
import type { Networks } from '../networks.js';
import { BOX_NUMBERS, CLASSES, DETECTION_SIDE } from './detection-net.js';

/** What is left free was black in training. */
const INPUT: InputFormat = {
  width: DETECTION_SIDE,
  height: DETECTION_SIDE,
  mean: 127.5,
  divisor: 127.5,
  padding: 0,
};
/** By which the network's offsets of a box's middle and of its size are divided. */
const VARIANCE = { middle: 10, size: 5 } as const;

/** One side of a box from its offsets, both along the same axis. */
function decode(
  first: number,
  last: number,
  middle: number,
  size: number,
): { start: number; extent: number } {
  const prior = last - first;
  const extent = Math.exp(size / VARIANCE.size) * prior;
  return { start: first + prior / 2 + (middle / VARIANCE.middle) * prior - extent / 2, extent };
}

/** The detector of `@vladmandic/face-api`, MobileNet v1. */
export function makeSsdDetector(networks: Pick<Networks<'detect'>, 'run'>): FaceDetector {
  return {
    input: INPUT,
    // It misses large faces, above all blurred ones, unless the picture is looked at from afar.
    views: [
      { across: 1, share: 1.4, least: 0.5 },
      { across: 1, share: 3, least: 0.5 },
      { across: 2, share: 0.6, least: 0.7 },
    ],
    reliableHeight: 24,
    faceScore: 0.6,
    uprightScore: 0.95,
    async detect(raster, region, scale, least) {
      const shape = [1, 3, DETECTION_SIDE, DETECTION_SIDE];
      const outputs = await networks.run('detect', letterbox(raster, region, INPUT, scale), shape);
      const classes = outputs['classes'] ?? new Float32Array();
      const boxes = outputs['boxes'] ?? new Float32Array();
      const priors = outputs['priors'] ?? new Float32Array();
      const side = DETECTION_SIDE / scale;
      const found: FaceBox[] = [];
      for (let prior = 0; prior * CLASSES < classes.length; prior++) {
        const score = 1 / (1 + Math.exp(-classes[prior * CLASSES + 1]!));
        if (score <= least) continue;
        const at = prior * BOX_NUMBERS;
        const [top = 0, left = 0, bottom = 0, right = 0] = priors.subarray(at, at + BOX_NUMBERS);
        const [y = 0, x = 0, height = 0, width = 0] = boxes.subarray(at, at + BOX_NUMBERS);
        const across = decode(left, right, x, width);
        const down = decode(top, bottom, y, height);
        found.push({
          left: region.left + across.start * side,
          top: region.top + down.start * side,
          width: across.extent * side,
          height: down.extent * side,
          score,
        });
      }
      return suppress(found);
    },
  };
}
