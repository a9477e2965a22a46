/** How a range is searched: evenly in the value, in its logarithm, or in the logarithm of what it lacks to 1. */
export type Scaling = 'Linear' | 'Logarithmic' | 'ReverseLogarithmic';

/** A hyperparameter that is searched. */
export type Parameter =
  | { readonly kind: 'continuous' | 'integer'; readonly name: string; readonly minimum: number; readonly maximum: number; readonly scaling: Scaling }
  | { readonly kind: 'categorical'; readonly name: string; readonly values: readonly string[] };

/** The hyperparameters that are searched, in the order of a point's places. */
export type Space = readonly Parameter[];

/**
 * A point of a space, a place for each parameter: for a number where it lies between the bounds on the range's scale, 0 to 1; for a
 * category its index.
 */
export type Point = readonly number[];

/** The hyperparameters at a point, as texts. */
export function valuesAt(space: Space, point: Point): Record<string, string> {
  return Object.fromEntries(space.map((parameter, index) => [parameter.name, valueAt(parameter, point[index] ?? 0)]));
}

/** A parameter's value at a place. Always within its bounds. */
export function valueAt(parameter: Parameter, place: number): string {
  if (parameter.kind === 'categorical') return parameter.values[place] ?? '';
  const { minimum, maximum } = parameter;
  const [from, to] = edges(parameter);
  const raw = back(parameter.scaling, from + place * (to - from));
  const value = parameter.kind === 'integer' ? Math.round(raw) : raw;
  return String(Math.min(maximum, Math.max(minimum, value)));
}

/** The bounds on the range's scale. An integer has half a step on either side, so that each is as likely as the next. */
function edges({ kind, minimum, maximum, scaling }: Parameter & { readonly kind: 'continuous' | 'integer' }): readonly [number, number] {
  const half = kind === 'integer' ? 0.5 : 0;
  return [scaled(scaling, minimum - half), scaled(scaling, maximum + half)];
}

function scaled(scaling: Scaling, value: number): number {
  if (scaling === 'Logarithmic') return Math.log(value);
  return scaling === 'ReverseLogarithmic' ? -Math.log1p(-value) : value;
}

function back(scaling: Scaling, value: number): number {
  if (scaling === 'Logarithmic') return Math.exp(value);
  return scaling === 'ReverseLogarithmic' ? -Math.expm1(-value) : value;
}
