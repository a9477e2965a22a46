import type { LabelledMatrix } from '../model/matrix.ts';

/** Values of each feature: whole numbers below it, or a continuous one for 0. Shaped like the flights of the example. */
const cardinalities = [24, 7, 366, 0, 230, 230];

/** The same rows everywhere: six features, a noisy rule, about one positive row in four. */
export function benchRows(rows: number, seed: number): LabelledMatrix {
  const columns = cardinalities.map(() => new Float32Array(rows));
  const label = new Float32Array(rows);
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  for (let row = 0; row < rows; row++) {
    let z = -1.4;
    cardinalities.forEach((values, feature) => {
      const share = random();
      (columns[feature] as Float32Array)[row] = values === 0 ? share * 3000 : Math.floor(share * values);
      z += Math.sin(share * (feature + 2) * 3) * 0.5;
    });
    label[row] = random() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  }
  return { rows, columns, names: cardinalities.map((_, feature) => `f${String(feature)}`), label };
}
