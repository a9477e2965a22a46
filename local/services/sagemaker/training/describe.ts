import { metricDefinitions } from '../../../compute/training/metrics.ts';
import type { Output } from '../../../core/call.ts';
import type { TrainingJobRecord } from './record.ts';

/** The answer of DescribeTrainingJob. */
export function describeTrainingJob(record: TrainingJobRecord): Output {
  const { Tags: _tags, ...input } = record.input;
  const { trainingStartTime: started, trainingEndTime: ended } = record;
  const image = input.AlgorithmSpecification.TrainingImage ?? '';
  const definitions = metricDefinitions(image, input.AlgorithmSpecification.MetricDefinitions ?? []);
  const seconds = started === undefined || ended === undefined ? undefined : Math.round((Date.parse(ended) - Date.parse(started)) / 1000);
  return {
    ...input,
    AlgorithmSpecification: { ...input.AlgorithmSpecification, ...(definitions.length === 0 ? {} : { MetricDefinitions: definitions }) },
    TrainingJobArn: record.arn,
    TrainingJobStatus: record.status,
    SecondaryStatus: record.transitions.at(-1)?.Status,
    SecondaryStatusTransitions: record.transitions.map(({ StartTime, EndTime, ...transition }) => ({
      ...transition,
      StartTime: new Date(StartTime),
      ...(EndTime === undefined ? {} : { EndTime: new Date(EndTime) }),
    })),
    CreationTime: new Date(record.creationTime),
    LastModifiedTime: new Date(record.lastModifiedTime),
    ...(started === undefined ? {} : { TrainingStartTime: new Date(started) }),
    ...(ended === undefined ? {} : { TrainingEndTime: new Date(ended) }),
    ...(seconds === undefined ? {} : { TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds }),
    ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
    ...(record.modelArtifacts === undefined ? {} : { ModelArtifacts: { S3ModelArtifacts: record.modelArtifacts } }),
    ...(record.metrics.length === 0 ? {} : { FinalMetricDataList: record.metrics.map((metric) => ({ ...metric, Timestamp: new Date(metric.Timestamp) })) }),
    EnableNetworkIsolation: (input as { EnableNetworkIsolation?: boolean }).EnableNetworkIsolation ?? false,
    EnableInterContainerTrafficEncryption: (input as { EnableInterContainerTrafficEncryption?: boolean }).EnableInterContainerTrafficEncryption ?? false,
    EnableManagedSpotTraining: (input as { EnableManagedSpotTraining?: boolean }).EnableManagedSpotTraining ?? false,
  };
}
