import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { embeddedMetrics } from '../../../model/serving/embedded-metrics.ts';
import type { Observation } from '../../../model/serving/http/call.ts';
import { LiveModels } from '../../../model/serving/live-models.ts';
import { accessEntry } from '../../../model/serving/metrics/access-log.ts';
import { metricsNamespace } from '../../../model/spec/serving-metrics.ts';
import type { ObjectLocation } from '../s3-uri.ts';
import { fetchModel } from './fetch-model.ts';
import { readRecord } from './record-reader.ts';

/** The models that a deployment record names, for a function that serves them. */
export function followRecord(record: ObjectLocation, revalidateMs: number, logger: Logger, metrics: Metrics): LiveModels {
  return new LiveModels(
    {
      readRecord: (etag) => readRecord(record, etag),
      load: fetchModel,
      // The wall clock: a monotonic one may stand still while Lambda keeps the function frozen.
      now: () => Date.now(),
      random: Math.random,
      onFailure: (what, error, details) => {
        logger.error(what === 'model' ? 'The deployed model is refused' : 'The deployment record cannot be read', { error, ...details });
        metrics.addMetric(what === 'model' ? 'ModelLoadFailures' : 'RecordReadFailures', MetricUnit.Count, 1);
      },
      onLoaded: ({ modelName, modelVersion, artifact }, seconds) => logger.info('A model was loaded', { modelName, modelVersion, artifact, seconds }),
    },
    revalidateMs,
  );
}

/**
 * Reports requests as metrics of a target: as lines of the function's log, which are the requests' entries in it too. Past the console, which Lambda
 * wraps in JSON of its own.
 */
export function reportTo(target: string, withPayloads: boolean): (answered: Observation) => void {
  const namespace = process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace;
  const isSilent = process.env['POWERTOOLS_METRICS_DISABLED'] === 'true';
  return (answered) => {
    if (!answered.predicts || isSilent) return;
    for (const line of embeddedMetrics(namespace, target, [answered], Date.now(), accessEntry(answered, withPayloads))) process.stdout.write(`${line}\n`);
  };
}
