import { evaluationMetrics, hyperparameterAliases, hyperparameters } from './hyperparameters.ts';
import type { HyperparameterBound } from './hyperparameters.ts';

/** What is wrong with one hyperparameter. */
export interface HyperparameterError {
  readonly name: string;
  /** The text received; undefined where it is missing. */
  readonly value: string | undefined;
  /** What would be right, in words. */
  readonly bound: string;
  /** The whole sentence: name, value, bound. */
  readonly message: string;
}

/** The hyperparameters of the built-in XGBoost that shape a model, typed, with the image's defaults filled in. */
export interface XGBoostParameters {
  readonly numRound: number;
  readonly objective: string;
  /** Of a multi-class objective. */
  readonly numClass?: number;
  readonly maxDepth: number;
  readonly eta: number;
  readonly gamma: number;
  readonly minChildWeight: number;
  readonly maxDeltaStep: number;
  /** For each feature whether predictions may only rise (1) or only fall (-1) with it; 0, or left out, is free. Empty: no constraint. */
  readonly monotoneConstraints: readonly number[];
  readonly subsample: number;
  readonly colsampleBytree: number;
  readonly colsampleBylevel: number;
  readonly colsampleBynode: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly scalePosWeight: number;
  readonly maxBin: number;
  readonly baseScore: number;
  readonly seed: number;
  /** The metrics to print a round, in their order; the last one decides early stopping. Empty: the objective's own. */
  readonly evalMetric: readonly string[];
  readonly earlyStoppingRounds?: number;
  readonly nthread?: number;
  /** Every hyperparameter as given, aliases resolved, also those that have no field here. */
  readonly given: Readonly<Record<string, string>>;
}

/** Typed parameters, or every error found. */
export type ParsedHyperparameters =
  | { readonly parameters: XGBoostParameters; readonly errors: readonly [] }
  | { readonly parameters?: undefined; readonly errors: readonly HyperparameterError[] };

/** Reads hyperparameters (all strings, as a training job has them) and checks them as SageMaker's built-in XGBoost does. */
export function parseHyperparameters(values: Readonly<Record<string, string>>): ParsedHyperparameters {
  const errors: HyperparameterError[] = [];
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const known = hyperparameterAliases[name] ?? name;
    const definition = Object.hasOwn(hyperparameters, known) ? hyperparameters[known] : undefined;
    if (definition === undefined) {
      errors.push(failure(name, value, "a hyperparameter of SageMaker's built-in XGBoost"));
    } else if (Object.hasOwn(given, known)) {
      errors.push(failure(name, value, `'${known}' under one name only`));
    } else {
      given[known] = value;
      const problem = violation(definition.bound, value);
      if (problem !== undefined) errors.push(failure(name, value, problem));
    }
  }
  if (given.num_round === undefined) errors.push(failure('num_round', undefined, 'a whole number of rounds, at least 1'));
  if ((given.objective ?? '').startsWith('multi:') && given.num_class === undefined) {
    errors.push(failure('num_class', undefined, `the number of classes, for objective ${given.objective ?? ''}`));
  }
  return errors.length > 0 ? { errors } : { parameters: typed(given), errors: [] };
}

/**
 * What SageMaker's image takes without a word and then ignores; each sentence says what to do. For a warning in the job's log: at synth there
 * is nothing to warn of, since `Algorithm` always says `eval_metric` and the pipeline always has a channel 'validation'.
 */
export function ineffectiveHyperparameters(parameters: XGBoostParameters, hasValidation: boolean): string[] {
  const { objective, given } = parameters;
  const unweighted = given.scale_pos_weight !== undefined && (objective.startsWith('multi:') || objective === 'count:poisson');
  const weight = unweighted ? [`Hyperparameter 'scale_pos_weight' has no effect with the objective ${objective}: leave it out.`] : [];
  if (parameters.earlyStoppingRounds === undefined) return weight;
  const ignored = "Hyperparameter 'early_stopping_rounds' has no effect in SageMaker's XGBoost image without";
  return [
    ...weight,
    ...(hasValidation ? [] : [`${ignored} a channel 'validation': add one.`]),
    ...(parameters.evalMetric.length > 0 ? [] : [`${ignored} 'eval_metric': say which metric to watch, such as logloss.`]),
  ];
}

