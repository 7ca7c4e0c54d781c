import type { GraphBuilder, Tensor, Value } from './onnx-graph.js';

/**
 * A convolution's filters from the order of TensorFlow (row, column, input, output) to that of ONNX (output, input, row, column).
 * @param factor for each output channel, multiplied in
 */
export function filters({ shape, data }: Tensor, factor?: (output: number) => number): Tensor {
  const [rows = 0, columns = 0, inputs = 0, outputs = 0] = shape;
  const result = new Float32Array(data.length);
  let to = 0;
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          result[to++] =
            data[((row * columns + column) * inputs + input) * outputs + output]! * (factor?.(output) ?? 1);
  return { shape: [outputs, inputs, rows, columns], data: result };
}

/** Filters of one channel each (row, column, channel, 1), as those of a convolution in as many groups. */
export function depthwiseFilters(tensor: Tensor, factor?: (channel: number) => number): Tensor {
  const [rows = 0, columns = 0, channels = 0] = tensor.shape;
  return filters({ shape: [rows, columns, 1, channels], data: tensor.data }, factor);
}

export interface Convolution {
  readonly filters: Tensor;
  readonly bias?: Tensor;
  readonly stride?: number;
  /** Groups: as many as channels for a depthwise convolution. */
  readonly groups?: number;
  /** `same` = as TensorFlow pads: the odd one at the end. */
  readonly padding?: 'same' | 'valid';
}

export function convolve(
  graph: GraphBuilder,
  input: Value,
  { filters: weights, bias, stride = 1, groups = 1, padding = 'same' }: Convolution,
): Value {
  const inputs = [input, graph.constant(weights), ...(bias ? [graph.constant(bias)] : [])];
  return graph.apply('Conv', inputs, {
    strides: [stride, stride],
    group: groups,
    auto_pad: padding === 'same' ? 'SAME_UPPER' : 'VALID',
  });
}

export const relu = (graph: GraphBuilder, input: Value): Value => graph.apply('Relu', [input]);

export const add = (graph: GraphBuilder, a: Value, b: Value): Value => graph.apply('Add', [a, b]);

/** A single number. */
export const scalar = (value: number): Tensor => ({ shape: [], data: Float32Array.of(value) });
