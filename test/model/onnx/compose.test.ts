import { describe, expect, it } from 'vitest';
import { askBare, checkComposed } from '../../../model/onnx/check-composed.ts';
import { composeModel, readBareModel } from '../../../model/onnx/compose.ts';
import type { Answer } from '../../../model/onnx/compose.ts';
import { encodeModel } from '../../../model/onnx/proto.ts';
import type { Graph, Node, ValueInfo } from '../../../model/onnx/proto.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import type { FittedFeature } from '../../../model/features/fitted.ts';

const features: FittedFeature[] = [
  // Named as a tensor of the model below: the two must not meet.
  { name: 'weights', column: 'weights', transform: 'numeric' },
  { name: 'origin', column: 'origin', transform: 'category', encoding: [['ORD', 0], ['ATL', 1]] },
];
const sampled = { rows: 3, inputs: { weights: Float32Array.of(0.5, Number.NaN, -2), origin: ['ORD', 'ATL', 'LAX'] } };
const node = (operator: string, inputs: readonly string[], output: string, attributes: Node['attributes'] = {}): Node => ({ name: output, operator, inputs, outputs: [output], attributes });

interface Changes {
  readonly nodes?: readonly Node[];
  readonly input?: ValueInfo;
  readonly output?: ValueInfo;
  readonly classes?: number;
  readonly opsets?: Readonly<Record<string, number>>;
}

/** A linear model that fills what is missing with 0, as a training container might export it. */
function linear({ nodes, input, output, classes = 1, opsets = { '': 15 } }: Changes = {}): Uint8Array {
  const graph: Graph = {
    name: 'linear',
    nodes: nodes ?? [...logits, node('Sigmoid', ['logits'], 'probabilities')],
    initializers: [
      { name: 'weights', dimensions: [2, classes], values: Float32Array.from({ length: 2 * classes }, (_, i) => 0.3 * (i + 1)) },
      { name: 'zeros', dimensions: [1, 2], values: new Float32Array(2) },
    ],
    inputs: [input ?? { name: 'x', type: 'float', dimensions: ['rows', 2] }],
    outputs: [output ?? { name: 'probabilities', type: 'float', dimensions: ['rows', classes] }],
  };
  return encodeModel({ irVersion: 8, producerName: 'my-trainer', producerVersion: '2.1', opsets, metadata: {}, graph });
}

const logits = [
  node('IsNaN', ['x'], 'missing'),
  node('Where', ['missing', 'zeros', 'x'], 'filled'),
  node('MatMul', ['filled', 'weights'], 'logits'),
];

async function compose(bytes: Uint8Array, answer: Answer) {
  const bare = readBareModel(bytes, features, answer);
  const answers = await askBare(bytes, bare, features, answer, sampled);
  const model = await OnnxModel.load(composeModel(bare, features, answer, answers.columns, { model: 'm' }));
  try {
    const parity = await checkComposed(model, answers);
    return { bare, answers, parity, inputs: model.inputNames, ...(await model.runAll({ weights: Float32Array.of(1), origin: ['ATL'] }, 1)) };
  } finally {
    await model.close();
  }
}

