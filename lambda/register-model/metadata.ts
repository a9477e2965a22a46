import { describeSplit } from '../../model/spec/split-summary.ts';
import type { Lineage, SourceFile } from '../../model/spec/lineage.ts';
import { gateProperties } from './gate-properties.ts';

/** SageMaker's bounds on CustomerMetadataProperties. */
const bounds = { keys: 50, key: 128, value: 256 };

/**
 * Where the version comes from, and what it reached, for whoever looks at the registry alone. What has no room any more stands in the
 * lineage's file; the most important keys come first. Values that are too long end in `...`.
 */
export function metadata({ model, data, split, features, training, revision, execution, evaluation }: Lineage, lineageFile: SourceFile): Record<string, string> {
  const [dataset] = data.objects;
  const numbers = Object.entries(evaluation.metrics).filter(([, value]) => value !== null);
  const entries: [string, string | undefined][] = [
    ['artifactSha256', model.artifact.sha256],
    ['artifactVersionId', model.artifact.versionId],
    ['executionArn', execution.arn],
    ['trainedAt', execution.startedAt],
    ['gitCommit', revision],
    ['dataset', data.manifest?.uri ?? dataset?.uri],
    ['datasetVersionId', data.manifest === undefined ? dataset?.versionId : undefined],
    ['datasetSha256', data.manifest?.sha256 ?? dataset?.sha256],
    ['datasetObjects', data.objects.length === 1 ? undefined : String(data.objects.length)],
    ['datasetRows', String(data.rows)],
    ['featuresSha256', features.sha256],
    ['split', describeSplit(split.summary)],
    ['splitRows', [split.rows.train, split.rows.validation, split.rows.test].join('/')],
    ['task', model.task],
    ['classes', model.classes === undefined ? undefined : String(model.classes)],
    ['trainer', model.trainer],
    ['trainingJobArn', training.arn],
    ['tuningJobArn', training.tuning?.arn],
    ['tuningTrials', training.tuning === undefined ? undefined : String(training.tuning.trials)],
    ['trainingImage', training.image],
    ['trainingImageDigest', training.imageDigest],
    ['servingImage', model.servingImage],
    ['report', evaluation.report],
    ['lineage', lineageFile.uri],
    ['lineageSha256', lineageFile.sha256],
    ...numbers.map(([name, value]): [string, string] => [`metric.${name}`, String(value)]),
    ...gateProperties(evaluation.gates),
    ...Object.entries(training.hyperParameters).map(([name, value]): [string, string] => [`hyperparameter.${name}`, value]),
  ];
  const present = entries.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return Object.fromEntries(present.slice(0, bounds.keys).map(([name, value]) => [allowed(name, bounds.key), allowed(value, bounds.value)]));
}

/** A text within SageMaker's length and alphabet (letters, digits, spaces and _.:/=+-@); anything else becomes `_`. */
function allowed(text: string, longest: number): string {
  const safe = text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_');
  return safe.length <= longest ? safe : `${safe.slice(0, longest - 3)}...`;
}
