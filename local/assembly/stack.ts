import type { ProvisionContext, Provisioned, ResourceDeclaration, ResourceProvider } from '../core/resource.ts';
import { reachAll, type Reach } from './addresses.ts';
import { declaredResource } from './declared.ts';
import type { DeployOptions } from './deploy-options.ts';
import { resolve } from './intrinsics.ts';
import type { AssemblyStack } from './manifest.ts';
import { hashText, physicalName } from './names.ts';
import { deploymentOrder } from './order.ts';
import { resourceKey, type DeploymentRecords, type ResourceRecord, type StackOutput, type StackRecord } from './records.ts';
import { retire } from './removal.ts';
import { settleStack, type Settling } from './settling.ts';
import { stackScope, type DeployedResource, type StackContext } from './scope.ts';
import { AssemblyError, type TemplateResource } from './template.ts';

/** One stack on its way up, and the state that it shares with the others. */
export interface StackDeployment extends Omit<DeployOptions, 'providers'> {
  readonly stack: AssemblyStack;
  readonly parameters: Readonly<Record<string, string>>;
  readonly parentId?: string;
  readonly providers: ReadonlyMap<string, ResourceProvider>;
  readonly records: DeploymentRecords;
  /** Exports of the stacks that are up; this one adds its own. */
  readonly exports: Map<string, unknown>;
  readonly counts: { readonly served: Record<string, number>; readonly declared: Record<string, number> };
  /** Keys of the stacks and resources that the assembly holds; the rest is removed in the end. */
  readonly live: Set<string>;
  assetPath(bucket: string, key: string): string | undefined;
}

/** A deployment, with what of it goes on after the stack stands. */
type Running = StackDeployment & { readonly settling: Settling[] };

/** In every CDK template, and of no use to anyone here. */
const ignoredTypes: ReadonlySet<string> = new Set(['AWS::CDK::Metadata', 'AWS::CloudFormation::WaitConditionHandle']);