function typed(given: Readonly<Record<string, string>>): XGBoostParameters {
  const text = (name: string): string => given[name] ?? hyperparameters[name]?.default ?? '';
  const number = (name: string): number => Number(text(name));
  return {
    numRound: number('num_round'),
    objective: text('objective'),
    maxDepth: number('max_depth'),
    eta: number('eta'),
    gamma: number('gamma'),
    minChildWeight: number('min_child_weight'),
    maxDeltaStep: Number(given.max_delta_step ?? defaultMaxDeltaStep(text('objective'))),
    monotoneConstraints: list((given.monotone_constraints ?? '').replace(/[()]/g, '')).map(Number),
    subsample: number('subsample'),
    colsampleBytree: number('colsample_bytree'),
    colsampleBylevel: number('colsample_bylevel'),
    colsampleBynode: number('colsample_bynode'),
    lambda: number('lambda'),
    alpha: number('alpha'),
    scalePosWeight: number('scale_pos_weight'),
    maxBin: number('max_bin'),
    baseScore: number('base_score'),
    seed: number('seed'),
    evalMetric: list(given.eval_metric ?? ''),
    ...(given.num_class === undefined ? {} : { numClass: number('num_class') }),
    ...(given.early_stopping_rounds === undefined ? {} : { earlyStoppingRounds: number('early_stopping_rounds') }),
    ...(given.nthread === undefined ? {} : { nthread: number('nthread') }),
    given,
  };
}

/** XGBoost's own default for counts differs from that of all other objectives. */
function defaultMaxDeltaStep(objective: string): string {
  return objective === 'count:poisson' ? '0.7' : (hyperparameters.max_delta_step?.default ?? '0');
}

function violation(bound: HyperparameterBound, value: string): string | undefined {
  if (bound.kind === 'text') return undefined;
  if (bound.kind === 'signs') return /^\(\s*(-?1|0)\s*(,\s*(-?1|0)\s*)*,?\s*\)$/.test(value) ? undefined : 'a sign for each feature, such as (1,0,-1)';
  if (bound.kind === 'choice') return bound.values.includes(value) ? undefined : `one of ${bound.values.join(', ')}`;
  if (bound.kind === 'metrics') {
    const metrics = list(value);
    return metrics.length > 0 && metrics.every(isMetric) ? undefined : `a comma-separated list of ${evaluationMetrics.join(', ')}`;
  }
  const found = value.trim() === '' ? Number.NaN : Number(value);
  const inside =
    Number.isFinite(found) &&
    (bound.kind === 'number' || Number.isInteger(found)) &&
    found >= (bound.minimum ?? -Infinity) &&
    found > (bound.above ?? -Infinity) &&
    found <= (bound.maximum ?? Infinity) &&
    found < (bound.below ?? Infinity);
  return inside ? undefined : range(bound);
}

function range(bound: HyperparameterBound & { kind: 'integer' | 'number' }): string {
  const parts = [
    ...(bound.minimum === undefined ? [] : [`at least ${String(bound.minimum)}`]),
    ...(bound.above === undefined ? [] : [`greater than ${String(bound.above)}`]),
    ...(bound.maximum === undefined ? [] : [`at most ${String(bound.maximum)}`]),
    ...(bound.below === undefined ? [] : [`less than ${String(bound.below)}`]),
  ];
  return `${bound.kind === 'integer' ? 'a whole number' : 'a number'} ${parts.join(' and ')}`.trimEnd();
}

function isMetric(metric: string): boolean {
  const [name = '', threshold, ...rest] = metric.split('@');
  if (threshold === undefined) return (evaluationMetrics as readonly string[]).includes(name);
  return rest.length === 0 && ['error', 'ndcg', 'map'].includes(name) && threshold !== '' && Number.isFinite(Number(threshold));
}

function list(value: string): string[] {
  return value.split(',').map((part) => part.trim()).filter((part) => part !== '');
}

function failure(name: string, value: string | undefined, bound: string): HyperparameterError {
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return { name, value, bound, message: `Hyperparameter '${name}' ${found}, expected ${bound}.` };
}
