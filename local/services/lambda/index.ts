import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Apis } from '../apigateway/apis.ts';
import { functionUrlDialect, invokeFunctionUrl } from '../apigateway/dialect.ts';
import { AliasShifts } from './alias-shift.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { describeFunction } from './describe.ts';
import { Mappings } from './event-sources/mappings.ts';
import { mappingOperations } from './event-sources/operations.ts';
import { eventSourceMappingProvider } from './event-sources/provider.ts';
import { functionUrlProvider } from './function-urls.ts';
import { Functions } from './functions.ts';
import type { DeployedFunction } from './functions.ts';
import { invokeStreamOperation } from './invoke-stream.ts';
import { invokeOperation } from './invoke.ts';
import { Invoker } from './invoker.ts';
import { parseFunctionName } from './name.ts';
import { permissionProvider, Permissions } from './permissions.ts';
import { concurrencyOf, concurrencyOperations } from './concurrency-operations.ts';
import { eventInvokeConfigProvider, functionProvider } from './providers.ts';
import { ProvisionedConcurrency } from './provisioned.ts';
import { versionOperations } from './version-operations.ts';
import { aliasProvider, versionProvider } from './version-providers.ts';

/** AWS Lambda: functions in child processes. */
export function createLambda(context: LaptopContext): ServiceModule {
  const functions = new Functions(context);
  const invoker = new Invoker(context, functions);
  const queue = new AsyncInvocations(context, functions, invoker);
  const shifts = new AliasShifts(context);
  const mappings = new Mappings({ context, functions, invoker });
  const permissions = new Permissions(functions);
  const urls = new Apis(context, functionUrlDialect);
  const provisioned = new ProvisionedConcurrency(context, functions);
  const find = (input: { FunctionName: string; Qualifier?: string }): DeployedFunction => {
    const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
    return functions.get(name, functions.aliases.resolve(name, qualifier, 1));
  };

  return {
    services: [
      {
        name: 'lambda',
        operations: {
          Invoke: invokeOperation(functions, invoker, queue),
          InvokeWithResponseStream: invokeStreamOperation(functions, invoker),
          GetFunction: (input) => ({ Configuration: describeFunction(find(input)), Tags: {}, ...concurrencyOf(find(input)) }),
          GetFunctionConfiguration: (input) => describeFunction(find(input)),
          ...versionOperations(functions),
          ...concurrencyOperations(functions, provisioned),
          ...mappingOperations(functions, mappings),
          GetPolicy: (input) => permissions.getPolicy(find(input).name),
          // The decision is all there is to it: whoever comes this far may go on to the function.
          [invokeFunctionUrl]: () => ({}),
          ListFunctions: () => ({ Functions: functions.list().map(describeFunction) }),
        },
        ready() {
          provisioned.ready();
          queue.resume();
          mappings.ready();
          shifts.ready();
        },
        async close() {
          shifts.close();
          await urls.close();
          const closing = [queue.close(), provisioned.close(), mappings.close()];
          await functions.close();
          await Promise.all(closing);
        },
      },
    ],
    providers: [
      functionProvider(context, functions),
      permissionProvider(permissions),
      eventInvokeConfigProvider(queue),
      versionProvider(context, functions, provisioned),
      aliasProvider(context, functions, provisioned, shifts),
      functionUrlProvider(functions, urls),
      eventSourceMappingProvider(context, functions, mappings),
    ],
  };
}
