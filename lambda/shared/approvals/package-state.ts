import { DescribeModelPackageCommand, type ModelApprovalStatus, type UserContext } from '@aws-sdk/client-sagemaker';
import { sagemaker } from '../clients/sagemaker.ts';

/** How a version stands in the registry. */
export interface PackageState {
  readonly modelPackageArn: string;
  readonly status: ModelApprovalStatus;
  /** Who changed it last, as SageMaker tells; null where it does not. */
  readonly by: string | null;
  /** When it was changed last, ISO. */
  readonly at: string;
  /** `ApprovalDescription`. */
  readonly reason: string | null;
}

/** Asks the registry how a version stands: events may be late, doubled or out of order. */
export async function describePackage(modelPackageArn: string): Promise<PackageState> {
  const model = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }));
  return {
    modelPackageArn,
    // SageMaker's own default.
    status: model.ModelApprovalStatus ?? 'PendingManualApproval',
    by: nameOf(model.LastModifiedBy ?? model.CreatedBy),
    at: (model.LastModifiedTime ?? model.CreationTime ?? new Date(0)).toISOString(),
    reason: model.ApprovalDescription ?? null,
  };
}

function nameOf(user: UserContext | undefined): string | null {
  const { IamIdentity: identity, UserProfileArn: profile } = user ?? {};
  // A person in Studio acts under the domain's role: the profile tells who, and so does the source identity where one is set.
  const who = profile ?? identity?.Arn ?? identity?.PrincipalId;
  if (who === undefined) return null;
  return identity?.SourceIdentity === undefined ? who : `${who} (${identity.SourceIdentity})`;
}
