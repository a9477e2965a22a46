import type { Call, Operation, Output } from '../../core/call.ts';
import type { Collection } from '../../core/store.ts';
import type { ResourcePolicyRecord } from '../../iam/policies.ts';
import { AwsError } from '../../core/errors.ts';
import { chosen, queueAttributes, receivedMessage } from './attributes.ts';
import { inBatch } from './batch.ts';
import { digestOfAttributes, digestOfBody, readContent, sizeOf, type SendInput } from './content.ts';
import { within } from './errors.ts';
import type { Messages } from './messages.ts';
import type { MoveTask, MoveTasks } from './move-tasks.ts';
import type { Queues } from './queues.ts';
import type { Receiver } from './receive.ts';
import type { QueueRecord } from './types.ts';

/** What most calls say first: which queue they mean. */
interface OfQueue {
  readonly QueueUrl?: string;
}

interface ReceiveInput extends OfQueue {
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
  /** The older name of MessageSystemAttributeNames. */
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

interface ReceiptInput {
  readonly ReceiptHandle: string;
}

interface VisibilityInput extends ReceiptInput {
  readonly VisibilityTimeout?: number;
}

type Entries<T> = OfQueue & { readonly Entries?: readonly (T & { readonly Id: string })[] };

/** What the operations work with. */
export interface SqsParts {
  readonly queues: Queues;
  readonly messages: Messages;
  readonly receiver: Receiver;
  readonly moves: MoveTasks;
  readonly policies: Collection<ResourcePolicyRecord>;
}

/** The operations of Amazon SQS that the laptop serves. */
export function queueOperations({ queues, messages, receiver, moves, policies }: SqsParts): Readonly<Record<string, Operation>> {
  const remove = (queue: QueueRecord, { ReceiptHandle }: ReceiptInput): Output => {
    messages.delete(queue, ReceiptHandle);
    return {};
  };
  const changeVisibility = (queue: QueueRecord, { ReceiptHandle, VisibilityTimeout }: VisibilityInput): Output => {
    messages.changeVisibility(queue, ReceiptHandle, within('VisibilityTimeout', VisibilityTimeout, [0, 43_200], queue.settings.visibilityTimeout));
    return {};
  };

  return {
    SendMessage: (input: OfQueue & SendInput, call: Call) => send(messages, queues.byUrl(input.QueueUrl), input, call),
    SendMessageBatch({ QueueUrl, Entries }: Entries<SendInput>, call: Call): Output {
      const queue = queues.byUrl(QueueUrl);
      const size = (Entries ?? []).reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (size > queue.settings.maximumMessageSize) throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${queue.settings.maximumMessageSize} bytes. You have sent ${size} bytes.`);
      return inBatch(Entries, (entry) => send(messages, queue, entry, call));
    },
    async ReceiveMessage(input: ReceiveInput, { signal }: Call): Promise<Output> {
      const queue = queues.byUrl(input.QueueUrl);
      const received = await receiver.receive(queue, receiveOptions(queue, input), signal);
      const systemNames = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
      return received.length === 0 ? {} : { Messages: received.map((reception) => receivedMessage(reception, systemNames, input.MessageAttributeNames ?? [])) };
    },
    DeleteMessage: (input: OfQueue & ReceiptInput) => remove(queues.byUrl(input.QueueUrl), input),
    DeleteMessageBatch({ QueueUrl, Entries }: Entries<ReceiptInput>): Output {
      const queue = queues.byUrl(QueueUrl);
      return inBatch(Entries, (entry) => remove(queue, entry));
    },
    ChangeMessageVisibility: (input: OfQueue & VisibilityInput) => changeVisibility(queues.byUrl(input.QueueUrl), input),
    ChangeMessageVisibilityBatch({ QueueUrl, Entries }: Entries<VisibilityInput>): Output {
      const queue = queues.byUrl(QueueUrl);
      return inBatch(Entries, (entry) => changeVisibility(queue, entry));
    },
    GetQueueUrl: ({ QueueName }: { QueueName: string }) => ({ QueueUrl: queues.url(queues.get(QueueName).name) }),
    GetQueueAttributes({ QueueUrl, AttributeNames = [] }: OfQueue & { AttributeNames?: readonly string[] }): Output {
      const queue = queues.byUrl(QueueUrl);
      return { Attributes: chosen(queueAttributes(queue, messages.count(queue), policies.get(queue.arn)?.document), AttributeNames) };
    },
    ListQueues({ QueueNamePrefix }: { QueueNamePrefix?: string }): Output {
      const found = queues.list(QueueNamePrefix);
      return found.length === 0 ? {} : { QueueUrls: found.map(({ name }) => queues.url(name)) };
    },
    ListDeadLetterSourceQueues({ QueueUrl }: OfQueue): Output {
      const { arn } = queues.byUrl(QueueUrl);
      return { queueUrls: queues.list().filter(({ settings }) => settings.redrivePolicy?.deadLetterTargetArn === arn).map(({ name }) => queues.url(name)) };
    },
    StartMessageMoveTask: (input: Parameters<MoveTasks['start']>[0]) => ({ TaskHandle: moves.start(input).handle }),
    ListMessageMoveTasks: ({ SourceArn, MaxResults }: { SourceArn?: string; MaxResults?: number }) => ({ Results: moves.list(SourceArn, within('MaxResults', MaxResults, [1, 10], 1)).map(describeTask) }),
    CancelMessageMoveTask: ({ TaskHandle }: { TaskHandle?: string }) => ({ ApproximateNumberOfMessagesMoved: moves.cancel(TaskHandle).moved }),
    PurgeQueue({ QueueUrl }: OfQueue): Output {
      messages.purge(queues.byUrl(QueueUrl));
      return {};
    },
  };
}

/** Only a task that runs has a handle, by which it can be cancelled. */
function describeTask({ handle, status, sourceArn, destinationArn, perSecond, moved, toMove, failureReason, startedAt }: MoveTask): Output {
  return {
    ...(status === 'RUNNING' && { TaskHandle: handle }),
    Status: status,
    SourceArn: sourceArn,
    ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
    ...(perSecond !== undefined && { MaxNumberOfMessagesPerSecond: perSecond }),
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: toMove,
    ...(failureReason !== undefined && { FailureReason: failureReason }),
    StartedTimestamp: startedAt,
  };
}

function send(messages: Messages, queue: QueueRecord, input: SendInput, { caller }: Call): Output {
  const { delaySeconds, maximumMessageSize } = queue.settings;
  const content = readContent(input);
  const size = sizeOf(input);
  if (size > maximumMessageSize) throw new AwsError('InvalidParameterValue', `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageSize} bytes, found ${size}.`);
  const delay = within('DelaySeconds', input.DelaySeconds, [0, 900], delaySeconds);
  const { messageId } = messages.send(queue, content, caller.arn, delay);
  const digest = digestOfAttributes(content.attributes);
  const systemDigest = digestOfAttributes(content.systemAttributes);
  return {
    MessageId: messageId,
    MD5OfMessageBody: digestOfBody(content.body),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
    ...(systemDigest !== undefined && { MD5OfMessageSystemAttributes: systemDigest }),
  };
}

function receiveOptions({ settings }: QueueRecord, input: ReceiveInput) {
  return {
    most: within('MaxNumberOfMessages', input.MaxNumberOfMessages, [1, 10], 1),
    visibilityTimeout: within('VisibilityTimeout', input.VisibilityTimeout, [0, 43_200], settings.visibilityTimeout),
    waitSeconds: within('WaitTimeSeconds', input.WaitTimeSeconds, [0, 20], settings.receiveMessageWaitTimeSeconds),
  };
}
