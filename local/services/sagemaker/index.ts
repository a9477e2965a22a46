import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { createFeatureStore } from './feature-store/index.ts';
import { createHosting } from './hosting/index.ts';
import { modelPackageGroupProvider } from './provider.ts';
import { registryOperations } from './registry/operations.ts';
import { Registry } from './registry/registry.ts';
import { trainingOperations } from './training/operations.ts';
import { TrainingJobs } from './training/training-jobs.ts';
import { tuningOperations } from './tuning/operations.ts';
import { TuningJobs } from './tuning/tuning-jobs.ts';

/** Amazon SageMaker: training jobs as child processes, tuning jobs that run several of them, the model registry, the feature store, and endpoints as server processes. */
export function createSageMaker(context: LaptopContext): ServiceModule {
  const jobs = new TrainingJobs(context);
  const tuning = new TuningJobs(context, jobs);
  const registry = new Registry(context);
  const features = createFeatureStore(context);
  const hosting = createHosting(context);
  return {
    services: [
      {
        name: 'sagemaker',
        operations: { ...trainingOperations(jobs), ...tuningOperations(tuning, () => context.clock.now()), ...registryOperations(registry), ...features.operations, ...hosting.operations },
        async ready() {
          jobs.recover();
          tuning.recover();
          hosting.ready();
          await features.ready();
        },
        async close() {
          // First the jobs, so that a tuning that ends meanwhile finds none to stop.
          const ended = jobs.close();
          tuning.close();
          await ended;
          await tuning.idle();
          await hosting.close();
          await features.close();
        },
      },
    ],
    providers: [modelPackageGroupProvider(registry), features.provider, ...hosting.providers],
  };
}
