import type { BinaryEvaluation } from './binary.ts';
import type { MeasuredMetric } from './measured.ts';
import type { MulticlassEvaluation } from './multiclass.ts';
import type { RegressionEvaluation } from './regression.ts';

/** A metric as SageMaker's model quality files write it; what cannot be computed is the text "NaN". */
export interface MetricJson {
  readonly value: number | 'NaN';
  readonly standard_deviation: number | 'NaN';
}

/** The content of `evaluation.json` for a binary model. */
export interface BinaryEvaluationJson {
  readonly binary_classification_metrics: {
    readonly accuracy: MetricJson;
    readonly auc: MetricJson;
    readonly precision: MetricJson;
    readonly recall: MetricJson;
    readonly f1: MetricJson;
    readonly log_loss: MetricJson;
    /** By true class, then by predicted class. */
    readonly confusion_matrix: Readonly<Record<'0' | '1', Readonly<Record<'0' | '1', number>>>>;
    readonly receiver_operating_characteristic_curve: { readonly false_positive_rates: readonly number[]; readonly true_positive_rates: readonly number[] };
    readonly precision_recall_curve: { readonly precisions: readonly number[]; readonly recalls: readonly number[] };
  };
}

/** The content of `evaluation.json` for a model of several classes. */
export interface MulticlassEvaluationJson {
  readonly multiclass_classification_metrics: {
    readonly accuracy: MetricJson;
    readonly macro_precision: MetricJson;
    readonly macro_recall: MetricJson;
    readonly macro_f1: MetricJson;
    readonly log_loss: MetricJson;
    readonly weighted_precision: MetricJson;
    readonly weighted_recall: MetricJson;
    readonly weighted_f1: MetricJson;
    /** By the name of the true class, then of the predicted class. */
    readonly confusion_matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/** The content of `evaluation.json` for a regression. */
export interface RegressionEvaluationJson {
  readonly regression_metrics: { readonly mae: MetricJson; readonly mse: MetricJson; readonly rmse: MetricJson; readonly r2: MetricJson };
}

/** The content of `evaluation.json`, in the shape that SageMaker's model quality files have. */
export type EvaluationJson = BinaryEvaluationJson | MulticlassEvaluationJson | RegressionEvaluationJson;

/** Writes an evaluation in SageMaker's shape. */
export function evaluationJson(evaluation: BinaryEvaluation): BinaryEvaluationJson;
export function evaluationJson(evaluation: MulticlassEvaluation): MulticlassEvaluationJson;
export function evaluationJson(evaluation: RegressionEvaluation): RegressionEvaluationJson;
export function evaluationJson(evaluation: BinaryEvaluation | MulticlassEvaluation | RegressionEvaluation): EvaluationJson;
export function evaluationJson(evaluation: BinaryEvaluation | MulticlassEvaluation | RegressionEvaluation): EvaluationJson {
  if (evaluation.task === 'binary') return binaryJson(evaluation);
  return evaluation.task === 'multiclass' ? multiclassJson(evaluation) : regressionJson(evaluation);
}

function binaryJson({ metrics, confusion, roc, precisionRecall }: BinaryEvaluation): BinaryEvaluationJson {
  return {
    binary_classification_metrics: {
      accuracy: metricJson(metrics.accuracy),
      auc: metricJson(metrics.auc),
      precision: metricJson(metrics.precision),
      recall: metricJson(metrics.recall),
      f1: metricJson(metrics.f1),
      log_loss: metricJson(metrics.log_loss),
      confusion_matrix: {
        '0': { '0': confusion.trueNegatives, '1': confusion.falsePositives },
        '1': { '0': confusion.falseNegatives, '1': confusion.truePositives },
      },
      receiver_operating_characteristic_curve: { false_positive_rates: roc.falsePositiveRates, true_positive_rates: roc.truePositiveRates },
      precision_recall_curve: { precisions: precisionRecall.precisions, recalls: precisionRecall.recalls },
    },
  };
}

function multiclassJson({ metrics, weighted, classes, confusion }: MulticlassEvaluation): MulticlassEvaluationJson {
  const byName = <Value>(values: readonly Value[]): Record<string, Value> => Object.fromEntries(classes.map(({ name }, index) => [name, values[index] as Value]));
  return {
    multiclass_classification_metrics: {
      accuracy: metricJson(metrics.accuracy),
      macro_precision: metricJson(metrics.macro_precision),
      macro_recall: metricJson(metrics.macro_recall),
      macro_f1: metricJson(metrics.macro_f1),
      log_loss: metricJson(metrics.log_loss),
      weighted_precision: metricJson(weighted.weighted_precision),
      weighted_recall: metricJson(weighted.weighted_recall),
      weighted_f1: metricJson(weighted.weighted_f1),
      confusion_matrix: byName(confusion.map(byName)),
    },
  };
}

function regressionJson({ metrics }: RegressionEvaluation): RegressionEvaluationJson {
  return { regression_metrics: { mae: metricJson(metrics.mae), mse: metricJson(metrics.mse), rmse: metricJson(metrics.rmse), r2: metricJson(metrics.r2) } };
}

function metricJson({ value, standardDeviation }: MeasuredMetric): MetricJson {
  return { value: finite(value), standard_deviation: finite(standardDeviation) };
}

function finite(value: number): number | 'NaN' {
  return Number.isFinite(value) ? value : 'NaN';
}
