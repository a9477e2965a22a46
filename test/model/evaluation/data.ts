import { numbers } from '../trainer/data.ts';

/** Rows whose class follows their probabilities exactly, and the probabilities. */
export function classified(rows: number, classes: readonly string[], seed: number): { labels: Float32Array; predictions: Float32Array; classes: readonly string[] } {
  const random = numbers(seed);
  const labels = new Float32Array(rows);
  const predictions = new Float32Array(rows * classes.length);
  for (let row = 0; row < rows; row++) {
    const weights = classes.map(() => random() ** 4 + 0.001);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = random() * total;
    labels[row] = Math.min(classes.length - 1, weights.findIndex((weight) => (left -= weight) < 0));
    weights.forEach((weight, index) => {
      predictions[row * classes.length + index] = weight / total;
    });
  }
  return { labels, predictions, classes };
}

/** Values around predictions, off by noise that grows with them. */
export function measuredValues(rows: number, seed: number): { labels: Float32Array; predictions: Float32Array } {
  const random = numbers(seed);
  const predictions = Float32Array.from({ length: rows }, () => 10 + 30 * random());
  const labels = predictions.map((prediction) => prediction + ((random() + random() + random() - 1.5) * prediction) / 5);
  return { labels, predictions };
}
