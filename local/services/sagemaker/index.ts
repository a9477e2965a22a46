import type { LaptopContext } from '../../core/context.ts';
import type { ServiceModule } from '../../core/service-module.ts';
import { createFeatureStore } from './feature-store/index.ts';
import { createHosting } from './hosting/index.ts';
import { modelPackageGroupProvider } from './provider.ts';
import { registryOperations } from './registry/operations.ts';
import { Registry } from './registry/registry.ts';
import { TransformJobs } from './transform/transform-jobs.ts';
import { trainingOperations } from './training/operations.ts';
import { TrainingJobs } from './training/training-jobs.ts';
import { tuningOperations } from './tuning/operations.ts';
import { TuningJobs } from './tuning/tuning-jobs.ts';

/** Amazon SageMaker: training jobs as child processes, tuning jobs that run several of them, the model registry, the feature store, endpoints as server processes, and batch transform. */
export function createSageMaker(context: LaptopContext): ServiceModule {
  const jobs = new TrainingJobs(context);
  const tuning = new TuningJobs(context, jobs);
  const registry = new Registry(context);
  const features = createFeatureStore(context);
  const hosting = createHosting(context);
  const transforms = new TransformJobs(context, hosting.models, hosting.client);
  return {
    services: [
      {
        name: 'sagemaker',
        operations: { ...trainingOperations(jobs), ...tuningOperations(tuning, () => context.clock.now()), ...registryOperations(registry), ...features.operations, ...hosting.operations, ...transforms.operations() },
        async ready() {
          jobs.recover();
          tuning.recover();
          hosting.ready();
          transforms.recover();
          await features.ready();
        },
        async close() {
          // First the jobs, so that a tuning that ends meanwhile finds none to stop.
          const ended = jobs.close();
          tuning.close();
          await ended;
          await tuning.idle();
          await transforms.close();
          await hosting.close();
          await features.close();
        },
      },
    ],
    providers: [modelPackageGroupProvider(registry), features.provider, ...hosting.providers],
  };
}
