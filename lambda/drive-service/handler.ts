import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ecs } from '../shared/clients/ecs.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { decide, type ObservedService } from './decide.ts';
import { type DriveServiceEnv, driveServiceEnv } from './env.ts';
import { type Driven, driveServiceSchema } from './payload.ts';

const env: DriveServiceEnv = readEnv(driveServiceEnv);
const minTasks = readNumber('MIN_TASKS', env.MIN_TASKS, 0);

/** Raises an ECS service to its fewest tasks when a model is deployed to it, and waits until one runs. Which model they serve they read themselves. */
export const handler = task('drive-service', driveServiceSchema, async (_, { logger }): Promise<Driven> => {
  const { raiseTo, ...driven } = decide(await observe(), minTasks);
  if (raiseTo !== undefined) await ecs.send(new UpdateServiceCommand({ cluster: env.CLUSTER, service: env.SERVICE_NAME, desiredCount: raiseTo }));
  logger.info('The service was driven', { ...driven, raiseTo });
  return driven;
});

async function observe(): Promise<ObservedService | undefined> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: env.CLUSTER, services: [env.SERVICE_NAME] }));
  const service = services.find(({ status }) => status === 'ACTIVE');
  if (service === undefined) return undefined;
  const { desiredCount = 0, runningCount = 0, events = [] } = service;
  const lastEvent = events[0]?.message;
  return { desiredCount, runningCount, ...(lastEvent === undefined ? {} : { lastEvent }) };
}
