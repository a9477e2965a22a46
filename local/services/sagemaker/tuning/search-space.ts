import type { TuningConfig } from './record.ts';
import type { Scaling, Space } from './samplers/space.ts';

/** A positive range that spans so many times its least value is searched by its logarithm where the choice is the tuner's. */
const wide = 100;

/** The ranges of a tuning job as a space. */
export function searchSpace({ ParameterRanges: ranges = {} }: TuningConfig): Space {
  const numbers = (kind: 'integer' | 'continuous', found: NonNullable<typeof ranges.IntegerParameterRanges>): Space =>
    found.map(({ Name: name, MinValue, MaxValue, ScalingType }) => {
      const [minimum, maximum] = [Number(MinValue), Number(MaxValue)];
      return { kind, name, minimum, maximum, scaling: scalingOf(ScalingType, minimum, maximum) };
    });
  return [
    ...numbers('integer', ranges.IntegerParameterRanges ?? []),
    ...numbers('continuous', ranges.ContinuousParameterRanges ?? []),
    ...(ranges.CategoricalParameterRanges ?? []).map(({ Name: name, Values: values }) => ({ kind: 'categorical' as const, name, values })),
  ];
}

function scalingOf(type: string | undefined, minimum: number, maximum: number): Scaling {
  if (type === 'Linear' || type === 'Logarithmic' || type === 'ReverseLogarithmic') return type;
  return minimum > 0 && maximum / minimum >= wide ? 'Logarithmic' : 'Linear';
}
