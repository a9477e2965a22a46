import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { sfn } from '../shared/clients/sfn.ts';

/**
 * What says that no run of this machine is meant: Step Functions has forgotten it, or it is of a machine of before, which the function's
 * role does not name.
 */
const others = ['ExecutionDoesNotExist', 'AccessDeniedException'];

/** Whether a run of the present state machine is under way. */
export async function isRunning(executionArn: string): Promise<boolean> {
  try {
    return (await sfn.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }))).status === 'RUNNING';
  } catch (error) {
    if (others.includes((error as Error).name)) return false;
    throw error;
  }
}
