import type { Caller, Output } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';

/** What is delivered, and to whom. */
export interface Parcel {
  readonly arn: string;
  readonly input: string;
  /** The role under which it is delivered, where the target needs one. */
  readonly roleArn?: string;
  /** For queues that keep an order. */
  readonly messageGroupId?: string;
}

/**
 * Hands an input to a target of any kind.
 * @param principal the service that delivers: `events.amazonaws.com`
 * @throws {AwsError} when the target refuses it
 */
export async function deliver(context: LaptopContext, principal: string, { arn, input, roleArn, messageGroupId }: Parcel): Promise<void> {
  const caller: Caller = roleArn === undefined ? context.identity.service(principal) : context.identity.role(roleArn, 'events');
  const [, , service = '', , accountId = '', resource = ''] = arn.split(':');
  const call = (operation: string, body: Record<string, unknown>): Promise<Output> => context.dispatch({ service, operation, input: body, caller });
  switch (service) {
    case 'lambda':
      await call('Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(input) });
      return;
    case 'states':
      await call('StartExecution', { stateMachineArn: arn, input });
      return;
    case 'sns':
      await call('Publish', { TopicArn: arn, Message: input });
      return;
    case 'sqs':
      await call('SendMessage', { QueueUrl: `${context.endpoint()}/${accountId}/${resource}`, MessageBody: input, ...(messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId }) });
      return;
    case 'events':
      await call('PutEvents', { Entries: [forwarded(input, arn)] });
      return;
    default:
      throw new Error(`The laptop cannot deliver to ${arn}: it knows functions, state machines, topics, queues and event buses.`);
  }
}

/** An event for another bus is the event itself. */
function forwarded(input: string, arn: string): Record<string, unknown> {
  const event = JSON.parse(input) as { source: string; 'detail-type': string; detail: unknown; resources: unknown; time: string };
  return { Source: event.source, DetailType: event['detail-type'], Detail: JSON.stringify(event.detail), Resources: event.resources, Time: new Date(event.time), EventBusName: arn };
}
