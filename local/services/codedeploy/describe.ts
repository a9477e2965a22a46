import { createHash } from 'node:crypto';
import type { Output } from '../../core/call.ts';
import type { DeploymentRecord } from './types.ts';

/** A deployment in the shape of the SDK's DeploymentInfo. */
export function describeDeployment(record: DeploymentRecord): Output {
  const { id, applicationName, groupName, configName, description, status, error, rollback, creator, appSpec, createdAt, startedAt, endedAt } = record;
  const counted = { Created: 'Pending', InProgress: 'InProgress', Succeeded: 'Succeeded', Failed: 'Failed', Stopped: 'Failed' }[status];
  return {
    applicationName,
    deploymentGroupName: groupName,
    deploymentConfigName: configName,
    deploymentId: id,
    revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec, sha256: createHash('sha256').update(appSpec).digest('hex') } },
    status,
    ...(error && { errorInformation: error }),
    createTime: new Date(createdAt),
    ...(startedAt !== undefined && { startTime: new Date(startedAt) }),
    ...(endedAt !== undefined && { completeTime: new Date(endedAt) }),
    deploymentOverview: { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0, [counted]: 1 },
    ...(description !== undefined && { description }),
    creator,
    ...(rollback && { rollbackInfo: { rollbackDeploymentId: rollback.deploymentId, rollbackMessage: rollback.message } }),
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    computePlatform: 'Lambda',
  };
}

/** The alias that a deployment moves, in the shape of the SDK's DeploymentTarget. */
export function describeTarget({ id, shift, status, weight, events, createdAt, endedAt }: DeploymentRecord) {
  const targetStatus = { Created: 'Pending', InProgress: 'InProgress', Succeeded: 'Succeeded', Failed: 'Failed', Stopped: 'Failed' }[status];
  return {
    deploymentTargetType: 'LambdaTarget',
    lambdaTarget: {
      deploymentId: id,
      targetId: `${shift.functionName}:${shift.alias}`,
      status: targetStatus,
      lastUpdatedAt: new Date(endedAt ?? createdAt),
      lifecycleEvents: events.map(({ name, status: eventStatus, startedAt, endedAt: ended }) => ({
        lifecycleEventName: name,
        status: eventStatus,
        ...(startedAt !== undefined && { startTime: new Date(startedAt) }),
        ...(ended !== undefined && { endTime: new Date(ended) }),
      })),
      lambdaFunctionInfo: { functionName: shift.functionName, functionAlias: shift.alias, currentVersion: shift.currentVersion, targetVersion: shift.targetVersion, targetVersionWeight: weight / 100 },
    },
  };
}
