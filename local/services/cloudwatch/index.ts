import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { Alarms } from './alarms/alarms.ts';
import { AlarmEvaluator } from './alarms/evaluator.ts';
import { Metrics } from './metrics/metrics.ts';
import { putMetricData } from './metrics/put.ts';
import { alarmOperations } from './operations/alarms.ts';
import { getMetricData, getMetricStatistics, listMetrics } from './operations/metric-data.ts';
import { alarmProviders } from './providers.ts';

/** Amazon CloudWatch: metrics, and alarms that are looked at as the laptop's clock goes on. */
export function createCloudWatch(context: LaptopContext): ServiceModule {
  const metrics = new Metrics(context.store);
  const alarms = new Alarms(context);
  const evaluator = new AlarmEvaluator(context, metrics, alarms);
  const now = (): Date => context.clock.now();
  return {
    services: [
      {
        name: 'monitoring',
        operations: {
          PutMetricData: putMetricData(metrics, now),
          GetMetricData: (input) => getMetricData(metrics, input),
          GetMetricStatistics: (input) => getMetricStatistics(metrics, input),
          ListMetrics: (input) => listMetrics(metrics, input),
          ...alarmOperations(alarms, () => evaluator.wake()),
        },
        ready() {
          metrics.sweep(now().getTime());
          evaluator.wake();
        },
        async close() {
          await nextTurn(); // the last metrics of services that were closed before are on their way
          await evaluator.close();
          await alarms.close();
          metrics.save(now().getTime());
        },
      },
    ],
    providers: alarmProviders(alarms, () => evaluator.wake()),
  };
}
