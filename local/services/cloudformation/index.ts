import { deploymentRecords, type ResourceRecord, type StackRecord } from '../../assembly/records.ts';
import type { Operation } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { customResourceProvider } from './custom-resources.ts';

/** AWS CloudFormation, for reading: clients find stacks, outputs and physical ids as they do on AWS. */
export function createCloudFormation(context: LaptopContext): ServiceModule {
  const { store } = context;
  const records = deploymentRecords(store);

  function stack(nameOrId: string | undefined): StackRecord {
    const found = records.stacks.list().find(({ value }) => value.stackName === nameOrId || value.stackId === nameOrId);
    if (!found) throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
    return found.value;
  }

  function resources({ stackName }: StackRecord): ResourceRecord[] {
    return records.resources.list(`${stackName}/`).map(({ value }) => value);
  }

  const operations: Record<string, Operation> = {
    DescribeStacks({ StackName: name }) {
      const stacks = name === undefined ? records.stacks.list().map(({ value }) => value) : [stack(name)];
      return { Stacks: stacks.map(describeStack) };
    },

    ListStacks({ StackStatusFilter: statuses }) {
      const stacks = records.stacks.list().filter(({ value }) => !statuses?.length || statuses.includes(value.status));
      return { StackSummaries: stacks.map(({ value }) => identify(value)) };
    },

    DescribeStackResources({ StackName: name, LogicalResourceId: logicalId }) {
      const owner = stack(name);
      const wanted = resources(owner).filter(({ declaration }) => logicalId === undefined || declaration.logicalId === logicalId);
      return { StackResources: wanted.map((record) => ({ StackName: owner.stackName, StackId: owner.stackId, Timestamp: new Date(record.updatedAt), ...describeResource(record) })) };
    },

    DescribeStackResource({ StackName: name, LogicalResourceId: logicalId }) {
      const owner = stack(name);
      const record = resources(owner).find(({ declaration }) => declaration.logicalId === logicalId);
      if (!record) throw new AwsError('ValidationError', `Resource ${logicalId} does not exist for stack ${owner.stackName}`);
      return { StackResourceDetail: { StackName: owner.stackName, StackId: owner.stackId, LastUpdatedTimestamp: new Date(record.updatedAt), Metadata: JSON.stringify(record.declaration.metadata), ...describeResource(record) } };
    },

    ListStackResources({ StackName: name }) {
      return { StackResourceSummaries: resources(stack(name)).map((record) => ({ LastUpdatedTimestamp: new Date(record.updatedAt), ...describeResource(record) })) };
    },

    GetTemplate: ({ StackName: name }) => ({ TemplateBody: stack(name).template, StagesAvailable: ['Original', 'Processed'] }),

    ListExports() {
      const exports = records.stacks.list().flatMap(({ value }) => value.outputs.flatMap(({ exportName, value: exported }) => (exportName === undefined ? [] : [{ ExportingStackId: value.stackId, Name: exportName, Value: exported }])));
      return { Exports: exports };
    },
  };
  return { services: [{ name: 'cloudformation', operations }], providers: [customResourceProvider(context)] };
}

function identify({ stackId, stackName, status, statusReason, createdAt, updatedAt }: StackRecord): Record<string, unknown> {
  return {
    StackId: stackId,
    StackName: stackName,
    StackStatus: status,
    CreationTime: new Date(createdAt),
    ...(updatedAt !== undefined && { LastUpdatedTime: new Date(updatedAt) }),
    ...(statusReason !== undefined && { StackStatusReason: statusReason }),
  };
}

function describeStack(record: StackRecord): Record<string, unknown> {
  const { description, outputs, parameters, tags, parentId } = record;
  return {
    ...identify(record),
    ...(description !== undefined && { Description: description }),
    ...(parentId !== undefined && { ParentId: parentId }),
    Outputs: outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      ...(output.description !== undefined && { Description: output.description }),
      ...(output.exportName !== undefined && { ExportName: output.exportName }),
    })),
    Parameters: pairs(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: pairs(tags).map(([Key, Value]) => ({ Key, Value })),
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  };
}

function describeResource({ declaration, provisioned, failure }: ResourceRecord): Record<string, unknown> {
  return {
    LogicalResourceId: declaration.logicalId,
    PhysicalResourceId: provisioned.physicalId,
    ResourceType: declaration.type,
    ...(failure === undefined ? { ResourceStatus: 'CREATE_COMPLETE' } : { ResourceStatus: 'UPDATE_FAILED', ResourceStatusReason: failure }),
  };
}

function pairs(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record);
}
