// A training container in the standard library alone: softmax regression by gradient descent, from CSV to ONNX.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { linearClassifier } from './onnx.mjs';

/** The folder that is /opt/ml in a container; the laptop says another. */
const base = process.env.SAGEMAKER_BASE_DIR ?? '/opt/ml';

try {
  main();
} catch (error) {
  mkdirSync(path.join(base, 'output'), { recursive: true });
  writeFileSync(path.join(base, 'output/failure'), error.message);
  console.error(error);
  process.exitCode = 1;
}

function main() {
  // Every hyperparameter is a text.
  const { num_class: classes, epochs = '200', learning_rate: rate = '0.5' } = JSON.parse(readFileSync(path.join(base, 'input/config/hyperparameters.json'), 'utf8'));
  const train = readChannel('train');
  const validation = readChannel('validation');
  const scale = standardise(train.rows);
  const model = descend(train, scale, Number(classes), { epochs: Number(epochs), rate: Number(rate) }, (epoch, loss, weights) => {
    // What the pipeline's metric definitions read.
    console.log(`epoch=${epoch} train_loss=${loss.toFixed(5)} validation_accuracy=${accuracy(validation, scale, weights).toFixed(5)}`);
  });
  mkdirSync(path.join(base, 'model'), { recursive: true });
  writeFileSync(path.join(base, 'model/model.onnx'), linearClassifier({ ...scale, ...model }));
}

/** CSV without a header: the label first, then the features; an empty field is a missing value. */
function readChannel(name) {
  const folder = path.join(base, 'input/data', name);
  const lines = readdirSync(folder).sort().flatMap((file) => readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n'));
  const values = lines.map((line) => line.split(',').map((field) => (field === '' ? NaN : Number(field))));
  return { labels: values.map((row) => row[0]), rows: values.map((row) => row.slice(1)) };
}

/** The mean of each feature, which also stands in for a missing value, and its deviation. */
function standardise(rows) {
  const columns = rows[0].map((_, index) => rows.map((row) => row[index]).filter((value) => !Number.isNaN(value)));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length));
  const deviations = columns.map((column, index) => Math.sqrt(column.reduce((sum, value) => sum + (value - means[index]) ** 2, 0) / Math.max(1, column.length)) || 1);
  return { means, deviations };
}

function scaled(row, { means, deviations }) {
  return row.map((value, index) => ((Number.isNaN(value) ? means[index] : value) - means[index]) / deviations[index]);
}

function probabilities(x, { weights, biases }) {
  const margins = biases.map((bias, label) => x.reduce((sum, value, index) => sum + value * weights[index][label], bias));
  const largest = Math.max(...margins);
  const powers = margins.map((margin) => Math.exp(margin - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function descend({ labels, rows }, scale, classes, { epochs, rate }, report) {
  const inputs = rows.map((row) => scaled(row, scale));
  const model = { weights: scale.means.map(() => new Array(classes).fill(0)), biases: new Array(classes).fill(0) };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const slopes = { weights: scale.means.map(() => new Array(classes).fill(0)), biases: new Array(classes).fill(0) };
    let loss = 0;
    inputs.forEach((x, row) => {
      probabilities(x, model).forEach((probability, label) => {
        const error = probability - (labels[row] === label ? 1 : 0);
        if (labels[row] === label) loss -= Math.log(Math.max(probability, 1e-12));
        slopes.biases[label] += error;
        x.forEach((value, index) => (slopes.weights[index][label] += error * value));
      });
    });
    const step = rate / inputs.length;
    model.biases.forEach((_, label) => (model.biases[label] -= step * slopes.biases[label]));
    model.weights.forEach((row, index) => row.forEach((_, label) => (row[label] -= step * slopes.weights[index][label])));
    if (epoch % 20 === 0 || epoch === epochs) report(epoch, loss / inputs.length, model);
  }
  return model;
}

function accuracy({ labels, rows }, scale, model) {
  const right = rows.filter((row, index) => {
    const found = probabilities(scaled(row, scale), model);
    return found.indexOf(Math.max(...found)) === labels[index];
  });
  return right.length / rows.length;
}
