import { add, convolve, depthwiseFilters, filters, relu } from './layers.js';
import { makeGraph, type Value } from './onnx-graph.js';
import type { Weights } from './weights.js';

/** Side of the face that the network takes, in pixels. */
export const LANDMARK_SIDE = 112;

const BLOCKS = ['dense0', 'dense1', 'dense2', 'dense3'] as const;

/**
 * The 68-landmark network of `@vladmandic/face-api` (`face_landmark_68_model`): four blocks of separable convolutions, each of which adds
 * up what its layers gave. 112 × 112 pixels in, mean colours subtracted; 68 points out, x and y in turn, in shares of the side.
 */
export function landmarkNet(weights: Weights): Uint8Array {
  const graph = makeGraph([1, 3, LANDMARK_SIDE, LANDMARK_SIDE]);

  const plain = (input: Value, name: string): Value =>
    convolve(graph, input, {
      filters: filters(weights.get(`${name}/filters`)),
      bias: weights.get(`${name}/bias`),
      stride: 2,
    });

  const separable = (input: Value, name: string, stride: number): Value => {
    const depthwise = depthwiseFilters(weights.get(`${name}/depthwise_filter`));
    const apart = convolve(graph, input, { filters: depthwise, stride, groups: depthwise.shape[0] ?? 1 });
    return convolve(graph, apart, {
      filters: filters(weights.get(`${name}/pointwise_filter`)),
      bias: weights.get(`${name}/bias`),
    });
  };

  let value = graph.input;
  for (const block of BLOCKS) {
    const first = `${block}/conv0`;
    let sum = relu(graph, block === 'dense0' ? plain(value, first) : separable(value, first, 2));
    let rectified = sum;
    for (const layer of ['conv1', 'conv2', 'conv3'] as const) {
      sum = add(graph, sum, separable(rectified, `${block}/${layer}`, 1));
      rectified = relu(graph, sum);
    }
    value = rectified;
  }
  value = graph.apply('Flatten', [graph.apply('GlobalAveragePool', [value])]);
  value = graph.apply('MatMul', [value, graph.constant(weights.get('fc/weights'))]);
  return graph.build({ output: add(graph, value, graph.constant(weights.get('fc/bias'))) });
}
