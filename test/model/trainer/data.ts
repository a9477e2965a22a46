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
