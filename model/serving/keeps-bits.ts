import type { FittedFeature } from '../features/fitted.ts';
import { missingTextOf } from '../onnx/feature-values.ts';
import type { GraphInputs } from './inputs.ts';
import type { Runner } from './runner.ts';

const triedRows = 16;
/** How many of them go together. */
const triedSizes = [1, 2, 3, 7];

/**
 * Whether a row's answer is the same to the bit whatever rows come with it, on rows made from the features. Matrix products add up in another order for one row than
 * for several, on some processors and of some sizes: where they do, calls must not be put together.
 */
export async function keepsBits(runner: Runner, features: readonly FittedFeature[]): Promise<boolean> {
  const inputs = madeInputs(features);
  const together = await runner.runAll(inputs, triedRows);
  for (const size of triedSizes) {
    for (let from = 0; from < triedRows; from += size) {
      const to = Math.min(triedRows, from + size);
      const { values } = await runner.runAll(Object.fromEntries(Object.entries(inputs).map(([name, column]) => [name, column.slice(from, to)])), to - from);
      if (!values.every((value, index) => Object.is(value, together.values[from * together.columns + index]))) return false;
    }
  }
  return true;
}

function madeInputs(features: readonly FittedFeature[]): GraphInputs {
  let state = 1;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Object.fromEntries(
    features.map((feature) => {
      const texts = [...(feature.encoding?.map(([text]) => text) ?? []), missingTextOf(feature)];
      const rows = Array.from({ length: triedRows }, (_, row) => (next() - 0.5) * 10 ** (row % 4));
      return [feature.name, feature.encoding === undefined ? Float32Array.from(rows) : rows.map(() => texts[Math.floor(next() * texts.length)]!)];
    }),
  );
}
