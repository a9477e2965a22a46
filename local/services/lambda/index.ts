import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Apis } from '../apigateway/apis.ts';
import { functionUrlDialect } from '../apigateway/dialect.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { describeFunction } from './describe.ts';
import { functionUrlProvider } from './function-urls.ts';
import { Functions } from './functions.ts';
import { invokeStreamOperation } from './invoke-stream.ts';
import { invokeOperation } from './invoke.ts';
import { Invoker } from './invoker.ts';
import { parseFunctionName } from './name.ts';
import { permissionProvider, Permissions } from './permissions.ts';
import { aliasProvider, eventInvokeConfigProvider, functionProvider, versionProvider } from './providers.ts';

/** AWS Lambda: functions in child processes. */
export function createLambda(context: LaptopContext): ServiceModule {
  const functions = new Functions(context);
  const invoker = new Invoker(context, functions);
  const queue = new AsyncInvocations(context, functions, invoker);
  const permissions = new Permissions(functions);
  const urls = new Apis(context, functionUrlDialect);
  const find = (input: { FunctionName: string }): ReturnType<Functions['get']> => functions.get(parseFunctionName(input.FunctionName).name);

  return {
    services: [
      {
        name: 'lambda',
        operations: {
          Invoke: invokeOperation(functions, invoker, queue),
          InvokeWithResponseStream: invokeStreamOperation(functions, invoker),
          GetFunction: (input) => ({ Configuration: describeFunction(find(input)), Tags: {} }),
          GetFunctionConfiguration: (input) => describeFunction(find(input)),
          GetPolicy: (input) => permissions.getPolicy(find(input).name),
          ListFunctions: () => ({ Functions: functions.list().map(describeFunction) }),
        },
        ready: () => queue.resume(),
        async close() {
          await urls.close();
          const closing = queue.close();
          await functions.close();
          await closing;
        },
      },
    ],
    providers: [
      functionProvider(context, functions),
      permissionProvider(permissions),
      eventInvokeConfigProvider(queue),
      versionProvider(context, functions),
      aliasProvider(functions),
      functionUrlProvider(functions, urls),
    ],
  };
}