const binary: Answer = { task: 'binary', outputs: 2 };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('a model of a container', () => {
  it('takes the raw features and answers both probabilities, as it did alone', async () => {
    const { bare, answers, parity, inputs, values, columns } = await compose(linear(), binary);
    expect(bare.read.producer).toBe('my-trainer 2.1');
    expect(inputs).toEqual(['weights', 'origin']);
    expect(columns).toBe(2);
    expect(values[1]).toBeCloseTo(sigmoid(0.3 * 1 + 0.6 * 1), 6);
    expect(values[0]! + values[1]!).toBeCloseTo(1, 6);
    // Three sampled rows; a missing number; two categories, one unseen and one missing; nothing at all.
    expect(parity.rows).toBe(3 + 1 + 4 + 1);
    expect(parity.maxDifference).toBeLessThan(1e-6);
    expect(answers.columns).toBe(1);
  });

  it.each<[string, Changes, Answer, number]>([
    ['one probability a row as a vector', { nodes: [...logits, node('Sigmoid', ['logits'], 'column'), node('Squeeze', ['column'], 'probabilities')], output: { name: 'probabilities', type: 'float', dimensions: ['rows'] } }, binary, 2],
    ['both probabilities', { classes: 2, nodes: [...logits, node('Softmax', ['logits'], 'probabilities', { axis: { int: 1 } })] }, binary, 2],
    ['a probability for each class', { classes: 3, nodes: [...logits, node('Softmax', ['logits'], 'probabilities', { axis: { int: 1 } })] }, { task: 'multiclass', outputs: 3 }, 3],
    ['a number', { nodes: [...logits, node('Identity', ['logits'], 'prediction')], output: { name: 'prediction', type: 'float', dimensions: ['rows', 1] } }, { task: 'regression', outputs: 1 }, 1],
    ['a width that it does not say', { input: { name: 'x', type: 'float', dimensions: ['rows', 'features'] } }, binary, 2],
    ['encoders of its own', { opsets: { '': 17, 'ai.onnx.ml': 4 } }, binary, 2],
  ])('may have %s', async (_, changes, answer, columns) => {
    expect((await compose(linear(changes), answer)).columns).toBe(columns);
  });

  it.each<[string, Changes, Answer, RegExp]>([
    ['another width', { input: { name: 'x', type: 'float', dimensions: ['rows', 5] } }, binary, /the input 'x' takes 5 features, expected 2/],
    ['one row at a time', { input: { name: 'x', type: 'float', dimensions: [1, 2] } }, binary, /takes 1 row\(s\) at a time, expected any number: export it with a dynamic first dimension/],
    ['texts', { input: { name: 'x', type: 'string', dimensions: ['rows', 2] } }, binary, /the input 'x' is no float32 tensor \(its element type is 8\)/],
    ['three dimensions', { input: { name: 'x', type: 'float', dimensions: ['rows', 2, 1] } }, binary, /has 3 dimensions, expected 2: \[rows, 2\]/],
    ['another output', { output: { name: 'logits', type: 'float', dimensions: ['rows', 1] } }, binary, /it has the outputs 'logits', expected one with the name 'probabilities'/],
    ['too few classes', { classes: 2, nodes: [...logits, node('Softmax', ['logits'], 'probabilities', { axis: { int: 1 } })] }, { task: 'multiclass', outputs: 3 }, /the output 'probabilities' has 2 value\(s\) a row, expected 3/],
    ['old operators', { opsets: { '': 7, 'ai.onnx.ml': 1 } }, binary, /operator set 7, expected 12 or newer.*operator set 1 of ai.onnx.ml, expected 2/],
    ['no answer where something is missing', { nodes: [node('MatMul', ['x', 'weights'], 'logits'), node('Sigmoid', ['logits'], 'probabilities')] }, binary, /answers \["NaN","NaN"\] on row 1 of the test split .*fill it inside of it/],
    ['no probabilities', { nodes: [...logits, node('Identity', ['logits'], 'probabilities')] }, binary, /expected probabilities between 0 and 1/],
    ['probabilities of each class for itself', { classes: 3, nodes: [...logits, node('Sigmoid', ['logits'], 'probabilities')] }, { task: 'multiclass', outputs: 3 }, /expected probabilities with a sum of 1/],
  ])('is refused with %s', async (_, changes, answer, message) => {
    await expect(compose(linear(changes), answer)).rejects.toThrow(message);
  });

  it('is refused where it is none', () => {
    expect(() => readBareModel(Buffer.from('not a model'), features, binary)).toThrow(/no ONNX model/);
    expect(() => readBareModel(linear().subarray(0, 90), features, binary)).toThrow(/no ONNX model/);
    expect(() => readBareModel(new Uint8Array(), features, binary)).toThrow(/no graph/);
  });
});
