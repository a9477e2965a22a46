import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledgements.ts';
import type { CodeDeploymentOptions, ProvisionedConcurrencyOptions } from '../api-options.ts';
import { liveAlias, provisionedDefaults } from '../defaults.ts';

/** The alias that requests reach the function by, with the environments that are kept warm. */
export function createAlias(scope: Construct, fn: LambdaFunction, provisioned: ProvisionedConcurrencyOptions | undefined): Alias {
  const alias = new Alias(scope, 'Live', {
    aliasName: liveAlias,
    version: fn.currentVersion,
    description: 'What callers reach.',
    ...(provisioned === undefined ? {} : { provisionedConcurrentExecutions: provisioned.instances }),
  });
  if (provisioned !== undefined && ((provisioned.maxInstances ?? 0) > provisioned.instances || provisioned.changes !== undefined)) scale(alias, provisioned);
  return alias;
}

/** The deployment group by which CodeDeploy exchanges the version behind the alias. */
export function createDeploymentGroup(scope: Construct, alias: Alias, options: CodeDeploymentOptions, targetAlarms: readonly IAlarm[]): LambdaDeploymentGroup {
  const alarms = options.alarms ?? targetAlarms;
  const group = new LambdaDeploymentGroup(scope, 'CodeDeployment', {
    alias,
    deploymentConfig: options.shift ?? LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    alarms: [...alarms],
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: alarms.length > 0 },
    ...(options.preTraffic === undefined ? {} : { preHook: options.preTraffic }),
    ...(options.postTraffic === undefined ? {} : { postHook: options.postTraffic }),
  });
  acknowledge(group, 'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]', "It is AWS's own policy for CodeDeploy on Lambda, the limited one.");
  return group;
}

function scale(alias: Alias, { instances, maxInstances, targetUtilizationPercent, changes = [] }: ProvisionedConcurrencyOptions): void {
  const bounds = [{ instances, maxInstances }, ...changes].map((step) => ({ minCapacity: step.instances, maxCapacity: step.maxInstances ?? step.instances }));
  const scaling = alias.addAutoScaling(bounds[0]!);
  if (bounds.some(({ minCapacity, maxCapacity }) => maxCapacity > minCapacity)) {
    scaling.scaleOnUtilization({ utilizationTarget: (targetUtilizationPercent ?? provisionedDefaults.targetUtilizationPercent) / 100 });
  }
  for (const [index, { schedule, timeZone }] of changes.entries()) {
    scaling.scaleOnSchedule(`Change${String(index + 1)}`, { schedule, ...bounds[index + 1]!, ...(timeZone === undefined ? {} : { timeZone }) });
  }
}
