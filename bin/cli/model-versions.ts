import { DescribeModelPackageCommand, paginateListModelPackages, SageMakerClient, type UserContext } from '@aws-sdk/client-sagemaker';
import { findApplication } from './application.ts';
import { clientConfig, connect, type Connection, type ConnectionOptions } from './connection.ts';
import { CommandError } from './errors.ts';
import type { Metrics } from './figures.ts';

/** The options of every command that asks the registry. */
export interface RegistryOptions extends ConnectionOptions {
  readonly stacks: string;
  readonly json?: boolean;
}

/** A version in the registry. */
export interface ModelVersion {
  readonly version: number;
  readonly approval?: string;
  /** ISO 8601. */
  readonly created?: string;
  readonly arn: string;
  readonly description?: string;
  /** What was said when it was approved or rejected. */
  readonly approvalDescription?: string;
  /** Who changed it last, as far as SageMaker tells: whoever decided on it, as a rule. */
  readonly changedBy?: string;
  /** The model card's content, as SageMaker keeps it. */
  readonly card?: unknown;
  /** `CustomerMetadataProperties`: where the version comes from, and what it reached. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A client of the registry. */
export function registryClient(connection: Connection): SageMakerClient {
  return new SageMakerClient(clientConfig(connection));
}

/** Asks the registry of the deployed app. */
export async function withRegistry<T>(options: RegistryOptions, use: (client: SageMakerClient, group: string) => Promise<T>): Promise<T> {
  const connection = await connect(options);
  const { modelPackageGroup } = await findApplication(connection, options.stacks);
  const client = registryClient(connection);
  try {
    return await use(client, modelPackageGroup);
  } finally {
    client.destroy();
  }
}

/** All versions, the newest first, without their cards. */
export async function listVersions(client: SageMakerClient, group: string): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  for (const { arn } of await arnsOf(client, group)) {
    const { card: _, ...version } = await describeVersion(client, arn);
    versions.push(version);
  }
  return versions;
}

/** One version by its number or ARN, or the highest. @throws CommandError that names those that there are */
export async function findVersion(client: SageMakerClient, group: string, version: number | string): Promise<ModelVersion> {
  if (typeof version === 'string' && version.startsWith('arn:')) return describeVersion(client, version);
  const all = (await arnsOf(client, group)).toSorted((a, b) => b.version - a.version);
  const found = version === 'latest' ? all[0] : all.find((candidate) => candidate.version === version);
  if (found === undefined) {
    const known = all.map((candidate) => candidate.version).join(', ');
    throw new CommandError(`${group} has no ${version === 'latest' ? 'version' : `version ${String(version)}`}: ${known === '' ? 'no model is registered yet' : `it has ${known}`}.`);
  }
  return describeVersion(client, found.arn);
}

/** The properties called `metric.*`, as numbers. */
export function metricsOf({ properties }: Pick<ModelVersion, 'properties'>): Metrics {
  const prefix = 'metric.';
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), Number(value)]));
}

async function arnsOf(client: SageMakerClient, group: string): Promise<{ version: number; arn: string }[]> {
  const arns = [];
  for await (const page of paginateListModelPackages({ client }, { ModelPackageGroupName: group, SortBy: 'CreationTime', SortOrder: 'Descending' })) {
    for (const { ModelPackageArn: arn = '', ModelPackageVersion: version = 0 } of page.ModelPackageSummaryList ?? []) arns.push({ version, arn });
  }
  return arns;
}

function whoChanged(user: UserContext | undefined): { changedBy?: string } {
  const changedBy = user?.UserProfileArn ?? user?.IamIdentity?.Arn;
  return changedBy === undefined ? {} : { changedBy };
}

async function describeVersion(client: SageMakerClient, arn: string): Promise<ModelVersion> {
  const model = await client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  return {
    version: model.ModelPackageVersion ?? 0,
    ...(model.ModelApprovalStatus === undefined ? {} : { approval: model.ModelApprovalStatus }),
    ...(model.CreationTime === undefined ? {} : { created: model.CreationTime.toISOString() }),
    arn: model.ModelPackageArn ?? arn,
    ...(model.ModelPackageDescription === undefined ? {} : { description: model.ModelPackageDescription }),
    ...(model.ApprovalDescription === undefined ? {} : { approvalDescription: model.ApprovalDescription }),
    ...whoChanged(model.LastModifiedBy),
    ...(model.ModelCard?.ModelCardContent === undefined ? {} : { card: JSON.parse(model.ModelCard.ModelCardContent) as unknown }),
    properties: model.CustomerMetadataProperties ?? {},
  };
}
