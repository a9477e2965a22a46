import { AwsError } from '../../../core/errors.ts';

/** Data points by their time; what is not there is missing. */
export type Points = ReadonlyMap<number, number>;

/** What an expression may come to. */
export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly points: Points }
  | { readonly kind: 'list'; readonly members: readonly Points[] }
  | { readonly kind: 'text'; readonly value: string };

/** The times for which an expression is computed. */
export interface Grid {
  readonly times: readonly number[];
  readonly periodSeconds: number;
}

/** Computes number by number: a time that one of the series lacks is missing from the result. */
export function pointwise(compute: (...numbers: number[]) => number, values: readonly Value[]): Value {
  const list = values.find((value) => value.kind === 'list');
  if (list !== undefined) return { kind: 'list', members: list.members.map((points) => seriesOf(pointwise(compute, values.map((value) => (value === list ? { kind: 'series', points } : value))))) };
  const series = values.filter((value) => value.kind === 'series');
  const [first] = series;
  if (first === undefined) return { kind: 'scalar', value: compute(...values.map((value) => scalarOf(value))) };
  const points = new Map<number, number>();
  for (const time of first.points.keys()) {
    const numbers = values.map((value) => (value.kind === 'series' ? value.points.get(time) : scalarOf(value)));
    if (numbers.some((number) => number === undefined)) continue;
    const result = compute(...(numbers as number[]));
    if (Number.isFinite(result)) points.set(time, result);
  }
  return { kind: 'series', points };
}

/** The number that a value is. @throws {AwsError} ValidationError when it is none */
export function scalarOf(value: Value | undefined): number {
  if (value?.kind === 'scalar') return value.value;
  throw new AwsError('ValidationError', `An expression needs a number where it has ${value === undefined ? 'nothing' : `a ${value.kind}`}.`);
}

/** The series that a value is. @throws {AwsError} ValidationError when it is none */
export function seriesOf(value: Value | undefined): Points {
  if (value?.kind === 'series') return value.points;
  throw new AwsError('ValidationError', `An expression needs a metric where it has ${value === undefined ? 'nothing' : `a ${value.kind}`}.`);
}
