import { addErrors, noErrors, regressionValues, rowErrors } from '../metrics/regression.ts';
import type { ErrorSums, RegressionMetricValues } from '../metrics/regression.ts';
import { deviations, generator, poisson } from './random.ts';

/** Groups for the bootstrap: rows are dealt to them at random, so that a group deviates as a single row does, only less. */
const groupLimit = 2000;

/** The standard deviation of each metric by a Poisson bootstrap over groups of rows; with up to 2,000 rows each is a group of its own. */
export function regressionDeviations(labels: Float64Array, predictions: Float32Array, center: number, replicates: number, seed: number): RegressionMetricValues {
  const random = generator(seed);
  const groups = Array.from({ length: Math.min(labels.length, groupLimit) }, noErrors);
  labels.forEach((label, row) => {
    const group = labels.length <= groupLimit ? row : Math.floor(random() * groupLimit);
    addErrors(groups[group] as ErrorSums, rowErrors(label, predictions[row] as number, center));
  });
  const draw = (): RegressionMetricValues => {
    const sums = noErrors();
    for (const group of groups) addErrors(sums, group, poisson(1, random));
    // Of very few rows a draw can be empty: it says nothing, so it is drawn again.
    return sums.rows === 0 ? draw() : regressionValues(sums);
  };
  const drawn = Array.from({ length: replicates }, draw);
  // Nor does a draw of equal labels say anything of R².
  return { ...deviations(drawn, ['rmse', 'mae', 'mse']), ...deviations(drawn.filter((values) => !Number.isNaN(values.r2)), ['r2']) };
}
