import { convolve, depthwiseFilters, filters, scalar } from './layers.js';
import { makeGraph, type Value } from './onnx-graph.js';
import type { Weights } from './weights.js';

/** Side of the picture that the network takes, in pixels. */
export const DETECTION_SIDE = 512;
/** Numbers that make a box, and classes: background, face, and one that is never used. */
export const BOX_NUMBERS = 4;
export const CLASSES = 3;

/** Layers of MobileNet that halve the picture, and the one whose output is looked at for small faces as well. */
const HALVING = [2, 4, 6, 12];
const LAYERS = 13;
const EARLY_LAYER = 11;
const BATCH_NORM_EPSILON = 0.001;

/**
 * The detector of `@vladmandic/face-api` (`ssd_mobilenetv1_model`): MobileNet v1 with a single-shot detector on six scales, 512 × 512
 * pixels in −1…1. Outputs for each of 5,118 priors: `boxes` as offsets, `classes` as log-odds, and the `priors` themselves (top, left,
 * bottom, right in shares of the side).
 */
export function detectionNet(weights: Weights): Uint8Array {
  const graph = makeGraph([1, 3, DETECTION_SIDE, DETECTION_SIDE]);
  const lowest = graph.constant(scalar(0));
  const highest = graph.constant(scalar(6));
  const relu6 = (value: Value): Value => graph.apply('Clip', [value, lowest, highest]);

  const pointwise = (input: Value, name: string, stride = 1): Value =>
    relu6(
      convolve(graph, input, {
        filters: filters(weights.get(`${name}_pointwise/weights`)),
        bias: weights.get(`${name}_pointwise/convolution_bn_offset`),
        stride,
      }),
    );

  /** With its batch normalisation folded in: γ·(w·x − μ) / σ + β. */
  const depthwise = (input: Value, name: string, stride: number): Value => {
    const norm = (part: string) => weights.get(`${name}_depthwise/BatchNorm/${part}`).data;
    const [gamma, beta, mean, variance] = [
      norm('gamma'),
      norm('beta'),
      norm('moving_mean'),
      norm('moving_variance'),
    ];
    const scale = gamma.map((value, i) => value / Math.sqrt(variance[i]! + BATCH_NORM_EPSILON));
    const shift = beta.map((value, i) => value - mean[i]! * scale[i]!);
    return relu6(
      convolve(graph, input, {
        filters: depthwiseFilters(
          weights.get(`${name}_depthwise/depthwise_weights`),
          (channel) => scale[channel]!,
        ),
        bias: { shape: [shift.length], data: shift },
        stride,
        groups: shift.length,
      }),
    );
  };

  /** One row a prior, as all scales together are read. */
  const predict = (input: Value, name: string, numbers: number): Value => {
    const map = convolve(graph, input, {
      filters: filters(weights.get(`${name}/weights`)),
      bias: weights.get(`${name}/biases`),
    });
    const lastChannel = graph.apply('Transpose', [map], { perm: [0, 2, 3, 1] });
    return graph.apply('Reshape', [lastChannel, graph.integers([1, -1, numbers])]);
  };

  let value = pointwise(graph.input, 'MobilenetV1/Conv2d_0', 2);
  const scales: Value[] = [];
  for (let layer = 1; layer <= LAYERS; layer++) {
    const name = `MobilenetV1/Conv2d_${layer}`;
    value = pointwise(depthwise(value, name, HALVING.includes(layer) ? 2 : 1), name);
    if (layer === EARLY_LAYER || layer === LAYERS) scales.push(value);
  }
  for (let layer = 0; layer < 8; layer += 2) {
    value = pointwise(value, `Prediction/Conv2d_${layer}`);
    value = pointwise(value, `Prediction/Conv2d_${layer + 1}`, 2);
    scales.push(value);
  }
  const all = (part: string, numbers: number): Value =>
    graph.apply(
      'Concat',
      scales.map((scale, i) => predict(scale, `Prediction/BoxPredictor_${i}/${part}`, numbers)),
      { axis: 1 },
    );
  return graph.build({
    boxes: all('BoxEncodingPredictor', BOX_NUMBERS),
    classes: all('ClassPredictor', CLASSES),
    priors: graph.constant(weights.get('Output/extra_dim')),
  });
}
