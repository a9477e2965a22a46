import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { whereIs } from './assembly.ts';
import type { TemplateStack } from './assembly.ts';
import type { CheckResult, Finding } from './finding.ts';

const check = 'limits';

/** CloudFormation takes 500 resources a stack; the rest is room to grow. */
const maximumResources = 480;

/** Lambda's bound on an unpacked bundle. */
const maximumBundleBytes = 250 * 1024 * 1024;

/** Types that are billed by the hour, used or not: none belongs into the default app. */
const hourlyBilledTypes = new Set([
  'AWS::EC2::NatGateway',
  'AWS::EC2::Instance',
  'AWS::EC2::EIP',
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::VPNConnection',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::Redshift::Cluster',
  'AWS::OpenSearchService::Domain',
  'AWS::EKS::Cluster',
  'AWS::MSK::Cluster',
  'AWS::Kinesis::Stream',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::NotebookInstance',
  'AWS::SageMaker::App',
  'AWS::AutoScaling::AutoScalingGroup',
]);

/**
 * Checks counts, sizes and types against what fails, or costs, only after deployment.
 * @param mayBillByTheHour whether the app was asked for what is billed by the hour
 */
export function checkLimits(stacks: readonly TemplateStack[], folder: string, mayBillByTheHour = false): CheckResult {
  const resources = stacks.flatMap((stack) => stack.resources);
  const billed = resources.filter(isBilledByTheHour);
  return {
    check,
    looked: `${String(resources.length)} resources in ${String(stacks.length)} stacks${mayBillByTheHour ? `, ${String(billed.length)} of them billed by the hour` : ''}`,
    findings: [...stacks.flatMap(tooManyResources), ...(mayBillByTheHour ? [] : billed.map(hourly)), ...tooLargeBundles(folder)],
  };
}

function tooManyResources({ name, resources }: TemplateStack): Finding[] {
  if (resources.length <= maximumResources) return [];
  return [{ check, where: name, message: `has ${String(resources.length)} resources, expected at most ${String(maximumResources)}: split it.` }];
}

function isBilledByTheHour({ type, properties }: TemplateStack['resources'][number]): boolean {
  if (type === 'AWS::EC2::VPCEndpoint') return properties['VpcEndpointType'] === 'Interface';
  if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version') return properties['ProvisionedConcurrencyConfig'] !== undefined;
  if (type === 'AWS::ECS::Service') return properties['DesiredCount'] !== 0;
  return hourlyBilledTypes.has(type);
}

function hourly(resource: TemplateStack['resources'][number]): Finding {
  return { check, where: whereIs(resource), message: `${resource.type} is billed by the hour, which nothing in the default app is.` };
}

function tooLargeBundles(folder: string): Finding[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('asset.'))
    .flatMap((name) => {
      const bytes = sizeOf(path.join(folder, name));
      return bytes <= maximumBundleBytes ? [] : [{ check, where: name, message: `has ${String(bytes)} bytes, and Lambda takes ${String(maximumBundleBytes)} unpacked.` }];
    });
}

function sizeOf(file: string): number {
  const status = statSync(file);
  return status.isDirectory() ? readdirSync(file).reduce((sum, name) => sum + sizeOf(path.join(file, name)), 0) : status.size;
}
