import { AwsError } from '../../../core/errors.ts';
import { pointwise, scalarOf, seriesOf } from './values.ts';
import type { Grid, Points, Value } from './values.ts';

type MathFunction = (args: readonly Value[], grid: Grid, metrics: () => ReadonlyMap<string, Value>) => Value;

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const mean = (numbers: readonly number[]): number => total(numbers) / numbers.length;
const deviation = (numbers: readonly number[]): number => Math.sqrt(mean(numbers.map((number) => (number - mean(numbers)) ** 2)));

/** The functions of metric math that the laptop knows. */
export const functions: Readonly<Record<string, MathFunction>> = {
  SUM: across(total),
  AVG: across(mean),
  MIN: across((numbers) => Math.min(...numbers)),
  MAX: across((numbers) => Math.max(...numbers)),
  STDDEV: across(deviation),
  ABS: ([value]) => pointwise(Math.abs, [given(value)]),
  CEIL: ([value]) => pointwise(Math.ceil, [given(value)]),
  FLOOR: ([value]) => pointwise(Math.floor, [given(value)]),
  LOG: ([value]) => pointwise(Math.log, [given(value)]),
  LOG10: ([value]) => pointwise(Math.log10, [given(value)]),
  DIFF: ([value]) => steps(seriesOf(value), (difference) => difference),
  RATE: ([value]) => steps(seriesOf(value), (difference, seconds) => difference / seconds),
  RUNNING_SUM: ([value]) => {
    let sum = 0;
    return { kind: 'series', points: new Map(inOrder(seriesOf(value)).map(([time, number]) => [time, (sum += number)])) };
  },
  DATAPOINT_COUNT: ([value]) => ({ kind: 'scalar', value: seriesOf(value).size }),
  FIRST: ([value]) => edge(seriesOf(value), 0),
  LAST: ([value]) => edge(seriesOf(value), -1),
  PERIOD: (_args, { periodSeconds }) => ({ kind: 'scalar', value: periodSeconds }),
  TIME_SERIES: ([value], { times }) => ({ kind: 'series', points: new Map(times.map((time) => [time, scalarOf(value)])) }),
  METRICS: ([filter], _grid, metrics) => {
    const text = filter?.kind === 'text' ? filter.value : '';
    return { kind: 'list', members: [...metrics()].filter(([id]) => id.includes(text)).map(([, value]) => seriesOf(value)) };
  },
  IF: ([condition, whenTrue, whenFalse]) => choose(given(condition), given(whenTrue), whenFalse),
  FILL: ([value, filling], grid) => fill(given(value), given(filling), grid),
};

/** Of one series: over time, to a number. Of several: time by time, over those that have the time. */
function across(reduce: (numbers: readonly number[]) => number): MathFunction {
  return (args) => {
    const [only] = args;
    if (args.length === 1 && only?.kind === 'series') return { kind: 'scalar', value: only.points.size === 0 ? NaN : reduce([...only.points.values()]) };
    const members = args.flatMap((value) => (value.kind === 'list' ? value.members : [seriesOf(value)]));
    const times = new Set(members.flatMap((points) => [...points.keys()]));
    return { kind: 'series', points: new Map([...times].map((time) => [time, reduce(members.flatMap((points) => points.get(time) ?? []))])) };
  };
}

function choose(condition: Value, whenTrue: Value, whenFalse: Value | undefined): Value {
  const side = (value: Value | undefined, time: number): number | undefined => (value === undefined ? undefined : value.kind === 'series' ? value.points.get(time) : scalarOf(value));
  if (condition.kind === 'scalar') return condition.value !== 0 ? whenTrue : (whenFalse ?? { kind: 'series', points: new Map() });
  const chosen = [...seriesOf(condition)].flatMap(([time, holds]) => {
    const number = side(holds !== 0 ? whenTrue : whenFalse, time);
    return number === undefined ? [] : [[time, number] as const];
  });
  return { kind: 'series', points: new Map(chosen) };
}

function fill(value: Value, filling: Value, grid: Grid): Value {
  if (value.kind === 'list') return { kind: 'list', members: value.members.map((points) => seriesOf(fill({ kind: 'series', points }, filling, grid))) };
  const points = seriesOf(value);
  if (filling.kind === 'text') return { kind: 'series', points: interpolate(points, filling.value, grid) };
  const at = (time: number): number | undefined => (filling.kind === 'series' ? filling.points.get(time) : scalarOf(filling));
  return { kind: 'series', points: new Map(grid.times.flatMap((time) => (points.get(time) ?? at(time)) === undefined ? [] : [[time, (points.get(time) ?? at(time))!] as const])) };
}

/** FILL(m, REPEAT) repeats the last value, FILL(m, LINEAR) draws a line between two. */
function interpolate(points: Points, how: string, { times }: Grid): Points {
  if (how !== 'REPEAT' && how !== 'LINEAR') throw new AwsError('ValidationError', `FILL takes a number, a metric, REPEAT or LINEAR, and was given '${how}'.`);
  const known = inOrder(points);
  const filled = new Map<number, number>();
  for (const time of times) {
    const before = known.findLast(([at]) => at <= time);
    const after = known.find(([at]) => at >= time);
    if (before === undefined || (how === 'LINEAR' && after === undefined)) continue;
    const share = how === 'REPEAT' || after![0] === before[0] ? 0 : (time - before[0]) / (after![0] - before[0]);
    filled.set(time, share === 0 ? before[1] : before[1] + share * (after![1] - before[1]));
  }
  return filled;
}

function steps(points: Points, compute: (difference: number, seconds: number) => number): Value {
  const known = inOrder(points);
  return { kind: 'series', points: new Map(known.slice(1).map(([time, number], index) => [time, compute(number - known[index]![1], (time - known[index]![0]) / 1000)])) };
}

function edge(points: Points, index: number): Value {
  return { kind: 'scalar', value: inOrder(points).at(index)?.[1] ?? NaN };
}

function inOrder(points: Points): (readonly [number, number])[] {
  return [...points].sort(([left], [right]) => left - right);
}

function given(value: Value | undefined): Value {
  if (value === undefined) throw new AwsError('ValidationError', 'A metric math function lacks an argument.');
  return value;
}
