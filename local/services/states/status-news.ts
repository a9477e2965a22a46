import type { LaptopContext } from '../../core/context.ts';
import { publishNews } from '../events/publish.ts';
import { redriveStatus } from './describe.ts';
import type { ExecutionRecord } from './execution-store.ts';

const included = { included: true };

/** Tells the event bus how an execution stands. */
export async function publishStatus(context: LaptopContext, record: ExecutionRecord): Promise<void> {
  const { redriveStatus: status, redriveStatusReason: reason } = redriveStatus(record);
  await publishNews(context, 'states.amazonaws.com', {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [record.executionArn],
    detail: {
      executionArn: record.executionArn,
      stateMachineArn: record.stateMachineArn,
      name: record.name,
      status: record.status,
      startDate: Date.parse(record.startDate),
      stopDate: record.stopDate === undefined ? null : Date.parse(record.stopDate),
      input: record.input,
      output: record.output ?? null,
      inputDetails: included,
      outputDetails: record.output === undefined ? null : included,
      error: record.error ?? null,
      cause: record.cause ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: record.redriveCount,
      redriveDate: record.redriveDate === undefined ? null : Date.parse(record.redriveDate),
      redriveStatus: status,
      redriveStatusReason: reason ?? null,
    },
  });
}
