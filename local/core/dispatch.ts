import { randomUUID } from 'node:crypto';
import type { Call, Dispatch, Output, Service } from './call.ts';
import { AwsError, notImplemented } from './errors.ts';
import type { LaptopEvent } from './events.ts';

/** Decides whether a call may be made; throws AWS's own denial if not. */
export interface Authorizer {
  authorize(call: Call): void;
}

/** The one way to a handler, for calls by the wire and for those that services make of each other. */
export interface Dispatcher {
  readonly dispatch: Dispatch;
  /** Adds services; a second one of the same name is a mistake. */
  register(services: readonly Service[]): void;
  /** Tells every service that all is up. */
  ready(): Promise<void>;
  /** Closes every service, the last registered first. */
  close(): Promise<void>;
}

/** What a dispatcher is made of. */
export interface DispatcherOptions {
  readonly region: string;
  readonly authorizer: Authorizer;
  readonly emit: (event: LaptopEvent) => void;
}

/** Builds a dispatcher: authorize, then handle, then tell the observers. */
export function createDispatcher({ region, authorizer, emit }: DispatcherOptions): Dispatcher {
  const services = new Map<string, Service>();

  async function handle(call: Call): Promise<Output> {
    const operations = services.get(call.service)?.operations;
    const operation = operations && Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
    if (!operation) throw notImplemented(call.service, call.operation);
    authorizer.authorize(call);
    return operation(call.input, call);
  }

  const dispatch: Dispatch = async (request) => {
    const call: Call = { ...request, requestId: request.requestId ?? randomUUID(), region: request.region ?? region };
    const started = performance.now();
    let failure: string | undefined;
    try {
      return await handle(call);
    } catch (error) {
      failure = error instanceof AwsError ? error.code : 'InternalFailure';
      throw error;
    } finally {
      emit({
        type: 'call',
        service: call.service,
        operation: call.operation,
        callerArn: call.caller.arn,
        requestId: call.requestId,
        milliseconds: performance.now() - started,
        ...(failure !== undefined && { error: failure }),
      });
    }
  };

  return {
    dispatch,
    register(added) {
      for (const service of added) {
        if (services.has(service.name)) throw new Error(`Two services are named ${service.name}: merge their operations into one.`);
        services.set(service.name, service);
      }
    },
    async ready() {
      for (const service of services.values()) await service.ready?.();
    },
    async close() {
      for (const service of [...services.values()].reverse()) await service.close?.();
    },
  };
}
