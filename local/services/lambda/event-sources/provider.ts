import { createHash } from 'node:crypto';
import type { LaptopContext } from '../../../core/context.ts';
import type { ResourceProvider } from '../../../core/resource.ts';
import { functionDefaults } from '../configuration.ts';
import type { DeployedFunction, Functions } from '../functions.ts';
import { parseFunctionName } from '../name.ts';
import { checkMapping } from './check.ts';
import type { Mappings } from './mappings.ts';
import type { MappingSettings } from './types.ts';

/** AWS::Lambda::EventSourceMapping. */
export function eventSourceMappingProvider(context: LaptopContext, functions: Functions, mappings: Mappings): ResourceProvider {
  return {
    type: 'AWS::Lambda::EventSourceMapping',
    async apply(declaration) {
      const settings = declaration.properties as unknown as MappingSettings;
      const id = uuidOf(declaration.stackName, declaration.logicalId);
      const provisioned = { physicalId: id, attributes: { Id: id, EventSourceMappingArn: `arn:${context.partition}:lambda:${context.region}:${context.accountId}:event-source-mapping:${id}` } };
      const tell = (what: string): void => context.emit({ type: 'notice', message: `${declaration.constructPath ?? declaration.logicalId} is declared but will not run: ${what}.` });
      if (!/^arn:[^:]+:sqs:/.test(settings.EventSourceArn ?? '')) {
        tell(`its source is ${settings.EventSourceArn ?? 'none'}, and only queues feed functions on the laptop`);
        return provisioned;
      }
      checkMapping(settings);
      const deployed = functions.get(parseFunctionName(settings.FunctionName).name);
      await checkVisibility(context, deployed, settings.EventSourceArn ?? '');
      if (deployed.unserved === undefined) mappings.declare(id, settings);
      else tell(`the laptop cannot run ${deployed.name}, since ${deployed.unserved}`);
      return provisioned;
    },
    remove: ({ physicalId }) => mappings.remove(physicalId),
  };
}

/** Lambda refuses a queue that gives messages out again while the function may still be at work on them. */
async function checkVisibility({ dispatch, identity, endpoint }: LaptopContext, { name, properties }: DeployedFunction, queueArn: string): Promise<void> {
  const [, , , , accountId, queueName] = queueArn.split(':');
  const output = await dispatch({ service: 'sqs', operation: 'GetQueueAttributes', input: { QueueUrl: `${endpoint()}/${accountId}/${queueName}`, AttributeNames: ['VisibilityTimeout'] }, caller: identity.role(properties.Role, name) });
  const visibility = Number((output['Attributes'] as Record<string, string>)['VisibilityTimeout']);
  const timeout = Number(properties.Timeout ?? functionDefaults.timeoutSeconds);
  if (visibility < timeout) throw new Error(`Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds. Lambda refuses that: give ${queueName} a visibility timeout of at least ${timeout} seconds, better six times that.`);
}

function uuidOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('/')).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
