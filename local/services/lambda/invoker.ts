import { ConcurrencyExceeded } from '../../compute/lambda/function-pool.ts';
import type { Outcome } from '../../compute/lambda/outcome.ts';
import type { ResponseSink } from '../../compute/lambda/response-sink.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { Concurrency } from './concurrency.ts';
import type { DeployedFunction, Functions } from './functions.ts';
import { FunctionMetrics } from './metrics.ts';

/** What a caller may say about an invocation. */
export interface RunOptions {
  readonly qualifier?: string;
  readonly clientContext?: string;
  /** Takes the answer as it comes. @default - the outcome holds it */
  readonly sink?: ResponseSink;
}

/** What an invocation came to, and which version ran. */
export interface Execution extends Outcome {
  readonly executedVersion: string;
}

/** Runs functions: the one way to a handler, whoever calls. */
export class Invoker {
  readonly #context: LaptopContext;
  readonly #functions: Functions;
  readonly #metrics: FunctionMetrics;
  readonly #concurrency = new Concurrency();

  constructor(context: LaptopContext, functions: Functions) {
    this.#context = context;
    this.#metrics = new FunctionMetrics(context);
    this.#functions = functions;
  }

  /**
   * Runs a function once and waits for it.
   * @throws {AwsError} when it cannot be run; what the function itself throws is the outcome
   */
  async run(name: string, payload: Uint8Array, requestId: string, options: RunOptions = {}): Promise<Execution> {
    const { arn, properties } = this.#functions.get(name);
    const executedVersion = this.#functions.aliases.resolve(name, options.qualifier);
    const deployed = this.#functions.get(name, executedVersion);
    if (deployed.pool === undefined) throw notRunnable(deployed);
    const started = performance.now();
    try {
      const leave = this.#concurrency.enter(name, numberOf(properties.ReservedConcurrentExecutions));
      const outcome = await deployed.pool
        .invoke({
          requestId,
          payload,
          functionArn: options.qualifier === undefined ? arn : `${arn}:${options.qualifier}`,
          ...(options.clientContext === undefined ? {} : { clientContext: options.clientContext }),
          ...(options.sink === undefined ? {} : { sink: options.sink }),
        })
        .finally(leave);
      const milliseconds = performance.now() - started;
      this.#metrics.ran(name, options.qualifier, { milliseconds, failed: outcome.functionError !== undefined, executedVersion });
      const detail = { functionName: name, requestId, milliseconds, executedVersion, ...(outcome.functionError === undefined ? {} : { functionError: outcome.functionError }) };
      this.#context.emit({ type: 'service', service: 'lambda', name: 'InvocationEnded', detail });
      return { ...outcome, executedVersion };
    } catch (error) {
      if (!(error instanceof ConcurrencyExceeded)) throw error;
      this.#metrics.throttled(name, options.qualifier);
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
    }
  }
}

function numberOf(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** The error for a function that only AWS can run. */
export function notRunnable({ name, unserved, constructPath }: DeployedFunction): AwsError {
  const place = constructPath === undefined ? name : `${name} (${constructPath})`;
  return new AwsError('InvalidRuntimeException', `The laptop cannot run the function ${place}: ${unserved}.`, 502, { Type: 'User' });
}
