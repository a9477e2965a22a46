import type { LabelledMatrix } from '../model/matrix.ts';

/** Rows and features of a training that is measured. */
export interface BenchShape {
  readonly rows: number;
  readonly features: number;
}

/** Values of each feature, repeated as often as there are features: whole numbers below it, or a continuous one for 0. Shaped like the flights of the example. */
const cardinalities = [24, 7, 366, 0, 230, 230];

/** The same rows everywhere: a noisy rule of the first six features, about one positive row in four. */
export function benchRows({ rows, features }: BenchShape, seed: number): LabelledMatrix {
  const columns = Array.from({ length: features }, () => new Float32Array(rows));
  const label = new Float32Array(rows);
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  for (let row = 0; row < rows; row++) {
    let z = -1.4;
    columns.forEach((column, feature) => {
      const values = cardinalities[feature % cardinalities.length] as number;
      const share = random();
      column[row] = values === 0 ? share * 3000 : Math.floor(share * values);
      if (feature < cardinalities.length) z += Math.sin(share * (feature + 2) * 3) * 0.5;
    });
    label[row] = random() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  }
  return { rows, columns, names: columns.map((_, feature) => `f${String(feature)}`), label };
}
