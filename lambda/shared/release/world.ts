import type { Logger } from '@aws-lambda-powertools/logger';
import { paginateListModelPackages } from '@aws-sdk/client-sagemaker';
import { ApprovalLayout } from '../approvals/layout.ts';
import { describePackage } from '../approvals/package-state.ts';
import { readRequest } from '../approvals/request.ts';
import { sagemaker } from '../clients/sagemaker.ts';
import { ArtifactMismatch, DataNotFound } from '../errors.ts';
import { versionOf } from '../../../model/spec/model-package.ts';
import { readRecord, writeRecord } from '../record-store.ts';
import type { ObjectLocation } from '../s3-uri.ts';
import { verifyArtifact } from '../verify.ts';
import type { Releasable, ReleaseWorld } from './reconcile.ts';

/** Where a pipeline's releases are decided. */
export interface ReleasePlaces {
  readonly artifactBucket: string;
  readonly pipeline: string;
  readonly modelPackageGroup: string;
  /** The deployment record of production. */
  readonly record: ObjectLocation;
}

/** The registry, the approvals and the record in AWS, with the versions that were passed over for their artifacts. */
export interface AwsReleaseWorld extends ReleaseWorld {
  readonly unusable: ReadonlyMap<string, Error>;
}

/**
 * The world of one call: an artifact is read once.
 * @param decided the version that this is about, which a list of the registry may not show as approved yet.
 */
export function releaseWorld({ artifactBucket, pipeline, modelPackageGroup, record }: ReleasePlaces, decided: string, logger: Logger): AwsReleaseWorld {
  const unusable = new Map<string, Error>();
  const verified = new Set<string>();

  async function isUsable(modelPackageArn: string, { model }: Releasable): Promise<boolean> {
    if (verified.has(modelPackageArn)) return true;
    if (unusable.has(modelPackageArn)) return false;
    try {
      await verifyArtifact(model.artifact);
      verified.add(modelPackageArn);
      return true;
    } catch (error) {
      if (!(error instanceof ArtifactMismatch || error instanceof DataNotFound)) throw error;
      logger.error('An approved version cannot be released', { modelPackageArn, error });
      unusable.set(modelPackageArn, error);
      return false;
    }
  }

  return {
    unusable,
    readRecord: () => readRecord(record),
    async writeRecord(next, replaced) {
      await writeRecord(record, next, replaced);
      logger.info('The record of production was written', { stable: next.stable.modelPackageArn, previous: next.previous });
    },
    async candidates() {
      const arns = new Set([decided]);
      const pages = paginateListModelPackages({ client: sagemaker, pageSize: 100 }, { ModelPackageGroupName: modelPackageGroup, ModelApprovalStatus: 'Approved' });
      for await (const page of pages) for (const { ModelPackageArn: arn } of page.ModelPackageSummaryList ?? []) if (arn !== undefined) arns.add(arn);
      return [...arns].sort((a, b) => Number(versionOf(b)) - Number(versionOf(a)));
    },
    // A list may lag behind; the description of a version does not.
    isApproved: async (modelPackageArn) => (await describePackage(modelPackageArn)).status === 'Approved',
    async releasable(modelPackageArn) {
      const request = await readRequest(new ApprovalLayout(artifactBucket, pipeline, modelPackageArn));
      if (request === undefined) return undefined;
      const found = { model: request.model, run: request.run.name };
      return (await isUsable(modelPackageArn, found)) ? found : undefined;
    },
  };
}
