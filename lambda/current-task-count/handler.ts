import { ClusterNotFoundException, DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { ecs } from '../shared/clients/ecs.ts';
import { messageOf } from '../shared/errors.ts';
import { parse } from '../shared/payload.ts';
import { type LambdaContext, newLogger } from '../shared/task.ts';
import { currentTaskCount } from './count.ts';
import { customResourceSchema, type ReplyTo, replySchema, type ServicePlace } from './payload.ts';

const logger = newLogger('current-task-count');

/** Tells CloudFormation how many tasks a service runs, whenever it is about to update the service (docs/decisions/0011). */
export async function handler(event: unknown, context: LambdaContext): Promise<void> {
  logger.resetKeys();
  logger.appendKeys({ requestId: context.awsRequestId });
  const to = parse(replySchema, event, 'event');
  try {
    const desiredCount = await currentTaskCount(parse(customResourceSchema, event, 'event'), desiredCountOf);
    logger.info('The service is to run so many tasks', { desiredCount });
    await reply(to, { Status: 'SUCCESS', Data: { DesiredCount: desiredCount } });
  } catch (error) {
    // A count that is not known is never taken for none: the deployment fails instead.
    logger.error('The count of tasks cannot be told', error as Error);
    await reply(to, { Status: 'FAILED', Reason: `The service's count of tasks cannot be told, and without it a deployment could scale it down: ${messageOf(error)}` });
  }
}

async function desiredCountOf({ Cluster, ServiceName }: ServicePlace): Promise<number | undefined> {
  try {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: Cluster, services: [ServiceName] }));
    return services.find(({ status }) => status === 'ACTIVE')?.desiredCount;
  } catch (error) {
    if (error instanceof ClusterNotFoundException) return undefined;
    throw error;
  }
}

/** @throws Error where CloudFormation does not take the answer; Lambda then tries the whole event again. */
async function reply({ ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId }: ReplyTo, answer: Readonly<Record<string, unknown>>): Promise<void> {
  const body = JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId, PhysicalResourceId: PhysicalResourceId ?? LogicalResourceId });
  // Bytes, for which fetch names no content type: the URL is signed without one.
  const response = await fetch(ResponseURL, { method: 'PUT', body: Buffer.from(body) });
  if (!response.ok) throw new Error(`CloudFormation took the answer with ${String(response.status)}, expected 200.`);
}
