import type { DataObject, Lineage, SourceFile } from '../../model/spec/lineage.ts';
import { isFolder, type Fetchable } from '../shared/dataset-files.ts';
import { sha256 } from '../shared/digest.ts';
import type { TuningResult } from '../shared/payload.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import type { Registration } from './payload.ts';

/** The digests of the run's reports, which the registration itself does not carry. */
export interface ReportDigests {
  readonly evaluation: string;
  readonly statistics: string;
  readonly constraints: string;
}

/**
 * Where a run's model comes from. It depends on the run alone: the same step run twice writes the same bytes.
 * @param files the objects that were validated
 */
export function lineageOf(name: string, registration: Registration, digests: ReportDigests, files: readonly Fetchable[]): Lineage {
  const { run, artifact, trainer, task, classes, dataset, evaluation, trainingJob, declared } = registration;
  const imageDigest = imageDigestOf(trainingJob.image);
  return {
    version: 1,
    model: {
      name,
      task,
      ...(classes === 0 ? {} : { classes }),
      trainer,
      artifact: dataObject(artifact),
      ...(declared.serving === undefined ? {} : { servingImage: declared.serving.image }),
    },
    data: {
      objects: files.map((file) => dataObject({ bucket: dataset.bucket, ...file })),
      // Of one object the digest is its own.
      ...(dataset.manifest === undefined || dataset.sha256 === undefined || !isFolder(dataset.key) ? {} : { manifest: file(dataset.manifest, dataset.sha256) }),
      rows: registration.fileRows,
      statistics: file(registration.statistics, digests.statistics),
      constraints: file(registration.constraints, digests.constraints),
    },
    split: { summary: registration.split, rows: registration.rows },
    features: { sha256: sha256(JSON.stringify(registration.features)), declared: registration.features },
    training: {
      name: trainingJob.name,
      arn: trainingJob.arn,
      image: trainingJob.image,
      ...(imageDigest === undefined ? {} : { imageDigest }),
      hyperParameters: trainingJob.hyperParameters,
      ...(trainingJob.tuning === undefined ? {} : { tuning: tuningOf(trainingJob.tuning) }),
    },
    ...(declared.revision === undefined ? {} : { revision: declared.revision }),
    execution: { name: run.name, arn: run.executionArn, ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }) },
    evaluation: {
      summary: evaluation.summary,
      metrics: evaluation.metrics,
      gates: evaluation.gates,
      evaluation: file(evaluation.evaluation, digests.evaluation),
      report: evaluation.report,
    },
  };
}

function tuningOf({ name, arn, trials, objective: { metric, value } }: TuningResult): NonNullable<Lineage['training']['tuning']> {
  return { name, arn, trials, objective: { metric, ...(typeof value === 'number' ? { value } : {}) } };
}

/** The lineage as its file has it. */
export function lineageText(lineage: Lineage): string {
  return `${JSON.stringify(lineage, null, 2)}\n`;
}

function file(uri: string, digest: string): SourceFile {
  return { uri, sha256: digest };
}

function dataObject(location: { readonly bucket: string; readonly key: string; readonly versionId?: string | undefined; readonly sha256?: string | undefined }): DataObject {
  return {
    uri: formatS3Uri(location),
    ...(location.versionId === undefined ? {} : { versionId: location.versionId }),
    ...(location.sha256 === undefined ? {} : { sha256: location.sha256 }),
  };
}

/** The digest in `registry/repository@sha256:..`; a tag may come to mean another image, and tells none. */
function imageDigestOf(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}
