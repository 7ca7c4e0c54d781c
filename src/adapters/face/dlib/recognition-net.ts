import { add, convolve, filters, relu } from './layers.js';
import { makeGraph, type GraphBuilder, type Value } from './onnx-graph.js';
import type { Weights } from './weights.js';

/** Side of the face that the network takes, in pixels. */
export const CHIP_SIDE = 150;

/**
 * dlib's face recognition network (`dlib_face_recognition_resnet_model_v1`): a residual network of 29 layers, 150 × 150 pixels in, 128
 * numbers out. Mean colours are subtracted before.
 */
export function recognitionNet(weights: Weights): Uint8Array {
  const graph = makeGraph([1, 3, CHIP_SIDE, CHIP_SIDE]);

  /** A convolution with the scale that follows it folded in: s·(w·x + b) + t = (s·w)·x + (s·b + t). */
  const layer = (input: Value, name: string, down: boolean): Value => {
    const scale = weights.get(`${name}/scale/weights`).data;
    const shift = weights.get(`${name}/scale/biases`).data;
    const bias = weights.get(`${name}/conv/bias`);
    return convolve(graph, input, {
      filters: filters(weights.get(`${name}/conv/filters`), (output) => scale[output]!),
      bias: { shape: bias.shape, data: bias.data.map((value, i) => value * scale[i]! + shift[i]!) },
      stride: down ? 2 : 1,
      padding: down ? 'valid' : 'same',
    });
  };

  const residual = (input: Value, name: string): Value => {
    const inner = layer(relu(graph, layer(input, `${name}/conv1`, false)), `${name}/conv2`, false);
    return relu(graph, add(graph, inner, input));
  };

  /** Halves the picture. Where the two ways differ in size or channels, zeros fill up the smaller one. */
  const residualDown = (input: Value, name: string, missing: Missing): Value => {
    const inner = layer(relu(graph, layer(input, `${name}/conv1`, true)), `${name}/conv2`, false);
    const pooled = graph.apply('AveragePool', [input], { kernel_shape: [2, 2], strides: [2, 2] });
    const { channels, edge } = missing;
    return relu(graph, add(graph, pad(graph, inner, 0, edge), pad(graph, pooled, channels, 0)));
  };

  let value = relu(graph, layer(graph.input, 'conv32_down', true));
  value = graph.apply('MaxPool', [value], { kernel_shape: [3, 3], strides: [2, 2] });
  for (const stage of STAGES) {
    if (stage.missing) value = residualDown(value, `conv${stage.channels}_down`, stage.missing);
    for (let i = 1; i <= stage.residuals; i++) value = residual(value, `conv${stage.channels}_${i}`);
  }
  value = residualDown(value, 'conv256_down_out', { channels: 0, edge: 1 });
  value = graph.apply('Flatten', [graph.apply('GlobalAveragePool', [value])]);
  return graph.build({ output: graph.apply('MatMul', [value, graph.constant(weights.get('fc'))]) });
}

/** Channels that the pooled way lacks, and rows and columns that the convolved one does. */
interface Missing {
  readonly channels: number;
  readonly edge: number;
}

/** Sides of the picture within: 35, 17, 8, 4, and 2 at the end; a convolution without padding loses one where the side is even. */
const STAGES: readonly {
  readonly channels: number;
  readonly residuals: number;
  readonly missing?: Missing;
}[] = [
  { channels: 32, residuals: 3 },
  { channels: 64, residuals: 3, missing: { channels: 32, edge: 0 } },
  { channels: 128, residuals: 2, missing: { channels: 64, edge: 0 } },
  { channels: 256, residuals: 2, missing: { channels: 128, edge: 1 } },
];

/** Appends channels, rows and columns of zeros. */
function pad(graph: GraphBuilder, value: Value, channels: number, edge: number): Value {
  if (channels === 0 && edge === 0) return value;
  return graph.apply('Pad', [value, graph.integers([0, 0, 0, 0, 0, channels, edge, edge])]);
}
