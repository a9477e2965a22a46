import type { Collection } from '../../core/store.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { ResourcePolicyRecord } from '../../iam/policies.ts';
import type { Messages } from './messages.ts';
import type { Queues } from './queues.ts';
import type { QueueSettings } from './types.ts';

/** Queue names have at most 80 characters. */
const longestName = 80;

interface QueueProperties {
  readonly QueueName?: string;
  readonly FifoQueue?: boolean | string;
  readonly DelaySeconds?: number | string;
  readonly MaximumMessageSize?: number | string;
  readonly MessageRetentionPeriod?: number | string;
  readonly ReceiveMessageWaitTimeSeconds?: number | string;
  readonly VisibilityTimeout?: number | string;
  /** An object, or JSON. */
  readonly RedrivePolicy?: string | { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number | string };
}

/** AWS::SQS::Queue. */
export function queueProvider(queues: Queues, messages: Messages): ResourceProvider {
  const standing = new Set<string>();
  return {
    type: 'AWS::SQS::Queue',
    apply(declaration, { physicalName }) {
      const properties = declaration.properties as QueueProperties;
      const name = properties.QueueName ?? physicalName(declaration, longestName);
      if (String(properties.FifoQueue ?? false) === 'true') throw new Error(`The queue ${name} is a FIFO queue, and the laptop serves standard queues only: leave out \`fifo\`.`);
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw new Error(`QueueName is '${name}': expected 1 to ${longestName} letters, digits, hyphens and underscores.`);
      const { arn } = queues.deploy(name, settingsOf(properties));
      standing.add(name);
      return { physicalId: queues.url(name), attributes: { Arn: arn, QueueName: name, QueueUrl: queues.url(name) } };
    },
    remove({ physicalId, attributes }) {
      const name = String(attributes['QueueName']);
      // A laptop on another port than the last one calls the same queue by another URL: that is no replacement.
      if (standing.has(name) && physicalId !== queues.url(name)) return;
      const queue = queues.find(name);
      if (queue === undefined) return;
      messages.purge(queue);
      queues.remove(name);
      standing.delete(name);
    },
  };
}

/** AWS::SQS::QueuePolicy. */
export function queuePolicyProvider(queues: Queues, policies: Collection<ResourcePolicyRecord>): ResourceProvider {
  return {
    type: 'AWS::SQS::QueuePolicy',
    apply({ properties, stackName, logicalId, constructPath }) {
      const { Queues: urls, PolicyDocument: document } = properties as { Queues: readonly string[]; PolicyDocument: unknown };
      const arns = urls.map((url) => queues.byUrl(url).arn);
      for (const resourceArn of arns) policies.put(resourceArn, { resourceArn, document, ...(constructPath !== undefined && { constructPath }) });
      return { physicalId: `${stackName}-${logicalId}`, attributes: { Arns: arns } };
    },
    remove({ attributes }) {
      for (const arn of attributes['Arns'] as readonly string[]) policies.delete(arn);
    },
  };
}

function settingsOf(properties: QueueProperties): QueueSettings {
  const { RedrivePolicy } = properties;
  const redrive = typeof RedrivePolicy === 'string' ? (JSON.parse(RedrivePolicy) as Exclude<QueueProperties['RedrivePolicy'], string>) : RedrivePolicy;
  return {
    delaySeconds: Number(properties.DelaySeconds ?? 0),
    maximumMessageSize: Number(properties.MaximumMessageSize ?? 1_048_576),
    messageRetentionPeriod: Number(properties.MessageRetentionPeriod ?? 345_600),
    receiveMessageWaitTimeSeconds: Number(properties.ReceiveMessageWaitTimeSeconds ?? 0),
    visibilityTimeout: Number(properties.VisibilityTimeout ?? 30),
    ...(redrive && { redrivePolicy: { deadLetterTargetArn: redrive.deadLetterTargetArn, maxReceiveCount: Number(redrive.maxReceiveCount) } }),
  };
}
