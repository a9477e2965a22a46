import type { Call, Operation } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { ConcurrencyExceeded } from '../../compute/lambda/function-pool.ts';
import type { Outcome } from '../../compute/lambda/outcome.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import type { DeployedFunction, Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';

interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly InvocationType?: 'RequestResponse' | 'Event' | 'DryRun';
  readonly LogType?: 'None' | 'Tail';
  readonly ClientContext?: string;
  readonly Payload?: Uint8Array;
}

/** How much an event may hold: 6 MB when the caller waits, 1 MB when it does not. */
const payloadLimits = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024 };

/** Runs functions: the one way to a handler, whoever calls. */
export class Invoker {
  readonly #context: LaptopContext;
  readonly #functions: Functions;

  constructor(context: LaptopContext, functions: Functions) {
    this.#context = context;
    this.#functions = functions;
  }

  /**
   * Runs a function once and waits for it.
   * @throws {AwsError} when it cannot be run; what the function itself throws is the outcome
   */
  async run(name: string, payload: Uint8Array, requestId: string, options: { qualifier?: string; clientContext?: string } = {}): Promise<Outcome> {
    const deployed = this.#functions.get(name);
    const { pool, arn } = deployed;
    if (pool === undefined) throw notRunnable(deployed);
    const started = performance.now();
    try {
      const outcome = await pool.invoke({
        requestId,
        payload,
        functionArn: options.qualifier === undefined ? arn : `${arn}:${options.qualifier}`,
        ...(options.clientContext === undefined ? {} : { clientContext: options.clientContext }),
      });
      const detail = { functionName: name, requestId, milliseconds: performance.now() - started, ...(outcome.functionError === undefined ? {} : { functionError: outcome.functionError }) };
      this.#context.emit({ type: 'service', service: 'lambda', name: 'InvocationEnded', detail });
      return outcome;
    } catch (error) {
      if (!(error instanceof ConcurrencyExceeded)) throw error;
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
    }
  }
}

/** The Invoke operation. */
export function invokeOperation(functions: Functions, invoker: Invoker, queue: AsyncInvocations): Operation {
  return async (input: InvokeInput, call: Call) => {
    const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
    const type = input.InvocationType ?? 'RequestResponse';
    const payload = checkPayload(input.Payload ?? new Uint8Array(), type);
    const deployed = functions.get(name);
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      if (deployed.pool === undefined) throw notRunnable(deployed);
      queue.add(name, payload, call.requestId);
      return { StatusCode: 202, Payload: new Uint8Array() };
    }
    const outcome = await invoker.run(name, payload, call.requestId, {
      ...(qualifier === undefined ? {} : { qualifier }),
      ...(input.ClientContext === undefined ? {} : { clientContext: input.ClientContext }),
    });
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: new Uint8Array(outcome.payload),
      ...(outcome.functionError === undefined ? {} : { FunctionError: outcome.functionError }),
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(outcome.logTail).toString('base64') } : {}),
    };
  };
}

function checkPayload(payload: Uint8Array, type: keyof typeof payloadLimits): Uint8Array {
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

function notRunnable({ name, unserved, constructPath }: DeployedFunction): AwsError {
  const place = constructPath === undefined ? name : `${name} (${constructPath})`;
  return new AwsError('InvalidRuntimeException', `The laptop cannot run the function ${place}: ${unserved}.`, 502, { Type: 'User' });
}
