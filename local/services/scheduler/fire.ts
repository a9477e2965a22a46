import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import type { Json } from '../../states/index.ts';
import { deliver } from '../events/targets.ts';
import { callApi } from '../states/tasks/api-call.ts';
import { sdkIntegrations } from '../states/tasks/catalog.ts';

/** What a schedule calls. */
export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** A schedule that fires. */
export interface Schedule {
  readonly arn: string;
  readonly name: string;
  readonly target: ScheduleTarget;
}

/** Calls a schedule's target once, and says so when it cannot. */
export async function fire(context: LaptopContext, schedule: Schedule, time: Date): Promise<void> {
  try {
    const { target } = schedule;
    const input = inputOf(context, schedule, time);
    const [, integration, operation] = /:scheduler:[^:]*:[^:]*:aws-sdk:([^:]+):([^:]+)$/.exec(target.Arn) ?? [];
    if (integration === undefined || operation === undefined) {
      const group = target.SqsParameters?.MessageGroupId;
      await deliver(context, 'scheduler.amazonaws.com', { arn: target.Arn, input, roleArn: target.RoleArn, ...(group === undefined ? {} : { messageGroupId: group }) });
    } else {
      await callAny(context, schedule, integration, operation, input);
    }
  } catch (error) {
    context.emit({ type: 'notice', message: `The schedule ${schedule.name} could not reach ${schedule.target.Arn}: ${error instanceof Error ? error.message : String(error)}` });
  }
}

/** A universal target: any operation of any API, with its arguments named as Step Functions names them. */
async function callAny(context: LaptopContext, { name, target }: Schedule, service: string, operation: string, input: string): Promise<void> {
  const integration = sdkIntegrations[service];
  if (integration === undefined) throw new Error(`the laptop has no API named ${service}`);
  const caller = context.identity.role(target.RoleArn, name);
  await callApi(context, { integration, operation, args: JSON.parse(input) as Json, caller, style: 'iso', signal: new AbortController().signal });
}

function inputOf({ accountId, region }: LaptopContext, { arn, target }: Schedule, scheduled: Date): string {
  const time = scheduled.toISOString().replace(/\.\d+Z$/, 'Z');
  const id = randomUUID();
  if (target.Input === undefined) {
    return JSON.stringify({ version: '0', id, 'detail-type': 'Scheduled Event', source: 'aws.scheduler', account: accountId, time, region, resources: [arn], detail: '{}' });
  }
  const variables: Record<string, string> = { 'schedule-arn': arn, 'scheduled-time': time, 'execution-id': id, 'attempt-number': '1' };
  return target.Input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (text, variable: string) => variables[variable] ?? text);
}
