import type { BinaryEvaluation, MeasuredMetric } from './evaluate.ts';

/** A metric as SageMaker's model quality files write it; what cannot be computed is the text "NaN". */
export interface MetricJson {
  readonly value: number | 'NaN';
  readonly standard_deviation: number | 'NaN';
}

/** The content of `evaluation.json` for a binary model, in the shape that SageMaker's model quality files have. */
export interface EvaluationJson {
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

/** Writes an evaluation in SageMaker's shape. */
export function evaluationJson({ metrics, confusion, roc, precisionRecall }: BinaryEvaluation): EvaluationJson {
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

function metricJson({ value, standardDeviation }: MeasuredMetric): MetricJson {
  return { value: finite(value), standard_deviation: finite(standardDeviation) };
}

function finite(value: number): number | 'NaN' {
  return Number.isFinite(value) ? value : 'NaN';
}
