import type { Call, Output } from '../../../core/call.ts';
import { AwsError } from '../../../core/errors.ts';
import { metricOf } from './metric.ts';
import type { Dimension } from './metric.ts';
import type { Metrics } from './metrics.ts';
import type { Observation } from './series.ts';

/** A datum in the SDK's shape. */
export interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Timestamp?: Date;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: { readonly SampleCount: number; readonly Sum: number; readonly Minimum: number; readonly Maximum: number };
  readonly Unit?: string;
  readonly StorageResolution?: number;
}

interface PutInput {
  readonly Namespace: string;
  readonly MetricData?: readonly MetricDatum[];
  readonly EntityMetricData?: readonly { readonly MetricData?: readonly MetricDatum[] }[];
}

const limits = { data: 1000, dimensions: 30, values: 150, pastMilliseconds: 14 * 24 * 3_600_000, futureMilliseconds: 2 * 3_600_000 };
/** CloudWatch takes numbers from -2^360 to 2^360. */
const largest = 2 ** 360;

/** PutMetricData: all data are looked at before the first is taken. */
export function putMetricData(metrics: Metrics, now: () => Date): (input: PutInput, call: Call) => Output {
  return ({ Namespace, MetricData = [], EntityMetricData = [] }, { caller }) => {
    const data = [...MetricData, ...EntityMetricData.flatMap((entity) => entity.MetricData ?? [])];
    if (!/^[^:][\x20-\x7e]{0,254}$/.test(Namespace)) throw invalid('Namespace', Namespace, 'expected 1 to 255 printable characters that do not start with a colon');
    if (Namespace.startsWith('AWS/') && caller.kind !== 'service') throw invalid('Namespace', Namespace, 'namespaces that start with AWS/ are reserved for AWS services');
    if (data.length > limits.data) throw invalid('MetricData', data.length, `at most ${limits.data} data are taken at once`);
    const time = now().getTime();
    for (const [metric, observation] of data.map((datum, index) => [metricOf(Namespace, datum.MetricName, datum.Dimensions), readDatum(datum, `MetricData.member.${index + 1}`, time)] as const)) metrics.add(metric, observation);
    return {};
  };
}

function readDatum(datum: MetricDatum, place: string, now: number): Observation {
  const { MetricName, Dimensions = [], Timestamp, Unit = 'None', StorageResolution = 60 } = datum;
  if (MetricName === undefined || MetricName === '' || MetricName.length > 255) throw invalid(`${place}.MetricName`, MetricName, 'expected 1 to 255 characters');
  if (Dimensions.length > limits.dimensions) throw invalid(`${place}.Dimensions`, Dimensions.length, `a metric has at most ${limits.dimensions} dimensions`);
  for (const { Name, Value } of Dimensions) if (!Name || !Value) throw invalid(`${place}.Dimensions`, Name, 'each dimension has a name and a value, neither of them empty');
  if (StorageResolution !== 1 && StorageResolution !== 60) throw invalid(`${place}.StorageResolution`, StorageResolution, 'expected 1 or 60');
  const at = Timestamp?.getTime() ?? now;
  if (at < now - limits.pastMilliseconds || at > now + limits.futureMilliseconds) throw invalid(`${place}.Timestamp`, new Date(at).toISOString(), 'a time must lie within the last two weeks or the next two hours');
  return { at, unit: Unit, highResolution: StorageResolution === 1, ...readValues(datum, place) };
}

function readValues({ Value, Values, Counts, StatisticValues }: MetricDatum, place: string): Pick<Observation, 'values' | 'totals'> {
  const given = [Value, Values, StatisticValues].filter((one) => one !== undefined).length;
  if (given !== 1) throw new AwsError('InvalidParameterCombination', `${place} has ${given} of Value, Values and StatisticValues: expected one of them.`);
  if (StatisticValues !== undefined) {
    const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = StatisticValues;
    for (const number of [count, sum, minimum, maximum]) checkNumber(number, `${place}.StatisticValues`);
    return { totals: { count, sum, minimum, maximum } };
  }
  const values = Value === undefined ? (Values ?? []) : [Value];
  if (values.length === 0 || values.length > limits.values) throw invalid(`${place}.Values`, values.length, `expected 1 to ${limits.values} values`);
  if (Counts !== undefined && Counts.length !== values.length) throw invalid(`${place}.Counts`, Counts.length, `expected as many counts as values (${values.length})`);
  return {
    values: values.map((value, index) => {
      checkNumber(value, place);
      const times = Counts?.[index] ?? 1;
      if (!(times > 0)) throw invalid(`${place}.Counts`, times, 'expected counts above zero');
      return [value, times] as const;
    }),
  };
}

function checkNumber(value: number, place: string): void {
  if (!(Math.abs(value) <= largest)) throw invalid(place, value, 'expected a number from -2^360 to 2^360');
}

function invalid(parameter: string, value: unknown, reason: string): AwsError {
  return new AwsError('InvalidParameterValue', `The value ${String(value)} for parameter ${parameter} is invalid: ${reason}.`);
}
