/** Metrics by name, as a run's output and a model's properties have them; what could not be computed has no value. */
export type Metrics = Readonly<Record<string, number | null>>;

/** A figure for a person: four decimals, or one where it is large, as errors in the label's own unit may be. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'not defined';
  return value.toFixed(Math.abs(value) >= 1000 ? 1 : 4);
}

/** `auc 0.7381  accuracy 0.7012`. */
export function metricsText(metrics: Metrics): string {
  return Object.entries(metrics).map(([name, value]) => `${name} ${figure(value)}`).join('  ');
}

/** What stands first for two classes, for a number and for several classes: each task has the first of these that it is measured by. */
const headlines = ['auc', 'rmse', 'accuracy'];

/** The one metric that tells most of a model. */
export function headline(metrics: Metrics): string {
  const name = headlines.find((candidate) => Object.hasOwn(metrics, candidate));
  return name === undefined ? '' : `${name} ${figure(metrics[name])}`;
}
