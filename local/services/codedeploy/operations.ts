import type { Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { DeploymentConfigs } from './configs.ts';
import { describeDeployment, describeTarget } from './describe.ts';
import type { Deployments } from './deployments.ts';
import type { Registry } from './registry.ts';

interface CreateInput {
  readonly applicationName: string;
  readonly deploymentGroupName?: string;
  readonly deploymentConfigName?: string;
  readonly description?: string;
  readonly revision?: { readonly revisionType?: string; readonly appSpecContent?: { readonly content?: string }; readonly string?: { readonly content?: string } };
}

interface ListInput {
  readonly applicationName?: string;
  readonly deploymentGroupName?: string;
  readonly includeOnlyStatuses?: readonly string[];
}

interface OfDeployment {
  readonly deploymentId: string;
}

/** The operations of AWS CodeDeploy, for Lambda. */
export function codeDeployOperations(registry: Registry, configs: DeploymentConfigs, deployments: Deployments): Readonly<Record<string, Operation>> {
  return {
    CreateDeployment({ applicationName, deploymentGroupName = '', deploymentConfigName, description, revision }: CreateInput, { caller }): Output {
      const appSpec = revision?.appSpecContent?.content ?? revision?.string?.content;
      if (appSpec === undefined) throw new AwsError('RevisionRequiredException', 'The deployment has no AppSpec content: those in S3 or GitHub are not served on the laptop.');
      const { id } = deployments.create({
        applicationName,
        groupName: deploymentGroupName,
        appSpec,
        creator: caller.arn === 'cloudformation.amazonaws.com' ? 'CloudFormation' : 'user',
        ...(deploymentConfigName !== undefined && { configName: deploymentConfigName }),
        ...(description !== undefined && { description }),
      });
      return { deploymentId: id };
    },
    GetDeployment: ({ deploymentId }: OfDeployment) => ({ deploymentInfo: describeDeployment(deployments.get(deploymentId)) }),
    BatchGetDeployments: ({ deploymentIds }: { deploymentIds: readonly string[] }) => ({ deploymentsInfo: deployments.list().filter(({ id }) => deploymentIds.includes(id)).map(describeDeployment) }),
    ListDeployments({ applicationName, deploymentGroupName, includeOnlyStatuses = [] }: ListInput): Output {
      const found = deployments.list().filter(
        (record) => (applicationName === undefined || record.applicationName === applicationName) && (deploymentGroupName === undefined || record.groupName === deploymentGroupName) && (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(record.status)),
      );
      return { deployments: found.map(({ id }) => id) };
    },
    StopDeployment({ deploymentId }: OfDeployment): Output {
      deployments.stop(deploymentId);
      return { status: 'Pending', statusMessage: 'Stopping' };
    },
    ListDeploymentTargets: ({ deploymentId }: OfDeployment) => ({ targetIds: [describeTarget(deployments.get(deploymentId)).lambdaTarget.targetId] }),
    GetDeploymentTarget: ({ deploymentId }: OfDeployment) => ({ deploymentTarget: describeTarget(deployments.get(deploymentId)) }),
    BatchGetDeploymentTargets: ({ deploymentId }: OfDeployment) => ({ deploymentTargets: [describeTarget(deployments.get(deploymentId))] }),
    PutLifecycleEventHookExecutionStatus({ deploymentId, lifecycleEventHookExecutionId: id, status }: OfDeployment & { lifecycleEventHookExecutionId: string; status: string }): Output {
      deployments.hooks.settle(deploymentId, id, status);
      return { lifecycleEventHookExecutionId: id };
    },
    ListApplications: () => ({ applications: [...registry.applications] }),
    GetApplication: ({ applicationName }: { applicationName: string }) => ({ application: { applicationName: registry.application(applicationName), computePlatform: 'Lambda', linkedToGitHub: false } }),
    ListDeploymentGroups: ({ applicationName }: { applicationName: string }) => ({ applicationName, deploymentGroups: registry.groups(registry.application(applicationName)) }),
    GetDeploymentGroup({ applicationName, deploymentGroupName }: { applicationName: string; deploymentGroupName: string }): Output {
      const group = registry.get(applicationName, deploymentGroupName);
      const { AlarmConfiguration: alarms, AutoRollbackConfiguration: rollback } = group;
      return {
        deploymentGroupInfo: {
          applicationName,
          deploymentGroupName,
          deploymentConfigName: group.DeploymentConfigName,
          serviceRoleArn: group.ServiceRoleArn,
          computePlatform: 'Lambda',
          ...(alarms && { alarmConfiguration: { enabled: String(alarms.Enabled) === 'true', alarms: (alarms.Alarms ?? []).map(({ Name }) => ({ name: Name })) } }),
          ...(rollback && { autoRollbackConfiguration: { enabled: String(rollback.Enabled) === 'true', events: rollback.Events ?? [] } }),
        },
      };
    },
    ListDeploymentConfigs: () => ({ deploymentConfigsList: configs.names() }),
    GetDeploymentConfig({ deploymentConfigName: name }: { deploymentConfigName: string }): Output {
      const routing = configs.get(name);
      const trafficRoutingConfig =
        routing.kind === 'all-at-once'
          ? { type: 'AllAtOnce' }
          : routing.kind === 'canary'
            ? { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: routing.percentage, canaryInterval: routing.minutes } }
            : { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: routing.percentage, linearInterval: routing.minutes } };
      return { deploymentConfigInfo: { deploymentConfigName: name, computePlatform: 'Lambda', trafficRoutingConfig } };
    },
  };
}
