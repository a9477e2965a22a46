/** A metric that SageMaker reads from a program's output. */
export interface MetricDefinition {
  readonly Name: string;
  /** Its first group is the value. */
  readonly Regex: string;
}

/** The last value of a metric, as FinalMetricDataList holds it. */
export interface FinalMetric {
  readonly MetricName: string;
  readonly Value: number;
  readonly Timestamp: Date;
}

/** What the built-in XGBoost evaluates, as SageMaker names it. */
const xgboostMetrics = [
  'accuracy', 'auc', 'aucpr', 'balanced_accuracy', 'error', 'f1', 'f1_binary', 'f1_macro', 'gamma-deviance', 'gamma-nloglik', 'logloss', 'mae', 'map', 'mape', 'merror', 'mlogloss', 'mse',
  'ndcg', 'poisson-nloglik', 'precision', 'precision_macro', 'precision_micro', 'r2', 'recall', 'recall_macro', 'recall_micro', 'rmse', 'rmsle', 'tweedie-nloglik',
];

/** Algorithms whose metrics SageMaker knows by itself, by the repository of their image. */
const builtIn: readonly { readonly image: RegExp; readonly definitions: readonly MetricDefinition[] }[] = [
  {
    image: /\/sagemaker-xgboost:/,
    // A round's line is `[3]<tab>train-auc:0.71<tab>validation-auc:0.70`; SageMaker's logs write the tab as #011.
    definitions: ['train', 'validation'].flatMap((channel) =>
      xgboostMetrics.map((metric) => ({
        Name: `${channel}:${metric}`,
        Regex: `.*\\[[0-9]+\\].*#011${channel}-${metric}:([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*`,
      })),
    ),
  },
];

/** The metrics of a job: those that it defines, or those of a built-in algorithm. */
export function metricDefinitions(image: string, defined: readonly MetricDefinition[]): readonly MetricDefinition[] {
  return defined.length > 0 ? defined : (builtIn.find((algorithm) => algorithm.image.test(image))?.definitions ?? []);
}

/** Reads metrics from lines of output. */
export class MetricReader {
  readonly #patterns: readonly { readonly name: string; readonly regex: RegExp }[];
  readonly #final = new Map<string, FinalMetric>();

  constructor(definitions: readonly MetricDefinition[]) {
    this.#patterns = definitions.map(({ Name, Regex }) => ({ name: Name, regex: new RegExp(Regex) }));
  }

  /** The metrics that a line holds. */
  read(line: string, at: Date): FinalMetric[] {
    const text = line.replaceAll('\t', '#011');
    const found = this.#patterns.flatMap(({ name, regex }) => {
      const value = regex.exec(text)?.[1];
      return value === undefined || Number.isNaN(Number(value)) ? [] : [{ MetricName: name, Value: Number(value), Timestamp: at }];
    });
    for (const metric of found) this.#final.set(metric.MetricName, metric);
    return found;
  }

  /** The last value of each metric. */
  get final(): FinalMetric[] {
    return [...this.#final.values()];
  }
}
