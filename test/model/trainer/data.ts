import type { LabelledMatrix } from '../../../model/matrix.ts';
import { parseHyperparameters } from '../../../model/spec/hyperparameter-parser.ts';
import type { XGBoostParameters } from '../../../model/spec/hyperparameter-parser.ts';

/** Uniform numbers in [0, 1), the same ones for a seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Rows of a noisy rule over a whole-number, two continuous and one constant feature, some of them missing. */
export function noisyRows(rows: number, seed: number, missing = 0.1): LabelledMatrix {
  const random = numbers(seed);
  const columns = Array.from({ length: 4 }, () => new Float32Array(rows));
  const label = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const values = [Math.floor(random() * 24), random() * 3000, random() - 0.5, 7];
    const z = Math.sin(values[0]! / 4) * 1.5 + (values[1]! > 1200 ? -0.8 : 0.4) + values[2]! * 2 - 1;
    label[row] = random() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
    values.forEach((value, feature) => {
      columns[feature]![row] = random() < missing ? Number.NaN : value;
    });
  }
  return { rows, columns, names: ['hour', 'distance', 'score', 'constant'], label };
}

/** Parameters of a small binary training. */
export function parameters(given: Readonly<Record<string, string>> = {}): XGBoostParameters {
  const parsed = parseHyperparameters({ num_round: '10', max_depth: '4', eta: '0.3', objective: 'binary:logistic', ...given });
  if (parsed.parameters === undefined) throw new Error(parsed.errors.map((error) => error.message).join('\n'));
  return parsed.parameters;
}

/** What the trainer learns, and how each objective's labels come from the rule. */
export const objectiveCases = [
  { objective: 'binary:logistic', given: { objective: 'binary:logistic', base_score: '0.4' }, label: (z: number, noise: number) => Number(z + noise > 0) },
  { objective: 'multi:softprob', given: { objective: 'multi:softprob', num_class: '3' }, label: (z: number, noise: number) => Math.min(2, Math.max(0, Math.round(z + noise + 1))) },
  { objective: 'reg:squarederror', given: { objective: 'reg:squarederror', base_score: '12.5' }, label: (z: number, noise: number) => 20 * z + 5 * noise },
  { objective: 'count:poisson', given: { objective: 'count:poisson', base_score: '1.5' }, label: (z: number, noise: number) => Math.max(0, Math.round(Math.exp(z) + noise)) },
] as const;

/** Rows of the rule with labels of an objective. */
export function rowsFor(label: (z: number, noise: number) => number, rows: number, seed: number, missing = 0.1): LabelledMatrix {
  const data = noisyRows(rows, seed, 0);
  const random = numbers(seed + 7777);
  const [hour, distance, score] = data.columns as [Float32Array, Float32Array, Float32Array];
  data.label.forEach((_, row) => {
    const z = Math.sin(hour[row]! / 4) * 1.5 + (distance[row]! > 1200 ? -0.8 : 0.4) + score[row]! * 2;
    data.label[row] = label(z, random() * 2 - 1);
  });
  for (const column of data.columns) column.forEach((_, row) => { if (random() < missing) column[row] = Number.NaN; });
  return data;
}
