import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Executions } from './executions.ts';
import { Machines } from './machines.ts';
import { stateOperations } from './operations.ts';
import { machineProvider } from './provider.ts';
import { TaskTokens } from './task-tokens.ts';

/** AWS Step Functions: the API around the interpreter of `local/states`. */
export function createStates(context: LaptopContext): ServiceModule {
  const machines = new Machines(context);
  const tokens = new TaskTokens();
  const executions = new Executions(context, machines, tokens);
  return {
    services: [
      {
        name: 'states',
        operations: stateOperations(machines, executions, tokens),
        ready: () => executions.recover(),
        close: () => executions.close(),
      },
    ],
    providers: [machineProvider(machines)],
  };
}
