import type { LaptopContext } from '../../core/context.ts';
import { Timers } from '../events/timers.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { scheduleGroupProvider, scheduleProvider } from './providers.ts';

/** Amazon EventBridge Scheduler: schedules that the template declares. */
export function createScheduler(context: LaptopContext): ServiceModule {
  const timers = new Timers(context);
  return {
    services: [{ name: 'scheduler', operations: {}, close: () => timers.close() }],
    providers: [scheduleProvider(context, timers), scheduleGroupProvider(context)],
  };
}