/** Brings one stack up, resource by resource, and answers its outputs. */
export async function deployStack(given: StackDeployment): Promise<StackOutput[]> {
  const deployment: Running = { ...given, settling: [] };
  const { stack, records, environment, parameters } = deployment;
  const { stackName, template } = stack;
  const stackId = `arn:${environment.partition}:cloudformation:${environment.region}:${environment.accountId}:stack/${stackName}/${stackUuid(stackName)}`;
  const deployed = new Map<string, DeployedResource>();
  const context: StackContext = { stack, stackId, environment, parameters, resources: deployed, exports: deployment.exports };
  const record = startRecord(deployment, stackId);
  try {
    refuseMacros(stack);
    const scope = stackScope(context, stackName);
    const included = Object.entries(template.Resources ?? {}).filter(([, resource]) => !ignoredTypes.has(resource.Type) && (resource.Condition === undefined || scope.condition(resource.Condition)));
    const resources = Object.fromEntries(included);
    for (const [order, logicalId] of deploymentOrder(stackName, resources).entries()) {
      deployed.set(logicalId, await deployResource(deployment, context, logicalId, resources[logicalId]!, order));
    }
    const outputs = resolveOutputs(context, deployment.reach);
    for (const { exportName, value } of outputs) if (exportName !== undefined) deployment.exports.set(exportName, value);
    const done: StackRecord = { ...record, outputs, status: record.updatedAt === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE' };
    records.stacks.put(stackName, deployment.settling.length === 0 ? done : { ...record, outputs });
    if (deployment.settling.length > 0) void settleStack(deployment.settling, done, deployment);
    return outputs;
  } catch (error) {
    records.stacks.put(stackName, { ...record, status: record.updatedAt === undefined ? 'CREATE_FAILED' : 'UPDATE_FAILED', statusReason: (error as Error).message });
    throw error;
  }
}

function refuseMacros({ stackName, template: { Transform = [] } }: AssemblyStack): void {
  const [macro] = [Transform].flat().filter((name) => name !== 'AWS::LanguageExtensions');
  if (macro !== undefined) throw new AssemblyError(`${stackName} asks CloudFormation for the transform ${macro}, which runs on AWS alone. Synthesise the resources that it would make.`);
}

function startRecord({ stack, records, live, now, parameters, parentId }: StackDeployment, stackId: string): StackRecord {
  const previous = records.stacks.get(stack.stackName);
  const { Description: description } = stack.template;
  const record: StackRecord = {
    stackId,
    stackName: stack.stackName,
    status: previous ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS',
    createdAt: previous?.createdAt ?? now().toISOString(),
    parameters,
    outputs: previous?.outputs ?? [],
    tags: stack.tags,
    template: JSON.stringify(stack.template),
    ...(previous && { updatedAt: now().toISOString() }),
    ...(description !== undefined && { description }),
    ...(parentId !== undefined && { parentId }),
  };
  live.add(stack.stackName);
  records.stacks.put(stack.stackName, record);
  return record;
}

async function deployResource(deployment: Running, context: StackContext, logicalId: string, resource: TemplateResource, order: number): Promise<DeployedResource> {
  const { records, providers, counts, live, emit, now } = deployment;
  const known = providers.get(resource.Type);
  const declaration = declare(context, logicalId, resource, known === undefined, deployment.reach);
  const provider = (await known?.accepts?.(declaration)) === false ? undefined : known;
  const { stackName, type } = declaration;
  const key = resourceKey(stackName, logicalId);
  const previous = records.resources.get(key);
  live.add(key);
  const tally = provider ? counts.served : counts.declared;
  tally[type] = (tally[type] ?? 0) + 1;

  // What was a declaration alone was never there.
  const standing = previous?.declared === false ? previous : undefined;
  const result = provider ? await provide(provider, declaration, deployment, standing?.declaration.type === type ? standing.provisioned : undefined) : undefined;
  const deployed: DeployedResource = result ? { physicalId: result.physicalId, attribute: (name) => attributeOf(result, name) } : declaredResource(declaration, context.environment);
  const record: ResourceRecord = { declaration, provisioned: result ?? { physicalId: deployed.physicalId, attributes: {} }, order, declared: !provider, updatedAt: now().toISOString() };
  records.resources.put(key, record);
  emit({ type: 'resource', action: provider ? (standing ? 'updated' : 'created') : 'declared', stackName, logicalId, resourceType: type });
  const replaced = standing && (standing.declaration.type !== type || standing.provisioned.physicalId !== record.provisioned.physicalId);
  if (replaced) await retire(standing, standing.declaration.updateReplacePolicy, { records, live, providers, emit });
  return deployed;
}

function declare(context: StackContext, logicalId: string, resource: TemplateResource, declaredOnly: boolean, reach: Reach = unreached): ResourceDeclaration {
  const { stackName } = context.stack;
  const metadata = { ...resource.Metadata };
  const constructPath = (metadata['aws:cdk:path'] as string | undefined) ?? context.stack.constructPaths[logicalId];
  const place = constructPath ?? `${stackName}/${logicalId}`;
  const scope = stackScope(context, place, declaredOnly);
  const properties = reachAll(resolve(resource.Properties ?? {}, scope), reach) as Record<string, unknown>;
  return {
    stackName,
    logicalId,
    type: resource.Type,
    properties,
    metadata,
    ...(constructPath !== undefined && { constructPath }),
    ...(resource.UpdatePolicy && { updatePolicy: resolve(resource.UpdatePolicy, scope) as Record<string, unknown> }),
    ...(resource.DeletionPolicy && { deletionPolicy: resource.DeletionPolicy }),
    ...(resource.UpdateReplacePolicy && { updateReplacePolicy: resource.UpdateReplacePolicy }),
  };
}

async function provide(provider: ResourceProvider, declaration: ResourceDeclaration, { environment, assetPath, settling }: Running, previous: Provisioned | undefined): Promise<Provisioned> {
  const context: ProvisionContext = { ...environment, assetPath, physicalName, settle: (work) => void settling.push({ declaration, work }) };
  try {
    return await provider.apply(declaration, context, previous);
  } catch (error) {
    const place = declaration.constructPath ?? `${declaration.stackName}/${declaration.logicalId}`;
    throw new AssemblyError(`${place} (${declaration.type}): ${(error as Error).message}`, { cause: error });
  }
}

/** Attributes may be nested: `Endpoint.Address` is a name of its own, or a path. */
function attributeOf({ attributes }: Provisioned, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  return name.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), attributes);
}

function resolveOutputs(context: StackContext, reach: Reach = unreached): StackOutput[] {
  const { stackName, template } = context.stack;
  return Object.entries(template.Outputs ?? {}).flatMap(([key, output]) => {
    const scope = stackScope(context, `${stackName}, output ${key}`);
    if (output.Condition !== undefined && !scope.condition(output.Condition)) return [];
    const exportName = output.Export && String(resolve(output.Export.Name, scope));
    return [{ key, value: reach(outputText(resolve(output.Value, scope))), ...(output.Description !== undefined && { description: output.Description }), ...(exportName !== undefined && { exportName }) }];
  });
}

const unreached: Reach = (text) => text;

/** Outputs are text. */
function outputText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function stackUuid(stackName: string): string {
  return hashText(stackName, 32).toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
