/** A value that flows through a graph. */
export type Value = string & { readonly isValue: unique symbol };

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Attribute = number | string | readonly number[];

/** Version of the operator set whose operators may be used, and of the format (ONNX 1.10). */
const OPERATOR_SET = 15;
const FORMAT_VERSION = 8;

/** Numbers of the fields that are written, and of kinds of attributes and elements: onnx.proto3 of the ONNX specification. */
const MODEL = { formatVersion: 1, graph: 7, operatorSet: 8 } as const;
const OPERATORS = { version: 2 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, float: 2, int: 3, string: 4, ints: 8, kind: 20 } as const;
const ATTRIBUTE_KIND = { float: 1, int: 2, string: 3, ints: 7 } as const;
const TENSOR = { dimension: 1, elementType: 2, name: 8, raw: 9 } as const;
const ELEMENT_TYPE = { float: 1, int64: 7 } as const;
const VALUE_INFO = { name: 1, type: 2 } as const;
const TYPE = { tensor: 1 } as const;
const TENSOR_TYPE = { elementType: 1, shape: 2 } as const;
const SHAPE = { dimension: 1 } as const;
const DIMENSION = { value: 1 } as const;

/** Wire types of Protocol Buffers, as far as they are needed. */
const VARINT = 0;
const BYTES = 2;
const FIXED_32 = 5;

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  // Negative numbers are written as 64 bits, two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
const tag = (field: number, wireType: number): Uint8Array => varint((field << 3) | wireType);
const number = (field: number, value: number): Uint8Array => join(tag(field, VARINT), varint(value));
const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join(tag(field, BYTES), varint(value.length), value);
const text = (field: number, value: string): Uint8Array => bytes(field, Buffer.from(value));
const float = (field: number, value: number): Uint8Array =>
  join(tag(field, FIXED_32), new Uint8Array(Float32Array.of(value).buffer));
const message = (field: number, ...parts: readonly Uint8Array[]): Uint8Array => bytes(field, join(...parts));

function attribute(name: string, value: Attribute): Uint8Array {
  const named = text(ATTRIBUTE.name, name);
  const kind = (key: keyof typeof ATTRIBUTE_KIND) => number(ATTRIBUTE.kind, ATTRIBUTE_KIND[key]);
  const field = (...parts: readonly Uint8Array[]) => message(NODE.attribute, named, ...parts);
  if (typeof value === 'string') return field(text(ATTRIBUTE.string, value), kind('string'));
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? field(number(ATTRIBUTE.int, value), kind('int'))
      : field(float(ATTRIBUTE.float, value), kind('float'));
  return field(...value.map((each) => number(ATTRIBUTE.ints, each)), kind('ints'));
}

function initializer(
  name: string,
  shape: readonly number[],
  elementType: keyof typeof ELEMENT_TYPE,
  data: ArrayBufferView,
): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(
    GRAPH.initializer,
    ...shape.map((size) => number(TENSOR.dimension, size)),
    number(TENSOR.elementType, ELEMENT_TYPE[elementType]),
    text(TENSOR.name, name),
    bytes(TENSOR.raw, raw),
  );
}

function valueInfo(field: number, name: string, shape: readonly number[] | null): Uint8Array {
  const dimensions = (shape ?? []).map((size) => message(SHAPE.dimension, number(DIMENSION.value, size)));
  const type = [
    number(TENSOR_TYPE.elementType, ELEMENT_TYPE.float),
    ...(shape === null ? [] : [message(TENSOR_TYPE.shape, ...dimensions)]),
  ];
  return message(field, text(VALUE_INFO.name, name), message(VALUE_INFO.type, message(TYPE.tensor, ...type)));
}

/** Puts a network of ONNX operators together. */
export interface GraphBuilder {
  /** The one input, named `input`. */
  readonly input: Value;
  /** A tensor that stays. */
  constant(tensor: Tensor): Value;
  /** Whole numbers that stay: a shape, or paddings. */
  integers(values: readonly number[]): Value;
  /** Applies an operator. @returns its first output */
  apply(operator: string, inputs: readonly Value[], attributes?: Readonly<Record<string, Attribute>>): Value;
  /** @returns the network as a file in ONNX */
  build(outputs: Readonly<Record<string, Value>>): Uint8Array;
}

/**
 * Writes networks in the ONNX format, as far as the networks in this folder need it: float tensors, one input.
 * @param inputShape batch, channel, row, column
 */
export function makeGraph(inputShape: readonly number[]): GraphBuilder {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let values = 0;
  const name = () => `v${values++}` as Value;

  const apply: GraphBuilder['apply'] = (operator, inputs, attributes = {}) => {
    const output = name();
    nodes.push(
      message(
        GRAPH.node,
        ...inputs.map((input) => text(NODE.input, input)),
        text(NODE.output, output),
        text(NODE.operator, operator),
        ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      ),
    );
    return output;
  };

  return {
    input: 'input' as Value,
    constant({ shape, data }) {
      const value = name();
      initializers.push(initializer(value, shape, 'float', data));
      return value;
    },
    integers(whole) {
      const value = name();
      initializers.push(initializer(value, [whole.length], 'int64', BigInt64Array.from(whole, BigInt)));
      return value;
    },
    apply,
    build(outputs) {
      const renamed = Object.entries(outputs).map(([key, value]) =>
        message(GRAPH.node, text(NODE.input, value), text(NODE.output, key), text(NODE.operator, 'Identity')),
      );
      const graph = message(
        MODEL.graph,
        ...nodes,
        ...renamed,
        text(GRAPH.name, 'graph'),
        ...initializers,
        valueInfo(GRAPH.input, 'input', inputShape),
        ...Object.keys(outputs).map((key) => valueInfo(GRAPH.output, key, null)),
      );
      const operators = message(MODEL.operatorSet, number(OPERATORS.version, OPERATOR_SET));
      return join(number(MODEL.formatVersion, FORMAT_VERSION), graph, operators);
    },
  };
}
