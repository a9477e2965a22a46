import type { LaptopContext } from '../core/context.ts';
import type { ServiceModule } from '../core/service-module.ts';
import { createApiGateway } from './apigateway/index.ts';
import { createApplicationAutoScaling } from './application-autoscaling/index.ts';
import { createCloudFormation } from './cloudformation/index.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import { createCodeDeploy } from './codedeploy/index.ts';
import { createEcs } from './ecs/index.ts';
import { createIam } from './iam/index.ts';
import { createLambda } from './lambda/index.ts';
import { createRoute53 } from './route53/index.ts';
import { createS3 } from './s3/index.ts';
import { createSts } from './sts/index.ts';
import { createStates } from './states/index.ts';
import { createSageMaker } from './sagemaker/index.ts';
import { createEvents } from './events/index.ts';
import { createScheduler } from './scheduler/index.ts';
import { createSecretsManager } from './secretsmanager/index.ts';
import { createSns } from './sns/index.ts';
import { createSqs } from './sqs/index.ts';
import { createWaf } from './wafv2/index.ts';
import { createXRay } from './xray/index.ts';

/** Every service of the laptop, in one list: a new service registers here and nowhere else. */
const modules: readonly ((context: LaptopContext) => ServiceModule)[] = [createS3, createIam, createSts, createCloudFormation, createCloudWatch, createLambda, createCodeDeploy, createStates, createSageMaker, createApiGateway, createEcs, createApplicationAutoScaling, createRoute53, createSecretsManager, createEvents, createScheduler, createSqs, createSns, createWaf, createXRay];

/** Builds the services of one laptop. */
export function createServices(context: LaptopContext): ServiceModule {
  const built = modules.map((create) => create(context));
  return { services: built.flatMap((module) => module.services), providers: built.flatMap((module) => module.providers) };
}
