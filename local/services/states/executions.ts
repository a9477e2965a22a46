import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { parseDefinition, runExecution } from '../../states/index.ts';
import type { ExecutionResult, HistoryEvent, Json, Ports, ResumePoint } from '../../states/index.ts';
import { redriveStatus } from './describe.ts';
import { ExecutionStore } from './execution-store.ts';
import type { ExecutionRecord } from './execution-store.ts';
import type { Machines } from './machines.ts';
import { resumePoint } from './recovery.ts';
import { publishStatus } from './status-news.ts';
import type { TaskTokens } from './task-tokens.ts';
import { TaskInvoker } from './tasks/invoke.ts';

interface Running {
  readonly control: AbortController;
  readonly done: Promise<void>;
}

/** Runs executions, and writes down each step. */
export class Executions {
  readonly store: ExecutionStore;
  readonly #context: LaptopContext;
  readonly #machines: Machines;
  readonly #tokens: TaskTokens;
  readonly #running = new Map<string, Running>();
  #closing = false;

  constructor(context: LaptopContext, machines: Machines, tokens: TaskTokens) {
    this.#context = context;
    this.#machines = machines;
    this.#tokens = tokens;
    this.store = new ExecutionStore(context.store);
  }

  /**
   * Starts an execution. The same name with the same input while it runs is the same execution.
   * @throws {AwsError} ExecutionAlreadyExists, StateMachineDoesNotExist
   */
  start(stateMachineArn: string, input: string, name: string = randomUUID()): ExecutionRecord {
    const machine = this.#machines.get(stateMachineArn);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const existing = this.store.find(executionArn);
    if (existing !== undefined) {
      if (existing.status === 'RUNNING' && existing.input === input) return existing;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    const record: ExecutionRecord = {
      executionArn,
      stateMachineArn,
      stateMachineName: machine.name,
      name,
      roleArn: machine.roleArn,
      revision: machine.revision,
      status: 'RUNNING',
      startDate: this.#context.clock.now().toISOString(),
      input,
      redriveCount: 0,
      lastEventId: 0,
    };
    this.store.put(record);
    this.#run(record);
    return record;
  }

  /**
   * Continues an execution that failed, at the state where it stopped.
   * @throws {AwsError} ExecutionNotRedrivable
   */
  redrive(executionArn: string): ExecutionRecord {
    const { stopDate: _stopDate, error: _error, cause: _cause, resume, ...previous } = this.store.get(executionArn);
    const { redriveStatus: status, redriveStatusReason: reason } = redriveStatus(previous);
    if (status !== 'REDRIVABLE' || resume === undefined) throw new AwsError('ExecutionNotRedrivable', reason ?? 'The execution cannot be redriven');
    const record: ExecutionRecord = { ...previous, status: 'RUNNING', redriveCount: previous.redriveCount + 1, redriveDate: this.#context.clock.now().toISOString() };
    this.store.put(record);
    this.#run(record, resume);
    return record;
  }

  /** Stops a running execution and waits until it has. */
  async stop(executionArn: string, error: string | undefined, cause: string | undefined): Promise<ExecutionRecord> {
    this.store.get(executionArn);
    const running = this.#running.get(executionArn);
    running?.control.abort({ ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
    await running?.done;
    return this.store.get(executionArn);
  }

  /** Ends what an earlier laptop left running, as failed and fit for a redrive from the state that it was in. */
  async recover(): Promise<void> {
    const left = this.store.list().filter(({ status, executionArn }) => status === 'RUNNING' && !this.#running.has(executionArn));
    for (const record of left) await this.#abandon(record, (state) => `The laptop was stopped while the state '${state}' was at work. A redrive runs that state again.`);
  }

  /** Ends all that runs, as if the laptop had died: it is recovered at the next start. */
  async close(): Promise<void> {
    this.#closing = true;
    const running = [...this.#running.values()];
    for (const { control } of running) control.abort({});
    await Promise.all(running.map(({ done }) => done));
  }

  #run(record: ExecutionRecord, resumeFrom?: ResumePoint): void {
    const control = new AbortController();
    const done = this.#perform(record, control.signal, resumeFrom)
      .catch((error: unknown) => this.#abandon(record, (state) => `The laptop failed in the state '${state}': ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`))
      .finally(() => this.#running.delete(record.executionArn));
    this.#running.set(record.executionArn, { control, done });
  }

  async #perform(record: ExecutionRecord, signal: AbortSignal, resumeFrom: ResumePoint | undefined): Promise<void> {
    await publishStatus(this.#context, record);
    let lastEventId = record.lastEventId;
    const result = await runExecution({
      definition: parseDefinition(this.#machines.definition(record.revision)),
      input: JSON.parse(record.input) as Json,
      context: {
        Execution: {
          Id: record.executionArn,
          Name: record.name,
          RoleArn: record.roleArn,
          StartTime: record.startDate,
          RedriveCount: record.redriveCount,
          ...(record.redriveDate === undefined ? {} : { RedriveTime: record.redriveDate }),
        },
        StateMachine: { Id: record.stateMachineArn, Name: record.stateMachineName },
      },
      ports: this.#ports(record, (event) => {
        lastEventId = event.id;
        this.#observe(record, event);
      }),
      signal,
      firstEventId: record.lastEventId + 1,
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    });
    if (!this.#closing) await this.#finish({ ...record, lastEventId }, result);
  }

  /** Ends an execution that can go on no longer, fit for a redrive from where its history stands. */
  async #abandon(record: ExecutionRecord, causeAt: (state: string) => string): Promise<void> {
    if (this.#closing) return;
    const { executionArn } = record;
    const lastEventId = this.store.lastEventId(executionArn);
    const definition = parseDefinition(this.#machines.definition(record.revision));
    const resume = resumePoint(definition, this.store.events(executionArn, 0, lastEventId), record.input);
    const failure = { error: 'States.Runtime', cause: causeAt(resume.state) };
    const id = lastEventId + 1;
    this.#observe(record, { id, previousEventId: lastEventId, timestamp: this.#context.clock.now(), type: 'ExecutionFailed', executionFailedEventDetails: failure });
    await this.#finish({ ...record, lastEventId: id }, { status: 'FAILED', ...failure, resume });
  }

  #ports(record: ExecutionRecord, emit: (event: HistoryEvent) => void): Ports {
    const { clock } = this.#context;
    const tasks = new TaskInvoker(this.#context, record.roleArn, record.name.slice(0, 64));
    return {
      invokeTask: (resource, args, task) => tasks.invoke(resource, args, task),
      waitForTaskToken: (token, wait) => this.#tokens.wait(token, wait),
      clock,
      random: Math.random,
      emit,
    };
  }

  #observe({ executionArn }: ExecutionRecord, event: HistoryEvent): void {
    if (this.#closing) return;
    this.store.addEvent(executionArn, event);
    this.#context.emit({ type: 'service', service: 'states', name: event.type, detail: { executionArn, event } });
  }

  async #finish(record: ExecutionRecord, result: ExecutionResult): Promise<void> {
    const { status } = result;
    const ended: ExecutionRecord = {
      ...record,
      status,
      stopDate: this.#context.clock.now().toISOString(),
      ...(result.status === 'SUCCEEDED'
        ? { output: JSON.stringify(result.output) }
        : {
            ...(result.error === undefined ? {} : { error: result.error }),
            ...(result.cause === undefined ? {} : { cause: result.cause }),
            resume: result.resume,
          }),
    };
    this.store.put(ended);
    await publishStatus(this.#context, ended);
  }
}
