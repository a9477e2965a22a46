// Just enough of ONNX's protobuf to write down a linear classifier.
import { Buffer } from 'node:buffer';

/** Fills missing values, scales, and answers with a probability for each class: float `[rows, features]` in, `probabilities` `[rows, classes]` out. */
export function linearClassifier({ means, deviations, weights, biases }) {
  const [features, classes] = [means.length, biases.length];
  const graph = message(
    ...[
      node('IsNaN', ['features'], 'missing'),
      node('Where', ['missing', 'means', 'features'], 'filled'),
      node('Sub', ['filled', 'means'], 'centred'),
      node('Div', ['centred', 'deviations'], 'scaled'),
      node('MatMul', ['scaled', 'weights'], 'products'),
      node('Add', ['products', 'biases'], 'margins'),
      // Along the last axis, which is the default.
      node('Softmax', ['margins'], 'probabilities'),
    ].map((bytes) => field(1, bytes)),
    field(2, text('linear')),
    ...[tensor('means', [1, features], means), tensor('deviations', [1, features], deviations), tensor('weights', [features, classes], weights.flat()), tensor('biases', [1, classes], biases)].map((bytes) => field(5, bytes)),
    field(11, matrix('features', features)),
    field(12, matrix('probabilities', classes)),
  );
  const opset = message(field(1, text('')), integer(2, 13));
  return message(integer(1, 8), field(2, text('examples/container')), field(3, text('1')), field(7, graph), field(8, opset));
}

const node = (operator, inputs, output) => message(...inputs.map((name) => field(1, text(name))), field(2, text(output)), field(3, text(output)), field(4, text(operator)));

const tensor = (name, dimensions, values) =>
  message(...dimensions.map((dimension) => integer(1, dimension)), integer(2, 1), field(8, text(name)), field(9, Buffer.from(Float32Array.from(values).buffer)));

/** A float matrix of any number of rows. */
function matrix(name, width) {
  const shape = message(field(1, message(field(2, text('rows')))), field(1, message(integer(1, width))));
  return message(field(1, text(name)), field(2, message(field(1, message(integer(1, 1), field(2, shape))))));
}

const message = (...parts) => Buffer.concat(parts);
const text = (value) => Buffer.from(value, 'utf8');
const field = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
const integer = (number, value) => Buffer.concat([varint(number * 8), varint(value)]);

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}
