import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { goingUp } from '../../model/serving/deployment/change.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { sfn } from '../shared/clients/sfn.ts';

/**
 * Has the target's rollout machine bring to its end what stands in the record: the deployment of the version that was decided on, or a change that is there at once, which
 * only has to be brought to what serves. The same record is the same execution, however often it is asked for.
 */
export async function startRollout(stateMachineArn: string, record: DeploymentRecord, modelPackageArn: string): Promise<void> {
  const { rollout } = record;
  const model = goingUp(record);
  const follows = rollout !== undefined && model.modelPackageArn === modelPackageArn;
  const { modelName, modelVersion } = model;
  const input = follows
    ? { action: 'follow', id: rollout.id, model: { modelPackageArn, modelName, modelVersion } }
    : { action: 'apply', id: `record-${record.updatedAt.replaceAll(/[^0-9]/g, '')}` };
  try {
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name: nameOf(input.id), input: JSON.stringify(input) }));
  } catch (error) {
    // It was started before, and has ended.
    if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
  }
}

/** Names of executions have 80 characters at most. */
function nameOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 80);
}
