import { addErrors, noErrors, regressionValues, rowErrors } from '../../metrics/regression.ts';
import type { ErrorSums } from '../../metrics/regression.ts';
import { generator, poisson } from '../random.ts';
import { drawnDifference } from './difference.ts';
import type { Difference } from './difference.ts';

/** Rows are dealt to so many groups at random; with fewer rows each is a group of its own. */
const groupLimit = 2000;

/** RMSE and R², which are no means over rows: their differences by a paired bootstrap over groups of rows. */
export function errorDifferences(labels: ArrayLike<number>, challenger: Float32Array, champion: Float32Array, replicates: number, seed: number): Map<'rmse' | 'r2', Difference> {
  const random = generator(seed);
  const rows = labels.length;
  let center = 0;
  for (let row = 0; row < rows; row++) center += (labels[row] as number) / rows;
  const groups = Array.from({ length: Math.min(rows, groupLimit) }, (): Pair => [noErrors(), noErrors()]);
  for (let row = 0; row < rows; row++) {
    const group = groups[rows <= groupLimit ? row : Math.floor(random() * groupLimit)] as Pair;
    addErrors(group[0], rowErrors(labels[row] as number, challenger[row] as number, center));
    addErrors(group[1], rowErrors(labels[row] as number, champion[row] as number, center));
  }
  const drawn = Array.from({ length: replicates }, () => resample(groups, random).map(regressionValues));
  const differences = (metric: 'rmse' | 'r2'): number[] => drawn.map(([ours, theirs]) => (ours?.[metric] ?? Number.NaN) - (theirs?.[metric] ?? Number.NaN));
  return new Map([['rmse', drawnDifference(differences('rmse'))], ['r2', drawnDifference(differences('r2'))]]);
}

/** The challenger's and the champion's errors on the same rows. */
type Pair = readonly [ErrorSums, ErrorSums];

function resample(groups: readonly Pair[], random: () => number): Pair {
  for (;;) {
    const sums: Pair = [noErrors(), noErrors()];
    for (const [ours, theirs] of groups) {
      const times = poisson(1, random);
      if (times === 0) continue;
      addErrors(sums[0], ours, times);
      addErrors(sums[1], theirs, times);
    }
    // Of very few rows a draw can be empty: it says nothing, so it is drawn again.
    if (sums[0].rows > 0) return sums;
  }
}
