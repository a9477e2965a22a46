import type { Call, Operation, Output } from '../../../core/call.ts';
import { AwsError } from '../../../core/errors.ts';
import { listPage } from '../lists.ts';
import type { ListInput } from '../lists.ts';
import { checkLength, invalid } from '../validate.ts';
import { checkModelCardContent } from './card.ts';
import { checkGroupName, checkMetadata, checkPackage } from './check.ts';
import { checkModelSource } from './model-source.ts';
import { describeGroup, describePackage, summarisePackage, withoutCard } from './describe.ts';
import type { ApprovalStatus, ModelPackageInput, PackageRecord } from './record.ts';
import type { Registry } from './registry.ts';

interface ListPackagesInput extends ListInput {
  readonly ModelPackageGroupName?: string;
  readonly ModelApprovalStatus?: ApprovalStatus;
  readonly ModelPackageType?: 'Versioned' | 'Unversioned' | 'Both';
}

interface UpdateInput extends Pick<ModelPackageInput, 'ModelApprovalStatus' | 'CustomerMetadataProperties' | 'ModelCard' | 'InferenceSpecification' | 'SourceUri'> {
  readonly ModelPackageArn: string;
  readonly ApprovalDescription?: string;
  readonly CustomerMetadataPropertiesToRemove?: readonly string[];
  readonly ClientToken?: string;
}

/** The model registry's operations. */
export function registryOperations(registry: Registry): Readonly<Record<string, Operation>> {
  return {
    CreateModelPackageGroup({ ModelPackageGroupName: name, ModelPackageGroupDescription: description }: { ModelPackageGroupName: string; ModelPackageGroupDescription?: string }): Output {
      checkGroupName(name);
      const existing = registry.findGroup(name);
      if (existing !== undefined) throw invalid(`Model Package Group already exists: ${existing.arn}`);
      return { ModelPackageGroupArn: registry.putGroup(name, description).arn };
    },
    DescribeModelPackageGroup: ({ ModelPackageGroupName }: { ModelPackageGroupName: string }) => describeGroup(registry.group(ModelPackageGroupName)),
    ListModelPackageGroups: (input: ListInput) => listPage('ModelPackageGroupSummaryList', registry.groups(), input, 'Ascending', (group) => {
      const { CreatedBy: _by, ...summary } = describeGroup(group);
      return summary;
    }),
    DeleteModelPackageGroup({ ModelPackageGroupName: name }: { ModelPackageGroupName: string }): Output {
      if (!registry.removeGroup(name)) throw new AwsError('ConflictException', `Cannot delete model package group ${name}: it still holds model packages.`);
      return {};
    },
    CreateModelPackage(input: ModelPackageInput, { caller }: Call): Output {
      checkPackage(input);
      return { ModelPackageArn: registry.create(input, caller.arn).arn };
    },
    DescribeModelPackage({ ModelPackageName, IncludedData }: { ModelPackageName: string; IncludedData?: 'AllData' | 'MetadataOnly' }): Output {
      const described = describePackage(registry.package(ModelPackageName));
      return IncludedData === 'MetadataOnly' ? withoutCard(described) : described;
    },
    ListModelPackages: (input: ListPackagesInput) => listPage('ModelPackageSummaryList', select(registry, input), input, 'Ascending', summarisePackage),
    UpdateModelPackage: (input: UpdateInput, { caller }: Call) => ({ ModelPackageArn: update(registry, input, caller.arn).arn }),
    DeleteModelPackage({ ModelPackageName }: { ModelPackageName: string }): Output {
      registry.delete(ModelPackageName);
      return {};
    },
  };
}

function select(registry: Registry, { ModelPackageGroupName: group, ModelApprovalStatus: approval, ModelPackageType: type }: ListPackagesInput): PackageRecord[] {
  const wanted = type ?? (group === undefined ? 'Unversioned' : 'Versioned');
  const packages = group === undefined ? registry.packages() : registry.packages(registry.group(group).name);
  return packages.filter(
    ({ version, input }) =>
      (wanted === 'Both' || (version !== undefined) === (wanted === 'Versioned')) && (approval === undefined || input.ModelApprovalStatus === approval),
  );
}

function update(registry: Registry, { ModelPackageArn: arn, ApprovalDescription: approvalDescription, CustomerMetadataPropertiesToRemove: removed = [], ClientToken: _token, ...changes }: UpdateInput, lastModifiedBy: string): PackageRecord {
  checkLength('approvalDescription', approvalDescription, 1024);
  const record = registry.package(arn);
  if (changes.ModelCard !== undefined) checkCardUpdate(record, changes.ModelCard.ModelCardContent);
  const metadata = Object.entries({ ...record.input.CustomerMetadataProperties, ...changes.CustomerMetadataProperties }).filter(([key]) => !removed.includes(key));
  checkMetadata(Object.fromEntries(metadata));
  checkModelSource({ ...record.input, ...changes });
  const input = { ...record.input, ...changes, ...(changes.ModelCard === undefined ? {} : { ModelCard: { ...record.input.ModelCard, ...changes.ModelCard } }), ...(metadata.length === 0 ? {} : { CustomerMetadataProperties: Object.fromEntries(metadata) }) };
  const changedMembers = [...Object.keys(changes), ...(approvalDescription === undefined ? [] : ['ApprovalDescription'])];
  return registry.update({ ...record, input, ...(approvalDescription === undefined ? {} : { approvalDescription }) }, changedMembers, lastModifiedBy);
}

/** @throws {AwsError} for a card that is archived, and for content that does not follow the schema */
function checkCardUpdate(record: PackageRecord, content: string | undefined): void {
  if (record.input.ModelCard?.ModelCardStatus === 'Archived') throw new AwsError('ConflictException', 'Model Card is in Archived state');
  if (content !== undefined) checkModelCardContent(content);
}
