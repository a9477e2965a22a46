import type { Call, Operation } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import type { Functions } from './functions.ts';
import { notRunnable, type Invoker } from './invoker.ts';
import { parseFunctionName } from './name.ts';

type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** What Invoke and InvokeWithResponseStream are asked. */
export interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly InvocationType?: InvocationType;
  readonly LogType?: 'None' | 'Tail';
  readonly ClientContext?: string;
  readonly Payload?: Uint8Array;
}

/** How much an event may hold: 6 MB when the caller waits, 1 MB when it does not. */
const payloadLimits: Readonly<Record<InvocationType, number>> = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024 };

/** The Invoke operation. */
export function invokeOperation(functions: Functions, invoker: Invoker, queue: AsyncInvocations): Operation {
  return async (input: InvokeInput, call: Call) => {
    const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
    const type = input.InvocationType ?? 'RequestResponse';
    const payload = checkPayload(input.Payload ?? new Uint8Array(), type);
    const deployed = functions.get(name, functions.aliases.resolve(name, qualifier));
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      if (deployed.pool === undefined) throw notRunnable(deployed);
      queue.add({ functionName: name, ...(qualifier === undefined ? {} : { qualifier }), requestId: call.requestId }, payload);
      return { StatusCode: 202, Payload: new Uint8Array() };
    }
    const outcome = await invoker.run(name, payload, call.requestId, {
      ...(qualifier === undefined ? {} : { qualifier }),
      ...(input.ClientContext === undefined ? {} : { clientContext: input.ClientContext }),
    });
    return {
      StatusCode: 200,
      ExecutedVersion: outcome.executedVersion,
      Payload: new Uint8Array(outcome.payload),
      ...(outcome.functionError === undefined ? {} : { FunctionError: outcome.functionError }),
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(outcome.logTail).toString('base64') } : {}),
    };
  };
}

/** The event, unless Lambda would not take it. @throws {AwsError} */
export function checkPayload(payload: Uint8Array, type: InvocationType): Uint8Array {
  if (payload.byteLength > payloadLimits[type]) {
    throw new AwsError('RequestTooLargeException', `${payload.byteLength} byte payload is too large for the ${type} invocation type (limit ${payloadLimits[type]} bytes)`, 413, { Type: 'User' });
  }
  const text = Buffer.from(payload).toString();
  if (text.trim() === '') return Buffer.from('{}');
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${error instanceof Error ? error.message : error}`, 400, { Type: 'User' });
  }
  return payload;
}
