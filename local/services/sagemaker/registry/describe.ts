import type { Output } from '../../../core/call.ts';
import type { GroupRecord, PackageRecord } from './record.ts';

/** The answer of DescribeModelPackage. */
export function describePackage(record: PackageRecord): Output {
  const { ClientToken: _token, Tags: _tags, ...input } = record.input;
  return {
    ...input,
    ...identity(record),
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: false,
    CreationTime: new Date(record.creationTime),
    ...(record.createdBy === undefined ? {} : { CreatedBy: userContext(record.createdBy) }),
    LastModifiedTime: new Date(record.lastModifiedTime),
    ...(record.lastModifiedBy === undefined ? {} : { LastModifiedBy: userContext(record.lastModifiedBy) }),
    ...(record.approvalDescription === undefined ? {} : { ApprovalDescription: record.approvalDescription }),
  };
}

/** The answer without what a card encrypts: of a model package's card the rating of its risk is left. */
export function withoutCard(described: Output): Output {
  const card = described['ModelCard'] as { readonly ModelCardContent?: string } | undefined;
  if (card?.ModelCardContent === undefined) return described;
  const { intended_uses: uses } = JSON.parse(card.ModelCardContent) as { intended_uses?: { risk_rating?: string } };
  const left = uses?.risk_rating === undefined ? {} : { intended_uses: { risk_rating: uses.risk_rating } };
  return { ...described, ModelCard: { ...card, ModelCardContent: JSON.stringify(left) } };
}

/** A user context of somebody outside of Studio. As in STS, a session's unique id ends in its name; the role's name stands where AWS has the role's id. */
function userContext(arn: string): Output {
  return { IamIdentity: { Arn: arn, PrincipalId: arn.split('/').slice(1).join(':') } };
}

/** An entry of ListModelPackages. */
export function summarisePackage(record: PackageRecord): Output {
  const { ModelPackageDescription, ModelApprovalStatus } = record.input;
  return {
    ...identity(record),
    ...(ModelPackageDescription === undefined ? {} : { ModelPackageDescription }),
    ...(ModelApprovalStatus === undefined ? {} : { ModelApprovalStatus }),
    ModelPackageStatus: 'Completed',
    CreationTime: new Date(record.creationTime),
  };
}

function identity({ arn, name, version }: PackageRecord): Output {
  return { ModelPackageArn: arn, ModelPackageName: name, ...(version === undefined ? {} : { ModelPackageGroupName: name, ModelPackageVersion: version }) };
}

/** The answer of DescribeModelPackageGroup. */
export function describeGroup({ name, arn, description, creationTime }: GroupRecord): Output {
  return {
    ModelPackageGroupName: name,
    ModelPackageGroupArn: arn,
    ...(description === undefined ? {} : { ModelPackageGroupDescription: description }),
    CreationTime: new Date(creationTime),
    CreatedBy: {},
    ModelPackageGroupStatus: 'Completed',
  };
}
