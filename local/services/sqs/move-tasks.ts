import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { invalidValue, noSuchQueue, within } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Queues } from './queues.ts';
import type { MessageRecord, QueueRecord } from './types.ts';

/** A redrive, as it lasts. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  /** @default - back to where each message came from */
  readonly destinationArn?: string;
  readonly perSecond?: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly moved: number;
  readonly toMove: number;
  readonly failureReason?: string;
  /** Milliseconds. */
  readonly startedAt: number;
}

interface StartInput {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
}

/** So many messages go at a time where no rate is asked for. */
const atOnce = 50;
/** A dead-letter queue tells of so many of its tasks. */
const mostTold = 10;

/** Redrives of dead-letter queues. They go on where a laptop before this one stopped. */
export class MoveTasks {
  readonly #context: LaptopContext;
  readonly #queues: Queues;
  readonly #messages: Messages;
  readonly #tasks: Collection<MoveTask>;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(context: LaptopContext, queues: Queues, messages: Messages) {
    this.#context = context;
    this.#queues = queues;
    this.#messages = messages;
    this.#tasks = context.store.collection('sqs', 'move-task');
  }

  /** Begins to move the messages of a dead-letter queue. @throws {AwsError} where SQS would not */
  start({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }: StartInput): MoveTask {
    const source = this.#byArn(SourceArn);
    if (DestinationArn !== undefined) this.#byArn(DestinationArn);
    within('MaxNumberOfMessagesPerSecond', perSecond, [1, 500], 1);
    const isDeadLetters = this.#queues.list().some(({ settings }) => settings.redrivePolicy?.deadLetterTargetArn === source.arn);
    if (!isDeadLetters) throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    if (this.list(source.arn).some(({ status }) => status === 'RUNNING')) throw new AwsError('UnsupportedOperation', 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.');
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64'),
      sourceArn: source.arn,
      ...(DestinationArn !== undefined && { destinationArn: DestinationArn }),
      ...(perSecond !== undefined && { perSecond }),
      status: 'RUNNING',
      moved: 0,
      toMove: this.#messages.count(source).visible,
      startedAt: this.#context.clock.now().getTime(),
    };
    this.#put(task);
    this.#run(task);
    return task;
  }

  /** The tasks of a queue, the latest first. */
  list(sourceArn: string | undefined, most = mostTold): MoveTask[] {
    const source = this.#byArn(sourceArn);
    return this.#tasks.list(`${source.arn}/`).map(({ value }) => value).sort((left, right) => right.startedAt - left.startedAt).slice(0, most);
  }

  /** Stops a task. @throws {AwsError} when it does not run */
  cancel(handle: string | undefined): MoveTask {
    const task = this.#tasks.list().find(({ value }) => value.handle === handle)?.value;
    if (task === undefined) throw new AwsError('ResourceNotFoundException', 'One or more specified resources don\'t exist.', 404);
    if (task.status !== 'RUNNING') throw new AwsError('UnsupportedOperation', 'Only active tasks can be cancelled.');
    this.#put({ ...task, status: 'CANCELLED' });
    return task;
  }

  /** Goes on with what runs. */
  ready(): void {
    for (const { value } of this.#tasks.list()) if (value.status === 'RUNNING') this.#run(value);
  }

  /** Stops; what is not moved stays for the next laptop. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  #run({ sourceArn, handle }: MoveTask): void {
    const work = this.#move(sourceArn, handle).catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      const task = this.#tasks.get(`${sourceArn}/${handle}`);
      if (task !== undefined) this.#put({ ...task, status: 'FAILED', failureReason: error instanceof AwsError ? error.code : String(error) });
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  async #move(sourceArn: string, handle: string): Promise<void> {
    for (;;) {
      await nextTurn();
      this.#closing.signal.throwIfAborted();
      const task = this.#tasks.get(`${sourceArn}/${handle}`);
      if (task?.status !== 'RUNNING') return;
      const most = task.perSecond ?? atOnce;
      const isDone = this.#context.store.transaction(() => {
        const moved = this.#messages.move(this.#byArn(sourceArn), most, (message) => this.#targetOf(task, message));
        this.#put({ ...task, moved: task.moved + moved, ...(moved < most && { status: 'COMPLETED' }) });
        return moved < most;
      });
      if (isDone) return;
      if (task.perSecond !== undefined) await this.#context.clock.sleep(1000, this.#closing.signal);
    }
  }

  #targetOf({ destinationArn }: MoveTask, { deadLetterSource }: MessageRecord): QueueRecord {
    const arn = destinationArn ?? deadLetterSource;
    if (arn === undefined) throw new AwsError('CouldNotDetermineMessageSource', 'A message of the dead-letter queue was sent there directly: name a destination.');
    return this.#byArn(arn);
  }

  #put(task: MoveTask): void {
    this.#tasks.put(`${task.sourceArn}/${task.handle}`, task);
  }

  #byArn(arn: string | undefined): QueueRecord {
    if (arn === undefined || !arn.includes(':sqs:')) throw invalidValue('SourceArn', arn, 'Must be the ARN of a queue');
    const queue = this.#queues.find(arn.split(':').at(-1) ?? '');
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }
}
