import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { sfn } from '../shared/clients/sfn.ts';

/** Whether a run is under way. One that Step Functions has forgotten is not. */
export async function isRunning(executionArn: string): Promise<boolean> {
  try {
    return (await sfn.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }))).status === 'RUNNING';
  } catch (error) {
    if ((error as Error).name === 'ExecutionDoesNotExist') return false;
    throw error;
  }
}
