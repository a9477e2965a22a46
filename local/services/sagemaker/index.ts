import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { modelPackageGroupProvider } from './provider.ts';
import { registryOperations } from './registry/operations.ts';
import { Registry } from './registry/registry.ts';
import { trainingOperations } from './training/operations.ts';
import { TrainingJobs } from './training/training-jobs.ts';

/** Amazon SageMaker: training jobs as child processes, and the model registry. */
export function createSageMaker(context: LaptopContext): ServiceModule {
  const jobs = new TrainingJobs(context);
  const registry = new Registry(context);
  return {
    services: [
      {
        name: 'sagemaker',
        operations: { ...trainingOperations(jobs), ...registryOperations(registry) },
        ready: () => jobs.recover(),
        close: () => jobs.close(),
      },
    ],
    providers: [modelPackageGroupProvider(registry)],
  };
}
