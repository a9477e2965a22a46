import type { CreateModelPackageCommandInput, MetricsSource } from '@aws-sdk/client-sagemaker';
import type { Lineage, SourceFile } from '../../model/spec/lineage.ts';
import { sha256 } from '../shared/digest.ts';
import { modelCard } from './card.ts';
import { metadata } from './metadata.ts';
import type { Registration } from './payload.ts';
import { modelSource } from './source.ts';

/** A description may hold 1024 characters. */
const descriptionLength = 1024;

/**
 * The CreateModelPackage request of a run. It depends on the run alone, so that the same step run twice is the same request.
 * @param lineageFile where the whole lineage lies
 */
export function modelPackage(group: string, registration: Registration, lineage: Lineage, lineageFile: SourceFile): CreateModelPackageCommandInput {
  const { run, declared } = registration;
  const { evaluation, data } = lineage;
  const dataQuality = { Statistics: source(data.statistics), Constraints: source(data.constraints) };
  return {
    ModelPackageGroupName: group,
    ModelPackageDescription: `${lineage.model.name}: ${evaluation.summary}`.slice(0, descriptionLength),
    ...modelSource(lineage.model.artifact.uri, declared.serving),
    ModelApprovalStatus: registration.approvalStatus,
    ModelMetrics: { ModelQuality: { Statistics: source(evaluation.evaluation) }, ModelDataQuality: dataQuality },
    // What later data and a later model are compared with, by whoever monitors this one.
    DriftCheckBaselines: { ModelQuality: { Statistics: source(evaluation.evaluation) }, ModelDataQuality: dataQuality },
    ModelCard: { ModelCardContent: modelCard(lineage, declared.card), ModelCardStatus: 'Draft' },
    CustomerMetadataProperties: metadata(lineage, lineageFile),
    ClientToken: clientToken(lineage.model.name, run.executionArn),
  };
}

/** At most 36 characters of [A-Za-z0-9-]; the same for each try of the same run. */
export function clientToken(pipeline: string, executionArn: string): string {
  return sha256(JSON.stringify([pipeline, executionArn])).slice(0, 36);
}

function source({ uri, sha256: digest }: SourceFile): MetricsSource {
  return { ContentType: 'application/json', S3Uri: uri, ContentDigest: `sha256:${digest}` };
}
