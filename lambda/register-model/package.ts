import type { CreateModelPackageCommandInput } from '@aws-sdk/client-sagemaker';
import { describeSplit } from '../../model/spec/split-summary.ts';
import { sha256 } from '../shared/digest.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import type { Registration } from './payload.ts';

/** SageMaker's bounds on CustomerMetadataProperties. */
const metadataBounds = { keys: 50, value: 256 };

/** A description may hold 1024 characters. */
const descriptionLength = 1024;

/**
 * The CreateModelPackage request of a run. It depends on the run alone, so that the same step run twice is the same request.
 *
 * The artifact goes by `SourceUri`, without an inference specification: that names the container that serves the model, and Slipway's
 * Lambda serves it without one. (SageMaker takes one or the other; a specification can be added to the package later.)
 */
export function modelPackage(pipeline: string, group: string, registration: Registration): CreateModelPackageCommandInput {
  const { run, artifact, evaluation, statistics, constraints } = registration;
  return {
    ModelPackageGroupName: group,
    ModelPackageDescription: `${pipeline}: ${evaluation.summary}`.slice(0, descriptionLength),
    SourceUri: formatS3Uri(artifact),
    ModelApprovalStatus: 'Approved',
    ModelMetrics: {
      ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: evaluation.evaluation } },
      ModelDataQuality: {
        Statistics: { ContentType: 'application/json', S3Uri: statistics },
        Constraints: { ContentType: 'application/json', S3Uri: constraints },
      },
    },
    CustomerMetadataProperties: metadata(registration),
    ClientToken: clientToken(pipeline, run.executionArn),
  };
}

/** At most 36 characters of [A-Za-z0-9-]; the same for each try of the same run. */
export function clientToken(pipeline: string, executionArn: string): string {
  return sha256(JSON.stringify([pipeline, executionArn])).slice(0, 36);
}

/** Where the version comes from, and what it reached. Values that are too long end in `...`; the most important keys come first. */
function metadata({ run, artifact, trainer, task, classes, evaluation, dataset, split, trainingJob }: Registration): Record<string, string> {
  const numbers = Object.entries(evaluation.metrics).filter(([, value]) => value !== null);
  const entries: [string, string | undefined][] = [
    ['artifactSha256', artifact.sha256],
    ['artifactVersionId', artifact.versionId],
    ['executionArn', run.executionArn],
    ['trainedAt', run.startedAt],
    ['dataset', formatS3Uri(dataset)],
    ['datasetVersionId', dataset.versionId],
    ['datasetSha256', dataset.sha256],
    ['split', describeSplit(split)],
    ['task', task],
    ['classes', classes === 0 ? undefined : String(classes)],
    ['trainer', trainer],
    ['trainingJobArn', trainingJob.arn],
    ['trainingImage', trainingJob.image],
    ['report', evaluation.report],
    ...numbers.map(([name, value]): [string, string] => [`metric.${name}`, String(value)]),
    ...evaluation.gates.map((gate): [string, string] => [`gate.${gate.metric}`, `${gate.comparison} ${String(gate.threshold)}`]),
    ...Object.entries(trainingJob.hyperParameters).map(([name, value]): [string, string] => [`hyperparameter.${name}`, value]),
  ];
  const present = entries.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return Object.fromEntries(present.slice(0, metadataBounds.keys).map(([name, value]) => [name, allowed(value)]));
}

/** A value within SageMaker's length and alphabet (letters, digits, spaces and _.:/=+-@); anything else becomes `_`. */
function allowed(value: string): string {
  const safe = value.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_');
  return safe.length <= metadataBounds.value ? safe : `${safe.slice(0, metadataBounds.value - 3)}...`;
}
