import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { sfn } from '../shared/clients/sfn.ts';
import type { Failure } from './payload.ts';

/**
 * Whether a person has redriven the run since this failure. Step Functions itself is asked: a redriven task may be handed the
 * arguments that it had the first time.
 */
export async function redrivenSince(failure: Failure, executionArn: string): Promise<boolean> {
  const { redriveCount } = await sfn.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }));
  return (redriveCount ?? 0) > failure.redriveCount;
}
