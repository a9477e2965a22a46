import type { LaptopContext } from '../../core/context.ts';
import { latest } from './aliases.ts';
import type { DeployedFunction } from './functions.ts';
import type { Execution } from './invoker.ts';
import type { QueuedEvent } from './queued-event.ts';

/** How an asynchronous invocation ended. */
export interface AsyncResult {
  readonly event: QueuedEvent;
  readonly outcome: Execution;
  /** `Success`, `RetriesExhausted` or `EventAgeExceeded`. */
  readonly condition: string;
  readonly attempts: number;
  /** The ARN of the destination for this ending. */
  readonly destination?: string;
}

/** Hands the result to the destination, and the event of a failed invocation to the dead-letter queue, under the function's own role. */
export async function deliverResult(context: LaptopContext, deployed: DeployedFunction, result: AsyncResult): Promise<void> {
  if (result.destination !== undefined) await send(context, deployed, result.destination, JSON.stringify(record(context, deployed, result)));
  const deadLetters = deployed.properties.DeadLetterConfig?.TargetArn;
  if (result.condition === 'Success' || deadLetters === undefined) return;
  const error = JSON.parse(result.outcome.payload.toString()) as { errorMessage?: string };
  await send(context, deployed, deadLetters, result.event.payload, {
    RequestID: { DataType: 'String', StringValue: result.event.requestId },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    // SQS and SNS refuse an empty attribute.
    ...(error.errorMessage ? { ErrorMessage: { DataType: 'String', StringValue: error.errorMessage.slice(0, 1024) } } : {}),
  });
}

/** What Lambda tells a destination. */
function record(context: LaptopContext, { arn }: DeployedFunction, { event, outcome, condition, attempts }: AsyncResult): object {
  return {
    version: '1.0',
    timestamp: context.clock.now().toISOString(),
    requestContext: { requestId: event.requestId, functionArn: `${arn}:${event.qualifier ?? latest}`, condition, approximateInvokeCount: attempts },
    requestPayload: JSON.parse(event.payload) as unknown,
    responseContext: {
      statusCode: 200,
      executedVersion: outcome.executedVersion,
      ...(outcome.functionError === undefined ? {} : { functionError: outcome.functionError }),
    },
    responsePayload: JSON.parse(outcome.payload.toString()) as unknown,
  };
}

async function send(context: LaptopContext, deployed: DeployedFunction, target: string, body: string, attributes: object = {}): Promise<void> {
  const caller = context.identity.role(deployed.properties.Role, deployed.name);
  const [, , service, , accountId, name] = target.split(':');
  switch (service) {
    case 'sqs':
      await context.dispatch({
        service,
        operation: 'SendMessage',
        input: { QueueUrl: `${context.endpoint()}/${accountId}/${name}`, MessageBody: body, MessageAttributes: attributes },
        caller,
      });
      return;
    case 'sns':
      await context.dispatch({ service, operation: 'Publish', input: { TopicArn: target, Message: body, MessageAttributes: attributes }, caller });
      return;
    case 'lambda':
      await context.dispatch({ service, operation: 'Invoke', input: { FunctionName: target, InvocationType: 'Event', Payload: Buffer.from(body) }, caller });
      return;
    case 'events': {
      const { requestContext } = JSON.parse(body) as { requestContext: { condition: string; functionArn: string } };
      const outcome = requestContext.condition === 'Success' ? 'Success' : 'Failure';
      const entry = { Source: 'lambda', DetailType: `Lambda Function Invocation Result - ${outcome}`, Resources: [requestContext.functionArn], Detail: body };
      await context.dispatch({ service, operation: 'PutEvents', input: { Entries: [{ ...entry, EventBusName: target }] }, caller });
      return;
    }
    default:
      throw new Error(`${deployed.name} names ${target} as a destination: expected the ARN of a queue, topic, function or event bus.`);
  }
}
